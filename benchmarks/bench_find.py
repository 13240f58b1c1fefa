"""What `check` finds of ordinary projects: parts by kind with exact intervals, missed hazards, false findings.

`dev` is what finders and hazards were made on; `held-out` is what they were not. `TETRAPYLON_PROJECTS` names a folder
with other labelled projects (`dev/` and `held-out/`, as in `tests/data/projects`), which are measured instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.figure import Figure
from tests.projects import DATA, HALVES, Score, checked, projects, recall, score, table


def run() -> Iterator[Figure]:
    """Print the table of each half, and yield its figures."""
    data = Path(os.environ.get("TETRAPYLON_PROJECTS", DATA))
    for half in HALVES:
        scores = [score(each, checked(each.folder)) for each in projects(half, data)]
        print(f"\n  {half}: {len(scores)} projects")
        for line in table(scores):
            print(f"    {line}")
        yield from _figures(half, scores)


def _figures(half: str, scores: Sequence[Score]) -> Iterator[Figure]:
    hits, trials = recall(scores)
    yield Figure(f"parts of AI systems found, {half}", "%", [100 * hits / trials], 90, "least", None)
    yield Figure(f"false findings in the worst project, {half}", "findings", [max(len(each.false) for each in scores)], 1, "most", None)
    yield Figure(f"hazards missed, {half}", "hazards", [sum(len(each.unfound) for each in scores)], None, "most", None)
