"""One field of a card: a value with where it is from, or an explicit unknown with the way to fill it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from tetrapylon.kernel.canonical import Json

Origin = Literal["measured", "derived", "declared", "unknown"]
"""`measured` from bytes or by an assessment, `derived` from the manifest or other fields, `declared` by a person."""

ORIGINS: tuple[Origin, ...] = get_args(Origin)


@dataclass(frozen=True, slots=True)
class Field:
    """One field. There is no way to make one without an origin."""

    key: str
    label: str
    """As a person reads it; unique within its section."""

    value: Json
    """Text, a number, a truth value or a list of them; None where it is unknown."""

    origin: Origin
    source: str
    """Where the value is from, or for an unknown one the reason or the way to fill it in."""

    fed: bool = False
    """Follows from evidence in the log, so it may be missing or unknown on a card that is older than the evidence."""

    reasoned: bool = False
    """An unknown for which a person gave a reason."""

    @property
    def said(self) -> bool:
        """Whether there is a value, or a person says why there is none."""
        return self.origin != "unknown" or self.reasoned


def measured(key: str, label: str, value: Json, source: str, *, fed: bool = False) -> Field:
    """Return a field whose value was measured."""
    return Field(key, label, value, "measured", source, fed)


def derived(key: str, label: str, value: Json, source: str, *, fed: bool = False) -> Field:
    """Return a field whose value follows from the manifest or from other fields."""
    return Field(key, label, value, "derived", source, fed)


def unknown(key: str, label: str, how: str, *, fed: bool = False, reasoned: bool = False) -> Field:
    """Return a field of which nobody said anything, with the way to fill it in or the reason why it stays so."""
    return Field(key, label, None, "unknown", how, fed, reasoned)


@dataclass(frozen=True)
class Section:
    """Fields that belong together on a card."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Record:
    """Everything that is known of one model, dataset or prompt."""

    kind: str
    """`model-card`, `data-card` or `prompt-card`."""

    table: str
    """The table of the manifest: `model`, `dataset` or `prompt`."""

    id: str
    digest: str
    sections: tuple[Section, ...]
    required: Mapping[str, bool]
    """Keys without which the card is not complete; False where a reasoned unknown is enough."""

    hub: Mapping[str, Json] = field(default_factory=dict)
    """Metadata that Hugging Face reads, by its names."""

    hub_fed: Mapping[str, Json] = field(default_factory=dict)
    """More of it, which follows from evidence."""

    guardrails: int = 0
    """Guards that have no evidence, and 1 where nobody said which there are."""

    failures: tuple[str, ...] = ()
    """Keys of the fields that stand for failed tests and for waivers."""

    extra: Mapping[str, Json] = field(default_factory=dict)
    """What the bill and the evidence need beside: `chainComplete`, `trainingSet`, `sourcesUnknown`, `baseline`."""

    @property
    def fields(self) -> dict[str, Field]:
        """Every field, by key."""
        return {each.key: each for section in self.sections for each in section.fields}

    @property
    def missing(self) -> list[str]:
        """Return the required fields that have neither a value nor, where that is enough, a reason."""
        known = self.fields
        return [
            key for key, strict in self.required.items() if not (known[key].origin != "unknown" or (known[key].reasoned and not strict))
        ]
