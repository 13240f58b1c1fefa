"""Models that are fetched without a look at what came.

*What it does*: finds downloads of weights (by a library, a command, an image that is built) in files that never compare a digest.
*Why it matters*: a release, a shared folder or a bucket can be filled anew by whoever takes over the account, and weights are
loaded as they come.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule

RULE = Rule(
    "unchecked-download",
    "low",
    "a model is fetched and its digest is not compared",
    "Whoever can replace the file at its source decides what is loaded here; a pickle among them runs code.",
    "write its SHA-256 down and compare it before loading (`sha256sum -c`, `known_hash=` of pooch, `check_hash=True` of torch.hub)",
)
RULES = (RULE,)
_FETCHES = (
    "gdown.download",
    "gdown.cached_download",
    "urlretrieve",
    "wget.download",
    "download_url_to_file",
    "load_state_dict_from_url",
    "pooch.retrieve",
    "load_file_from_url",
)
_MODEL = r"\.(?:pt|pth|th|bin|onnx|safetensors|gguf|ggml|pkl|pickle|joblib|h5|hdf5|ckpt|keras|tflite|weights|caffemodel)"
_IS_MODEL = re.compile(rf"{_MODEL}(?:[?#].*)?$", re.IGNORECASE)
_COMMAND = re.compile(
    rf"(?:\b(?:wget|curl|aria2c)\b[^\n|;&]{{0,300}}?|^ADD[ \t]+)https?://[^\s\"'`<>)]{{1,300}}?{_MODEL}(?=[\s?\"'#]|$)", re.MULTILINE
)
_COMPARES = re.compile(
    r"sha-?(?:1|224|256|384|512)|\bmd5|blake2|checksum|hashlib|hash_prefix|file_hash|known_hash=(?!None)|check_hash=True|cosign|gpg\b",
    re.IGNORECASE,
)
_FIXED = re.compile(r"/(?:resolve|raw)/[0-9a-f]{40}/")


def look(repository: Repository) -> Iterator[Finding]:
    """Yield the first such download of each file."""
    compares = {each.path for each in repository.files if _COMPARES.search(each.text)}
    seen: set[str] = set()
    for code, call in repository.calls_of(*_FETCHES):
        if code.path not in compares | seen and _fetches_model(repository, code, call):
            seen.add(code.path)
            yield RULE.at(call.at, f"`{call.name.removeprefix('?.')}` fetches a model, and its digest is not compared")
    for file in repository.of("dockerfile", "shell", "ci", "notebook"):
        if file.path in compares | seen:
            continue
        for place, match in live_matches(file, _COMMAND, "wget", "curl", "aria2c", "ADD"):
            if not _FIXED.search(match[0]):
                yield RULE.at(place)
                break


def _fetches_model(repository: Repository, code: PythonCode, call: Call) -> bool:
    """Return whether a model is what is fetched, as far as the address or the name that it gets tells, and nothing compares it."""
    if any(each.arg in {"check_hash", "hash", "md5", "sha256", "checksum"} and _is_given(each.value) for each in call.node.keywords):
        return False
    texts = [
        text
        for each in (*call.node.args[:4], *(word.value for word in call.node.keywords))
        for text, _ in values_of(repository).texts(code, each)
    ]
    if any(_FIXED.search(each) for each in texts):
        return False
    return call.name.endswith("load_state_dict_from_url") or any(_IS_MODEL.search(each) for each in texts)


def _is_given(node: ast.expr) -> bool:
    return not (isinstance(node, ast.Constant) and node.value in {None, False})


GOOD = {
    "compared": {
        "get.sh": "curl -fsSLo m.onnx https://models.example.org/m.onnx\nsha256sum -c m.sha256\n",
        "a.py": "import pooch\npooch.retrieve('https://models.example.org/m.onnx', known_hash='sha256:ab')\n",
        "b.py": "from torch.hub import load_state_dict_from_url\n"
        "load_state_dict_from_url('https://models.example.org/m.pth', check_hash=True)\n",
    },
    "by its commit": {"get.sh": f"wget https://huggingface.co/o/m/resolve/{'0a' * 20}/model.safetensors\n"},
    "no model": {"get.sh": "wget https://example.org/tool.tar.gz\n", "a.py": "import wget\nwget.download('https://example.org/a.png')\n"},
}
BAD = {
    "unchecked-download: a shared folder": {
        "bin/get": "#!/usr/bin/env python\nimport gdown\ngdown.download('https://drive.example.com/uc?id=1', 'm.bin')\n"
    },
    "unchecked-download: an address with a name": {
        "a.py": "from urllib.request import urlretrieve\nURL = 'https://models.example.org/m.pth'\nurlretrieve(URL, p)\n"
    },
    "unchecked-download: torch": {"a.py": "import torch\ntorch.hub.load_state_dict_from_url(MODELS[name])\n"},
    "unchecked-download: no hash": {"a.py": "import pooch\npooch.retrieve('https://models.example.org/m.onnx', known_hash=None)\n"},
    "unchecked-download: a script": {"get.sh": "wget -P models https://models.example.org/m.gguf\n"},
    "unchecked-download: an image": {"Dockerfile": "FROM debian:12\nADD https://models.example.org/m.onnx /m/\n"},
}
