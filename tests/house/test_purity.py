"""What takes bytes, digests and times and returns objects never reaches for them itself.

import-linter sees imports between packages; it cannot see `open()`. This reads the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import Module, modules

PURE = ("posture", "evidence", "system", "kernel", "guidelines")
EXCUSED = ("tetrapylon.evidence.stores", "tetrapylon.evidence.signers", "tetrapylon.kernel.shelf")
"""Stores and signers stand behind ports, and the mapping over parts reads our own package data."""

IMPURE = re.compile(
    r"""(
      (open|input|print|breakpoint|exec|eval|compile|__import__)
    | (os|io|time|random|secrets|shutil|tempfile|glob|fileinput|signal|importlib|pkgutil|sys\.(argv|std\w+|path))(\..*)?
    | pathlib\.(Path|PosixPath|WindowsPath)\.(cwd|home)
    | uuid\.(uuid1|uuid4|getnode)
    | datetime\.(datetime|date)\.(now|utcnow|today)
    | (.*\.)?(read_text|read_bytes|write_text|write_bytes|is_file|is_dir|is_symlink|exists|iterdir|glob|rglob|mkdir|unlink|rmdir)
    | (.*\.)(open|stat|lstat|symlink_to|hardlink_to|chmod|touch|resolve|absolute|expanduser|samefile|owner)
    )""",
    re.VERBOSE,
)

OUTWARD = re.compile(
    r"""(
      (socket|socketserver|ssl|select|selectors|subprocess|multiprocessing|asyncio|http|ftplib|smtplib|imaplib|poplib|telnetlib|xmlrpc|webbrowser)(\..*)?
    | (concurrent\.futures\.ProcessPoolExecutor|urllib\.(request|error|robotparser))(\..*)?
    | (requests|urllib3|httpx|httpcore|aiohttp|granian|uvicorn|starlette|websockets|grpc|boto3|botocore|paramiko)(\..*)?
    | os\.(system|popen|fork|forkpty|exec\w*|spawn\w*|posix_spawn\w*|startfile)
    )""",
    re.VERBOSE,
)

DOORS = ("tetrapylon.outside", "tetrapylon.evidence.stores", "tetrapylon.evidence.signers", "tetrapylon.gateway", "tetrapylon.console")
"""The only packages that may name the network or processes."""


def _within(module: Module, packages: tuple[str, ...]) -> bool:
    return any(module.name == each or module.name.startswith(f"{each}.") for each in packages)


def _found(module: Module, pattern: re.Pattern[str]) -> list[str]:
    return [f"{module.name}:{line}: {name}" for line, name in module.uses() if pattern.fullmatch(name)]


def _pure() -> Iterator[Module]:
    return (each for package in PURE for each in modules(f"tetrapylon.{package}") if not _within(each, EXCUSED))


def test_what_must_be_pure_is() -> None:
    assert len(list(_pure())) > 80  # otherwise this looked in the wrong place
    assert [each for module in _pure() for each in _found(module, IMPURE)] == []


def test_network_and_processes_are_named_at_the_doors_alone() -> None:
    inside = [each for each in modules() if not _within(each, DOORS)]
    assert [each for module in inside for each in _found(module, OUTWARD)] == []


@pytest.mark.parametrize(
    "text",
    [
        "open('x')",
        "from pathlib import Path\nPath('x').read_text()",
        "def f(path):\n    return path.read_bytes()",
        "import os\nos.environ['X']",
        "import os.path\nos.path.exists('x')",
        "from os import getenv\ngetenv('X')",
        "import os as system\nsystem.listdir()",
        "import time\ntime.time()",
        "from time import monotonic as clock\nclock()",
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.utcnow()",
        "def f():\n    import random\n    return random.random()",
        "import uuid\nuuid.uuid4()",
        "from pathlib import Path\nHERE = Path.cwd()",
        "handler = open",
    ],
)
def test_impurity_is_seen(text: str, tmp_path: Path) -> None:
    assert _found(_written(text, tmp_path), IMPURE)


@pytest.mark.parametrize(
    "text", ["import socket", "from urllib.request import urlopen", "import os\nos.execv('x', [])", "import asyncio as a\na.run(f())"]
)
def test_a_way_out_is_seen(text: str, tmp_path: Path) -> None:
    assert _found(_written(text, tmp_path), OUTWARD)


@pytest.mark.parametrize(
    "text",
    [
        "time = statement.time\nprint_it(time.text)",
        "from datetime import UTC, datetime\ndatetime.fromtimestamp(0, UTC)",
        "import uuid\nuuid.uuid5(SPACE, 'x')",
        "def f(os):\n    return os.name",
        "from pathlib import PurePosixPath\nPurePosixPath('a/b').name",
        "from urllib.parse import urlsplit",
    ],
)
def test_what_only_looks_impure_is_not_refused(text: str, tmp_path: Path) -> None:
    module = _written(text, tmp_path)
    assert _found(module, IMPURE) + _found(module, OUTWARD) == []


def _written(text: str, folder: Path) -> Module:
    class Elsewhere(Module):
        @property
        def name(self) -> str:
            return "written"

    path = folder / "written.py"
    path.write_text(text, "utf-8")
    return Elsewhere(path)
