"""Make real traffic: tellers (fictitious) ask the scripted assistant over HTTP, and digits are read by the trained reader.

Writes one event for each request as JSON Lines, as the gateway does: numbers and names, no text. `tetrapylon operate monitor
baseline --from FILE` learns from it what is normal.
"""

from __future__ import annotations

import argparse
import json
import random
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import numpy as np
from assistant import serve

HERE = Path(__file__).parent
TELLERS = [f"teller-{number}" for number in range(1, 13)]
TOOLS = [{"type": "function", "function": {"name": name}} for name in ("lookup", "refund")]
QUESTIONS = ("What is the state of {}?", "Who drew cheque {}?", "Tell me about {}, please.", "Good morning!", "How much is {}?")


def asked(root: Path, count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield the events of so many questions to the assistant."""
    server = serve(root, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    for _ in range(count):
        text = chance.choice(QUESTIONS).format(f"C-{chance.randrange(1, 30):04}")
        body = json.dumps({"messages": [{"role": "user", "content": text}], "tools": TOOLS if chance.getrandbits(1) else []})
        began = time.perf_counter()
        connection.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        said = json.loads(answer.read())
        message = said["choices"][0]["message"]
        calls = message.get("tool_calls") or [{"function": {"name": None}}]
        yield _event("assistant", answer.status, began, chance) | {
            "tokensIn": len(text.split()),
            "tokensOut": said["usage"]["completion_tokens"],
            "tool": calls[0]["function"]["name"],
        }
    server.shutdown()


def read(root: Path, count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield the events of so many digits that are read."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(root / "models" / "digit-reader.onnx"), providers=["CPUExecutionProvider"])
    table = np.loadtxt(root / "data" / "digits.csv", delimiter=",", skiprows=1, max_rows=2000, dtype=np.float32)[:, 2:] / 255
    for _ in range(count):
        began = time.perf_counter()
        session.run(None, {session.get_inputs()[0].name: table[[chance.randrange(len(table))]]})
        yield _event("digit-reader", 200, began, chance) | {"tokensIn": 0, "tokensOut": 1, "tool": None}


def _event(model: str, status: int, began: float, chance: random.Random) -> dict[str, Any]:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    who = {"time": now, "tenant": "desk", "principal": chance.choice(TELLERS), "model": model}
    return who | {"route": "", "status": status, "seconds": time.perf_counter() - began, "verdict": "allow", "rules": []}


def main() -> None:
    """Make the traffic."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=HERE, help="the folder that holds `data` and `models`")
    parser.add_argument("--out", type=Path, required=True, help="where the events are written")
    parser.add_argument("--requests", type=int, default=800)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - traffic, not a secret
    events = [*asked(options.root, options.requests * 3 // 4, chance), *read(options.root, options.requests // 4, chance)]
    chance.shuffle(events)
    options.out.write_text("".join(f"{json.dumps(each)}\n" for each in events), "utf-8")
    print(f"{len(events)} requests")


if __name__ == "__main__":
    main()
