"""Keys by which callers of the running system are known: 256 random bits each, of which only a hash is kept.

What it does: makes, lists, revokes and finds them in `.tetrapylon/access/keys.json`. A key belongs to one principal of
the manifest and one tenant, ends at a set time, and remembers which terms its holder acknowledged.
Why it matters: whoever reads the file can still not call, and a revoked key is refused within a second.

Reads: the file of keys. Leaves: the same file. Cannot see: whether a holder passed a key on.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from tetrapylon.kernel.errors import IntegrityError, MissingError, TetrapylonError, UsageError
from tetrapylon.outside.clock import SystemClock, format_time, parse_time
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic
from tetrapylon.outside.watched import WatchedFile, held_alone
from tetrapylon.system.caller import Caller, PrincipalKind

SCHEMA = "tetrapylon/access-keys/1"
DAYS = 90
"""How long a key is good for unless it is said otherwise."""

_TOKEN = re.compile(r"tp-([0-9a-f]{12})-[A-Za-z0-9_-]{43}", re.ASCII)
_NOBODY = "0" * 64
"""What an unknown key is compared with, so that it takes as long as a known one."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """What is kept of a key; times are UTC."""

    id: str
    hash: str
    """SHA-256 of the whole token, hexadecimal. 256 random bits need no slow hash."""

    principal: str
    kind: PrincipalKind
    tenant: str
    created: str
    expires: str
    revoked: str | None = None
    acknowledged: str | None = None
    """The digest of the terms."""

    acknowledged_at: str | None = None

    def standing(self, now: str) -> str:
        """Return `valid`, `expired` or `revoked`."""
        if self.revoked is not None:
            return "revoked"
        return "valid" if now < self.expires else "expired"

    def public(self, now: str) -> dict[str, Any]:
        """Return it as data, without the hash."""
        found = {key: value for key, value in asdict(self).items() if key != "hash"}
        found["acknowledgedAt"] = found.pop("acknowledged_at")
        return {**found, "standing": self.standing(now)}


class KeyFile:
    """The keys in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._watched = WatchedFile(path)
        self._keys: dict[str, AccessKey] = {}
        self._callers: dict[str, tuple[Caller, float]] = {}
        """Whose key it is, and until when (seconds since 1970), of those that were not revoked."""

    def find(self, token: str) -> Caller | None:
        """Return who holds a token; a revoked, expired or unknown one is nobody's.

        The hash is compared in constant time, and an unknown key costs what a known one does.

        Raises:
            IntegrityError: the file is not what we wrote: then nobody is known.
        """
        if self._watched.changed():
            self._load()
        form = _TOKEN.fullmatch(token)
        held = self._keys.get(form[1]) if form else None
        same = hmac.compare_digest(hashlib.sha256(token.encode("utf-8", "replace")).hexdigest(), held.hash if held else _NOBODY)
        caller, ends = self._callers.get(held.id, (None, 0.0)) if held is not None and same else (None, 0.0)
        return caller if time.time() < ends else None

    def _load(self) -> None:
        try:
            self._keys = _decode(self._watched.read())
        except TetrapylonError:
            self._watched.forget()
            self._keys, self._callers = {}, {}
            raise
        self._callers = {
            each.id: (
                Caller(each.id, each.principal, each.kind, each.tenant, each.acknowledged),
                parse_time(each.expires).timestamp(),
            )
            for each in self._keys.values()
            if each.revoked is None
        }

    def every(self) -> list[AccessKey]:
        """Return every key, oldest first."""
        return list(self._read().values())

    def create(
        self, principal: str, kind: PrincipalKind, tenant: str, expires: str | None = None, acknowledged: str | None = None
    ) -> tuple[AccessKey, str]:
        """Make a key; the token is returned this once and kept nowhere.

        Raises:
            UsageError: the time of its end is not in the future.
        """
        now = SystemClock().now()
        ends = expires or format_time(parse_time(now) + timedelta(days=DAYS))
        if format_time(parse_time(ends)) <= now:
            raise UsageError(f"the key would end at {ends}, which has passed", hint="name a time to come", code="past")
        name = secrets.token_hex(6)
        token = f"tp-{name}-{secrets.token_urlsafe(32)}"
        taken = hashlib.sha256(token.encode()).hexdigest()
        made = AccessKey(name, taken, principal, kind, tenant, now, ends, None, acknowledged, now if acknowledged else None)
        self._change(lambda keys: keys.update({name: made}))
        return made, token

    def revoke(self, name: str) -> AccessKey:
        """End a key now; one that has ended stays as it is.

        Raises:
            MissingError: there is no such key.
        """
        now = SystemClock().now()
        return self._replace(name, lambda key: key if key.revoked else replace(key, revoked=now))

    def drop(self, tenants: str) -> int:
        """Take out the keys of tenants whose names begin so and that have ended; return how many those were.

        Only for keys that nobody was ever given: what people held stays on record.
        """
        gone: list[str] = []

        def apply(keys: dict[str, AccessKey]) -> None:
            now = SystemClock().now()
            gone.extend(each.id for each in keys.values() if each.tenant.startswith(tenants) and each.standing(now) != "valid")
            for each in gone:
                del keys[each]

        if self.path.exists():
            self._change(apply)
        return len(gone)

    def acknowledge(self, name: str, terms: str) -> AccessKey:
        """Take down that a key's holder acknowledged the terms of this digest."""
        return self._replace(name, lambda key: replace(key, acknowledged=terms, acknowledged_at=SystemClock().now()))

    def _replace(self, name: str, change: Callable[[AccessKey], AccessKey]) -> AccessKey:
        found: list[AccessKey] = []

        def apply(keys: dict[str, AccessKey]) -> None:
            if name not in keys:
                raise MissingError(f"there is no key `{name[:32]}`", hint="run `tetrapylon deploy access key list`", code="no-such-key")
            keys[name] = change(keys[name])
            found.append(keys[name])

        self._change(apply)
        return found[0]

    def _read(self) -> dict[str, AccessKey]:
        return _decode(read_bytes(self.path) if self.path.exists() else None)

    def _change(self, apply: Callable[[dict[str, AccessKey]], None]) -> None:
        make_folder(self.path.parent, 0o700)
        with held_alone(self.path):
            keys = self._read()
            apply(keys)
            written = {"schema": SCHEMA, "keys": [asdict(each) for each in keys.values()]}
            write_atomic(self.path, json.dumps(written, indent=1).encode() + b"\n", 0o600)


def _decode(data: bytes | None) -> dict[str, AccessKey]:
    if data is None:
        return {}
    try:
        found = json.loads(data)
        keys = [AccessKey(**each) for each in found["keys"]]
        sound = found["schema"] == SCHEMA and all(len(each.hash) == len(_NOBODY) and parse_time(each.expires) for each in keys)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UsageError):
        keys, sound = [], False
    if not sound:
        hint = "restore it from a backup, or move it away and make new keys"
        raise IntegrityError("the file of access keys is not what was written", hint=hint, code="malformed")
    return {each.id: each for each in keys}


def kind_of(facts: Any, principal: str) -> PrincipalKind:
    """Return the table of the manifest that declares a principal.

    Raises:
        UsageError: none does, or more than one.
    """
    found = [kind for kind in ("group", "service", "person") if any(each["id"] == principal for each in facts.get(kind, ()))]
    if len(found) != 1:
        said = "no group, service or person" if not found else " and ".join(found)
        raise UsageError(
            f"`{principal[:64]}` names {said} of the manifest", hint="name one that is declared once", code="no-such-principal"
        )
    return cast("PrincipalKind", found[0])
