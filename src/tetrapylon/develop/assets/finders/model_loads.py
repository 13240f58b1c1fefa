"""Models that are loaded from a file or written to one: joblib, pickle, torch, ONNX Runtime, Keras, XGBoost, MLflow and others.

*What it does*: resolves the path of loaders and savers to a file.
*Why it matters*: the file that is loaded is the one to sign, to verify and to track, and it is often not in the tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tetrapylon.develop.assets.addresses import called, speaks_of_models
from tetrapylon.develop.assets.names import is_hub_name, is_model_path
from tetrapylon.develop.assets.seeing import component, imports_any, path_id
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.values import Text, values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_LIBRARIES = ("sklearn", "joblib", "torch", "tensorflow", "keras", "xgboost", "lightgbm", "catboost", "onnxruntime", "pandas", "numpy",
              "statsmodels",
              "cloudpickle", "skops", "mlflow", "skl2onnx", "onnx", "imblearn", "pycaret", "prophet", "surprise", "implicit", "hmmlearn",
              "cv2")  # fmt: skip
_LOADS: dict[str, tuple[str, int]] = {
    "joblib.load": ("filename", 0),
    "pickle.load": ("file", 0),
    "cPickle.load": ("file", 0),
    "dill.load": ("file", 0),
    "cloudpickle.load": ("file", 0),
    "torch.load": ("f", 0),
    "torch.jit.load": ("f", 0),
    "skops.io.load": ("file", 0),
    "InferenceSession": ("path_or_bytes", 0),
    "onnx.load": ("f", 0),
    "models.load_model": ("filepath", 0),
    "saving.load_model": ("filepath", 0),
    "saved_model.load": ("export_dir", 0),
    "tf.lite.Interpreter": ("model_path", 0),
    "lite.Interpreter": ("model_path", 0),
    "tflite_runtime.interpreter.Interpreter": ("model_path", 0),
    "Booster": ("model_file", 1),
    "readNetFromONNX": ("onnxFile", 0),
    "readNet": ("model", 0),
    "readNetFromCaffe": ("caffeModel", 1),
    "readNetFromTensorflow": ("model", 0),
    "readNetFromDarknet": ("darknetModel", 1),
    "CascadeClassifier": ("filename", 0),
    "ModelProto.FromString": ("", 9),
    "load_learner": ("fname", 0),
    "load_from_checkpoint": ("checkpoint_path", 0),
    "load_state_dict_from_url": ("url", 0),
    "ct.models.MLModel": ("model", 0),
    "load_file": ("filename", 0),
    "core.read_model": ("model", 0),
    "read_model": ("model", 0),
}
_SAVES: dict[str, tuple[str, int]] = {
    "joblib.dump": ("filename", 1),
    "pickle.dump": ("file", 1),
    "dill.dump": ("file", 1),
    "cloudpickle.dump": ("file", 1),
    "torch.save": ("f", 1),
    "torch.onnx.export": ("f", 1),
    "save_model": ("fname", 0),
    "save_file": ("filename", 1),
    "export_model": ("fname", 0),
    "ModelCheckpoint": ("filepath", 0),
    "tf.saved_model.save": ("export_dir", 1),
    "onnx.save": ("f", 1),
    "save_pretrained": ("save_directory", 0),
    "save_lora": ("path", 0),
    "push_to_hub": ("repo_id", 0),
}
_KERAS = ("keras", "tensorflow")
_PICKLES = ("pickle.", "dill.", "cloudpickle.", "cPickle.")
_MLFLOW = ("load_model", "spark_udf")
_DATA_WORDS = ("optimizer", "scheduler", "state", "scaler", "vocab", "tokenizer", "cache", "embedding", "index", "feature", "label",
               "encoder", "dataset",
               "names", "columns", "history", "result", "chunks", "docs", "metadata", "token", "session", "cookie", "prediction",
               "vectorizer")  # fmt: skip


def find(repository: Repository) -> Iterator[Component]:
    """Yield the models that are loaded or written."""
    for table, loads in ((_LOADS, True), (_SAVES, False)):
        for code, call in repository.calls_of(*table):
            if _counts(code, call):
                name, position = next(found for key, found in table.items() if call.name == key or call.name.endswith(f".{key}"))
                yield from _file(repository, code, call, call.argument(name, position), loads=loads)
    for code, call in repository.calls_of("load_model", "save", "load_weights", "spark_udf"):
        yield from _by_library(repository, code, call)


def _counts(code: PythonCode, call: Call) -> bool:
    word = call.name.rpartition(".")[2]
    if word in {"Booster", "load_file", "save_file", "save_model", "export_model", "read_model", "readNet", "load_from_checkpoint",
        "load_learner",
                "save_pretrained", "push_to_hub", "ModelCheckpoint", "InferenceSession", "save_lora"}:  # fmt: skip
        return imports_any(code, *_LIBRARIES, "safetensors", "openvino", "lightning", "pytorch_lightning", "fastai", "transformers",
            "peft", "trl",
                           "unsloth", "sentence_transformers", "diffusers", "setfit")  # fmt: skip
    return not call.name.startswith("?") and (imports_any(code, *_LIBRARIES) or call.name.startswith(("joblib.", "torch.", *_PICKLES)))


def _by_library(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    word = call.name.rpartition(".")[2]
    if call.name.startswith("mlflow."):
        if word in _MLFLOW:
            yield from _file(repository, code, call, call.argument("model_uri", 0), loads=True, any_name=True)
    elif word == "load_model" and call.name.startswith((*_KERAS, "load_model", "?")) and imports_any(code, *_KERAS, "xgboost", "catboost"):
        yield from _file(repository, code, call, call.argument("filepath", 0), loads=True)
    elif word in {"save", "load_weights"} and call.name.startswith("?") and imports_any(code, *_KERAS, "stable_baselines3", "gensim"):
        yield from _file(repository, code, call, call.argument("filepath", 0), loads=False)


def _file(
    repository: Repository, code: PythonCode, call: Call, node: ast.AST | None, *, loads: bool, any_name: bool = False
) -> Iterator[Component]:
    how = f"`{call.name.removeprefix('?.')}`"
    library = call.name.partition(".")[0].strip("?")
    found = values_of(repository).texts(code, node)
    if call.name.endswith("CascadeClassifier") and isinstance(node, ast.BinOp | ast.Call):
        # The cascades that come with OpenCV lie where only the program knows.
        texts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        found = [Text(each, call.at) for each in texts if each.endswith(".xml")] or found
    sure = not call.name.startswith(_PICKLES) or imports_any(code, *_LIBRARIES)
    for text, _ in found:
        path = text.strip()
        if not sure and not speaks_of_models(path.rpartition("/")[2]):
            continue
        folder = call.name.endswith(("save_pretrained", "push_to_hub")) and ("/" in path or is_hub_name(path))
        cascade = call.name.endswith("CascadeClassifier") and path.endswith(".xml")
        if any_name or folder or cascade or (is_model_path(path) and not _is_data(path, call)):
            name = path_id(repository, path, code.path) if "://" not in path else called(path)
            yield component("model", name, call.at, how, path=None if any_name else path, library=library)
    if loads and node is not None and not found and not call.name.startswith(("pickle.", "dill.", "cloudpickle.")):
        yield component("model", ast.unparse(node)[:80], call.at, how, library=library, named="no")


def _is_data(path: str, call: Call) -> bool:
    name = path.rpartition("/")[2].lower()
    if call.name.endswith(("CascadeClassifier",)):
        return False
    if any(word in name for word in _DATA_WORDS):
        return True
    return call.name.startswith(("pickle.", "torch.")) and name.endswith((".txt", ".json", ".csv"))


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "joblib, pickle and ONNX": (
        {
            "a.py": "import joblib, pickle, sklearn\nimport onnxruntime as ort\njoblib.load('m/score.joblib')\n"
            "with open('old.pkl', 'rb') as f:\n"
            "    x = pickle.load(f)\npickle.dump(clf, open('new.pkl', 'wb'))\n",
            "svc/config.py": "import os\nDIR = os.environ.get('D', 'models')\nPATH = os.path.join(DIR, 'seal.onnx')\n",
            "svc/infer.py": "import onnxruntime as ort\nfrom .config import PATH\nclass A:\n  def __init__(self, path=PATH):\n"
            "    self.s = ort.InferenceSession(path)\n",
        },
        {("model", "m/score.joblib"), ("model", "old.pkl"), ("model", "new.pkl"), ("model", "models/seal.onnx")},
    ),
    "Keras, torch and MLflow": (
        {
            "a.py": "import torch, mlflow\nfrom tensorflow import keras\nkeras.models.load_model('net.keras')\ntorch.load('w.pt')\n"
            "mlflow.pyfunc.load_model('models:/fraud/3')\ntorch.save(m.state_dict(), out / 'best.pth')\n"
        },
        {("model", "net.keras"), ("model", "w.pt"), ("model", "models:/fraud/3"), ("model", "best.pth")},
    ),
    "no model": (
        {
            "a.py": "import pickle\npickle.load(open('session.pkl', 'rb'))\nload_model('x.h5')\n",
            "b.py": "import joblib\njoblib.load('vocab.pkl')\n",
        },
        set(),
    ),
}
