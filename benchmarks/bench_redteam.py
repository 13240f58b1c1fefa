"""What the red team costs on this machine for each attempt, evidence written, against a server in another process."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure

RUNS = 3
PROMPTS = 300
SERVER = """
import sys, time
from benchmarks.chat_server import ChatServer, message
answer = message("I can only help with books. Which one do you look for?")
server = ChatServer(lambda request: answer)
server.start()
print(server.url, flush=True)
time.sleep(600)
"""
ENGINE = """
import resource, sys, time
from pathlib import Path
from tetrapylon.app.attacking import Options, attack
from tetrapylon.deploy.release.facts import SAMPLE
from tetrapylon.outside.target import Reach
options = Options(Reach(sys.argv[1], "m"), SAMPLE, prompts=int(sys.argv[2]), folder=Path(sys.argv[3]))
attack(Options(Reach(sys.argv[1], "m"), SAMPLE, prompts=2, keep=False))
began, clock = time.process_time(), time.perf_counter()
found = attack(options).data
spent, took = time.process_time() - began, time.perf_counter() - clock
print(spent, took, found["attempts"], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def run() -> Iterator[Figure]:
    """Measure the whole run: prompts made, sent, judged by every oracle and kept; the report included."""
    costs, rates, sizes = [], [], []
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            time.sleep(0.2)
            for _ in range(RUNS):
                spent, took, attempts, size = _once(url)
                costs.append(1000 * spent / attempts)
                rates.append(attempts / took)
                sizes.append(size / 1024)
        finally:
            server.kill()
    yield Figure("CPU of one attempt, evidence written", "ms", costs, 0.5, "most", None)
    yield Figure("attempts against an instant target", "per second", rates, None, "least", None)
    yield Figure("resident memory at most", "MB", sizes, 80, "most", None)


def _once(url: str) -> tuple[float, float, int, float]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", ENGINE, url, str(PROMPTS), str(Path(folder) / "attempts")]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(said[0]), float(said[1]), int(said[2]), float(said[3])
