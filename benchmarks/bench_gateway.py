"""What the gateway costs with all controls on, against LiteLLM in the same run: CPU, time added, time to first byte, start.

The upstream and the load come from the shared tools (`TETRAPYLON_SHARED`, by default the folder `shared` beside the
project) and are compiled with rustc. Servers are pinned to the first core, tools to the last. The record of what passed
lies where `TMPDIR` says: on a disk each request waits twice for it to be durable, which is most of the time added.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figure import Figure
from tests.integration.door import free_port, make_key

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "bench"
PEER = ROOT / ".peers" / "litellm"
LOCK = ROOT / "tools" / "peers" / "bench" / "litellm.txt"
UV = ROOT / ".venv-tools" / "bin" / "uv"
ROUNDS = 3
SECONDS = "2"

MANIFEST = """
schema = "tetrapylon/manifest/1"
[system]
id = "bench"
release = "1.0.0"
role = "provider"
criticality = "low"
purpose = "Measured"
demo = true
[[model]]
id = "gpt-4o-mini"
endpoint = "http://127.0.0.1:{port}/v1"
[[group]]
id = "load"
may = ["chat:gpt-4o-mini"]
requests-per-minute = 1000000
tokens-per-minute = 9000000000000000
"""


@dataclass(frozen=True)
class Load:
    """What one run of the load generator saw; times in milliseconds."""

    p50: float
    first: float
    requests: int
    errors: int
    cpu: float
    """Of the server, for each request."""


def run() -> Iterator[Figure]:
    """Yield the figures; says why where there are none."""
    shared = Path(os.environ.get("TETRAPYLON_SHARED", ROOT.parent / "shared")) / "tools"
    if not shutil.which("rustc") or not (shared / "stub.rs").is_file():
        print("  not measured: this needs rustc and the shared tools")
        return
    stub, load = _compiled(shared, "stub"), _compiled(shared, "load")
    with tempfile.TemporaryDirectory() as folder, _stub(stub) as port:
        plain = [(_load(load, port, 1, "json"), _load(load, port, 1, "sse")) for _ in range(ROUNDS)]
        with _ours(Path(folder), port) as (pid, own, key, started):
            ours = [(_load(load, own, 1, "json", key, pid), _load(load, own, 1, "sse", key, pid)) for _ in range(ROUNDS)]
            busy = [_load(load, own, 16, "json", key, pid) for _ in range(ROUNDS)]
            memory = _memory(pid)
        yield from _own_figures(plain, ours, busy)
        yield Figure("gateway: start until requests are answered", "s", [started], 1.5, "most", None)
        yield Figure("gateway: memory under load", "MB", [memory], 120, "most", None)
        if not _peer():
            print("  not compared: LiteLLM could not be fetched")
            return
        with _litellm(Path(folder), port) as (pid, other, key):
            theirs = [_load(load, other, 16, "json", key, pid) for _ in range(ROUNDS)]
            single = [_load(load, other, 1, "json", key, pid) for _ in range(ROUNDS)]
        ratios = [one.cpu / mine.cpu for one, mine in zip(theirs, busy, strict=True)]
        yield Figure("LiteLLM: CPU for each request, 16 at once", "ms", [each.cpu for each in theirs], None, "most", None)
        yield Figure("LiteLLM: p50, one at once", "ms", [each.p50 for each in single], None, "most", None)
        yield Figure("gateway: how many times less CPU than LiteLLM, 16 at once", "x", ratios, 30, "least", None)


def _own_figures(plain: list[tuple[Load, Load]], ours: list[tuple[Load, Load]], busy: list[Load]) -> Iterator[Figure]:
    added = [mine[0].p50 - bare[0].p50 for mine, bare in zip(ours, plain, strict=True)]
    first = [mine[1].first - bare[1].first for mine, bare in zip(ours, plain, strict=True)]
    yield Figure("gateway: added to the p50 of a whole answer, one at once", "ms", added, 1.0, "most", None)
    yield Figure("gateway: added to the time to first byte of a stream, one at once", "ms", first, 1.0, "most", None)
    yield Figure("gateway: CPU for each request, 16 at once", "ms", [each.cpu for each in busy], None, "most", None)
    yield Figure("gateway: CPU for each stream, one at once", "ms", [mine[1].cpu for mine in ours], None, "most", None)
    errors = sum(each.errors for pair in ours for each in pair) + sum(each.errors for each in busy)
    yield Figure("gateway: requests that failed", "", [float(errors)], 0, "most", None)


def _compiled(shared: Path, name: str) -> Path:
    BUILD.mkdir(parents=True, exist_ok=True)
    program = BUILD / name
    if not program.is_file() or program.stat().st_mtime < (shared / f"{name}.rs").stat().st_mtime:
        subprocess.run(["rustc", "-O", "-A", "warnings", str(shared / f"{name}.rs"), "-o", str(program)], check=True)
    return program


def _pinned(core: int) -> list[str]:
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[core])] if len(cores) > 1 and shutil.which("taskset") else []


@contextmanager
def _stub(program: Path) -> Iterator[int]:
    port = free_port()
    with subprocess.Popen([*_pinned(-1), str(program), str(port), "0"]) as process:
        try:
            yield port
        finally:
            process.kill()


@contextmanager
def _ours(folder: Path, port: int) -> Iterator[tuple[int, int, str, float]]:
    root = folder / "ours"
    root.mkdir()
    (root / "tetrapylon.toml").write_text(MANIFEST.format(port=port), "utf-8")
    key = make_key(root, "load")
    began = time.perf_counter()
    command = [*_pinned(0), str(Path(sys.executable).with_name("tetrapylon")), "serve", "--listen", "127.0.0.1:0", "-C", str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            ready = json.loads(process.stdout.readline())
            started = time.perf_counter() - began
            yield process.pid, int(ready["url"].rpartition(":")[2]), key, started
        finally:
            process.send_signal(signal.SIGTERM)


def _peer() -> bool:
    """Fetch LiteLLM into an environment of its own, exactly as locked."""
    done = PEER / ".done"
    if done.is_file() and done.read_bytes() == LOCK.read_bytes():
        return True
    shutil.rmtree(PEER, ignore_errors=True)
    python = str(PEER / "bin" / "python")
    steps = (["venv", "--python", sys.executable, str(PEER)], ["pip", "sync", "--require-hashes", "--python", python, str(LOCK)])
    if not all(subprocess.run([str(UV), "--quiet", *step], cwd=ROOT, check=False).returncode == 0 for step in steps):
        return False
    done.write_bytes(LOCK.read_bytes())
    return True


@contextmanager
def _litellm(folder: Path, upstream: int) -> Iterator[tuple[int, int, str]]:
    port = free_port()
    model = f"{{model: openai/gpt-4o-mini, api_base: 'http://127.0.0.1:{upstream}/v1', api_key: none}}"
    config = f"model_list:\n  - model_name: gpt-4o-mini\n    litellm_params: {model}\ngeneral_settings: {{master_key: sk-1234}}\n"
    (folder / "litellm.yaml").write_text(config, "utf-8")
    command = [
        *_pinned(0),
        str(PEER / "bin" / "litellm"),
        "--config",
        str(folder / "litellm.yaml"),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    quiet = {**os.environ, "LITELLM_LOG": "ERROR", "LITELLM_TELEMETRY": "False", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=quiet, start_new_session=True) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/health/liveliness")
            yield process.pid, port, "sk-1234"
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _wait(url: str) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise TimeoutError(url)


def _load(program: Path, port: int, connections: int, kind: str, key: str = "", pid: int = 0) -> Load:
    before = _cpu(pid)
    environment = {**os.environ, "KEY": key or "none", "MODEL": "gpt-4o-mini"}
    command = [*_pinned(-1), str(program), "127.0.0.1", str(port), str(connections), SECONDS, kind]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    used = _cpu(pid) - before
    found = {name: float(value) for name, value in re.findall(r"(\w+)=\s*([\d.-]+)", ended.stdout)}
    # The generator counts no requests of its first second, whose CPU was used as well.
    every = found["n"] * (float(SECONDS) + 1) / float(SECONDS)
    return Load(found["p50"], found["ttfb50"], int(found["n"]), int(found["err"]), used * 1000 / max(every, 1))


def _cpu(pid: int) -> float:
    """Return the seconds of CPU that a process and its children have used."""
    if not pid:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + sum(_cpu(int(each)) for each in children)


def _memory(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024
