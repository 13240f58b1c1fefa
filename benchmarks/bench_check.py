"""How fast `check` is, process start to end: on 2,000 files, on the example, and where nothing changed since the baseline.

The files are ordinary code of three kinds with AI in every seventh one. The baseline is the same interpreter reading the
same files and parsing the Python among them, which no tool that looks at code can do without.
"""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "cheque-desk"
TETRAPYLON = str(Path(sys.executable).with_name("tetrapylon"))
FILES = 2_000
RUNS = 5

PLAIN = '''"""Orders, part {number}."""

from __future__ import annotations

import json
from dataclasses import dataclass, field


@dataclass
class Order{number}:
    """One order."""

    name: str
    lines: list[dict[str, int]] = field(default_factory=list)

    def total(self) -> int:
        """Return what it costs."""
        found = 0
        for line in self.lines:
            if line.get("count", 0) > 0:
                found += line["count"] * line["price"]
        return found

    def as_json(self) -> str:
        """Return it as text."""
        return json.dumps({{"name": self.name, "lines": self.lines, "total": self.total()}})
'''
ASKING = '''"""Answers, part {number}."""

import torch
from openai import OpenAI
from transformers import AutoModel

client = OpenAI()
encoder = AutoModel.from_pretrained("org/encoder-{number}")
SYSTEM = "You are a helpful assistant who answers questions about order {number}."


def answer(question: str) -> str:
    """Ask the model."""
    messages = [{{"role": "system", "content": SYSTEM}}, {{"role": "user", "content": question}}]
    said = client.chat.completions.create(model="gpt-4o", messages=messages)
    return said.choices[0].message.content


def load(path):
    """Load the weights."""
    return torch.load(path)
'''
SCRIPT = """import OpenAI from "openai";

const client = new OpenAI();

export async function answer{number}(question: string): Promise<string> {{
  const said = await client.chat.completions.create({{ model: "gpt-4o-mini", messages: [{{ role: "user", content: question }}] }});
  return said.choices[0].message.content ?? "";
}}
"""


def run() -> list[Figure]:
    """Measure all three."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        known = Path(folder) / "known.json"
        generate(tree)
        parsing = seconds([sys.executable, "-c", PARSE, str(tree)], codes=(0,))
        everything = timed([TETRAPYLON, "check", str(tree)])
        example = timed([TETRAPYLON, "check", str(EXAMPLE)])
        subprocess.run([TETRAPYLON, "check", str(tree), "--write-baseline", str(known)], check=True, stdout=subprocess.DEVNULL)
        unchanged = timed([TETRAPYLON, "check", str(tree), "--baseline", str(known)], codes=(0,))
        idle = statistics.median(timed([sys.executable, "-c", "pass"]))
    return [
        Figure(f"check of {FILES:,} files", "s", everything, limit=10, at="most", baseline=parsing),
        Figure("check of the example", "s", example, limit=2, at="most", baseline=idle),
        Figure(f"check of {FILES:,} files, nothing changed since the baseline", "s", unchanged, limit=0.5, at="most", baseline=idle),
    ]


PARSE = """
import ast, sys
from pathlib import Path

for path in sorted(Path(sys.argv[1]).rglob("*.*")):
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        list(ast.walk(ast.parse(text)))
"""


def generate(root: Path) -> None:
    """Write the files: of seven, five plain, one in Python and one in TypeScript that ask a model."""
    for number in range(FILES):
        kind, suffix = {5: (ASKING, "py"), 6: (SCRIPT, "ts")}.get(number % 7, (PLAIN, "py"))
        path = root / f"part{number % 40:02}" / f"file{number:04}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(kind.format(number=number), "utf-8")
        if suffix == "py":
            ast.parse(path.read_text("utf-8"))


def timed(command: list[str], codes: tuple[int, ...] = (0, 1, 3)) -> list[float]:
    """Return the seconds of each run; the first, which may fill caches, is not counted."""
    return [seconds(command, codes) for _ in range(RUNS + 1)][1:]


def seconds(command: list[str], codes: tuple[int, ...]) -> float:
    """Return how long a command takes; it must end with one of the codes."""
    start = time.perf_counter()
    ended = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    took = time.perf_counter() - start
    if ended.returncode not in codes:
        raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}: {ended.stderr}")
    return took
