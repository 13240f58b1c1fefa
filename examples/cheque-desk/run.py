"""The crossing: one AI system, declared once, decided, and verified by someone who does not trust its maker.

Works on a fresh copy of the example in `build/cheque-desk`; every step is a command that you could type yourself. Ends by
writing `build/run.json`, and with 0 when every step ran and the independent verifier agreed with the gate each time.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from steps import DESK, REPORT, TETRAPYLON, Run, begin, crossing, finish


def _tamper(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def main() -> int:
    """Run the crossing."""
    began, run = time.monotonic(), Run()
    begin(run)
    crossing(run, 0)
    weights = DESK / "models" / "digit-reader.onnx"
    whole = weights.read_bytes()
    _tamper(weights)
    print("\nOne bit of the weights is changed.", flush=True)
    crossing(run, 1)
    weights.write_bytes(whole)
    print("\nThe weights are restored.", flush=True)
    crossing(run, 0)
    run.step("Write the report: one page for people", TETRAPYLON, "report", "--out", str(REPORT), "--open", "no")
    return finish(run, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
