"""`inspect`: look at files before a model does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tetrapylon.app.project import open_project
from tetrapylon.kernel.errors import Exit, TetrapylonError, UndecidedError, UsageError
from tetrapylon.operate.monitor.images import MOST_BYTES, is_image
from tetrapylon.operate.monitor.inspecting import Inspected, Resize, inspect_image, inspect_text
from tetrapylon.operate.monitor.ood import need_numpy
from tetrapylon.operate.monitor.preprocessing.kernels import PLAIN, find_kernel
from tetrapylon.operate.monitor.work import declared
from tetrapylon.outside.files import read_bytes

MOST_TEXT = 8 << 20
_PARTS = 4
_LONGEST_SIDE = 65_536


def wanted_resize(text: str | None, model: str | None, directory: str | None) -> Resize | None:
    """Return the resize that was given (`resize 224x224 cv2 linear`) or that the manifest declares for a model.

    Raises:
        UsageError: it is not of that form, or there is no such model.
        UndecidedError: how the library resizes is not known.
    """
    found = _given(text) if text is not None else _declared(model, directory) if model is not None else None
    if found is not None:
        find_kernel(found.library, found.kernel)
    return found


def _given(text: str) -> Resize:
    words = text.split()
    width, _, height = words[1].lower().partition("x") if len(words) == _PARTS else ("", "", "")
    sides = [int(each) for each in (height, width) if each.isascii() and each.isdecimal() and 0 < int(each[:6]) <= _LONGEST_SIDE]
    if len(words) != _PARTS or words[0] != "resize" or len(sides) != 2:  # noqa: PLR2004 - height and width
        raise UsageError(f"`{text[:60]}` is not a resize", hint="it looks like `resize 224x224 cv2 linear`", code="bad-resize")
    return Resize((sides[0], sides[1]), PLAIN.get(words[2], words[2]), PLAIN.get(words[3], words[3]))


def _declared(model: str, directory: str | None) -> Resize | None:
    models = {each["id"]: each for each in open_project(directory).facts.get("model", ())}
    if model not in models:
        raise UsageError(f"there is no model `{model}`", code="no-model")
    return declared(models[model])


def inspect(paths: tuple[str, ...], resize: Resize | None, *, text: bool) -> Iterator[Inspected]:
    """Yield what is found about each file; one that could not be judged has no score, and the others are looked at all the same."""
    for each in paths:
        try:
            yield _inspected(each, resize, text=text)
        except TetrapylonError as error:
            yield Inspected(each, None, {}, error.message)


def _inspected(path: str, resize: Resize | None, *, text: bool) -> Inspected:
    data = read_bytes(Path(path), MOST_BYTES)
    if not text and is_image(data):
        need_numpy()
        return inspect_image(path, data, resize)
    if len(data) > MOST_TEXT:
        raise UndecidedError(f"more than {MOST_TEXT} bytes of text are not looked at", code="too-large")
    try:
        return inspect_text(path, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UndecidedError("neither an image of a known kind nor text in UTF-8", code="unknown-input") from error


def ending(found: list[Inspected]) -> int:
    """Return how the command ends: 1 where something is suspect, 3 where something could not be judged."""
    if any(each.verdict in {"suspect", "reject"} for each in found):
        return int(Exit.REFUSED)
    return int(Exit.UNDECIDED if any(each.score is None for each in found) else Exit.GOOD)
