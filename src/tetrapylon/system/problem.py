"""What is wrong in a manifest, in plain words with the place, and the error that tells all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError

_LISTED = 20
"""How many further problems an error message lists."""

_COMPARED = 1000
"""How many known words a misspelled one is compared with: the comparison is slow."""

_HINT = "`tetrapylon manifest schema` prints what each key may hold"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, what could help, and the slug of the exact condition."""

    path: str
    """The place, such as `model[1].path`; lists count from 0."""

    text: str
    """What is the matter with it, as the end of a sentence that the place begins."""

    code: str
    hint: str = ""


class ManifestError(UsageError):
    """A manifest is not of the form that was asked for; `problems` holds what was found, up to a hundred."""

    def __init__(self, name: str, problems: Sequence[Problem], ids: Json = None) -> None:
        first = problems[0]
        lines = [f"{_place(each, ids)} {each.text}" for each in problems]
        message = f"{lines[0]} (in `{shown(name)}`)"
        message += "".join(f"\nalso: {line}" for line in lines[1 : _LISTED + 1])
        if len(lines) > _LISTED + 1:
            message += "\nand more"
        super().__init__(message, hint=first.hint or _HINT, code=first.code)
        self.problems = tuple(problems)


def _place(problem: Problem, table: Json) -> str:
    """Return the place with the id of the entry it is in: people do not count lists from 0."""
    head, _, rest = problem.path.partition("[")
    index = rest.partition("]")[0]
    try:
        known = table[head][int(index)]["id"]
    except (KeyError, IndexError, TypeError, ValueError):
        known = None
    return f"`{problem.path}`" + (f" (`{shown(known)}`)" if isinstance(known, str) else "")


def shown(text: str) -> str:
    """Return the text as it may stand in a message: one line, printable, clipped."""
    safe = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text[:81]).replace("`", "'")
    return safe if len(text) <= 80 else safe[:77] + "..."  # noqa: PLR2004 - the width that is left in a line


def did_you_mean(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """Return a question with the closest known word, or nothing; `likeness` runs from 0 to 1 (equal)."""
    close = get_close_matches(word[:81], sorted(known)[:_COMPARED], n=1, cutoff=likeness)
    return f"did you mean `{close[0]}`?" if close else ""
