"""A client for courses: plain completions, or with the rails of the university."""

from __future__ import annotations

import os
from typing import Literal

import litellm
from nemoguardrails import LLMRails, RailsConfig

Size = Literal["small", "large"]
BASE = os.environ.get("CAMPUS_LLM", "https://llm.campus.example")

TUTOR = "You are a patient tutor. Give hints before solutions."


def complete(text: str, size: Size = "small") -> str:
    response = litellm.completion(
        model=f"openai/campus-{size}",
        api_base=BASE,
        api_key=os.environ["CAMPUS_KEY"],
        messages=[{"role": "system", "content": TUTOR}, {"role": "user", "content": text}],
    )
    return response["choices"][0]["message"]["content"]


def guarded(text: str, policy: str = "policy") -> str:
    rails = LLMRails(RailsConfig.from_path(policy))
    return rails.generate(messages=[{"role": "user", "content": text}])["content"]
