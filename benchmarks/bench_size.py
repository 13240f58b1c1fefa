"""How much the core is: packages in the tree and bytes on disk, from the lock file in a throw-away environment.

Counted is all that an installation adds to an empty environment, compiled bytecode and our own wheel with it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1_000_000


def run() -> list[Figure]:
    """Install the core alone and measure it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = Path(folder) / "venv"
        uv("venv", "--python", sys.executable, str(environment))
        uv("sync", "--locked", "--no-dev", "--no-editable", "--no-cache", "--link-mode=copy", "--compile-bytecode", at=environment)
        (packages,) = environment.glob("lib/python*/site-packages")
        count = len(list(packages.glob("*.dist-info"))) - 1
        size = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file())
    return [
        Figure("packages in the tree of the core (without ours)", "packages", [count], limit=15, at="most", baseline=None),
        Figure("the core on disk (with ours)", "MB", [size / MEGABYTE], limit=60, at="most", baseline=None),
    ]


def uv(*arguments: str, at: Path | None = None) -> None:
    """Run the pinned uv of the project."""
    program = ROOT / ".venv-tools" / "bin" / "uv"
    # Bytecode is to lie where an installation puts it, whatever is said for this process.
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"UV_PROJECT_ENVIRONMENT": str(at)} if at else {}
    subprocess.run([str(program), "--quiet", *arguments], cwd=ROOT, check=True, env=environment)
