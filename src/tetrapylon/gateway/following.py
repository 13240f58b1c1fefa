"""Follow the evidence while the gateway runs: whenever some was recorded, suppliers are held against it anew.

That is done by a process of its own, the command that a person would type, so that reading a long log takes nothing from the
requests. What it decides comes back through the file of the switchover.
"""

from __future__ import annotations

import asyncio
import asyncio.subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tetrapylon.gateway.counters import Counters

if TYPE_CHECKING:
    from tetrapylon.app.serving import Serving

SECONDS = 0.25
"""Between two looks."""

ANYWAY = 300.0
"""Seconds after which it is done although nothing was recorded: exceptions end, and a command can have been killed."""

MOST = 120.0
"""Seconds that the command may take."""

FAULT = "failover-check"


async def follow(serving: Serving, command: tuple[str, ...], counters: Counters) -> None:
    """Run the command at the start, whenever evidence was recorded, and now and then; never ends."""
    if not command or not serving.pairs:
        return
    watched = (serving.state("checkpoint"), serving.state("failover", "exercise.json"))
    loop = asyncio.get_running_loop()
    seen: object = None
    last = float("-inf")
    while True:
        found = await asyncio.to_thread(lambda: [_state(each) for each in watched])
        if found != seen or loop.time() - last > ANYWAY:
            seen, last = found, loop.time()
            if not await _run(command):
                counters.faults[FAULT] += 1
        await asyncio.sleep(SECONDS)


async def _run(command: tuple[str, ...]) -> bool:
    """Run it to its end; return whether it came to a result."""
    silent = asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=silent, stdout=silent, stderr=silent)
    except OSError:
        return False
    try:
        async with asyncio.timeout(MOST):
            return await process.wait() in {0, 1}
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _state(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
