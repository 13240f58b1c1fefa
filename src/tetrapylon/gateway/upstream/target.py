"""One place where a hosted model is reached; they all come from the manifest, never from a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Target:
    """A model at an address."""

    model: str
    """Its id in the manifest."""

    name: str
    """What it is called there."""

    host: str
    port: int
    tls: bool
    path: str
    """Of the API, without a `/` at its end."""

    token: str | None = field(default=None, repr=False)
    """What we authenticate with."""

    def head(self, path: str, length: int, accept: str) -> bytes:
        """Return the head of a request for JSON: nothing in it comes from a caller."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        said = f"authorization: Bearer {self.token}\r\n" if self.token else ""
        return (
            f"POST {self.path}{path} HTTP/1.1\r\nhost: {host}:{self.port}\r\ncontent-type: application/json\r\n"
            f"accept: {accept}\r\n{said}content-length: {length}\r\n\r\n"
        ).encode("ascii")


def target_of(model: str, endpoint: str, name: str, token: str | None = None) -> Target:
    """Return the target that an endpoint of the manifest names.

    Raises:
        ValueError: the address or the token could not stand in the head of a request.
    """
    parts = urlsplit(endpoint)
    tls = parts.scheme == "https"
    path = parts.path.rstrip("/")
    for text in (parts.hostname or "", path, token or ""):
        if not text.isascii() or any(each.isspace() or not each.isprintable() for each in text):
            raise ValueError(f"the address or the token of the model `{model}` has characters that are not allowed")
    return Target(model, name, parts.hostname or "", parts.port or (443 if tls else 80), tls, path, token)
