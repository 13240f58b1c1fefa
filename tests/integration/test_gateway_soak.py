"""The memory of the gateway stays flat over many requests, whole and in parts, answered and refused."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.integration.door import STOP, Upstream, declare, free_port, make_key, running, stream

REQUESTS = 20_000
MOST_GROWTH = 6 << 20
"""Bytes between the first fifth and the end."""


def memory(pid: int) -> int:
    return int(Path(f"/proc/{pid}/status").read_text("utf-8").partition("VmRSS:")[2].split()[0]) << 10


async def ask(port: int, key: str, count: int) -> None:
    """Send requests one after the other over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in range(count):
        kind = number % 4
        asked = {
            "model": "assistant",
            "messages": [{"role": "user", "content": STOP if kind == 3 else "parts" if kind == 2 else f"hello {number}"}],
        }
        body = json.dumps({**asked, **({"stream": True} if kind == 2 else {})}).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n"
        writer.write(head.encode() + f"content-length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        if b"chunked" in answer:
            await reader.readuntil(b"\r\n0\r\n\r\n")
        else:
            await reader.readexactly(int(answer.partition(b"content-length: ")[2].split(b"\r\n")[0]))
    writer.close()
    await writer.wait_closed()


@pytest.mark.soak
def test_memory_stays_flat(tmp_path: Path) -> None:
    root = tmp_path / "desk"
    upstream = Upstream(free_port())
    upstream.script["parts"] = stream(*(f"part {number} " for number in range(12)))
    declare(root, upstream.port, free_port())
    path = root / "tetrapylon.toml"
    path.write_text(path.read_text("utf-8").replace("100000\n", "1000000\n", 1).replace("100000000\n", "9000000000000000\n", 1), "utf-8")
    key = make_key(root, "teller")

    async def run(port: int, pid: int) -> list[int]:
        server = await upstream.serve()
        found = []
        for _ in range(5):
            await asyncio.gather(*(ask(port, key, REQUESTS // 5 // 8) for _ in range(8)))
            upstream.asked.clear()
            upstream.heads.clear()
            found.append(memory(pid))
        await upstream.end(server)
        return found

    with running(root) as gateway:
        found = asyncio.run(run(gateway.port, gateway.process.pid))
    assert found[-1] - found[0] < MOST_GROWTH, found
