"""Models that are named outside of Python: Modelfiles, `ollama pull`, arguments of servers in compose files and scripts, keys of settings.

*What it does*: reads what a server is started with and what configuration calls a model.
*Why it matters*: these names choose the weights, and they are rarely pinned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.assets.commands import commands_of
from tetrapylon.develop.assets.names import is_hub_name, is_model_path, is_surely_hosted
from tetrapylon.develop.assets.seeing import component, path_id
from tetrapylon.outside.repository.configs import settings_of
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_FROM = re.compile(r"^FROM[ \t]+(\S+)", re.MULTILINE | re.IGNORECASE)
_OLLAMA = re.compile(r"\bollama[\"', \t]+(?:pull|run)[\"', \t]+([\w.:/-]+)")
_BODY = 150
"""Characters behind the head of a loop that belong to it."""

_LOOP = re.compile(r"\bfor[ \t]+\w+[ \t]+in[ \t]+([\w.:/ -]{3,200})")
_ARGUMENT = re.compile(
    r"--?(?:model(?:-id|-path|_id|_path|_name_or_path)?|hf-repo|base-model|embedding-model|served-model)"
    r"(?:[= \t]+|[\"'],?\s*-?\s*[\"']?)[\"']?(?P<name>[\w./:-]{3,150})"
)
_SERVE = re.compile(r"\b(?:vllm[\"', \t]+serve|trtllm-serve|sglang\.launch_server[ \t]+--model-path)[\"', \t]+([\w./:-]{3,150})")
_HUB_CLI = re.compile(r"\b(?:huggingface-cli|hf)[ \t]+download[ \t]+(?:--[\w-]+[ \t]+)*([\w.-]+/[\w.-]+)")
_SPACY = re.compile(r"\bspacy[ \t]+download[ \t]+([\w-]{4,60})")
_CLONE = re.compile(r"\bgit[ \t]+clone[ \t]+https://huggingface\.co/(?!datasets/|spaces/)([\w.-]+/[\w.-]+)")
_SERVERS = re.compile(
    r"vllm|text-generation|text-embeddings|sglang|llama|tgi|infinity|aphrodite|lmdeploy|triton|mlx|train|finetune|accelerate|torchrun|deepspeed|python",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"^(?:[\w.-]*(?:model|embedding|reranker|checkpoint|backbone)(?:_?(?:name|id|path|file|repo|name_or_path|name_or_dir))?|base_model\w*|repo_id|hf_repo)$",
    re.IGNORECASE,
)
_OUTER = re.compile(r"model|embed|llm|rerank|backbone|encoder", re.IGNORECASE)
_NAMED = frozenset({"name", "id", "path", "repo", "model_id", "repo_id", "name_or_path", "_name_or_path", "pretrained"})
_VARIABLE = re.compile(
    r"^[ \t]*(?:export |- |ENV |ARG )?[\"']?(\w{0,60}(?:MODEL|EMBED)\w{0,60})[\"']?"
    r"[ \t]*[:=][ \t]*[\"']?(?P<name>[\w.:@/-]{3,150})[\"']?[ \t]*$",
    re.MULTILINE,
)
_ENTRY = re.compile(r"\bname:[ \t]*[\"']?\w{0,60}(?:MODEL|EMBED)\w{0,60}[\"']?[ \t]*\n[ \t]*value:[ \t]*[\"']?(?P<name>[\w.:@/-]{3,150})")


def find(repository: Repository) -> Iterator[Component]:
    """Yield the models that files name."""
    for file in commands_of(repository):
        yield from _commands(repository, file)
    for file in repository.of("yaml", "text", "env"):
        if file.name.lower().endswith("modelfile"):
            yield from (component("model", match[1], at, "`FROM` of a Modelfile", provider="ollama") for at, match in file.matches(_FROM))
        elif not file.name.endswith((".txt", ".csv", ".log", ".html", ".rst")):
            yield from _commands(repository, file)
    yield from _settings(repository)


def _commands(repository: Repository, file: TextFile) -> Iterator[Component]:
    if "ollama" in file.text:
        yield from _pulled(file)
    for pattern, how in (
        (_SERVE, "served by vLLM"),
        (_HUB_CLI, "downloaded"),
        (_SPACY, "downloaded for spaCy"),
        (_CLONE, "cloned from a hub"),
    ):
        yield from (component("model", match[1], at, how) for at, match in file.matches_in_code(pattern) if "$" not in match[1])
    if "--model" in file.text and _SERVERS.search(file.text):
        yield from _named(repository, file, _ARGUMENT, "argument of a command")
    if file.language != "text":
        yield from _named(repository, file, _VARIABLE, "variable")
    if file.language in {"yaml", "compose"} and "value" in file.text:
        yield from _named(repository, file, _ENTRY, "variable of a container")


def _pulled(file: TextFile) -> Iterator[Component]:
    for at, match in file.matches_in_code(_OLLAMA):
        yield component("model", match[1], at, "`ollama pull`", provider="ollama")
    for at, match in file.matches_in_code(_LOOP):
        body = file.code[match.end() : match.end() + _BODY]
        if "ollama pull" in body or "ollama run" in body:
            yield from (component("model", each, at, "`ollama pull`", provider="ollama") for each in match[1].split())


def _named(repository: Repository, file: TextFile, pattern: re.Pattern[str], how: str) -> Iterator[Component]:
    for at, match in file.matches_in_code(pattern):
        name = match["name"]
        if is_model_path(name):
            yield component("model", path_id(repository, name), at, how, path=name)
        elif is_hub_name(name) and not is_surely_hosted(name):
            yield component("model", name, at, how)


def _settings(repository: Repository) -> Iterator[Component]:
    for each in settings_of(repository):
        keys = [key for key in each.keys if key != "[]"]
        if not keys or is_surely_hosted(each.text) or len(each.text) > 150 or each.at.path.startswith(".github"):  # noqa: PLR2004 - longer than a name
            continue
        about = _KEY.match(keys[-1]) is not None or (keys[-1] in _NAMED and len(keys) > 1 and _OUTER.search(keys[-2]) is not None)
        if not about or "image" in keys[-1]:
            continue
        if is_model_path(each.text):
            yield component("model", path_id(repository, each.text, each.at.path), each.at, f"setting `{keys[-1]}`", path=each.text)
        elif (
            is_hub_name(each.text)
            and not each.text.startswith((".", "/", "~"))
            and not each.text.endswith((".py", ".yaml", ".json", ".txt", ".jinja"))
        ):
            revision = next(
                (
                    other.text
                    for other in settings_of(repository)
                    if other.keys == (*each.keys[:-1], "revision") and other.at.path == each.at.path
                ),
                "",
            )
            yield component("model", each.text, each.at, f"setting `{keys[-1]}`", revision=revision)


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "Ollama": (
        {
            "m/a.Modelfile": "FROM llama3.1:8b\nSYSTEM x\n",
            "pull.sh": "ollama pull nomic-embed-text\nfor model in phi3 qwen2.5-coder:7b; do\n"
            "  docker compose exec ollama ollama pull $model\ndone\n",
        },
        {("model", "llama3.1:8b"), ("model", "nomic-embed-text"), ("model", "phi3"), ("model", "qwen2.5-coder:7b")},
    ),
    "servers": (
        {
            "compose.yaml": "services:\n  vllm:\n    image: vllm/vllm-openai:v0.6\n    command:\n      - --model=mistralai/Mistral-7B\n",
            "run.sh": "vllm serve Qwen/Qwen2.5-7B --port 8000\nhuggingface-cli download BAAI/bge-m3\n"
            "python -m spacy download en_core_web_sm\n",
        },
        {("model", "mistralai/Mistral-7B"), ("model", "Qwen/Qwen2.5-7B"), ("model", "BAAI/bge-m3"), ("model", "en_core_web_sm")},
    ),
    "settings": (
        {"a.yaml": "base_model: org/base\nembedding:\n  name: BAAI/bge-m3\n  revision: abc\n", "b.toml": "[x]\nmodel_path = 'm/a.onnx'\n"},
        {("model", "org/base"), ("model", "BAAI/bge-m3"), ("model", "m/a.onnx")},
    ),
    "others": (
        {
            "a.yaml": "model: boats/small\n"[:0] + "name: a/b\nimage: org/model\n",
            "Dockerfile": "FROM python:3.12\nRUN make --model x\n",
            "b.sh": "ollama serve\n",
        },
        set(),
    ),
}
