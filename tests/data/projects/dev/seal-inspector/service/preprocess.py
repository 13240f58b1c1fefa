import cv2
import numpy as np

from .config import INPUT_SIZE, MEAN, STD


def decode(data: bytes) -> np.ndarray:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError("not an image")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def to_tensor(image: np.ndarray) -> np.ndarray:
    small = cv2.resize(image, INPUT_SIZE, interpolation=cv2.INTER_LINEAR)
    scaled = (small.astype(np.float32) / 255.0 - np.array(MEAN, np.float32)) / np.array(STD, np.float32)
    return scaled.transpose(2, 0, 1)[None]


def thumbnail(image: np.ndarray, width: int = 320) -> bytes:
    """What the clerk at the gate sees beside the verdict."""
    height = int(image.shape[0] * width / image.shape[1])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    ok, data = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 80])
    if not ok:
        raise ValueError("cannot encode")
    return data.tobytes()
