import io

from PIL import Image


def thumbnail(file, size=(160, 240)):
    image = Image.open(file).convert("RGB")
    image = image.resize(size, Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=82)
    buffer.seek(0)
    return buffer
