"""Data sets that Python loads: hubs, libraries of data sets, and files that are read as tables.

*What it does*: resolves names and paths of `load_dataset`, `read_csv`, torchvision, scikit-learn, Keras, TensorFlow Datasets and loaders of
documents. *Why it matters*: who can change the data can change what a model learns or answers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.develop.assets.seeing import component, imports_any, path_id
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_TABLES = ("read_csv", "read_parquet", "read_json", "read_excel", "read_feather", "read_table", "read_pickle", "scan_csv",
           "scan_parquet", "read_ndjson",
           "read_orc", "read_hdf", "read_ipc")  # fmt: skip
_FRAMES = ("pandas", "polars", "dask", "cudf", "modin", "pyspark", "vaex", "geopandas", "ray", "datasets", "duckdb", "pyarrow")
_FOLDERS = ("ImageFolder", "DatasetFolder", "image_dataset_from_directory", "text_dataset_from_directory", "flow_from_directory",
            "DirectoryLoader",
            "SimpleDirectoryReader", "audio_dataset_from_directory", "PyPDFDirectoryLoader")  # fmt: skip
_ARRAYS = ("loadtxt", "genfromtxt", "fromfile", "TextLineDataset", "TFRecordDataset", "make_csv_dataset")
_FORMATS = frozenset(
    {"csv", "json", "parquet", "text", "imagefolder", "audiofolder", "arrow", "webdataset", "pandas", "generator", "xml", "sql"}
)
_LEARNING = (
    "sklearn", "torch", "tensorflow", "keras", "xgboost", "lightgbm", "catboost", "transformers", "datasets", "statsmodels", "openai",
    "langchain",
    "sentence_transformers", "llama_index", "anthropic", "prophet", "spacy", "imblearn", "mlflow", "fastai", "optuna", "gensim", "trl",
    "peft", "jax", "flax",
    "autogluon", "pycaret", "h2o", "ragas", "deepeval", "evaluate", "chromadb", "faiss", "onnxruntime", "joblib", "nltk", "evidently",
    "pytorch_lightning",
    "lightning", "river", "skl2onnx",
)  # fmt: skip
_DATA = re.compile(r"\.(?:csv|tsv|jsonl|ndjson|parquet|feather|arrow|xlsx?|json|npz|npy|tfrecord|h5|pkl|orc|txt|gz|zip)$", re.IGNORECASE)
_CLOUD = re.compile(r"^(?:s3a?|gs|gcs|abfss?|az|hf|dvc|wasbs?)://[\w./{}*-]+")


def find(repository: Repository) -> Iterator[Component]:
    """Yield the data sets that are loaded."""
    learns = any(imports_any(code, *_LEARNING) for code in repository.python)
    for code, call in repository.calls_of("load_dataset", "load_from_disk", "load_dataset_builder", "snapshot_download", "hf_hub_download"):
        yield from _hub(repository, code, call)
    yield from _libraries(repository)
    for code, call in repository.calls_of(*_TABLES, *_ARRAYS):
        if learns and (
            call.name.startswith((*_FRAMES, "numpy", "tensorflow"))
            or (call.name.startswith("?") and imports_any(code, *_FRAMES, "numpy", "tensorflow"))
        ):
            yield from _paths(repository, code, call, call.argument("filepath_or_buffer", 0))
    for code, call in repository.calls_of(*_FOLDERS):
        node = next(
            (found for each in ("directory", "root", "path", "input_dir") if (found := call.argument(each)) is not None),
            call.argument("", 0),
        )
        yield from _folder(repository, code, call, node)
    for code, call in repository.calls_of("open", "read_text", "DictReader"):
        if learns:
            yield from _opened(repository, code, call)


def _hub(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    word = call.name.rpartition(".")[2]
    if word.endswith("download"):
        if values_of(repository).text(code, call.argument("repo_type")) != "dataset":
            return
    elif not call.name.startswith(("datasets.", "modelscope.", "load_dataset", "huggingface_hub")):
        return
    revision = values_of(repository).text(code, call.argument("revision"))
    files = call.argument("data_files") or call.argument("data_dir")
    first = call.argument("path", 0) or call.argument("repo_id") or call.argument("dataset_path", 0)
    for text, _ in values_of(repository).texts(code, first):
        if text in _FORMATS:
            nodes = files.values if isinstance(files, ast.Dict) else [files]
            for node in nodes:
                yield from _paths(repository, code, call, node)
        elif " " not in text:
            yield component("dataset", text, call.at, f"`{word}` of datasets", revision=revision)


def _libraries(repository: Repository) -> Iterator[Component]:
    for code in repository.python:
        if not code.packages & {"sklearn", "torchvision", "keras", "tensorflow", "tensorflow_datasets", "torchaudio", "torchtext",
            "seaborn", "torch_geometric",
                                "nltk", "ucimlrepo", "kagglehub", "medmnist", "openml"}:  # fmt: skip
            continue
        for call in code.calls:
            name = _library(repository, code, call)
            if name:
                yield component("dataset", name, call.at, f"`{call.name}`", library=call.name.partition(".")[0])


def _library(repository: Repository, code: PythonCode, call: Call) -> str | None:
    words = call.name.split(".")
    first, last = words[0], words[-1]
    if first == "sklearn" and "datasets" in words and last.startswith(("load_", "fetch_")):
        given = values_of(repository).text(code, call.argument("name", 0)) if last == "fetch_openml" else None
        return given or last.partition("_")[2]
    if (
        first in {"torchvision", "torchaudio", "torchtext", "torch_geometric", "medmnist"}
        and ("datasets" in words or first == "medmnist")
        and last[:1].isupper()
    ):
        return None if last in _FOLDERS or last == "VisionDataset" else last
    if first in {"keras", "tensorflow"} and "datasets" in words and last == "load_data":
        return words[-2]
    if (first, last) in {
        ("tensorflow_datasets", "load"),
        ("seaborn", "load_dataset"),
        ("kagglehub", "dataset_download"),
        ("tensorflow_datasets", "builder"),
    }:
        return values_of(repository).text(code, call.argument("name", 0) or call.argument("handle", 0))
    if first == "ucimlrepo":
        node = call.argument("id", 0)
        return f"uci {node.value!r}" if isinstance(node, ast.Constant) else values_of(repository).text(code, call.argument("name"))
    return None


def _paths(repository: Repository, code: PythonCode, call: Call, node: ast.AST | None) -> Iterator[Component]:
    how = f"`{call.name.removeprefix('?.')}`"
    for text, _ in values_of(repository).texts(code, node):
        path = text.strip()
        if _CLOUD.match(path) or path.startswith(("http://", "https://")):
            yield component("dataset", path, call.at, how, url=path)
        elif "\n" not in path and len(path) < 200 and (_DATA.search(path) or "*" in path):  # noqa: PLR2004 - longer than a path
            yield component("dataset", path_id(repository, path, code.path), call.at, how, path=path)


def _folder(repository: Repository, code: PythonCode, call: Call, node: ast.AST | None) -> Iterator[Component]:
    if call.name.startswith("?") and not call.name.endswith("flow_from_directory"):
        return
    how = f"`{call.name.rpartition('.')[2]}`"
    for text, _ in values_of(repository).texts(code, node):
        if text and " " not in text and "\n" not in text:
            yield component("dataset", text.removeprefix("./").rstrip("/"), call.at, how, path=text)


def _opened(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    """Yield files of records that a program which learns opens itself."""
    node = (
        call.node.func.value if isinstance(call.node.func, ast.Attribute) and call.name.endswith("read_text") else call.argument("file", 0)
    )
    mode = call.argument("mode", 1)
    if isinstance(mode, ast.Constant) and isinstance(mode.value, str) and set(mode.value) & set("wax"):
        return
    for text, _ in values_of(repository).texts(code, node):
        path = text.strip().lower()
        records = path.endswith((".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"))
        if records and "\n" not in path and not path.startswith(("http:", "https:")):
            yield component("dataset", path_id(repository, text.strip(), code.path), call.at, "opened by code that learns", path=text)


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "a hub and files": (
        {
            "a.py": "from datasets import load_dataset\nload_dataset(cfg['dataset'], revision='main')\n"
            "load_dataset('json', data_files='data/eval.jsonl')\n",
            "c.yaml": "dataset: org/letters\n",
        },
        {("dataset", "org/letters"), ("dataset", "data/eval.jsonl")},
    ),
    "tables": (
        {
            "t/train.py": "import pandas as pd\nimport sklearn\nap.add_argument('--data', default='data/loans.csv')\n"
            "args = ap.parse_args()\n"
            "def load(path):\n    return pd.read_csv(path)\nload(args.data)\npd.read_parquet('s3://bucket/x.parquet')\n"
        },
        {("dataset", "data/loans.csv"), ("dataset", "s3://bucket/x.parquet")},
    ),
    "libraries": (
        {
            "a.py": "import torchvision\nimport tensorflow_datasets as tfds\nfrom sklearn.datasets import load_iris, fetch_openml\n"
            "from tensorflow import keras\n"
            "torchvision.datasets.CIFAR10('x')\ntfds.load('plant_village')\nload_iris()\nfetch_openml('adult')\n"
            "keras.datasets.mnist.load_data()\n"
        },
        {("dataset", "CIFAR10"), ("dataset", "plant_village"), ("dataset", "iris"), ("dataset", "adult"), ("dataset", "mnist")},
    ),
    "a program that reads a table and learns nothing": ({"a.py": "import pandas as pd\npd.read_csv('bookings.csv')\n"}, set()),
}
