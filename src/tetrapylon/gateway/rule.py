"""A rule: what must not pass, in which direction, and what is done about it. Rules are data in `guards/rules/*.toml`.

What is bad and what is good is written with blanks such as `ghp_{b36}`: no file of ours holds anything that looks like a
secret, and whoever looks for secrets in our files finds none.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from typing import Any

from tetrapylon.gateway.pattern import Pattern, read_pattern
from tetrapylon.gateway.ports import Verdict
from tetrapylon.gateway.reading import ViewName
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import package_text

RULES = "tetrapylon.gateway.guards.rules"

_DIGITS = "0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_UPPER = _LOWER.upper()
_KEYS = {"class", "id", "title", "pattern", "in", "out", "validator", "views", "replacement", "bad", "good"}
ALPHABETS = {
    "n": _DIGITS,
    "l": _LOWER,
    "L": _UPPER,
    "a": _LOWER + _DIGITS,
    "A": _UPPER + _DIGITS,
    "b": _UPPER + _LOWER + _DIGITS,
    "w": _UPPER + _LOWER + _DIGITS + "_-",
    "x": "0123456789abcdef",
    "X": "0123456789ABCDEF",
    "2": _UPPER + "234567",
    "z": _UPPER + _LOWER + _DIGITS + "+/",
}
"""What a blank may be filled from, by the letter that it is written with."""


@dataclass(frozen=True)
class Rule:
    """One rule."""

    id: str
    kind: str
    """The class: `secret`, `personal`, `injection`, `active`, `link`, `hidden`."""

    title: str
    written: str
    """The pattern as it is written."""

    inward: Verdict
    """What is done on the way to a model; `ALLOW` means that the rule does not look there."""

    outward: Verdict
    """What is done on the way from a model."""

    validator: str = ""
    views: tuple[ViewName, ...] = ("plain",)
    replacement: str = ""
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> Pattern:
        """The pattern, read."""
        return read_pattern(self.written)

    def verdict(self, direction: str) -> Verdict:
        """Return what is done in a direction."""
        return self.inward if direction == "in" else self.outward


def load_rules() -> tuple[Rule, ...]:
    """Return every rule that ships with us.

    Raises:
        UsageError: a rule is not of the form above, or two have the same id.
    """
    names = sorted(each.name for each in files(RULES).iterdir() if each.name.endswith(".toml"))
    found = tuple(rule for name in names for rule in read_rules(package_text(RULES, name), name))
    ids = [each.id for each in found]
    if len(set(ids)) != len(ids):
        raise UsageError(f"two rules have the same id: {sorted(each for each in set(ids) if ids.count(each) > 1)}", code="bad-rule")
    return found


def read_rules(text: str, name: str) -> Iterator[Rule]:
    """Yield the rules of one file; what stands at its top holds for each rule that says nothing else."""
    data = tomllib.loads(text)
    common = {key: value for key, value in data.items() if key != "rule"}
    for each in data.get("rule", ()):
        try:
            yield _rule({**common, **each})
        except (KeyError, ValueError, TypeError) as error:
            raise UsageError(f"a rule of `{name}` is not of the right form: {error!s}", code="bad-rule") from error


def changed(rules: Sequence[Rule], text: str, name: str) -> tuple[Rule, ...]:
    """Return the rules with those of a system's own file added, and with what its `[[change]]` tables say.

    A change names a rule and what is done now: `rule = "e-mail"`, `in = "advise"`, `out = "allow"`.

    Raises:
        UsageError: the file is not of this form.
    """
    try:
        data = tomllib.loads(text)
        _known(data, {"rule", "change", "class"}, "the file")
        found = {each.id: each for each in rules}
        for each in data.get("change", ()):
            found[each["rule"]] = _change(found[each["rule"]], each)
        added = [_rule({"class": data.get("class", "own"), **each}) for each in data.get("rule", ())]
    except (KeyError, ValueError, TypeError) as error:
        raise UsageError(f"`{name}` is no file of guards: {error!s}", code="bad-rule") from error
    if taken := [each.id for each in added if each.id in found]:
        raise UsageError(f"`{name}`: there is a rule `{taken[0]}` already", code="bad-rule")
    return (*found.values(), *added)


def _change(rule: Rule, data: Mapping[str, Any]) -> Rule:
    _known(data, {"rule", "in", "out"}, f"the change of `{rule.id}`")
    return replace(
        rule,
        inward=Verdict(data.get("in", rule.inward.value)),
        outward=Verdict(data.get("out", rule.outward.value)),
    )


def _known(data: Mapping[str, Any], keys: set[str], what: str) -> None:
    if unknown := sorted(set(data) - keys):
        raise ValueError(f"{what} has unknown keys {unknown}")


def rules_digest(rules: Sequence[Rule]) -> Digest:
    """Return the digest of what the rules do; samples and titles do not count."""
    counted = [[each.id, each.written, each.inward.value, each.outward.value, each.validator, list(each.views)] for each in rules]
    return sha256(canonical_json(sorted(counted)))


def _rule(data: Mapping[str, Any]) -> Rule:
    _known(data, _KEYS, f"the rule `{data.get('id')}`")
    rule = Rule(
        data["id"],
        data["class"],
        data["title"],
        data["pattern"],
        Verdict(data.get("in", "allow")),
        Verdict(data.get("out", "allow")),
        data.get("validator", ""),
        tuple(data.get("views", ("plain",))),
        data.get("replacement", f"[removed: {data['title']}]"),
        tuple(filled(each) for each in data.get("bad", ())),
        tuple(filled(each) for each in data.get("good", ())),
    )
    if not rule.pattern.longest:
        raise ValueError(f"{rule.id}: it matches nothing")
    return rule


def filled(text: str) -> str:
    r"""Return the text with its blanks filled: `{x8}` becomes eight hexadecimal digits, always the same; `{{` is a brace.

    >>> filled("key-{n4}") == filled("key-{n4}")
    True
    """
    found: list[str] = []
    at = 0
    while at < len(text):
        if text.startswith(("{{", "}}"), at):
            found.append(text[at])
            at += 2
        elif text[at] == "{":
            end = text.index("}", at)
            found.append(_blank(text[at + 1 : end], f"{text}:{at}"))
            at = end + 1
        else:
            found.append(text[at])
            at += 1
    return "".join(found)


def _blank(blank: str, seed: str) -> str:
    if blank.startswith("u"):
        return chr(int(blank[1:], 16))
    alphabet, count = ALPHABETS[blank[0]], int(blank[1:])
    data = hashlib.shake_256(seed.encode()).digest(count)
    return "".join(alphabet[each % len(alphabet)] for each in data)
