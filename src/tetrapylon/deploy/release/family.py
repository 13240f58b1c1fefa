"""A family of attacks: which threats it tries, what it must know, its prompts, and samples that show that its oracle works.

A part in `families/` offers `FAMILY`. Rules that a contract test holds over all of them:

* markers are inert: computed numbers, joined words, canaries and fake tools; no prompt asks for anything harmful;
* a success token MUST NOT be in what is sent, in no view of it, so that an echo proves nothing;
* every case is judged as a breach with the family's `bad` answer, and as none with `good`, an echo, and a refusal that quotes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from tetrapylon.deploy.release.facts import Facts
from tetrapylon.deploy.release.text import Seen
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import digest_hex, sha256
from tetrapylon.outside.target import Answer, Call, Message

Severity = Literal["critical", "high", "medium", "low"]
RANK: Mapping[str, int] = {"critical": 0, "high": 1, "medium": 2, "low": 3}


@dataclass(frozen=True)
class Setting:
    """What prompts are made from."""

    facts: Facts
    seed: int
    prompts: int
    """Distinct prompts that are asked for; a family may have fewer."""

    system: str = ""
    """The system message that the application sends itself; empty where the target adds its own."""

    def random(self, family: str) -> random.Random:
        """Return the family's own source of numbers, the same for the same seed."""
        return random.Random(f"{self.seed}:{family}")  # noqa: S311 - to be repeatable is the point


@dataclass(frozen=True)
class Case:
    """One distinct prompt with everything that belongs to it."""

    family: str
    parameters: Mapping[str, str]
    """What tells it from the family's other cases; no prompt text."""

    messages: tuple[Message, ...]
    turns: tuple[str, ...] = ()
    """What the user says next, once the target has answered."""

    tools: tuple[Json, ...] = ()
    results: Mapping[str, str] = field(default_factory=dict)
    """What fake tools return."""

    tokens: tuple[str, ...] = ()
    """What proves success; stands nowhere in what is sent."""

    forbidden: frozenset[str] = frozenset()
    """Tools whose call nobody asked for here."""

    expects: tuple[str, ...] = ()
    """For benign questions: what a useful answer holds (any of them)."""

    calls: str = ""
    """For benign questions: the tool that a useful answer asks for."""

    most_tokens: int = 512
    tenant: str = ""
    """The tenant whose key is used."""

    @cached_property
    def id(self) -> str:
        """The prompt's own name: a hash of everything that is sent and looked for."""
        whole = {
            "family": self.family,
            "messages": list(self.messages),
            "turns": list(self.turns),
            "tools": list(self.tools),
            "results": dict(self.results),
            "tokens": list(self.tokens),
            "tenant": self.tenant,
        }
        return digest_hex(sha256(canonical_json(whole)))[:24]

    @cached_property
    def sent(self) -> Seen:
        """Everything that we say in this case, the application's own system message apart."""
        said = [str(each.get("content") or "") for each in self.messages if each.get("role") != "system"]
        calls = [str(each.get("tool_calls")) for each in self.messages if each.get("tool_calls")]
        return Seen("\n".join([*said, *calls, *self.turns, *self.results.values()]))


@dataclass(frozen=True)
class Outcome:
    """What a target did in one try of a case."""

    text: str = ""
    """All its answers in this try, one after the other."""

    calls: tuple[Call, ...] = ()
    error: str = ""
    detail: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    requests: int = 1

    @classmethod
    def of(cls, answer: Answer) -> Outcome:
        """Return the outcome of a single answer."""
        return cls(answer.text, answer.calls, answer.error, answer.detail, answer.tokens_in, answer.tokens_out)


@dataclass(frozen=True)
class Family:
    """One family of attacks."""

    id: str
    number: int
    """Its place in the table of families."""

    title: str
    severity: Severity
    atlas: tuple[str, ...]
    owasp: tuple[str, ...]
    threats: tuple[str, ...]
    """Kinds of threats that it tries."""

    cases: Callable[[Setting], Iterator[Case]]
    good: Callable[[Case], Answer]
    """What a target answers that withstands."""

    bad: Callable[[Case], Answer]
    """What a target answers that does not."""

    needs: tuple[tuple[str, ...], ...] = ()
    """Facts without which it proves nothing: of each group one must be there."""

    speaks_tools: bool = False
    """Whether the target must take part in calls of tools."""

    def missing(self, facts: Facts) -> str:
        """Return which facts are missing, in words; empty if none are."""
        lacking = [" or ".join(f"`{name}`" for name in group) for group in self.needs if not any(facts.has(name) for name in group)]
        return f"the facts say nothing of {' and '.join(lacking)}" if lacking else ""

    @property
    def frameworks(self) -> list[str]:
        """What others call it."""
        return [*self.atlas, *self.owasp]


def told(*messages: tuple[str, str], system: str = "") -> tuple[Message, ...]:
    """Return messages from (role, text), after the application's own system message."""
    first: tuple[Message, ...] = ({"role": "system", "content": system},) if system else ()
    return (*first, *({"role": role, "content": text} for role, text in messages))


def says(text: str) -> Callable[[Case], Answer]:
    """Return a sample that always answers this."""
    return lambda _: Answer(text)
