"""Where packages come from: registries that locks name, direct addresses, and options that add further indexes.

Without a word from anybody only the public registries count, over https. A direct address is a source like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from tetrapylon.develop.supply.finding import Finding
from tetrapylon.outside.lock import Lock
from tetrapylon.outside.repository.view import Repository

PUBLIC = frozenset({"pypi.org", "files.pythonhosted.org", "registry.npmjs.org", "registry.yarnpkg.com"})
"""Hosts of the public registries of Python and Node."""

_OPTION = re.compile(
    r"--(?:extra-)?index-url[= \t]{1,9}(\S{1,500})|--find-links[= \t]{1,9}(\S{1,500})|--trusted-host[= \t]{1,9}(\S{1,500})"
)
_SETTING = re.compile(r"^[ \t]{0,20}(?:extra-)?(?:index-url|registry)[ \t]{0,9}=[ \t]{0,9}(\S{1,500})", re.MULTILINE)
_CONFIGURED = ("pip.conf", ".npmrc", "uv.toml")


class Allowed:
    """The places that packages may come from."""

    def __init__(self, urls: Sequence[str] = ()) -> None:
        self._prefixes = tuple(each.rstrip("/") for each in urls)

    def __contains__(self, url: str) -> bool:
        bare = url.partition("+")[2] if url.startswith(("git+", "hg+", "svn+", "registry+", "sparse+")) else url
        try:
            parts = urlsplit(bare)
        except ValueError:
            return False
        if any(bare.rstrip("/") == each or bare.startswith(f"{each}/") for each in self._prefixes):
            return True
        return parts.scheme == "https" and parts.hostname in PUBLIC and parts.port in {None, 443} and "@" not in parts.netloc


def outside_packages(lock: Lock, allowed: Allowed) -> Iterator[Finding]:
    """Yield the packages of a lock that come from a place that is not allowed."""
    for each in lock.packages:
        place = each.url or each.source
        if place is not None and not each.local and place not in allowed:
            yield Finding(each.name, f"{lock.name}:{each.line}" if each.line else lock.name, f"comes from `{_safe(place)}`")


def outside_indexes(repository: Repository, allowed: Allowed) -> Iterator[Finding]:
    """Yield the options and settings of package managers that name a place that is not allowed."""
    for file in repository.files:
        patterns = [_OPTION] if file.language in {"lock", "dockerfile", "ci", "shell"} else []
        patterns += [_SETTING] if file.name in _CONFIGURED else []
        for pattern in patterns:
            for place, match in file.matches(pattern):
                url = next(each for each in match.groups() if each).strip("\"'")
                if url not in allowed and not url.startswith(("$", "{")):
                    yield Finding("index", str(place), f"names `{_safe(url)}`")


def _safe(url: str) -> str:
    """Return the address without a user's name and password."""
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return (f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}" if mark else url)[:200]
