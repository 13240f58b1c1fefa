"""A table of numbers in a CSV file with a line of names."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.bounds import MIB
from tetrapylon.outside.files import read_bytes

MOST = 512 * MIB


def read_numbers(path: Path) -> tuple[list[str], Any]:
    """Return the names and an array of all rows (float64).

    Raises:
        UsageError: it is not such a table (`bad-table`).
    """
    import numpy as np

    data = read_bytes(path, MOST)
    first, _, rest = data.partition(b"\n")
    names = next(csv.reader([first.decode("utf-8", "replace").strip()]), [])
    try:
        rows = np.loadtxt(rest.decode("utf-8", "replace").splitlines(), delimiter=",", ndmin=2)
    except ValueError as error:
        raise UsageError(
            f"`{path.name}` is not a table of numbers", hint="a line of names, then numbers with commas", code="bad-table"
        ) from error
    if not len(rows) or rows.shape[1] != len(names):
        raise UsageError(f"`{path.name}` has {len(names)} names and rows of another width", code="bad-table")
    return names, rows
