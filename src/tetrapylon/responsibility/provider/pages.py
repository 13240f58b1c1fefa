"""The pages for users and researchers, as Markdown without HTML; what people wrote is escaped, so it stays text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tetrapylon.kernel.canonical import Json
from tetrapylon.responsibility.provider.decisions import Decisions, Security

_SPECIAL = frozenset("\\`*_[]<>|#~&!{}")
_MISUSE = (
    "getting round instructions or limits by what is put in (prompt injection, jailbreaks), directly or by way of documents",
    "making it give away instructions, secrets, other people's data or what it was trained on",
    "copying a model by asking it, or telling who was in its training data",
    "inputs that are made to be misread, and poisoned data, models or packages",
    "making a tool do what its caller may not do, or without the approval that it asks for",
    "getting past signatures, checks at load, or the evidence of a release",
)
"""What counts as a weakness of an AI system, beside those of any software."""


def plain(text: str) -> str:
    """Return the text as it stands in Markdown: one line, no markup."""
    return "".join(f"\\{each}" if each in _SPECIAL else each for each in " ".join(text.split()))


def front(facts: Mapping[str, Json]) -> list[str]:
    """Return the lines that say which release a page is about."""
    return ["---", f"system: {facts['system']['id']}", f'release: "{facts["system"]["release"]}"', "---", ""]


def bullets(texts: Iterable[str]) -> list[str]:
    """Return each text as an item of a list."""
    return [f"* {plain(each)}" for each in texts]


def disclosure_page(facts: Mapping[str, Json], decisions: Decisions, limits: Iterable[str], duties: Mapping[str, Any]) -> str:
    """Return the page for users: purpose, use, limits, duties, contact."""
    guidance = decisions.guidance
    lines = [*front(facts), f"# {plain(facts['system']['id'])}: what users should know", "", f"{plain(facts['system']['purpose'])}.", ""]
    if facts["system"].get("demo"):
        lines += ["This is a demonstration: the organisation, its people and its customers are fictitious.", ""]
    for title, texts in (
        ("What it is for", guidance.uses if guidance else ()),
        ("What it is not for", guidance.misuses if guidance else ()),
    ):
        lines += [f"## {title}", "", *(bullets(texts) or ["Nothing is declared."]), ""]
    if guidance and guidance.advice:
        lines += ["## How to use it well", "", *bullets(guidance.advice), ""]
    lines += ["## Known limitations", "", *(bullets(limits) or ["None is known, which does not mean that there is none."]), ""]
    lines += ["## Who answers for what", "", *_table(duties), ""]
    lines += ["## Reporting", "", *_reporting(decisions.security)]
    return "\n".join(lines).rstrip() + "\n"


def _table(duties: Mapping[str, Any]) -> Iterator[str]:
    yield "| duty | about | answers | helps | is told | practices |"
    yield "|---|---|---|---|---|---|"
    for each in duties["duties"]:
        cells = (each["text"], each.get("about", ""), each["answers"], *(", ".join(each[key]) for key in ("helps", "told", "practices")))
        yield f"| {' | '.join(plain(cell) for cell in cells)} |"
    yield ""
    yield "The same as data: `responsibilities.json`."


def _reporting(security: Security | None) -> Iterator[str]:
    if security is None:
        yield "No contact is declared."
        return
    yield f"Report odd answers and weaknesses to {' or '.join(plain(each) for each in security.contact)}."
    yield "What researchers may do stands in `security-policy.md`."


def policy_page(facts: Mapping[str, Json], security: Security) -> str:
    """Return the page for researchers: scope, rules, safe harbour, what happens with a report."""
    name = plain(facts["system"]["id"])
    lines = [*front(facts), f"# Looking for weaknesses in {name}", "", "## Scope", "", *bullets(_parts(facts)), ""]
    lines += ["Weaknesses of AI are in scope, not only those of the software around it:", "", *bullets(_MISUSE), ""]
    if security.out_of_scope:
        lines += ["Out of scope:", "", *bullets(security.out_of_scope), ""]
    lines += ["## Rules", "", *bullets(_rules()), ""]
    if security.safe_harbour:
        lines += ["## Safe harbour", "", *_safe_harbour(name), ""]
    lines += ["## What happens with a report", "", *bullets(_handling(security))]
    return "\n".join(lines) + "\n"


def _parts(facts: Mapping[str, Json]) -> Iterator[str]:
    for table, what in (("model", "model"), ("prompt", "prompt"), ("tool", "tool"), ("dataset", "data set"), ("store", "store")):
        for each in facts.get(table, ()):
            hosted = (
                " (behind a supplier's address: test our use of it, and the supplier by the supplier's own rules)"
                if "endpoint" in each
                else ""
            )
            yield f"the {what} {each['id']}{hosted}"


def _rules() -> Iterator[str]:
    yield "Use accounts and data of your own; stop at the first sight of somebody else's data, keep none of it, and tell us"
    yield "Show that a weakness is there with as few requests as that takes; do not bring the service down"
    yield "Do not publish model weights, training data or instructions that you came by; describe how you came by them"
    yield "Give us the time stated below before you publish"


def _safe_harbour(name: str) -> Iterator[str]:
    yield f"We consent to research on {name} in good faith within this policy, and ask for it. We will not take legal action over it,"
    yield "will not report it to the police, and do not treat it as a breach of our terms of use, of copy protection or of access rules."
    yield "If somebody else takes action over research that kept to this policy, we will say in public that it had our consent. Whoever"
    yield "is not sure that something is covered may ask first and is covered while asking. We can speak for ourselves only, not for"
    yield "suppliers whose models or services are inside."


def _handling(security: Security) -> Iterator[str]:
    yield f"Send it to {' or '.join(security.contact)}, in {' or '.join(security.languages)}"
    yield f"A person acknowledges it within {security.acknowledge_days} days and tells you what was decided"
    yield f"We mend or mitigate within {security.fix_days} days, or tell you why that takes longer"
    yield "You are named in the advisory if you wish; a weakness of a model gets an advisory like any other"
