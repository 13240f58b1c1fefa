"""Models and programs that are fetched without knowing who sends them.

*What it does*: finds model files that are fetched over plain HTTP or with certificates unchecked, scripts from the web that are
piped into a shell, and packages that are installed from a branch.
*Why it matters*: whoever sits on the line, or changes the file at its source, decides what runs here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule

DOWNLOAD = Rule(
    "insecure-download",
    "high",
    "a model is fetched over plain HTTP",
    "Whoever sits on the line can send another model, and a pickle among them runs code.",
    "fetch it over https and compare its SHA-256 with one that you wrote down",
)
PIPE = Rule(
    "pipe-to-shell",
    "medium",
    "a script from the web is run as it comes",
    "Whoever changes the script at its source runs commands here.",
    'curl -fsSLo install.sh URL && echo "<sha256>  install.sh" | sha256sum -c && sh install.sh',
)
GIT = Rule(
    "git-dependency",
    "medium",
    "a package is installed from a branch",
    "Tomorrow's branch may hold other code, and nothing here would notice.",
    "pip install git+https://HOST/OWNER/REPOSITORY@<commit of 40 hex digits>",
)
RULES = (DOWNLOAD, PIPE, GIT)

_MODEL = r"\.(?:pt|pth|bin|onnx|safetensors|gguf|ggml|pkl|pickle|joblib|h5|hdf5|ckpt|keras|tflite|pb|npz|weights)\b"
_PLAIN = re.compile(r"http://(?!localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|minio|[\w-]+[:/])[^\s\"'`<>)]{1,300}?" + _MODEL)
_UNCHECKED = re.compile(
    r"\b(?:wget\b[^\n|;&]{0,300}--no-check-certificate|curl\b[^\n|;&]{0,200} (?:-[a-jl-zA-Z]{0,6}k[a-zA-Z]{0,6}"
    r"|--insecure)\b)[^\n|;&]{0,300}"
)
_PIPED = re.compile(
    r"\b(?:curl|wget)\b[^\n|;&]{0,300}\|[ \t]*(?:sudo[ \t]+(?:-E[ \t]+)?)?(?:ba|z|da)?sh\b"
    r"|\b(?:ba)?sh[ \t]+(?:-c[ \t]+)?[\"']?[<$]\((?:curl|wget)\b"
)
_GIT = re.compile(r"git\+(?:https?|ssh|git)://[^\s\"'@;#]+(?:@(?!github|gitlab|bitbucket)([^\s\"'@;#]+))?")
_SCRIPTS = ("dockerfile", "compose", "ci", "shell", "notebook")
_FIXED = re.compile(r"[0-9a-f]{7,40}|v?\d+(?:\.\d+)+[\w.-]*|\$\{?\w+\}?")


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each place that fetches what it runs from nobody in particular."""
    for file in repository.files:
        if file.language == "markdown":
            continue
        for place, match in live_matches(file, _PLAIN, "http://"):
            yield DOWNLOAD.at(place, f"`{match[0][:80]}` is fetched over plain HTTP")
        yield from _scripts(file)
        yield from _branches(file)


def _scripts(file: TextFile) -> Iterator[Finding]:
    if file.language not in _SCRIPTS:
        return
    for place, match in live_matches(file, _UNCHECKED, "curl", "wget"):
        if re.search(_MODEL, match[0]):
            yield DOWNLOAD.at(place, "a model is fetched with certificates unchecked")
    for place, _ in live_matches(file, _PIPED, "curl", "wget"):
        yield PIPE.at(place)


def _branches(file: TextFile) -> Iterator[Finding]:
    # `package.json` gives a project's own address in the same words.
    if file.language not in {*_SCRIPTS, "lock", "toml"}:
        return
    for place, match in live_matches(file, _GIT, "git+"):
        locked = file.name in {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "package-lock.json"}
        if not locked and not (match[1] and _FIXED.fullmatch(match[1])):
            yield GIT.at(place, f"`{match[0][:80]}` is installed from a branch")


GOOD = {
    "https": {"get.sh": "curl -fsSLo m.onnx https://models.example.org/m.onnx\nsha256sum -c m.sha256\n"},
    "on this machine": {"app.py": "url = 'http://localhost:9000/m.onnx'\nother = 'http://minio:9000/models/m.onnx'\n"},
    "a commit": {"requirements.txt": f"lib @ git+https://github.com/o/lib@{'ab' * 20}\nother @ git+https://github.com/o/other@v1.2.0\n"},
    "a page that is no model": {"app.py": "link = 'http://www.example.com/about.html'\n"},
    "curl that saves": {"Dockerfile": "FROM python@sha256:" + "0" * 64 + "\nRUN curl -o x.json https://e.org/x.json | tee log\nUSER app\n"},
    "a README": {"README.md": "curl -fsSL https://ollama.com/install.sh | sh\n"},
}
BAD = {
    "insecure-download: plain HTTP": {
        "get.py": "from urllib.request import urlretrieve\nurlretrieve('http://models.example.com/reader.pt', 'reader.pt')\n"
    },
    "insecure-download: unchecked": {"get.sh": "wget --no-check-certificate https://models.example.com/m.gguf\n"},
    "pipe-to-shell: an image": {"Dockerfile": "FROM debian:12\nRUN curl -fsSL https://ollama.com/install.sh | sh\n"},
    "pipe-to-shell: a pipeline": {
        ".github/workflows/ci.yml": "jobs:\n  t:\n    steps:\n      - run: curl -LsSf https://astral.sh/uv/install.sh | sh\n"
    },
    "git-dependency: a branch": {"requirements.txt": "transformers @ git+https://github.com/huggingface/transformers@main\n"},
    "git-dependency: an image": {"Dockerfile": "FROM python:3.12\nRUN pip install git+https://github.com/openai/CLIP.git\n"},
}
