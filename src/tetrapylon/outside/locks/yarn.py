"""Locks of Yarn (`yarn.lock`), of the classic form and of Yarn 2 and later.

What it does: reads version, address and hash of each entry, line by line.
Why it matters: it looks like YAML and is not, in the classic form, so readers of YAML see nothing in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.outside.lock import Package, Parsed, hashes_of, integrity_hashes, is_commit

NAMES = re.compile(r"yarn\.lock")
_KEY = re.compile(r'  "?(version|resolved|integrity|resolution|checksum|linkType)"?:? "?([^"\s]+)"?')


def read(text: str) -> Parsed:
    """Return the packages."""
    packages: list[Package] = []
    unread: list[str] = []
    for line, head, facts in _entries(text):
        if head.startswith("__metadata"):
            continue
        if "version" in facts:
            packages.append(_package(head, facts, line))
        else:
            unread.append(f"the entry of line {line} has no version")
    return Parsed(tuple(packages), tuple(unread))


def _entries(text: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    begun, head, facts = 0, "", dict[str, str]()
    for number, line in enumerate(text.split("\n"), 1):
        if line[:1] not in {"", " ", "#", "\r"}:
            if head:
                yield begun, head, facts
            begun, head, facts = number, line.strip().rstrip(":"), {}
        elif found := _KEY.match(line):
            facts.setdefault(found[1], found[2])
    if head:
        yield begun, head, facts


def _package(head: str, facts: dict[str, str], line: int) -> Package:
    first = head.partition(",")[0].strip().strip('"')
    name = first[: first.find("@", 1)] if "@" in first[1:] else first
    address, _, fragment = facts.get("resolved", "").partition("#")
    resolution = facts.get("resolution", "")
    local = any(each in resolution for each in ("@workspace:", "@link:", "@portal:")) or facts.get("linkType") == "soft"
    repository = address if is_commit(fragment) and not address.endswith((".tgz", ".tar.gz")) else ""
    checksum = facts.get("checksum", "").rpartition("/")[2]
    hashes = (*integrity_hashes(facts.get("integrity")), *hashes_of([f"sha512:{checksum}"]))
    source = address.partition(f"/{name}/-/")[0] if address and not repository else None
    url = f"{repository}@{fragment}" if repository else resolution.rpartition("@")[2] if local else None
    return Package(name, facts["version"], hashes, source, url, not local, local=local, line=line, ecosystem="npm")


SAMPLES = {
    "yarn.lock": (
        (
            '# yarn lockfile v1\n\n"@scope/one@^1.0.0", "@scope/one@^1.2.0":\n  version "1.2.3"\n'
            '  resolved "https://packages.example.org/@scope/one/-/one-1.2.3.tgz#0000"\n'
            f'  integrity sha512-{"A" * 86}==\n  dependencies:\n    two "^2"\n\ntwo@^2:\n  version "2.0.0"\n'
        ),
        Parsed(
            (
                Package(
                    "@scope/one", "1.2.3", ("sha512:" + "0" * 128,), "https://packages.example.org", pinned=True, line=3, ecosystem="npm"
                ),
                Package("two", "2.0.0", pinned=True, line=10, ecosystem="npm"),
            )
        ),
    ),
}
