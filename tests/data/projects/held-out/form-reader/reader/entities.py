from __future__ import annotations

from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language

BEST = Path("training/model-best")
LABELS = frozenset({"NAME", "DATE", "AMOUNT", "MEMBER_NUMBER"})


@cache
def nlp() -> Language:
    return spacy.load(BEST if BEST.exists() else "de_core_news_md")


def entities(text: str) -> list[tuple[str, str]]:
    return [(each.label_, each.text) for each in nlp()(text).ents if each.label_ in LABELS]
