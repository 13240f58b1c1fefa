from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Configuration:
    model: str = field(default="gpt-4o")
    temperature: float = 0.0
    api: str = field(default_factory=lambda: os.environ.get("TRAVEL_API", "https://travel.example.com/v2"))

    @classmethod
    def load(cls) -> "Configuration":
        return cls(model=os.environ.get("DESK_MODEL", "gpt-4o"))
