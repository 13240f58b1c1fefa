"""`security.txt` (RFC 9116): written from what people decided, and read back as strictly as the standard asks.

Rules that are checked: UTF-8; every line is empty, a comment or `Name: value`; at least one `Contact`, an address whose
web form is `https`; exactly one `Expires`, in the future and at most a year away; at most one `Preferred-Languages`;
web addresses in other fields are `https`. A cleartext OpenPGP signature is set aside: it is not verified here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tetrapylon.responsibility.provider.decisions import Security

LASTS = timedelta(days=180)
"""How far ahead a new file's end lies; the standard recommends less than a year."""

KEPT = timedelta(days=90)
"""A file that is good for at least this long is left as it is, so that nothing changes without a reason."""

LONGEST = timedelta(days=366)
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,40}):[ \t]?(\S.{0,1000})")
_CONTACT = re.compile(r"(?:mailto:|tel:|https://)\S+|(?!http:)[a-z][a-z0-9+.-]{1,20}:\S+", re.IGNORECASE)
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_ONCE = ("expires", "preferred-languages")
_WEB = ("canonical", "policy", "encryption", "acknowledgments", "hiring", "csaf")


@dataclass(frozen=True)
class Checked:
    """What a `security.txt` says, and what is wrong with it."""

    problems: tuple[str, ...]
    expires: str | None
    """UTC, as statements spell times."""

    signed: bool = False

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def security_txt(security: Security, expires: datetime) -> str:
    """Return the file."""
    lines = [f"Contact: {each}" for each in security.contact]
    lines += [f"Expires: {expires.strftime('%Y-%m-%dT%H:%M:%SZ')}"]
    lines += [f"Preferred-Languages: {', '.join(security.languages)}"] if security.languages else []
    lines += [f"Canonical: {each}" for each in security.canonical]
    lines += [f"Policy: {security.policy}"] if security.policy else []
    return "\n".join(lines) + "\n"


def renewed(security: Security, now: datetime, existing: str | None) -> str:
    """Return the file to publish: the one there is, if it says the same and is good for long enough, else a new one."""
    if existing is not None:
        checked = check(existing, now)
        if checked.valid and checked.expires is not None:
            end = datetime.strptime(checked.expires, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            if end - now >= KEPT and security_txt(security, end) == existing:
                return existing
    day = (now + LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    return security_txt(security, day)


def check(text: str, now: datetime) -> Checked:
    """Return what is wrong with a file, in the order of the file."""
    lines, signed = _unsigned(text.splitlines())
    problems: list[str] = []
    fields: list[tuple[str, str]] = []
    for number, line in enumerate(lines, 1):
        found = _FIELD.fullmatch(line.rstrip())
        if found:
            fields.append((found[1].lower(), found[2].strip()))
        elif line.strip() and not line.startswith("#"):
            problems.append(f"line {number} is neither a field nor a comment")
    end = _expires(fields)
    problems += [*_contacts(fields), *_repeated(fields), *_lifetime(end, now), *_web(fields)]
    return Checked(tuple(problems), end.strftime("%Y-%m-%dT%H:%M:%SZ") if end else None, signed)


def _unsigned(lines: Sequence[str]) -> tuple[list[str], bool]:
    """Return the lines without an OpenPGP cleartext signature around them."""
    if not lines or lines[0] != "-----BEGIN PGP SIGNED MESSAGE-----":
        return list(lines), False
    blank = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    body = lines[blank + 1 :]
    stop = next((number for number, line in enumerate(body) if line == "-----BEGIN PGP SIGNATURE-----"), len(body))
    return [each.removeprefix("- ") for each in body[:stop]], True


def _contacts(fields: list[tuple[str, str]]) -> Iterator[str]:
    found = [value for name, value in fields if name == "contact"]
    if not found:
        yield "there is no `Contact`"
    yield from (f"the contact `{each[:80]}` is no address that may stand here" for each in found if not _CONTACT.fullmatch(each))


def _repeated(fields: list[tuple[str, str]]) -> Iterator[str]:
    for name in _ONCE:
        if sum(each == name for each, _ in fields) > 1:
            yield f"`{name.title()}` is there more than once"


def _lifetime(end: datetime | None, now: datetime) -> Iterator[str]:
    if end is None:
        yield "there is no `Expires` with a date and time"
    elif end <= now:
        yield f"it expired at {end.strftime('%Y-%m-%dT%H:%M:%SZ')}"
    elif end - now > LONGEST:
        yield "it expires more than a year from now"


def _expires(fields: list[tuple[str, str]]) -> datetime | None:
    text = next((value for name, value in fields if name == "expires"), "")
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _web(fields: list[tuple[str, str]]) -> Iterator[str]:
    for name, value in fields:
        if name in _WEB and value.lower().startswith("http:"):
            yield f"`{name.title()}` is not `https`"
