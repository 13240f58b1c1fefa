"""Three next commands that fit what was found."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from tetrapylon.app.checked import Checked

COUNT = 3
BASELINE = "tetrapylon.baseline.json"
"""What examples call the file of the baseline."""


def next_commands(checked: Checked, *, declared: bool, there: frozenset[str], folder: str = ".") -> tuple[str, ...]:
    """Return exactly three commands; `declared` says whether there is a manifest, `there` which commands this version has."""
    fitting = dict.fromkeys(each for each in _candidates(checked, declared=declared, folder=folder) if each.split()[1] in there)
    return tuple(fitting)[:COUNT]


def _candidates(checked: Checked, *, declared: bool, folder: str) -> Iterator[str]:
    at = "" if folder == "." else f" -C {_word(folder)}"
    if checked.findings:
        yield f"tetrapylon explain {_word(checked.findings[0].finding.rule)}"
    models = sorted({path for each in checked.found if each.kind == "model" and (path := each.facts.get("path") or _file(each.id))})
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


def _file(name: str) -> str:
    """Return the id of a model where it is a file's path, not the name of one that is loaded from a hub."""
    return name if "." in name.rpartition("/")[2] and not name.startswith(("http:", "https:")) else ""


def _common(paths: list[str], folder: str) -> str:
    """Return the folder that holds the models, where they have one in common, or the first model."""
    folders = {path.rpartition("/")[0] for path in paths}
    return _below(next(iter(folders)) + "/" if len(folders) == 1 and "" not in folders else paths[0], folder)


def _below(path: str, folder: str) -> str:
    return path if folder == "." else f"{folder.rstrip('/')}/{path}"


def _word(text: str) -> str:
    """Return the text as one word of a shell that can be typed; what cannot is not offered by name."""
    return shlex.quote(text) if text.isprintable() else "PATH"
