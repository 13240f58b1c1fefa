from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import duckdb


class Review(NamedTuple):
    id: int
    text: str


class Reviews:
    def __init__(self, path: str) -> None:
        self._db = duckdb.connect(path)

    def unsorted(self, since: date) -> list[Review]:
        rows = self._db.execute("select id, text from review where topic is null and written >= ?", [since]).fetchall()
        return [Review(*row) for row in rows]

    def sorted(self, topics: Iterable[tuple[int, str]]) -> None:
        self._db.executemany("update review set topic = ? where id = ?", [(topic, number) for number, topic in topics])
