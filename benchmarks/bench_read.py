"""How long reading a repository takes, and finding the parts of an AI system in it: 2,000 files of Python as people write them.

The files are made up of functions, classes, tables and calls of ordinary services; every twentieth uses a model. They lie in the temporary
folder and have been read once before. The baseline is parsing the same files with `ast.parse` and doing nothing else.
"""

from __future__ import annotations

import ast
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figure import Figure
from tetrapylon.develop.assets.components import find_components
from tetrapylon.outside.repository.read import read_repository

FILES = 2_000
RUNS = 3

HEAD = '''"""Service {number} of the department of {word}."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.core import database, settings
from app.{word} import models, schemas

log = logging.getLogger(__name__)
LIMIT = {number}
NAMES = {{"first": "{word}", "second": "other", "third": f"{{LIMIT}} of all"}}

'''
FUNCTION = '''
def {word}_{number}(request: schemas.Request, session: database.Session, *, dry: bool = False) -> list[dict[str, object]]:
    """Return the {word} that were asked for, newest first."""
    since = datetime.now() - timedelta(days=request.days or settings.DAYS)
    rows = session.query(models.{title}).filter(models.{title}.created >= since, models.{title}.owner == request.user.id).all()
    found = []
    for row in rows:
        if row.state in {{"open", "waiting"}} and not dry:
            log.info("looked at %s of %s", row.id, request.user.name)
            days = (datetime.now() - row.created).days
            found.append({{"id": row.id, "title": row.title.strip(), "days": days, "tags": [t.name for t in row.tags]}})
        elif row.parent is not None:
            found.extend(child.to_dict(short=True) for child in row.parent.children if child.visible)
    if len(found) > LIMIT:
        raise ValueError(f"more than {{LIMIT}} {word} for {{request.user.name}}")
    Path(settings.OUT, f"{word}-{{request.id}}.json").write_text(json.dumps(found, default=str), encoding="utf-8")
    return sorted(found, key=lambda each: each["days"])
'''
CLASS = '''

@dataclass
class {title}{number}:
    """One {word}."""

    id: int
    title: str = ""
    weight: float = 0.5

    def merge(self, other: {title}{number}) -> {title}{number}:
        if self.id != other.id:
            return self
        return {title}{number}(self.id, self.title or other.title, max(self.weight, other.weight))
'''
MODEL = """
from openai import OpenAI

MODEL = settings.MODEL
SYSTEM_PROMPT = "You answer questions about {word} of customers and name your sources."
client = OpenAI()


def answer_{number}(question: str) -> str:
    messages = [{{"role": "system", "content": SYSTEM_PROMPT}}, {{"role": "user", "content": question}}]
    return client.chat.completions.create(model=MODEL, messages=messages).choices[0].message.content
"""
WORDS = ("orders", "parcels", "invoices", "members", "boats", "letters", "claims", "visits", "routes", "stocks")


def run() -> list[Figure]:
    """Measure reading, and reading with all finders."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        texts = written(root)
        parsing = timed(lambda: [ast.parse(each) for each in texts])
        reading = [timed(lambda: read_repository(root)) for _ in range(RUNS)]
        finding = [timed(lambda: find_components(read_repository(root))) for _ in range(RUNS)]
    lines = sum(each.count("\n") for each in texts)
    return [
        Figure(f"read, parse and index {FILES:,} files of Python ({lines:,} lines)", "s", reading, 4, "most", parsing),
        Figure("the same, and find all parts of an AI system", "s", finding, 6, "most", parsing),
    ]


def written(root: Path) -> list[str]:
    """Write the files and return their texts."""
    chance = random.Random(1)
    texts = [text(number, chance) for number in range(FILES)]
    for number, each in enumerate(texts):
        path = root / "app" / WORDS[number % len(WORDS)] / f"service_{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each, encoding="utf-8")
    (root / "app" / "core.py").write_text("class Settings:\n    MODEL: str = 'gpt-4o-mini'\n", encoding="utf-8")
    return texts


def text(number: int, chance: random.Random) -> str:
    """Return one file of some hundred and twenty lines."""
    word = chance.choice(WORDS)
    words = {"word": word, "title": word.title(), "number": number}
    pieces = [HEAD.format(**words)]
    count = chance.randint(2, 8)
    pieces += [(FUNCTION if each % 3 else CLASS).format(**words | {"number": number * 10 + each}) for each in range(count)]
    if number % 20 == 0:
        pieces.append(MODEL.format(**words))
    return "".join(pieces)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of a piece of work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
