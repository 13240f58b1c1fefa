"""The digest of news: what those who build the system have to take note of, made from the system's own evidence.

What it does: makes a module of its own (`digest`) from the threats that are new since the model was last recorded, the most severe
ones with their techniques (MITRE ATLAS) and entries (OWASP), what is due, incidents, and known weaknesses of components. It has no bank
of questions: its practical items come from the threat model of the day.
Why it matters: threats to AI systems change within weeks; a yearly course is too late.

Cannot see: news that no evidence of this system tells of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from tetrapylon.design.threats.deciding import PRESSING
from tetrapylon.design.threats.look import Looked
from tetrapylon.design.threats.model import Threat, ThreatModel
from tetrapylon.design.threats.rule import RULES
from tetrapylon.design.threats.training.module import Module, Screen
from tetrapylon.design.threats.training.standing import NEWS
from tetrapylon.outside.view import View
from tetrapylon.system import words

ROLES: words.Roles = ("developer", "data-scientist")
_SHOWN = 40


def stub() -> Module:
    """Return the module without its content: what results are compared with."""
    return Module(
        id=NEWS,
        title="What is new about threats to this system",
        version="1",
        reviewed="9999-12-31",
        roles=ROLES,
        minutes=10,
        draw=0,
        practical=("threat", "where", "answer"),
        threats=tuple(RULES),
        generated=True,
    )


def news(looked: Looked, view: View) -> Module:
    """Return the digest as of now."""
    import msgspec

    screens = [
        Screen(title="Threats that are new since the model was last recorded", text=_text(_new(looked), "None.")),
        Screen(title="The most severe threats, with their techniques", text=_text(_severe(looked.model), "None is high.")),
        Screen(title="What is due", text=_text(looked.triggers, "Nothing: the threats were gone through as they are.")),
        Screen(title="Incidents", text=_text(_incidents(view), "None is recorded.")),
        Screen(title="Known weaknesses of components", text=_text(_weaknesses(view), "None is recorded.")),
    ]
    return msgspec.structs.replace(stub(), screens=tuple(screens))


def news_classes(model: ThreatModel, view: View) -> tuple[str, ...]:
    """Return what makes an acknowledged digest too old at once: a kind of threat, or an incident, that was not in it."""
    return tuple(sorted({*(each.rule.id for each in model.threats), *(f"incident:{each}" for each in _named(view))}))


def _text(lines: Iterable[str], otherwise: str) -> str:
    shown = list(islice(lines, _SHOWN))
    return "\n".join(f"* {each}" for each in shown) or otherwise


def _new(looked: Looked) -> Iterator[str]:
    before = set(looked.earlier[-1].kept) if looked.earlier else set()
    return (_line(each) for each in looked.model.threats if each.name not in before)


def _severe(model: ThreatModel) -> Iterator[str]:
    return (_line(each) for each in model.threats if each.severity in PRESSING)


def _line(threat: Threat) -> str:
    named = ", ".join((*threat.rule.atlas, *threat.rule.owasp))
    return f"{threat.severity}: {threat.title} ({threat.reason})" + (f" [{named}]" if named else "")


def _named(view: View) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in view.evidence("incident-record"):
        said = each.payload.get("incident")
        if isinstance(said, dict) and said.get("id"):
            found.setdefault(str(said["id"]), str(said.get("what", "")))
    return found


def _incidents(view: View) -> Iterator[str]:
    return (f"{name}: {what}" if what else name for name, what in sorted(_named(view).items()))


def _weaknesses(view: View) -> Iterator[str]:
    known = view.evidence("vulns")
    scanner = known[-1].payload.get("scanner") if known else None
    result = scanner.get("result") if isinstance(scanner, dict) else None
    rows = [each for each in result if isinstance(each, dict)] if isinstance(result, list) else []
    return (str(each.get("id")) for each in rows if each.get("id"))
