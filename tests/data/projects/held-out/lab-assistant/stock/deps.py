from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass
class Deps:
    db: sqlite3.Connection
    user: str

    def amount(self, substance: str) -> float:
        row = self.db.execute("select sum(grams) from stock where substance = ?", (substance.lower(),)).fetchone()
        return row[0] or 0.0
