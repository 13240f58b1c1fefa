"""Requirements of pip, as `pip-compile`, `uv pip compile` and people write them.

What it does: joins continued lines and reads name, `==` version, markers, hashes and direct addresses.
Why it matters: it is the commonest form, and the one that is a lock only if every line is exact and hashed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.outside.lock import Package, Parsed, hashes_of, is_commit, python_name

NAMES = re.compile(r"(?!(?:uv|poetry|pdm|yarn|Pipfile)\.lock$).*\.(?:txt|lock|in|pip)", re.IGNORECASE)
_NAME = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(.*)", re.DOTALL)
_EXACT = re.compile(r"={2,3}\s*([^\s,;*]+)")
_OPERATOR = re.compile(r"\(?\s*(?:===?|[<>~!]=|[<>])")
_HASH = re.compile(r"--hash[= ]\s*(\S+)")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_INDEX = re.compile(r"-(?:-index-url|i)[= ]\s*(\S+)")
_OTHER_FILE = re.compile(r"(?:--requirement|--constraint|-r|-c)[= ]?\s*(\S+)")


def is_one(text: str) -> bool:
    """Return whether the first thing in it is a requirement or an option of pip."""
    first = next((line for _, line in _lines(text[: 1 << 16])), None)
    return first is None or first.startswith("-") or _is_requirement(first)


def _is_requirement(line: str) -> bool:
    found = _NAME.fullmatch(line)
    return found is not None and (found[3] == "" or found[3].startswith(("@", ";", "--hash")) or bool(_OPERATOR.match(found[3])))


def read(text: str) -> Parsed:
    """Return the packages, line by line."""
    packages: list[Package] = []
    unread: list[str] = []
    lines = list(_lines(text))
    index = next((found[1] for _, line in lines if (found := _INDEX.match(line))), None)
    for number, line in lines:
        if (other := _OTHER_FILE.match(line)) and not line.startswith(("--index", "-i")):
            unread.append(f"line {number} reads another file: `{other[1][:200]}`")
        elif line.startswith(("-e ", "--editable")):
            packages.append(_editable(line, number))
        elif line.startswith("-"):
            continue
        elif (package := _package(line, number, index)) is not None:
            packages.append(package)
        else:
            unread.append(f"line {number} is not a requirement")
    return Parsed(tuple(packages), tuple(unread))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each logical line with the number that it begins on, without comments."""
    kept: list[str] = []
    begun = 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = _COMMENT.sub("", raw.rstrip("\r")).strip()
        begun = begun if kept else number
        if line.endswith("\\"):
            kept.append(line[:-1].strip())
            continue
        whole = " ".join([*kept, line]).strip()
        kept = []
        if whole:
            yield begun, whole
    if any(kept):
        yield begun, " ".join(kept).strip()


def _editable(line: str, number: int) -> Package:
    target = line.partition(" ")[2].strip()
    name = target.rpartition("#egg=")[2] if "#egg=" in target else target
    return Package(python_name(name) or target, url=target, local=True, line=number)


def _package(line: str, number: int, index: str | None) -> Package | None:
    hashes = hashes_of(_HASH.findall(line))
    line = line.partition("--hash")[0].strip()
    if "://" in line.partition(" ")[0] or line.startswith((".", "/")):
        return _direct(line, "", None, hashes, number)
    found = _NAME.fullmatch(line)
    if found is None or not _is_requirement(line):
        return None
    name, rest = python_name(found[1]), found[3]
    if rest.startswith("@"):
        url, _, marker = rest[1:].partition(" ;")
        return _direct(url.strip(), name, marker.strip() or None, hashes, number)
    wanted, _, marker = rest.partition(";")
    exact = _EXACT.fullmatch(wanted.strip(" ()"))
    version = exact[1] if exact else None
    pinned = version is not None
    return Package(name, version, hashes, index, None, pinned, marker.strip() or None, line=number)


def _direct(url: str, name: str, marker: str | None, hashes: tuple[str, ...], number: int) -> Package:
    base, _, fragment = url.partition("#")
    said = hashes_of(each.replace("=", ":", 1) for each in fragment.split("&"))
    egg = next((each.removeprefix("egg=") for each in fragment.split("&") if each.startswith("egg=")), "")
    hashes = tuple(sorted({*hashes, *said}))
    commit = base.rpartition("@")[2]
    pinned = bool(hashes) or (base.startswith("git+") and is_commit(commit))
    local = "://" not in base or base.startswith("file:")
    return Package(name or python_name(egg) or base, None, hashes, None, base, pinned, marker, local=local, line=number)


_ONE, _TWO = "1" * 64, "2" * 64
SAMPLES = {
    "requirements.lock": (
        (
            f"-i https://packages.example.org/simple\n# a comment\nNumPy==2.1.0 ; python_version >= '3.11' \\\n"
            f"    --hash=sha256:{_TWO} \\\n    --hash=sha256:{_ONE}\nloose>=1\nwild==1.*\n-r more.txt\n"
            f"tool @ git+https://example.org/tool@{'a' * 40}\nnot a requirement!\n"
        ),
        Parsed(
            (
                Package(
                    "numpy",
                    "2.1.0",
                    (f"sha256:{_ONE}", f"sha256:{_TWO}"),
                    "https://packages.example.org/simple",
                    pinned=True,
                    marker="python_version >= '3.11'",
                    line=3,
                ),
                Package("loose", source="https://packages.example.org/simple", line=6),
                Package("wild", source="https://packages.example.org/simple", line=7),
                Package("tool", url=f"git+https://example.org/tool@{'a' * 40}", pinned=True, line=9),
            ),
            ("line 8 reads another file: `more.txt`", "line 10 is not a requirement"),
        ),
    ),
}
