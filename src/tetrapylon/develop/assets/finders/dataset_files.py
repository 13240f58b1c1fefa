"""Data sets that lie in the tree: tables and records in folders for data, and files that DVC keeps elsewhere.

*What it does*: looks for tables and records in folders called data and the like, in repositories that learn or talk to models.
*Why it matters*: what a model was made of belongs to it, and is often personal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.assets.ecosystem import repository_learns
from tetrapylon.develop.assets.names import is_model_path
from tetrapylon.develop.assets.seeing import component
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Place

_FOLDER = re.compile(
    r"(?:^|/)(?:data|datasets?|corpus|corpora|training[_-]data|train[_-]data|raw|evals?|eval[_-]data|golden|fine[_-]?tun\w*)/",
    re.IGNORECASE,
)
_RECORDS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".arrow", ".feather", ".npz", ".tfrecord")
_TESTS = re.compile(r"(?:^|/)(?:tests?|fixtures?|testdata|__tests__|mocks?|examples?/data)/", re.IGNORECASE)
_OUT = re.compile(r"^\s*-?\s*path:\s*(\S+)", re.MULTILINE)
_FEW = 4


def find(repository: Repository) -> Iterator[Component]:
    """Yield the data that lies in the tree."""
    for file in repository.of("text", "yaml"):
        if file.name.endswith(".dvc"):
            for at, match in file.matches(_OUT):
                folder = file.path.rpartition("/")[0]
                path = f"{folder}/{match[1]}".lstrip("/")
                yield component("model" if is_model_path(path) else "dataset", path, at, "kept by DVC", path=path)
    if not repository_learns(repository):
        return
    by_folder: dict[str, list[str]] = {}
    for path in (*(each.path for each in repository.files), *(each.path for each in repository.artefacts)):
        if path.lower().endswith(_RECORDS) and _FOLDER.search(path) and not _TESTS.search(path):
            by_folder.setdefault(path.rpartition("/")[0], []).append(path)
    for folder, paths in by_folder.items():
        if len(paths) <= _FEW:
            yield from (component("dataset", each, Place(each), "file in a folder for data", path=each) for each in paths)
        else:
            yield component("dataset", folder, Place(paths[0]), f"folder with {len(paths)} files of records", path=folder)


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "files, a folder and DVC": (
        {
            "a.py": "import sklearn\n",
            "data/a.csv": "x\n",
            "data/raw.csv.dvc": "outs:\n- md5: x\n  path: raw.csv\n",
            "models/m.pkl.dvc": "outs:\n- path: m.pkl\n",
            **{f"data/many/{each}.jsonl": "{}\n" for each in range(6)},
            "tests/data/b.csv": "x\n",
        },
        {("dataset", "data/a.csv"), ("dataset", "data/raw.csv"), ("model", "models/m.pkl"), ("dataset", "data/many")},
    ),
    "a program that learns nothing": ({"a.py": "import flask\n", "data/a.csv": "x\n"}, set()),
}
