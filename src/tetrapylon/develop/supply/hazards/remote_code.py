"""Code that comes with a model and runs when it is loaded.

*What it does*: finds `trust_remote_code=True` in Python, configuration and on command lines, and `torch.hub.load` of a
branch that its owner can move.
*Why it matters*: whoever owns or takes over the model's repository runs code here, today's review of it notwithstanding.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.naming import given_to
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule

REMOTE = Rule(
    "trust-remote-code",
    "high",
    "`trust_remote_code=True` runs code from the model's repository",
    "Whoever owns or takes over that repository runs code here the next time the model is loaded.",
    'use a model that needs no code of its own; otherwise read its code and pin it: `revision="<commit of 40 hex digits>"`',
)
HUB = Rule(
    "torch-hub-branch",
    "medium",
    "`torch.hub.load` runs code from a branch that its owner can change",
    "The `hubconf.py` of that repository runs here, as it is on the day it is fetched.",
    'torch.hub.load("owner/repository:<commit of 40 hex digits>", …)',
)
RULES = (REMOTE, HUB)

_COMMIT = re.compile(r"[0-9a-f]{40}")
_WRITTEN = re.compile(
    r"--trust[-_]remote[-_]code\b(?![= ][Ff]alse)|\btrust_remote_code\"?[ \t]*[:=][ \t]*[Tt]rue\b"
    r"|TRUST_REMOTE_CODE[ \t]*[:=][ \t]*\"?(?:1|[Tt]rue)\b"
)


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each place that lets code of others in with a model."""
    yield from _given(repository)
    for code, call in repository.calls_of("torch.hub.load"):
        yield from _hub(code, call)
    for file in repository.of("dockerfile", "compose", "ci", "shell", "yaml", "json", "toml", "env"):
        for place, match in live_matches(file, _WRITTEN, "trust_remote_code", "trust-remote-code", "TRUST_REMOTE_CODE"):
            yield REMOTE.at(place, f"`{match[0].strip()}` runs code from the model's repository")


def _given(repository: Repository) -> Iterator[Finding]:
    calls = {id(key.value): Call(code.name_of(node.func), node, code.at(node)) for code, node, key in _trusting(repository)}
    for code, _, value in given_to(repository, "trust_remote_code"):
        if not isinstance(value, ast.Constant) or value.value is not True:
            continue
        call = calls.get(id(value))
        pinned = call is not None and _COMMIT.fullmatch(code.string(call.argument("revision")) or "") is not None
        model = code.string(call.argument("model") or call.argument("", 0)) if call else None
        yield REMOTE.at(
            code.at(value), f"`trust_remote_code=True`{f' for `{model}`' if model else ''}", severity="low" if pinned else "high"
        )


def _trusting(repository: Repository) -> Iterator[tuple[PythonCode, ast.Call, ast.keyword]]:
    """Yield the calls that trust code of others; they are few, and so are the files with them."""
    for code in {id(each.code): each.code for each in given_to(repository, "trust_remote_code")}.values():
        for node in code.nodes.get(ast.Call, ()):
            if isinstance(node, ast.Call):
                yield from ((code, node, each) for each in node.keywords if each.arg == "trust_remote_code")


def _hub(code: PythonCode, call: Call) -> Iterator[Finding]:
    name = code.string(call.argument("repo_or_dir", 0))
    if name is None or "/" not in name or code.string(call.argument("source")) == "local" or name.startswith((".", "/")):
        return
    if not _COMMIT.fullmatch(name.partition(":")[2]):
        yield HUB.at(call.at, f"`torch.hub.load` runs code of `{name}`, which can change")


GOOD = {
    "code that is not trusted": {
        "app.py": "from transformers import AutoModel\nm = AutoModel.from_pretrained('./b', trust_remote_code=False)\n"
    },
    "a commit": {"app.py": f"import torch\nm = torch.hub.load('pytorch/vision:{'a1' * 20}', 'resnet18')\n"},
    "a folder": {"app.py": "import torch\nm = torch.hub.load('./yolov5', 'custom', source='local')\n"},
    "a comment": {"start.sh": "# vllm serve m --trust-remote-code\nvllm serve m\n"},
}
BAD = {
    "trust-remote-code: a model": {
        "app.py": "from transformers import AutoModelForCausalLM\nm = AutoModelForCausalLM.from_pretrained(\n    'org/model',\n"
        "    trust_remote_code=True,\n)\n"
    },
    "trust-remote-code: a dataset": {
        "data.py": "from datasets import load_dataset\nd = load_dataset('org/data', trust_remote_code=True)\n"
    },
    "trust-remote-code: keyword arguments": {"app.py": "kwargs = {'trust_remote_code': True}\nm = load(**kwargs)\n"},
    "trust-remote-code: a command line": {"Dockerfile": 'FROM vllm/vllm-openai:v0.8.4\nCMD ["--model", "org/m", "--trust-remote-code"]\n'},
    "trust-remote-code: configuration": {"config.yaml": "model: org/m\ntrust_remote_code: true\n"},
    "torch-hub-branch: a branch": {"app.py": "import torch\nm = torch.hub.load('ultralytics/yolov5', 'yolov5s')\n"},
}
