"""Loading data in a way that runs code which hides in it.

*What it does*: finds pickles under all their names (`pickle`, `joblib`, `torch.load`, `numpy`, `pandas`…), YAML that makes
objects, and Keras models that are loaded without safe mode.
*Why it matters*: such a file can carry a program, and loading it runs the program with all rights of whoever loads it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tetrapylon.develop.supply.versions import lowest
from tetrapylon.outside.repository.flow import Flow, flows
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule, Severity

_WHY = "A pickle is a program: whoever can change or replace the file runs code here."

PICKLE = Rule(
    "pickle-load",
    "high",
    "a pickle is loaded",
    _WHY,
    "keep data as JSON, safetensors or ONNX; or verify before loading: `tetrapylon verify-model FILE --public-key build.pub`",
)
TORCH = Rule(
    "torch-load",
    "high",
    "`torch.load` without `weights_only=True`",
    _WHY,
    'torch.load(path, weights_only=True), or `safetensors.torch.load_file("model.safetensors")`',
)
NUMPY = Rule("numpy-pickle", "high", "`numpy.load` with `allow_pickle=True`", _WHY, "np.load(path, allow_pickle=False)")
YAML = Rule(
    "yaml-load",
    "high",
    "YAML is loaded with a loader that makes objects",
    "Such a loader calls what the file names, `os.system` included.",
    "yaml.safe_load(stream)",
)
KERAS = Rule(
    "keras-unsafe-load",
    "high",
    "a Keras model is loaded without safe mode",
    "Lambda layers carry code that runs when the model is loaded.",
    'keras.models.load_model("model.keras", safe_mode=True)',
)
RULES = (PICKLE, TORCH, NUMPY, YAML, KERAS)

_PICKLES = (
    "pickle.load",
    "pickle.loads",
    "pickle.Unpickler",
    "cPickle.load",
    "_pickle.loads",
    "dill.load",
    "dill.loads",
    "cloudpickle.load",
    "cloudpickle.loads",
    "joblib.load",
    "sklearn.externals.joblib.load",
    "pandas.read_pickle",
    "marshal.loads",
    "marshal.load",
    "_pickle.load",
    "six.moves.cPickle.load",
    "six.moves.cPickle.loads",
    "six.moves.pickle.load",
    "pickle5.load",
    "shelve.open",
    "load_learner",
    "jsonpickle.decode",
)
_CALLS = (
    *_PICKLES,
    "torch.load",
    "torch.serialization.load",
    "functools.partial",
    "numpy.load",
    "yaml.load",
    "yaml.load_all",
    "yaml.unsafe_load",
    "yaml.full_load",
    "load_model",
)
_SAFE_LOADERS = frozenset({"SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"})
_TORCH_IS_SAFE = (2, 6)
"""The version from which `weights_only` is on unless it is turned off."""


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each place that loads data unsafely."""
    found = list(repository.calls_of(*_CALLS, "load_local", "enable_unsafe_deserialization"))
    if not found:
        return
    flowing = {id(code): flow for code, flow in flows(repository)}
    version = lowest(repository, "torch")
    for code, call in found:
        each = _finding(code, call, safe_torch=version is not None and version >= _TORCH_IS_SAFE)
        if each:
            yield _judged(each, call, flowing.get(id(code), Flow()))


def _judged(finding: Finding, call: Call, flow: Flow) -> Finding:
    """Return the finding, as critical where somebody else hands over what is loaded."""
    handed = [*call.node.args, *(each.value for each in call.node.keywords)]
    if any(flow.origins(each) & {"person", "fetched", "model"} for each in handed):
        return _again(finding, "critical", f"{finding.title}, and others hand over what is loaded")
    return finding


def _again(finding: Finding, severity: Severity, title: str) -> Finding:
    rule = next(each for each in RULES if each.id == finding.rule)
    return rule.at(finding.at, title, severity=severity)


def _finding(code: PythonCode, call: Call, *, safe_torch: bool) -> Finding | None:
    if call.name.startswith("yaml.") or call.name.endswith(".partial"):
        return _yaml(call) if call.name.startswith("yaml.") else _partial(code, call, safe=safe_torch)
    if call.name in {"torch.load", "torch.serialization.load", "numpy.load"}:
        return _numpy(call) if call.name == "numpy.load" else _torch(call, safe=safe_torch)
    if call.name.endswith(("load_model", "enable_unsafe_deserialization")):
        off = _is(call.argument("safe_mode"), value=False)
        return KERAS.at(call.at) if off or call.name.endswith("enable_unsafe_deserialization") else None
    if call.name.endswith("load_local"):
        on = _is(call.argument("allow_dangerous_deserialization"), value=True)
        return PICKLE.at(call.at, "a vector index is loaded with `allow_dangerous_deserialization=True`", severity="medium") if on else None
    if call.name not in _PICKLES and not (call.name.startswith("fastai.") and call.name.endswith("load_learner")):
        return None
    # A file of one's own, under a fixed name, must be replaced first.
    fixed = code.string(call.argument("", 0)) is not None or _opens_fixed(code, call)
    return PICKLE.at(call.at, f"`{call.name}` loads a pickle", severity="medium" if fixed else "high")


def _opens_fixed(code: PythonCode, call: Call) -> bool:
    """Return whether the argument is a file that is opened under a fixed name."""
    given = call.argument("", 0)
    if isinstance(given, ast.Name):
        return any(
            isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == given.id and _is_fixed_open(code, item.context_expr)
            for node in code.nodes.get(ast.With, ())
            if isinstance(node, ast.With)
            for item in node.items
        )
    return given is not None and _is_fixed_open(code, given)


def _is_fixed_open(code: PythonCode, node: ast.expr) -> bool:
    opens = isinstance(node, ast.Call) and code.name_of(node.func) == "open" and bool(node.args)
    return opens and isinstance(node, ast.Call) and code.string(node.args[0]) is not None


def _torch(call: Call, *, safe: bool) -> Finding | None:
    given = call.argument("weights_only")
    if _is(given, value=False):
        return TORCH.at(call.at, "`torch.load` with `weights_only=False`")
    return TORCH.at(call.at) if given is None and not safe and not any(each.arg is None for each in call.node.keywords) else None


def _partial(code: PythonCode, call: Call, *, safe: bool) -> Finding | None:
    """Return the finding for a loader that is kept for later with some of its arguments."""
    held = call.argument("", 0)
    name = code.name_of(held) if held is not None else ""
    if name == "torch.load":
        return _torch(call, safe=safe)
    return PICKLE.at(call.at, f"`{name}` loads a pickle") if name in _PICKLES else None


def _numpy(call: Call) -> Finding | None:
    return NUMPY.at(call.at) if _is(call.argument("allow_pickle", 2), value=True) else None


def _yaml(call: Call) -> Finding | None:
    if call.name in {"yaml.unsafe_load", "yaml.full_load"}:
        return YAML.at(call.at, f"`{call.name}` makes objects", severity="high" if "unsafe" in call.name else "medium")
    loader = call.argument("Loader", 1)
    if loader is None:
        return YAML.at(call.at, f"`{call.name}` without a safe loader")
    name = loader.attr if isinstance(loader, ast.Attribute) else loader.id if isinstance(loader, ast.Name) else ""
    if not name.endswith("Loader") or name in _SAFE_LOADERS or "Safe" in name:
        return None
    known = name in {"Loader", "CLoader", "UnsafeLoader", "FullLoader", "CFullLoader"}
    return YAML.at(call.at, f"`{call.name}` with `{name}`", severity="medium" if "Full" in name else "high") if known else None


def _is(node: ast.expr | None, *, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


GOOD = {
    "safe ones": {
        "load.py": "import json, torch, yaml, numpy as np\nfrom keras.models import load_model\n"
        'weights = torch.load("m.pt", weights_only=True)\nconfig = yaml.safe_load(open("c.yaml"))\n'
        'other = yaml.load(open("c.yaml"), Loader=yaml.CSafeLoader)\nx = np.load("x.npy")\n'
        'm = load_model("m.keras")\nd = json.load(open("d.json"))\n'
    },
    "a torch that is safe unless told otherwise": {
        "load.py": 'import torch\nw = torch.load("m.pt")\n',
        "requirements.in": "torch>=2.6\n",
        "requirements.txt": f"torch==2.6.0 --hash=sha256:{'0' * 64}\n",
    },
    "a torch that is locked": {
        "load.py": 'import torch\nw = torch.load("m.pt")\n',
        "pyproject.toml": '[project]\ndependencies = ["torch"]\n',
        "uv.lock": '[[package]]\nname = "torch"\nversion = "2.7.1"\n',
    },
    "other things that are called load": {
        "load.py": "from dotenv import load_dotenv\nload_dotenv()\nconfig.load(open('x'))\nyaml = Thing()\nyaml.load('x')\n"
    },
    "ruamel makes no objects": {"load.py": "from ruamel.yaml import YAML\nyaml = YAML(typ='safe')\nyaml.load(open('x'))\n"},
}
BAD = {
    "pickle-load: a fixed file": {"app.py": 'import pickle\nwith open("model.pkl", "rb") as f:\n    model = pickle.load(f)\n'},
    "pickle-load: joblib behind another name": {"app.py": "from joblib import load as read\n\ndef get(path):\n    return read(path)\n"},
    "pickle-load: what was uploaded": {
        "app.py": "import pickle\nfrom flask import Flask, request\napp = Flask(__name__)\n\n@app.post('/model')\ndef put():\n"
        "    return pickle.loads(request.data)\n"
    },
    "pickle-load: pandas": {"app.py": "import pandas as pd\ndf = pd.read_pickle(url)\n"},
    "pickle-load: an index of FAISS": {"rag.py": "db = FAISS.load_local('i', embeddings, allow_dangerous_deserialization=True)\n"},
    "pickle-load: by other names": {"app.py": "from six.moves import cPickle as pickle\nm = pickle.load(f)\n"},
    "pickle-load: a learner of fastai": {"app.py": "from fastai.vision.all import load_learner\nlearn = load_learner('export.pkl')\n"},
    "torch-load: kept for later": {
        "app.py": "import torch\nfrom functools import partial\nload = partial(torch.load, map_location='cpu')\n"
    },
    "torch-load: no argument": {"app.py": "import torch\nmodel.load_state_dict(torch.load('m.pt', map_location='cpu'))\n"},
    "torch-load: an old torch": {"app.py": "import torch\nm = torch.load('m.pt')\n", "requirements.txt": "torch==2.3.1\n"},
    "torch-load: turned off": {"app.py": "import torch\nm = torch.load('m.pt', weights_only=False)\n", "requirements.txt": "torch>=2.6\n"},
    "numpy-pickle: data": {"app.py": "import numpy as np\nx = np.load('x.npy', allow_pickle=True)\n"},
    "yaml-load: no loader": {"app.py": "import yaml\nc = yaml.load(open('c.yaml'))\n"},
    "yaml-load: the unsafe loader": {"app.py": "import yaml\nc = yaml.load(open('c.yaml'), Loader=yaml.UnsafeLoader)\n"},
    "keras-unsafe-load: safe mode off": {"app.py": "import keras\nm = keras.models.load_model('m.keras', safe_mode=False)\n"},
}
