"""Locks of pnpm (`pnpm-lock.yaml`), versions 5 to 9.

What it does: reads the `packages` section line by line, in the one layout that pnpm writes.
Why it matters: no YAML library is needed for it, so it is read wherever Tetrapylon runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.outside.lock import LockError, Package, Parsed, integrity_hashes, is_commit

NAMES = re.compile(r"pnpm-lock\.ya?ml")
_ENTRY = re.compile(r"  '?/?((?:@[^/@'\s]+/)?[^/@'\s(]+)[@/]([^'\s(_]+)[^'\s]*'?:\s*$")
_INTEGRITY = re.compile(r"integrity: ([A-Za-z0-9+/=-]+)")
_TARBALL = re.compile(r"tarball: ([^\s,}]+)")
_COMMIT = re.compile(r"commit: ([0-9a-f]{40})")


def read(text: str) -> Parsed:
    """Return the packages."""
    if not text.startswith("lockfileVersion:"):
        raise LockError("it does not begin with `lockfileVersion`")
    packages: list[Package] = []
    unread: list[str] = []
    for line, head, body in _entries(text):
        found = _ENTRY.fullmatch(head)
        if found is None:
            unread.append(f"the entry of line {line} is not a package with a version")
        else:
            packages.append(_package(found[1], found[2], body, line))
    return Parsed(tuple(packages), tuple(unread))


def _entries(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, head and body of each entry of `packages`."""
    inside, begun, head = False, 0, ""
    body: list[str] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r")
        top, entry = line[:1] not in {"", " "}, line[:2] == "  " and line[2:3] not in {"", " "}
        if head and (top or entry):
            yield begun, head, "\n".join(body)
            head, body = "", []
        if top:
            inside = line.strip() == "packages:"
        elif inside and entry:
            begun, head = number, line
        elif inside:
            body.append(line)
    if head:
        yield begun, head, "\n".join(body)


def _package(name: str, version: str, body: str, line: int) -> Package:
    integrity, tarball, commit = _INTEGRITY.search(body), _TARBALL.search(body), _COMMIT.search(body)
    archive = tarball[1] if tarball else version if "://" in version else None
    local = version.startswith(("file:", "link:"))
    hashes = integrity_hashes(integrity[1]) if integrity else ()
    url = f"{archive or ''}@{commit[1]}" if commit else archive or (version if local else None)
    pinned = not local and (archive is None or bool(hashes) or is_commit(commit[1] if commit else None))
    return Package(name, None if "://" in version or local else version, hashes, None, url, pinned, local=local, line=line, ecosystem="npm")


SAMPLES = {
    "pnpm-lock.yaml": (
        (
            f"lockfileVersion: '9.0'\n\nimporters:\n  .:\n    dependencies: {{}}\n\npackages:\n\n  '@scope/one@1.2.3':\n"
            f"    resolution: {{integrity: sha512-{'A' * 86}==}}\n\n  two@2.0.0(peer@1):\n    resolution: {{tarball: https://example.org/two.tgz}}\n"
            "\nsnapshots:\n  '@scope/one@1.2.3': {}\n"
        ),
        Parsed(
            (
                Package("@scope/one", "1.2.3", ("sha512:" + "0" * 128,), pinned=True, line=9, ecosystem="npm"),
                Package("two", "2.0.0", url="https://example.org/two.tgz", line=12, ecosystem="npm"),
            )
        ),
    ),
}
