r"""The language that rules are written in: regular expressions whose matches have a longest length.

Rules are data, and foreign text is matched against all of them at once by RE2, in linear time. What RE2 does not say is how
long a match can get and what the beginning of one looks like; both are needed to guard a stream. So patterns are read here
first, and what is not in this small language is refused:

* characters, escapes (`\d`, `\.`, `\x22`, `\x{200b}`), classes (`[A-Z_-]`), `.`, and `\b`;
* groups `(?:…)` with `|`, and the repetitions `?`, `{n}` and `{n,m}`. There is no `*`, no `+` and no look-around;
* `(?i)` in front of everything, for letters of either case.

>>> read_pattern(r"\bkey-[0-9]{4,6}\b").longest
10
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tetrapylon.kernel.errors import UsageError

MOST_REPEATS = 1000
"""What RE2 allows."""

COUNTED = 5
"""How far repetitions are counted where only a hint is wanted."""

_FLAGS = ("(?i)", "(?s)", "(?is)")


@dataclass(frozen=True, slots=True)
class Char:
    """One character, or any one of a class, as it is written."""

    source: str

    @property
    def longest(self) -> int:
        """Characters of the longest match."""
        return 1


@dataclass(frozen=True, slots=True)
class Boundary:
    """The edge of a word."""

    source: str = r"\b"

    @property
    def longest(self) -> int:
        """Characters of the longest match."""
        return 0


@dataclass(frozen=True, slots=True)
class Run:
    """One after the other."""

    parts: tuple[Node, ...]

    @property
    def source(self) -> str:
        """The pattern as text."""
        return "".join(_grouped(each) if isinstance(each, Choice) else each.source for each in self.parts)

    @property
    def longest(self) -> int:
        """Characters of the longest match."""
        return sum(each.longest for each in self.parts)


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of them."""

    options: tuple[Node, ...]

    @property
    def source(self) -> str:
        """The pattern as text."""
        return "|".join(each.source for each in self.options)

    @property
    def longest(self) -> int:
        """Characters of the longest match."""
        return max(each.longest for each in self.options)


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same from `least` to `most` times."""

    part: Node
    least: int
    most: int

    @property
    def source(self) -> str:
        """The pattern as text."""
        return repeated(self.part, self.least, self.most)

    @property
    def longest(self) -> int:
        """Characters of the longest match."""
        return self.part.longest * self.most


Node = Char | Boundary | Run | Choice | Repeat


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, understood."""

    flags: str
    node: Node

    @property
    def source(self) -> str:
        """The pattern as RE2 takes it."""
        return f"{self.flags}(?:{self.node.source})"

    @property
    def longest(self) -> int:
        """Characters of the longest match."""
        return self.node.longest

    @property
    def hint(self) -> str:
        """A smaller pattern that matches wherever this one does, and seldom elsewhere: its repetitions are not counted far."""
        return f"{self.flags}(?:{hint(self.node)})"

    @property
    def begun(self) -> str:
        """A pattern for every text that is the beginning of a match, or a whole one that may yet go on; some others fit, too."""
        return f"(?{self.flags[2:-1]}:{begun(self.node)})" if self.flags else begun(self.node)


def read_pattern(text: str) -> Pattern:
    """Return the pattern that the text spells.

    Raises:
        UsageError: the text is not in the language above (`bad-pattern`).
    """
    flags = next((each for each in _FLAGS if text.startswith(each)), "")
    reader = _Reader(text, len(flags))
    node = reader.choice()
    if reader.at != len(text):
        raise reader.error("there is a `)` too many")
    return Pattern(flags, node)


def repeated(part: Node, least: int, most: int) -> str:
    """Return the pattern of a repetition."""
    one = part.source if isinstance(part, Char) else _grouped(part)
    if (least, most) == (1, 1):
        return one
    if (least, most) == (0, 1):
        return f"{one}?"
    return f"{one}{{{least}}}" if least == most else f"{one}{{{least},{most}}}"


def hint(node: Node) -> str:
    """Return a pattern for at least what the node matches, small enough to be searched for together with hundreds of others.

    Counting is what makes RE2's automata large: a class that is repeated 40 times needs 40 states for each place that it may
    have begun at. Beyond a few repetitions only "and more" is kept.
    """
    if isinstance(node, Choice):
        return "|".join(hint(each) for each in node.options)
    if isinstance(node, Run):
        return "".join(f"(?:{hint(each)})" if isinstance(each, Choice) else hint(each) for each in node.parts)
    if not isinstance(node, Repeat):
        return node.source
    one = hint(node.part) if isinstance(node.part, Char) else f"(?:{hint(node.part)})"
    if node.most <= COUNTED:
        return f"{one}?" if (node.least, node.most) == (0, 1) else f"{one}{{{node.least},{node.most}}}"
    return f"{one}{{{min(node.least, COUNTED)},}}"


def begun(node: Node) -> str:
    """Return a pattern for the beginnings of what the node matches, the empty one and the whole one included.

    Repetitions are not counted here, either: a few more texts count as beginnings, none less.
    """
    if isinstance(node, Char):
        return f"{node.source}?"
    if isinstance(node, Boundary):
        # Whether this is the edge of a word shows when the next character comes.
        return ""
    if isinstance(node, Choice):
        return "(?:" + "|".join(begun(each) for each in node.options) + ")"
    if isinstance(node, Repeat):
        return _begun_repeat(node, "")
    return _begun_sequence(node.parts)


def _begun_repeat(node: Repeat, rest: str) -> str:
    """It stops within one of the repetitions, or all of them are there and it stops in the rest."""
    one = hint(node.part) if isinstance(node.part, Char) else f"(?:{hint(node.part)})"
    many = "?" if node.most == 1 else "*"
    if isinstance(node.part, Char):
        return f"{one}{many}{rest}"
    before = f"{one}*" if node.most > 1 else ""
    return f"(?:{one}{many}{rest}|{before}{begun(node.part)})"


def _begun_sequence(parts: Sequence[Node]) -> str:
    """Either it stops within the first part, or that is whole and it stops in what follows."""
    if not parts:
        return ""
    first, rest = parts[0], _begun_sequence(parts[1:])
    if isinstance(first, Char | Boundary):
        return f"(?:{first.source}{rest})?"
    if isinstance(first, Repeat):
        return _begun_repeat(first, rest)
    return f"(?:(?:{hint(first)}){rest}|{begun(first)})"


def _grouped(node: Node) -> str:
    return f"(?:{node.source})"


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at

    def error(self, why: str) -> UsageError:
        return UsageError(f"the pattern `{self.text[:80]}` is not one that rules may have: {why}", code="bad-pattern")

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def choice(self) -> Node:
        options = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeat(self.one()))
        return parts[0] if len(parts) == 1 else Run(tuple(parts))

    def one(self) -> Node:
        if self.peek() == "(":
            return self.group()
        if self.peek() == "[":
            return self.klass()
        if self.peek() == "\\":
            found = self.escape()
            return Boundary() if found == r"\b" else Char(found)
        if self.peek() in "*+?{^$":
            raise self.error(f"`{self.peek()}` at character {self.at}")
        self.at += 1
        return Char(self.text[self.at - 1])

    def group(self) -> Node:
        if not self.text.startswith("(?:", self.at):
            raise self.error("groups are written `(?:…)`")
        self.at += 3
        node = self.choice()
        if self.peek() != ")":
            raise self.error("a `)` is missing")
        self.at += 1
        return node

    def klass(self) -> Node:
        start = self.at
        self.at += 2 if self.text.startswith("[^", start) else 1
        while self.peek() != "]":
            if not self.peek():
                raise self.error("a `]` is missing")
            if self.peek() == "\\":
                self.escape()
            else:
                self.at += 1
        self.at += 1
        return Char(self.text[start : self.at])

    def escape(self) -> str:
        start = self.at
        letter = self.text[start + 1 : start + 2]
        if letter in {"x", "p"} and self.text.startswith("{", start + 2):
            end = self.text.find("}", start)
            if end < 0:
                raise self.error("a `}` is missing")
            self.at = end + 1
        elif letter == "x":
            self.at = start + 4
        elif letter and (letter in "bdswnrtDSW" or not letter.isalnum()):
            self.at = start + 2
        else:
            raise self.error(f"`\\{letter}` is not known")
        return self.text[start : self.at]

    def repeat(self, part: Node) -> Node:
        if self.peek() == "?":
            self.at += 1
            return Repeat(part, 0, 1)
        if self.peek() != "{":
            return part
        end = self.text.find("}", self.at)
        least, comma, most = self.text[self.at + 1 : end].partition(",")
        if end < 0 or not least.isdecimal() or (comma and not most.isdecimal()):
            raise self.error("repetitions are written `{n}` or `{n,m}`")
        self.at = end + 1
        low, high = int(least), int(most if comma else least)
        if not 0 < high <= MOST_REPEATS or low > high:
            raise self.error(f"`{{{low},{high}}}` is not a repetition")
        return Repeat(part, low, high)
