"""What goes to the supplier is encrypted on its way.

What it does: reads the address in the manifest: `https://`, or the machine's own loopback.
Why it matters: prompts hold what users say, and on the way everybody can read and change what is not encrypted.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, unknown
from tetrapylon.design.suppliers.place import is_loopback, origin_of
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"model-hosted"})
WEIGHT = 3
SIGNAL = False
QUESTION: str | None = None


def _at(url: str) -> dict[str, Json]:
    return {"kind": "model-hosted", "facts": {"endpoint": url}}


GOOD: dict[str, dict[str, Json]] = {
    "encrypted": _at("https://llm.example.org/v1"),
    "this machine": _at("http://127.0.0.1:8600/v1"),
    "this machine, by name": _at("http://localhost:8600/v1"),
    "this machine, IPv6": _at("http://[::1]:8600/v1"),
}
BAD: dict[str, dict[str, Json]] = {
    "plain": _at("http://llm.example.org/v1"),
    "looks like this machine": _at("http://127.0.0.1.example.org/v1"),
    "every address of this machine": _at("http://0.0.0.0:8600/v1"),
    "the name in capitals of another": _at("http://LOCALHOST.example.org/v1"),
}
OPEN: dict[str, dict[str, Json]] = {"no address": {"kind": "model-hosted"}}


def look(case: Case) -> Outcome:
    """Return whether the way is encrypted."""
    url = str(case.facts.get("endpoint", ""))
    if not url:
        return unknown("no address is declared")
    if url.lower().startswith("https://"):
        return good(f"`{origin_of(url)}` is spoken to over TLS")
    if is_loopback(url):
        return good(f"`{origin_of(url)}` is this machine")
    return bad(f"`{origin_of(url)}` is spoken to without encryption")
