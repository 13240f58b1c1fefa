"""What it costs to look at 2 kB of text with every rule, against Python's `re` and yara-x with the same rules.

Texts are ordinary prose (our own pages), and for comparison prose in which every sentence has a word that rules look for. CPU
time of the thread counts, not the clock: the figures say what a request costs, whatever else the machine does.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from tetrapylon.gateway.guarding import SystemGuards, validators
from tetrapylon.gateway.measuring import SETS, load_set
from tetrapylon.gateway.rule import Rule, filled, load_rules

SIZE = 2000
TEXTS = 300
ROUNDS = 5
ROOT = Path(__file__).resolve().parent.parent


def run() -> list[Figure]:
    """Return the microseconds for one text, and for one piece of a stream."""
    rules = load_rules()
    guards = SystemGuards(rules, validators())
    texts, dense = prose(), full_of_triggers()
    inward = _rounds(texts, lambda text: guards.text(text, direction="in", data_class="internal"))
    outward = _rounds(texts, lambda text: guards.text(text, direction="out", data_class="internal"))
    worst = _rounds(dense, lambda text: guards.text(text, direction="in", data_class="internal"))
    python = _rounds(texts[:10], _python(rules), 1)[0]
    yara = _rounds(texts, _yara(rules))
    return [
        Figure(f"{len(rules)} rules, 2 kB of prose on its way in", "µs", inward[1:], 100, "most", python),
        Figure(f"{len(rules)} rules, 2 kB of prose on its way out", "µs", outward[1:], 100, "most", python),
        Figure("the same texts for the first time (the automata grow)", "µs", inward[:1], None, "most", python),
        Figure("2 kB in which every sentence has a word that rules look for", "µs", worst[1:], None, "most", python),
        Figure("yara-x with the same patterns, without places, views and validators", "µs", yara[1:], None, "most", python),
        Figure("one piece of a stream (4 characters)", "µs", _stream(guards, texts), None, "most", None),
    ]


def prose() -> list[str]:
    """Return our own pages in pieces of 2 kB, without tables and code."""
    lines = [line for path in sorted((ROOT / "docs").glob("**/*.md")) for line in path.read_text("utf-8").splitlines()]
    text = " ".join(line for line in lines if line and line[0].isalpha() and "`" not in line and "](" not in line)
    return [text[start : start + SIZE] for start in range(0, len(text) - SIZE, SIZE)]


def full_of_triggers() -> list[str]:
    """Return different texts of 2 kB: the harmless cases of our sets, shuffled."""
    chance = random.Random(7)
    words = [each.text for name in SETS for each in load_set(name).cases if not each.bad and each.text.isascii()]
    text = ""
    while len(text) < SIZE * TEXTS:
        text += chance.choice(words) + filled(" (no. {n6}) ") + chance.choice(("And then, ", "Moreover, ", "", "The next day "))
    return [text[start : start + SIZE] for start in range(0, SIZE * TEXTS, SIZE)]


def _rounds(texts: Sequence[str], look: Callable[[str], Any], rounds: int = ROUNDS) -> list[float]:
    found = []
    for _ in range(rounds):
        began = time.thread_time()
        for each in texts:
            look(each)
        found.append((time.thread_time() - began) / len(texts) * 1e6)
    return found


def _python(rules: Sequence[Rule]) -> Callable[[str], Any]:
    patterns = [re.compile(re.sub(r"\\x\{([0-9A-Fa-f]+)\}", lambda found: f"\\U{found[1]:0>8}", each.pattern.source)) for each in rules]
    return lambda text: [each.search(text) for each in patterns]


def _yara(rules: Sequence[Rule]) -> Callable[[str], Any]:
    import yara_x

    compiler = yara_x.Compiler(relaxed_re_syntax=True)
    for number, each in enumerate(rules):
        if each.pattern.source.isascii() and r"\x{" not in each.pattern.source:
            body = each.pattern.source.removeprefix(each.pattern.flags).replace("/", r"\/")
            compiler.add_source(f"rule r{number} {{ strings: $a = /{body}/{'i' if 'i' in each.pattern.flags else ''} condition: $a }}")
    scanner = yara_x.Scanner(compiler.build())
    return lambda text: scanner.scan(text.encode()).matching_rules


def _stream(guards: SystemGuards, texts: Sequence[str]) -> list[float]:
    def through(text: str) -> None:
        stream = guards.stream()
        for start in range(0, SIZE, 4):
            stream.feed(text[start : start + 4])
        stream.finish()

    return [each / (SIZE / 4) for each in _rounds(texts[:40], through, 3)]
