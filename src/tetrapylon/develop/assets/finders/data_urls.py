"""Data sets that are fetched: from addresses, from Kaggle and other collections, and tables of a database that something is trained on.

*What it does*: sees addresses that end as tables do or as archives that are called data, arguments of `get_file`, commands of Kaggle and
queries in files that train. *Why it matters*: who can change what lies there can change what a model learns.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.develop.assets.addresses import URL, called, is_data_url, is_model_url, is_open, may_end
from tetrapylon.develop.assets.commands import commands_of
from tetrapylon.develop.assets.ecosystem import LEARNING, repository_learns
from tetrapylon.develop.assets.seeing import component, imports_any, path_id
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.scopes import scopes_of
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_KAGGLE = re.compile(
    r"\bkaggle[ \t]+(?:datasets[ \t]+download(?:[ \t]+-\w|[ \t]+--dataset)*[ \t]+(?P<set>[\w-]+/[\w.-]+)"
    r"|competitions[ \t]+download(?:[ \t]+-\w)*[ \t]+(?P<race>[\w-]+))"
)
_CLONE = re.compile(r"\bgit[ \t]+clone[ \t]+https://huggingface\.co/datasets/(?P<name>[\w.-]+/[\w.-]+)")
_CLI = re.compile(r"\b(?:huggingface-cli|hf)[ \t]+download[ \t]+(?:[^\n]{0,80}[ \t])?--repo-type[ =]dataset[^\n]{0,80}")
_HUB = re.compile(r"(?<!\S)([\w.-]+/[\w.-]+)(?!\S)")
_KAGGLE_CALLS = ("dataset_download", "competition_download", "dataset_load", "dataset_download_files", "competition_download_files")
_QUERIES = ("read_sql", "read_sql_query", "read_sql_table", "read_gbq", "read_database")
_FROM = re.compile(r"\bfrom\s+[\"`\[]?([\w.]+)", re.IGNORECASE)
_GLOBS = ("glob.glob", "glob.iglob", "?.glob", "?.rglob")
_FILES = re.compile(r"\*\.(?:jpe?g|png|wav|mp3|flac|txt|npy|bmp|tiff?|jsonl|csv|parquet)$", re.IGNORECASE)
_FOLDER = re.compile(r"(?:^|/)(?:data\w*|train\w*|corpus|dataset\w*)(?:/|$)", re.IGNORECASE)
_NOT = re.compile(r"(?:^|/)(?:tests?|docs?)/|(?:^|/)test_[^/]*$", re.IGNORECASE)
_ENDS = (
    "csv",
    "tsv",
    "jsonl",
    "parquet",
    "zip",
    "gz",
    "tgz",
    "bz2",
    "xz",
    "tar",
    "npz",
    "npy",
    "xlsx",
    "tfrecord",
    "arrow",
    "7z",
    "ndjson",
)
_FETCHING = ("datasets", "pandas", "polars", "numpy", "gdown", "requests", "urllib", "wget")
_TRAINS = ("fit", "train", "fit_predict", "cv", "partial_fit")


def find(repository: Repository) -> Iterator[Component]:
    """Yield the data sets that are fetched."""
    learns = repository_learns(repository)
    for text in commands_of(repository):
        yield from _commands(text, learns=learns)
    for code, call in repository.calls_of(*_KAGGLE_CALLS):
        yield from _kaggle(repository, code, call)
    for code in repository.python if learns else ():
        if not _NOT.search(code.path) and imports_any(code, *LEARNING, *_FETCHING):
            yield from _addressed(repository, code)
            yield from _files(repository, code)
            yield from _queries(repository, code)


def _commands(text: TextFile, *, learns: bool) -> Iterator[Component]:
    for at, match in text.matches_in_code(_KAGGLE):
        yield component("dataset", match["set"] or match["race"], at, "`kaggle` command")
    yield from (component("dataset", match["name"], at, "cloned from a hub") for at, match in text.matches_in_code(_CLONE))
    for at, match in text.matches_in_code(_CLI):
        yield from (component("dataset", each, at, "downloaded from a hub") for each in _HUB.findall(match[0])[:1])
    for at, match in text.matches_in_code(URL) if learns else ():
        url = match[0].rstrip(".,:")
        if is_data_url(url) and not is_open(called(url)):
            yield component("dataset", called(url), at, "fetched by a command", url=url)


def _kaggle(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    if imports_any(code, "kaggle", "kagglehub"):
        at = 1 if call.name.endswith("dataset_load") else 0
        for text, _ in values_of(repository).texts(
            code, call.argument("handle", at) or call.argument("dataset", 0) or call.argument("competition", 0)
        ):
            yield component("dataset", text, call.at, f"`{call.name.removeprefix('?.')}`", library="kaggle")


def _addressed(repository: Repository, code: PythonCode) -> Iterator[Component]:
    targets = scopes_of(repository).targets(code)
    skipped = {id(each.value) for each in code.nodes.get(ast.Expr, ()) if isinstance(each, ast.Expr)}
    for call in code.calls_of("get_file"):
        yield from _got(repository, code, call, skipped)
    for call in code.calls_of("read_csv", "read_parquet", "read_json", "read_table", "load_dataset"):
        # Found as what they read.
        skipped.update(id(each) for each in call.node.args)
    for node in (*code.nodes.get(ast.Constant, ()), *code.nodes.get(ast.BinOp, ()), *code.nodes.get(ast.JoinedStr, ())):
        if id(node) in skipped or not isinstance(node, ast.expr) or not may_end(node, _ENDS):
            continue
        texts = [node.value] if isinstance(node, ast.Constant) else [text for text, _ in values_of(repository).texts(code, node)[:2]]
        for text in texts:
            if (
                isinstance(text, str)
                and text.count("://") == 1
                and not set(text) & set(" \n")
                and is_data_url(text, targets.get(id(node), ""))
            ):
                yield component("dataset", called(text), code.at(node), "address of data", url=text)


def _got(repository: Repository, code: PythonCode, call: Call, skipped: set[int]) -> Iterator[Component]:
    """Yield what Keras fetches: a model is found as one."""
    values = values_of(repository)
    url = values.text(code, call.argument("origin", 1)) or ""
    name = values.text(code, call.argument("fname", 0)) or (called(url) if url else "")
    if name and "://" in url and not is_model_url(url, name):
        skipped.update(id(each) for each in (*call.node.args, *(word.value for word in call.node.keywords)))
        yield component("dataset", name, call.at, "`get_file` of Keras", url=url)


def _files(repository: Repository, code: PythonCode) -> Iterator[Component]:
    """Yield the folders whose files are listed by code that learns, if they are called data."""
    if not imports_any(code, *LEARNING):
        return
    for call in code.calls_of("glob", "iglob", "rglob"):
        values = values_of(repository)
        first = values.texts(code, call.node.args[0]) if call.node.args else []
        above = values.text(code, call.node.func.value) if isinstance(call.node.func, ast.Attribute) and call.name.startswith("?") else None
        for text, _ in first[:2]:
            path = f"{above}/{text}" if above else text
            folder = path.rpartition("/")[0].replace("/**", "").rstrip("/*")
            if _FILES.search(path) and folder and "*" not in folder and _FOLDER.search(folder):
                yield component("dataset", path_id(repository, folder, code.path), call.at, "files of a folder", path=folder)


def _queries(repository: Repository, code: PythonCode) -> Iterator[Component]:
    """Yield the tables that a file which trains reads from a database."""
    if not any(True for _ in code.calls_of(*_TRAINS)):
        return
    for call in code.calls_of(*_QUERIES):
        text = values_of(repository).text(code, call.argument("sql", 0) or call.argument("query", 0)) or ""
        table = _FROM.search(text)
        name = table[1] if table else text if text.isidentifier() else ""
        if name:
            yield component("dataset", name, call.at, f"`{call.name.rpartition('.')[2]}` in code that trains")


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "addresses and commands": (
        {
            "a.py": "import tensorflow as tf\ntf.keras.utils.get_file('plays.txt', 'https://example.org/plays.txt')\n"
            "DATA_URL = 'https://example.org/reviews.tar.gz'\nT = 'https://example.org/prices.csv.gz'\n",
            "get.sh": "wget https://example.org/train_images.zip\nkaggle datasets download -d quay/boats\n"
            "kaggle competitions download -c tides\n",
        },
        {
            ("dataset", "plays.txt"),
            ("dataset", "reviews.tar.gz"),
            ("dataset", "prices.csv.gz"),
            ("dataset", "train_images.zip"),
            ("dataset", "quay/boats"),
            ("dataset", "tides"),
        },
    ),
    "folders and tables": (
        {
            "a.py": "import glob, torch, pandas as pd\nROOT = 'data/cats'\nfiles = glob.glob(ROOT + '/*.jpg')\n"
            "df = pd.read_sql('SELECT * FROM loans WHERE x', con)\nmodel.fit(df)\n"
        },
        {("dataset", "data/cats"), ("dataset", "loans")},
    ),
    "others": (
        {
            "a.py": "import torch, glob\nLOGO = 'https://example.org/logo.png'\nAPP = 'https://example.org/app.zip'\nglob.glob('out/*.png')\n"
            "pd.read_sql('SELECT 1', con)\n",
            "run.sh": "curl -O https://example.org/tool.tar.gz\n",
        },
        set(),
    ),
    "a program that learns nothing": ({"a.py": "import requests\nDATA = 'https://example.org/bookings.csv'\n"}, set()),
}
