"""What lies in the folder of published files, compared with what must be there for this release."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tetrapylon.kernel.canonical import Json, canonical_json, read_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.beside import decisions_beside, read_beside
from tetrapylon.outside.clock import parse_time
from tetrapylon.outside.view import View
from tetrapylon.responsibility.provider.decisions import FILE, Decisions
from tetrapylon.responsibility.provider.limits import limitations
from tetrapylon.responsibility.provider.matrix import matrix
from tetrapylon.responsibility.provider.pages import bullets
from tetrapylon.responsibility.provider.securitytxt import Checked, check

SECURITY, POLICY, PAGE, MATRIX = ".well-known/security.txt", "security-policy.md", "disclosure.md", "responsibilities.json"
FILES = (SECURITY, POLICY, PAGE, MATRIX)

_RELEASE = re.compile(r'^release:[ \t]*"?([^"\n]{1,80})"?[ \t]*$', re.MULTILINE)
_HARBOUR = re.compile(r"^#{1,6}[ \t]+[^\n]{0,80}safe[ -]harbou?r[^\n]{0,80}\n+([^#\n][^\n]{40,})", re.IGNORECASE | re.MULTILINE)


@dataclass
class Shipped:
    """What was found; an answer that is not there is not known."""

    answers: dict[str, Json] = field(default_factory=dict)
    files: dict[str, Digest] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    """What is wrong, each with the answer that it is about."""

    def sentences(self) -> list[str]:
        """Return what is wrong as evidence says it: after the name of the answer."""
        return [f"{name}: {problem}" for name, problem in self.problems]

    def plain(self) -> tuple[str, ...]:
        """Return what is wrong for a reader, each once."""
        return tuple(dict.fromkeys(problem for _, problem in self.problems))

    def say(self, name: str, problems: Iterable[str]) -> None:
        """Note an answer: yes where there is no problem."""
        found = list(problems)
        self.answers[name] = not found
        self.problems += [(name, each) for each in found]


def look(view: View) -> Shipped:
    """Return how what is published in the tree compares with this release."""
    decisions = decisions_beside(view.root, FILE, Decisions, view.facts)
    found = Shipped()
    texts = {name: _text(view, f"{decisions.folder}/{name}", found) for name in FILES}
    for name, data in texts.items():
        if isinstance(data, bytes):
            found.files[name] = sha256(data)
    _security(view, decisions, texts[SECURITY], found)
    _policy(view, decisions, texts[POLICY], found)
    _page(view, decisions, texts[PAGE], found)
    _matrix(view, decisions, texts[MATRIX], found)
    return found


def _text(view: View, path: str, found: Shipped) -> bytes | str | None:
    """Return the bytes of a file, nothing where it is not there, or in words why it cannot be read."""
    try:
        return read_beside(view.root, path)
    except TetrapylonError as error:
        found.problems.append((path.rpartition("/")[2], error.message))
        return error.message


def _security(view: View, decisions: Decisions, data: bytes | str | None, found: Shipped) -> None:
    if isinstance(data, str):
        return
    path = f"{decisions.folder}/{SECURITY}"
    if data is None:
        found.say("securityTxtValid", [f"there is no `{path}`"])
        return
    checked = _checked(data, view.now())
    if checked.expires:
        found.answers["expires"] = checked.expires
    found.say("securityTxtValid", (f"`{path}`: {each}" for each in checked.problems))


def _checked(data: bytes, now: str) -> Checked:
    try:
        return check(data.decode("utf-8"), parse_time(now))
    except UnicodeDecodeError:
        return Checked(("it is not UTF-8 text",), None)


def _policy(view: View, decisions: Decisions, data: bytes | str | None, found: Shipped) -> None:
    if isinstance(data, str):
        return
    path = f"{decisions.folder}/{POLICY}"
    if data is None:
        found.say("safeHarbour", [f"there is no `{path}`"])
        found.say("aiScope", [f"there is no `{path}`"])
        return
    text = data.decode("utf-8", "replace")
    consent = decisions.security is not None and decisions.security.safe_harbour
    harbour = [] if consent else [f"`{FILE}` does not say `safe-harbour = true`: nobody consents to research"]
    found.say("safeHarbour", [*harbour, *([] if _HARBOUR.search(text) else [f"`{path}` has no text under a heading `Safe harbour`"])])
    missing = [each["id"] for table in ("model", "prompt", "tool") for each in view.facts.get(table, ()) if each["id"] not in _bare(text)]
    found.say("aiScope", (f"`{path}` does not name `{each}` in its scope" for each in missing))


def _bare(text: str) -> str:
    return text.replace("\\", "")


def _page(view: View, decisions: Decisions, data: bytes | str | None, found: Shipped) -> None:
    if isinstance(data, str):
        return
    path = f"{decisions.folder}/{PAGE}"
    text = None if data is None else data.decode("utf-8", "replace")
    guidance, limits = decisions.guidance, list(limitations(view, decisions))
    wanted = [*guidance.uses, *guidance.misuses, *guidance.advice] if guidance else []
    missing = [] if guidance and guidance.uses and guidance.misuses else [f"`{FILE}` does not say what the system is for and not for"]
    found.say("guidanceShipped", [*missing, *_absent(view, path, text, wanted)])
    unknown = [] if limits else [f"`{FILE}` declares no limitation, and no test shows one: every system has some"]
    found.say("limitationsShipped", [*unknown, *_absent(view, path, text, limits)])


def _absent(view: View, path: str, text: str | None, wanted: list[str]) -> Iterator[str]:
    """Yield what keeps a page from being about this release, and what is not on it."""
    if text is None:
        yield f"there is no `{path}`"
        return
    release, said = view.facts["system"]["release"], _RELEASE.search(text)
    if said is None or said[1] != release:
        yield f"`{path}` is about release {said[1] if said else 'nothing'}, not {release}"
    lines = set(text.splitlines())
    yield from (f"`{path}` does not say: {each[:200]}" for each, line in zip(wanted, bullets(wanted), strict=True) if line not in lines)


def _matrix(view: View, decisions: Decisions, data: bytes | str | None, found: Shipped) -> None:
    if isinstance(data, str):
        return
    path = f"{decisions.folder}/{MATRIX}"
    wanted = matrix(view.facts, decisions)
    same = data is not None and _parsed(data) == canonical_json(wanted)
    why = f"there is no `{path}`" if data is None else f"`{path}` is not what follows from the manifest and `{FILE}`"
    found.say("responsibilities", [] if same else [why])


def _parsed(data: bytes) -> bytes | None:
    try:
        value: Mapping[str, Any] = read_json(data, MATRIX)
        return canonical_json(value)
    except TetrapylonError:
        return None
