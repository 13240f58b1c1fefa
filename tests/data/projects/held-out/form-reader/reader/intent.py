from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import skops.io as sio
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline

FILE = Path("training/intent.skops")
TRUSTED: list[str] = []


def _examples(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from ((row["text"], row["intent"]) for row in csv.DictReader(handle))


def train(path: Path = Path("corpus/intents.csv")) -> None:
    texts, intents = zip(*_examples(path), strict=True)
    pipeline = Pipeline([("words", TfidfVectorizer(ngram_range=(1, 2))), ("sort", SGDClassifier(loss="log_loss", random_state=11))])
    sio.dump(pipeline.fit(texts, intents), FILE)


def intent(text: str) -> str:
    return str(sio.load(FILE, trusted=TRUSTED).predict([text])[0])
