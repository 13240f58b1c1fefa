"""Images before a model or a decoder sees them: format by content, bounds, what hangs on behind, what they carry along.

What it does: reads the headers itself, without decoding, and hands what is sound to the detectors of manipulated images.
Why it matters: a file of a few kilobytes may unpack to gigabytes, and one that is two formats at once is read differently
by whoever checks it and whoever uses it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tetrapylon.gateway.ports import Look, Verdict

MOST_BYTES = 8 << 20
MOST_PIXELS = 25_000_000
MOST_SIDE = 10_000
MOST_PARTS = 4096
"""Chunks or segments of one file."""

Detector = Callable[[bytes, str], tuple[str, float, str]]
"""Given an image and a model's id: `normal`, `suspect` or `reject`, a score, and why. May raise: then the image is stopped."""

_VERDICTS = {"normal": Verdict.ALLOW, "suspect": Verdict.HOLD, "reject": Verdict.BLOCK}


@dataclass(frozen=True, slots=True)
class Header:
    """What an image says of itself."""

    format: str
    width: int
    height: int
    end: int
    """Where the image ends in the file."""

    extras: tuple[tuple[str, bytes], ...] = ()
    """What it carries along: names and bytes."""

    frames: int = 1


class BrokenImageError(ValueError):
    """An image is not built as its format asks."""


class ImageGuard:
    """Looks at images."""

    def __init__(self, look: Callable[[str], Sequence[Look]], detect: Detector | None = None) -> None:
        self._look, self._detect = look, detect

    def look(self, data: bytes, model: str) -> list[Look]:
        """Return what is wrong with an image; nothing where it may go on."""
        if len(data) > MOST_BYTES:
            return [Look(Verdict.BLOCK, "image-bytes", f"the image has more than {MOST_BYTES} bytes")]
        try:
            header = read_header(data)
        except (BrokenImageError, IndexError, zlib.error) as error:
            return [Look(Verdict.BLOCK, "image-broken", str(error) or "the image ends too early")]
        found = [*_bounds(header), *self._carried(header, data)]
        if self._detect is not None and not any(each.verdict is Verdict.BLOCK for each in found):
            verdict, score, why = self._detect(data, model)
            if verdict != "normal":
                found.append(Look(_VERDICTS[verdict], "image-manipulated", f"{why} (score {score:.3g})"))
        return found

    def _carried(self, header: Header, data: bytes) -> Iterator[Look]:
        if data[header.end :].strip(b"\0\r\n"):
            yield Look(Verdict.BLOCK, "image-trailing", f"{len(data) - header.end} bytes stand behind the image")
        if header.frames > 1:
            yield Look(Verdict.HOLD, "image-frames", f"the image has {header.frames} frames; a model sees one")
        for name, extra in header.extras:
            found = [each for each in self._look(extra.decode("utf-8", "replace")) if each.verdict in {Verdict.HOLD, Verdict.BLOCK}]
            if found:
                yield Look(Verdict.BLOCK, "image-text", f"`{name}` of the image holds: {found[0].why}")
            elif b"GPS" in extra or _has_position(extra):
                yield Look(Verdict.ADVISE, "image-position", "the image may say where it was taken")
        if header.extras:
            yield Look(Verdict.ADVISE, "image-extras", f"the image carries {', '.join(sorted({name for name, _ in header.extras}))}")


def _bounds(header: Header) -> Iterator[Look]:
    if not 0 < header.width <= MOST_SIDE or not 0 < header.height <= MOST_SIDE or header.width * header.height > MOST_PIXELS:
        yield Look(Verdict.BLOCK, "image-pixels", f"{header.width} x {header.height} pixels are not taken")


def _has_position(extra: bytes) -> bool:
    """Return whether EXIF data names the table of positions (tag 0x8825)."""
    return extra.startswith(b"Exif") and (b"\x88\x25" in extra or b"\x25\x88" in extra)


def read_header(data: bytes) -> Header:
    """Return what an image says of itself, by its content alone.

    Raises:
        BrokenImageError: it is none of PNG, JPEG, GIF, WebP and BMP, or is not built as these are.
    """
    for magic, read in _FORMATS:
        if data.startswith(magic):
            return read(data)
    raise BrokenImageError("this is no PNG, JPEG, GIF, WebP or BMP")


def _png(data: bytes) -> Header:
    extras: list[tuple[str, bytes]] = []
    at, frames, size = 8, 1, (0, 0)
    for _ in range(MOST_PARTS):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body, end = data[at + 8 : at + 8 + length], at + 12 + length
        if end > len(data) or zlib.crc32(kind + body) != int.from_bytes(data[end - 4 : end], "big"):
            raise BrokenImageError("a part of the PNG is cut off, or its checksum is wrong")
        if kind == b"IHDR":
            size = (int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big"))
        elif kind == b"acTL":
            frames = int.from_bytes(body[:4], "big")
        elif kind in {b"tEXt", b"zTXt", b"iTXt", b"eXIf"}:
            extras.append((kind.decode(), b"Exif" + body if kind == b"eXIf" else _png_text(kind, body)))
        elif kind == b"IEND":
            return Header("png", *size, end, tuple(extras), frames)
        at = end
    raise BrokenImageError("the PNG has too many parts")


def _png_text(kind: bytes, body: bytes) -> bytes:
    key, _, rest = body.partition(b"\0")
    packed = rest[1:] if kind == b"zTXt" else rest[2:] if kind == b"iTXt" and rest[:1] == b"\1" else None
    if packed is None:
        return key + b" " + rest
    if kind == b"iTXt":
        packed = packed.partition(b"\0")[2].partition(b"\0")[2]
    # Never more than this, however small it was packed.
    return key + b" " + zlib.decompressobj().decompress(packed, 1 << 16)


def _jpeg(data: bytes) -> Header:
    extras: list[tuple[str, bytes]] = []
    at, size = 2, (0, 0)
    for _ in range(MOST_PARTS):
        if data[at] != 0xFF:  # noqa: PLR2004 - how every marker begins
            raise BrokenImageError("the JPEG is damaged between its parts")
        marker = data[at + 1]
        if marker == 0xD9:  # noqa: PLR2004 - end of image
            return Header("jpeg", *size, at + 2, tuple(extras))
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if marker in {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}:
            size = (int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
        elif marker in {0xE1, 0xED, 0xFE}:
            extras.append(({0xE1: "Exif", 0xED: "IPTC", 0xFE: "comment"}[marker], body))
        at += 2 + max(length, 2)
        if marker == 0xDA:  # noqa: PLR2004 - pixels follow, up to the next marker that is none of theirs
            at = _after_scan(data, at)
    raise BrokenImageError("the JPEG has too many parts")


def _after_scan(data: bytes, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise BrokenImageError("the JPEG ends too early")
        # A stuffed zero and restart markers belong to the pixels, and so do fill bytes.
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:  # noqa: PLR2004
            at += 2
        elif data[at + 1] == 0xFF:  # noqa: PLR2004
            at += 1
        else:
            return at


def _gif(data: bytes) -> Header:
    size = (int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little"))
    at = 13 + _colours(data[10])
    extras: list[tuple[str, bytes]] = []
    frames = 0
    for _ in range(MOST_PARTS):
        kind = data[at : at + 1]
        if kind == b";":
            return Header("gif", *size, at + 1, tuple(extras), frames)
        if kind == b"!":
            end, body = _blocks(data, at + 2)
            if data[at + 1] == 0xFE:  # noqa: PLR2004 - a comment
                extras.append(("comment", body))
        elif kind == b",":
            frames += 1
            end, _ = _blocks(data, at + 10 + _colours(data[at + 9]) + 1)
        else:
            raise BrokenImageError("the GIF is damaged between its parts")
        at = end
    raise BrokenImageError("the GIF has too many parts")


def _colours(flags: int) -> int:
    return 3 * (2 << (flags & 7)) if flags & 0x80 else 0


def _blocks(data: bytes, at: int) -> tuple[int, bytes]:
    body = bytearray()
    while data[at]:
        body += data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]
    return at + 1, bytes(body)


def _webp(data: bytes) -> Header:
    if data[8:12] != b"WEBP":
        raise BrokenImageError("this is no PNG, JPEG, GIF, WebP or BMP")
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise BrokenImageError("the WebP ends too early")
    size, frames, at = (0, 0), 0, 12
    extras: list[tuple[str, bytes]] = []
    for _ in range(MOST_PARTS):
        if at + 8 > end:
            return Header("webp", *size, end, tuple(extras), max(frames, 1))
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        size = _webp_size(kind, body) or size
        frames += kind == b"ANMF"
        if kind in {b"EXIF", b"XMP "}:
            extras.append((kind.decode().strip(), b"Exif" + body if kind == b"EXIF" else body))
        at += 8 + length + length % 2
    raise BrokenImageError("the WebP has too many parts")


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int] | None:
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _bmp(data: bytes) -> Header:
    if int.from_bytes(data[14:18], "little") < 40:  # noqa: PLR2004 - the oldest header, which nobody needs
        raise BrokenImageError("the BMP has a header that is not taken")
    width, height = int.from_bytes(data[18:22], "little", signed=True), int.from_bytes(data[22:26], "little", signed=True)
    size = int.from_bytes(data[2:6], "little")
    if not 0 < size <= len(data):
        raise BrokenImageError("the BMP ends too early")
    return Header("bmp", width, abs(height), size)


_FORMATS: tuple[tuple[bytes, Callable[[bytes], Header]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8", _jpeg),
    (b"GIF87a", _gif),
    (b"GIF89a", _gif),
    (b"RIFF", _webp),
    (b"BM", _bmp),
)
