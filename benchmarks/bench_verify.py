"""How long a customer waits: a passport of 1,000 claims, by the command and by the single file, whole processes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figure import Figure
from tests.unit.posture.provider import Provider
from tests.unit.posture.world import MODEL
from tetrapylon.evidence.ledger import Entry
from tetrapylon.evidence.signer import sign_statement

ROOT = Path(__file__).resolve().parent.parent
CLAIMS = 1_000


def run() -> list[Figure]:
    """Return the seconds of both verifiers."""
    with tempfile.TemporaryDirectory() as folder:
        passport, root = _passport(Path(folder))
        command = [str(Path(sys.executable).with_name("tetrapylon")), "verify", str(passport), "--trust", str(root)]
        single = [sys.executable, "-I", "-S", str(ROOT / "verifier" / "tetrapylon_verify.py"), str(passport), "--trust", str(root)]
        native = _seconds(command)
        return [
            Figure(f"{CLAIMS} claims, `tetrapylon verify`", "s", native, 2, "most", None),
            Figure(f"{CLAIMS} claims, the single file", "s", _seconds(single), 4, "most", sorted(native)[len(native) // 2]),
        ]


def _passport(folder: Path) -> tuple[Path, Path]:
    provider = Provider()
    build = provider.keys.role("build")
    contents = ({"event": "rehash", "mismatched": 0, "number": number} for number in range(CLAIMS))
    entries = [Entry(sign_statement(provider.statement("check", [MODEL], each), [build])) for each in contents]
    provider.ledger.record(entries, provider.time)
    provider.decide()
    for name, data in provider.passport().items():
        (folder / "passport" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "passport" / name).write_bytes(data)
    (folder / "root.json").write_bytes(provider.roots[0])
    return folder / "passport", folder / "root.json"


def _seconds(command: list[str]) -> list[float]:
    runs = []
    for _ in range(6):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        runs.append(time.perf_counter() - began)
    return runs[1:]
