"""Gateways in which one check is missing each, and one in which none is: what probes of access must tell apart."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.integration.door import Lines, SmallGuards, free_port
from tetrapylon.deploy.access.keys import KeyFile
from tetrapylon.design.privilege.authorise import CedarAuthoriser
from tetrapylon.gateway.ports import Caller, Entry, Sealed
from tetrapylon.gateway.start import Listen, Parts, _server, wire
from tetrapylon.gateway.wired import Wired


class Memory:
    """A journal that forgets."""

    async def append(self, entry: Entry) -> Sealed:
        return Sealed("main/00000001", 1, "sha256:" + "0" * 64)


class Everything:
    """Grants everything."""

    digest = "sha256:" + "0" * 64

    def may(self, *_: object, **__: object) -> tuple[bool, str]:
        return True, "anybody may"


class Bent:
    """The file of keys, of which something is believed that is not so."""

    def __init__(self, keys: Any, bend: Callable[[KeyFile, str], Caller | None]) -> None:
        self._keys, self._bend = keys, bend

    def find(self, token: str) -> Caller | None:
        return self._keys.find(token) or self._bend(self._keys, token)


def _held(keys: KeyFile, token: str, standing: str) -> Caller | None:
    """Return the holder of a key that has ended in one way."""
    for each in keys.every():
        # The hash is looked at, everything else about the key is not.
        import hashlib

        if hashlib.sha256(token.encode()).hexdigest() == each.hash and (each.revoked is not None) == (standing == "revoked"):
            return Caller(each.id, each.principal, each.kind, each.tenant, each.acknowledged)
    return None


class Same:
    """The file of keys, in which everybody is of one tenant or has acknowledged everything."""

    def __init__(self, keys: Any, **what: str) -> None:
        self._keys, self._what = keys, what

    def find(self, token: str) -> Caller | None:
        found = self._keys.find(token)
        return None if found is None else replace(found, **self._what)


VARIANTS: dict[str, Callable[[Wired], Wired]] = {
    "sound": lambda wired: wired,
    "wrong-role": lambda wired: replace(wired, authoriser=Everything()),
    "expired-key": lambda wired: replace(wired, keys=Bent(wired.keys, lambda keys, token: _held(keys, token, "expired"))),
    "revoked-key": lambda wired: replace(wired, keys=Bent(wired.keys, lambda keys, token: _held(keys, token, "revoked"))),
    "unknown-key": lambda wired: replace(
        wired, keys=Bent(wired.keys, lambda keys, token: Caller("", "teller", "group", "", wired.terms_digest))
    ),
    "wrong-tenant": lambda wired: replace(wired, keys=Same(wired.keys, tenant="tetrapylon-probe-a")),
    "terms-unread": lambda wired: replace(wired, keys=Same(wired.keys, acknowledged=wired.terms_digest)),
    "metrics": lambda wired: replace(wired, operators=frozenset({"teller", "guest", "robot", "operator-1"})),
    "data-class": lambda wired: replace(wired, authoriser=Everything()),
}


async def _serve(root: str) -> None:
    from tetrapylon.app.serving import open_serving

    urls, servers = {}, []
    for name, bend in VARIANTS.items():
        serving = open_serving(root, None)
        parts = Parts(SmallGuards(), CedarAuthoriser(serving.project.facts), Lines(Path(root) / "seen.jsonl"))
        listen = Listen("127.0.0.1", free_port())
        servers.append(asyncio.ensure_future(_server(bend(wire(serving, parts, Memory(), {})), listen).serve()))
        urls[name] = listen.url
    await asyncio.sleep(0.3)
    sys.stdout.write(json.dumps(urls) + "\n")
    sys.stdout.flush()
    await asyncio.gather(*servers)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
