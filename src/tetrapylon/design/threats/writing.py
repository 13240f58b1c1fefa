"""What is written into `threats.toml` on a person's behalf: a review, and a draft of what is still to be decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from tetrapylon.design.threats.decisions import FILE, SCHEMA, decode_decisions
from tetrapylon.design.threats.look import Looked, read_decisions
from tetrapylon.design.threats.model import Threat, ThreatModel
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.files import write_atomic
from tetrapylon.outside.view import View
from tetrapylon.system.problem import did_you_mean, shown

_HEAD = f'# What people decided about the threats to this system.\nschema = "{SCHEMA}"\n'


def record_review(view: View, looked: Looked, person: str) -> str:
    """Append to `threats.toml` that a person went through the threats as they are now; return what was appended.

    Raises:
        UsageError: the manifest knows no such person, or the file would not be valid.
    """
    _known(view.facts, person)
    entry = f'\n[[review]]\nby = "{person}"\ndate = "{view.now()[:10]}"\nbasis = "{looked.basis.digest}"\n'
    before = read_decisions(view)
    text = (before.decode("utf-8-sig").rstrip("\n") + "\n" if before is not None else _HEAD) + entry
    decode_decisions(text, view.facts)
    write_atomic(view.root / FILE, text.encode())
    return entry.strip("\n")


def _known(facts: Mapping[str, Json], person: str) -> None:
    known = {each["id"] for each in facts.get("person", ())}
    if person not in known:
        hint = did_you_mean(person, known) or f"known: {', '.join(sorted(known)) or 'nobody'}"
        raise UsageError(f"the manifest declares no person `{shown(person)}`", hint=hint, code="no-such-id")


def draft(model: ThreatModel) -> Iterator[str]:
    """Yield entries for `threats.toml` for what is undecided, one for each rule; what only a person knows is left empty."""
    yield from _HEAD.splitlines()
    found: dict[str, list[Threat]] = {}
    for each in model.undecided:
        found.setdefault(each.rule.id, []).append(each)
    for threats in found.values():
        yield ""
        yield from _entry(threats)


def _entry(threats: Iterable[Threat]) -> Iterator[str]:
    threats = list(threats)
    yield f"# {threats[0].severity}: {_comment(threats[0].title)}"
    yield f"# {_comment(threats[0].decided.reason)}"
    yield "[[decision]]"
    # JSON's strings are strings of TOML as well.
    yield "threats = [" + ", ".join(json.dumps(each.name, ensure_ascii=True) for each in threats) + "]"
    yield 'decision = ""  # mitigated, accepted, transferred or avoided'
    yield 'by = ""'
    yield 'reason = ""'
    yield 'date = ""'


def _comment(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)
