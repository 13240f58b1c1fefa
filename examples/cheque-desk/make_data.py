"""Make the training data: scikit-learn's handwritten digits, placed on larger canvases as cheque images would show them.

Each of the 1,797 originals gives six pictures of 16 x 16 pixels: shifted, lightly blurred, with paper noise. Pictures of
one original share a `group`, so that a split by group never shows the same handwriting on both sides. Deterministic:
integers only, from one seed.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

SIDE = 16
COPIES = 6
SEED = 20260101


def make_pictures() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pictures (n, 256) as whole numbers 0 to 255, their labels and their groups."""
    digits = load_digits()
    random = np.random.default_rng(SEED)
    pictures, labels, groups = [], [], []
    for group, (image, label) in enumerate(zip(digits.images, digits.target, strict=True)):
        for _ in range(COPIES):
            pictures.append(_place(image.astype(np.int64) * 15, random))
            labels.append(int(label))
            groups.append(group)
    return np.stack(pictures), np.array(labels), np.array(groups)


def _place(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return one digit somewhere on a canvas of noisy paper."""
    canvas = random.integers(0, 24, size=(SIDE, SIDE))
    top, left = random.integers(3, 6, size=2)
    canvas[top : top + 8, left : left + 8] = np.maximum(canvas[top : top + 8, left : left + 8], image)
    if random.integers(0, 2):
        canvas = (2 * canvas + np.roll(canvas, 1, axis=0) + np.roll(canvas, 1, axis=1)) // 4
    return canvas.reshape(-1)


def write_data(path: Path) -> str:
    """Write the pictures as CSV (label, group, 256 pixels) and return the file's SHA-256."""
    pictures, labels, groups = make_pictures()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["label", "group", *(f"p{number}" for number in range(SIDE * SIDE))])
        for label, group, picture in zip(labels, groups, pictures, strict=True):
            writer.writerow([label, group, *picture.tolist()])
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    data = Path(__file__).parent / "data"
    print(write_data(data / "digits.csv"))
    # Confidential data is not for every account of the machine; version control does not keep that.
    (data / "cheques.csv").chmod(0o640)
