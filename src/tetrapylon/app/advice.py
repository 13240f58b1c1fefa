"""Three next commands that fit what was found."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from tetrapylon.app.checked import Checked
from tetrapylon.app.project import MANIFEST

COUNT = 3
BASELINE = "tetrapylon.baseline.json"
"""What examples call the file of the baseline."""


def next_commands(checked: Checked, root: Path, *, there: frozenset[str]) -> tuple[str, ...]:
    """Return exactly three commands; `there` says which commands this version has."""
    fitting = dict.fromkeys(each for each in _candidates(checked, root) if each.split()[1] in there)
    return tuple(fitting)[:COUNT]


def _candidates(checked: Checked, root: Path) -> Iterator[str]:
    folder = root.as_posix()
    at = "" if folder == "." else f" -C {_word(folder)}"
    declared = (root / MANIFEST).is_file()
    if checked.findings:
        yield f"tetrapylon explain {_word(checked.findings[0].finding.rule)}"
    models = sorted(each.id for each in checked.found if each.kind == "model" and (root / each.id).is_file())
    if models:
        yield f"tetrapylon scan {_word(_common(models, folder))}"
    if declared:
        yield f"tetrapylon assess{at}"
    elif checked.found:
        yield f"tetrapylon init{at}"
    if checked.findings and checked.known is None:
        yield f"tetrapylon check {_word(folder)} --write-baseline {BASELINE}"
    if models:
        yield f"tetrapylon sign {_word(_below(models[0], folder))} --private-key KEY.pem"
    if declared:
        yield f"tetrapylon gate{at}"
        yield f"tetrapylon manifest check{at}"
    yield f"tetrapylon init --dry-run{at}"
    yield "tetrapylon practices --profile start"
    yield "tetrapylon explain released"
    yield "tetrapylon check --help"


def _common(paths: list[str], folder: str) -> str:
    """Return the folder that holds the models, where they have one in common, or the first model."""
    folders = {path.rpartition("/")[0] for path in paths}
    return _below(next(iter(folders)) + "/" if len(folders) == 1 and "" not in folders else paths[0], folder)


def _below(path: str, folder: str) -> str:
    return path if folder == "." else f"{folder.rstrip('/')}/{path}"


def _word(text: str) -> str:
    """Return the text as one word of a shell that can be typed; what cannot is not offered by name."""
    return shlex.quote(text) if text.isprintable() else "PATH"
