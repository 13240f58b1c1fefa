"""Settings from `settings.toml`, secrets from the environment."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    llm: str
    max_tokens: int
    embedding: str
    embedding_revision: str
    qdrant_url: str
    collection: str

    @property
    def qdrant_api_key(self) -> str:
        return os.environ["QDRANT_API_KEY"]


def read(path: Path = Path("settings.toml")) -> Settings:
    raw = tomllib.loads(path.read_text("utf-8"))
    return Settings(
        llm=raw["llm"]["model"],
        max_tokens=raw["llm"]["max_tokens"],
        embedding=raw["embedding"]["name"],
        embedding_revision=raw["embedding"]["revision"],
        qdrant_url=raw["qdrant"]["url"],
        collection=raw["qdrant"]["collection"],
    )
