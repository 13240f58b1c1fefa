"""Team and mood of a ticket, from two small local models."""
from __future__ import annotations

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from app.settings import get_settings

TEAMS = ["Zustellung", "Rechnung", "Schaden", "Sonstiges"]

_settings = get_settings()
_zero_shot = pipeline("zero-shot-classification", model=_settings.zero_shot_model, device=-1)
_tokenizer = AutoTokenizer.from_pretrained(_settings.sentiment_model)
_sentiment = AutoModelForSequenceClassification.from_pretrained(_settings.sentiment_model)
_sentiment.eval()


def team_of(text: str) -> tuple[str, float]:
    result = _zero_shot(text[: _settings.max_chars], candidate_labels=TEAMS)
    return result["labels"][0], float(result["scores"][0])


def mood_of(text: str) -> str:
    batch = _tokenizer(text, truncation=True, max_length=512, return_tensors="pt")
    with torch.inference_mode():
        logits = _sentiment(**batch).logits
    return _sentiment.config.id2label[int(logits.argmax(-1))]
