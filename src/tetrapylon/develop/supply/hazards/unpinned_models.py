"""Models that can change without anybody here changing anything.

*What it does*: finds models and datasets of a hub that are loaded without the commit, hosted models by a name that their provider
moves, and Ollama models by `latest`.
*Why it matters*: what was tested is not what runs: a new version behaves differently, and an exchanged one is an attack.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.naming import names_given
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Place, Rule

HUB = Rule(
    "unpinned-model",
    "medium",
    "a model is loaded without the commit of its repository",
    "Its owner, or whoever takes over the account, can exchange it; nothing here would notice.",
    'from_pretrained("OWNER/MODEL", revision="<commit of 40 hex digits>")',
)
ALIAS = Rule(
    "model-alias",
    "low",
    "a hosted model is named by an alias",
    "Its provider moves the name to other models: what was tested and what answers are not the same.",
    "name a dated snapshot, and test before moving to the next one",
)
LATEST = Rule(
    "model-latest",
    "low",
    "an Ollama model is named without a version",
    "`latest` is another model after the next pull.",
    "name the size and quantisation (`llama3.1:8b-instruct-q4_K_M`) and compare the digest that `ollama list` shows",
)
RULES = (HUB, ALIAS, LATEST)

_LOADS = (
    "from_pretrained",
    "hf_hub_download",
    "snapshot_download",
    "SentenceTransformer",
    "CrossEncoder",
    "datasets.load_dataset",
    "transformers.pipeline",
    "timm.create_model",
    "WhisperModel",
    "HuggingFaceEmbeddings",
    "HuggingFaceEmbedding",
    "HuggingFaceBgeEmbeddings",
    "HuggingFaceInstructEmbeddings",
    "HuggingFaceCrossEncoder",
    "SentenceTransformerEmbeddings",
    "SentenceTransformerRerank",
    "SentenceTransformersTextEmbedder",
    "SentenceTransformersDocumentEmbedder",
    "from_model_id",
    "vllm.LLM",
    "TextEmbedding",
    "FlagModel",
    "BGEM3FlagModel",
    "FlagReranker",
    "TransformersModel",
    "HuggingFaceLLM",
)
_NAMES = (
    "pretrained_model_name_or_path",
    "repo_id",
    "model_name_or_path",
    "model",
    "model_name",
    "path",
    "model_size_or_path",
    "model_id",
    "checkpoint_path",
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96}")
_OLD_ID = re.compile(
    r"(?:distil|ro)?bert[a-z]*-[\w-]+|(?:distil)?gpt2(?:-\w+)?|t5-\w+|all-(?:MiniLM|mpnet)[\w-]+|albert-[\w-]+"
    r"|xlnet-[\w-]+|xlm-[\w-]+|multi-qa-[\w-]+|paraphrase-[\w-]+"
)
_LOCAL = re.compile(
    r"(?:models?|checkpoints?|ckpts?|outputs?|results|data|weights|saved(?:_models?)?|artifacts?|tmp|runs|trained"
    r"|local|assets)/|[./~]"
)
_ALIAS = (
    r"(?:gpt-4o(?:-mini)?|gpt-4\.1(?:-mini|-nano)?|gpt-4(?:-turbo|-32k)?(?:-preview)?|gpt-3\.5-turbo(?:-16k)?"
    r"|gpt-5(?:\.\d)?(?:-mini|-nano)?|chatgpt-4o-latest|o[134](?:-mini|-pro|-preview)?"
    r"|claude-[\w.-]{1,30}-latest|claude-(?:opus|sonnet|haiku)-\d(?:-\d)?|claude-(?:2|instant-1|2\.[01])"
    r"|gemini-(?:pro|flash)(?:-vision)?|gemini-\d(?:\.\d)?-(?:pro|flash)(?:-lite|-8b)?(?:-latest)?|(?:mistral"
    r"|codestral|ministral|pixtral)-[a-z\d]{1,10}-latest|command-r(?:-plus)?|grok-\d(?:-latest|-mini)?)"
)
_IS_ALIAS = re.compile(rf"(?:openai/|anthropic/|google/|gemini/|openai:|anthropic:|models/|azure/)?{_ALIAS}")
_FIRST = frozenset("gcomapk")
"""What aliases begin with, with the prefixes of gateways."""

_WRITTEN = re.compile(
    rf"(?:(?<![a-zA-Z])model(?:_?(?:name|id))?[\"']?[ \t]*[:=][ \t]*|\b(?:openai|anthropic|google|mistral|groq)\("
    rf"|(?<![a-zA-Z])model[\w.]{{0,30}}[ \t]?[:=?|][^\n\"'`#]{{1,60}}[\"'`])[\"'`]?(?:openai/|anthropic/|google/"
    rf"|gemini/)?({_ALIAS})(?![\w.:-])",
    re.IGNORECASE,
)
_MODEL_WORD = re.compile(r"(?:^|_)(?:model|llm|engine|deployment)(?:_|$)", re.IGNORECASE)
_SERVED = re.compile(
    r"(?:--(?:model|model-id|model-path|hf-repo)[= \"',]{1,4}"
    r"|\bvllm[ \t]+serve[ \t]+)[\"']?([A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96})(?![\w/.-])"
)
_SCRIPT = re.compile(
    r"\bpipeline\(\s*[\"'`][\w-]{1,60}[\"'`]\s*,\s*[\"'`]([\w./-]{3,150})[\"'`]|\bfrom_pretrained\(\s*[\"'`]([\w./-]{3,150})[\"'`]"
)
_OLLAMA = ("ollama.chat", "ollama.generate", "ChatOllama", "OllamaLLM", "Ollama", "OllamaEmbeddings")
_OLLAMA_RUN = re.compile(r"\bollama[ \t]+(?:run|pull)[ \t]+([A-Za-z][\w./-]*)(?::(latest)\b)?(?![\w:./-])")
_OLLAMA_LATEST = re.compile(r"\bmodel[\"']?[ \t]*[:=][ \t]*[\"']?([a-z][\w./-]*:latest)\b")


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each model that can change by itself, once for each file and name."""
    folders = {part for file in repository.files for part in _above(file.path)} | {
        part for each in repository.artefacts for part in _above(each.path)
    }
    yield from _once(_hub(repository, folders))
    yield from _once(_served(repository))
    yield from _once(_aliases(repository))
    yield from _once(_ollama(repository))


def _above(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: end + 1]) for end in range(len(parts))] + ["/".join(parts[end:]) for end in range(len(parts))]


def _once(found: Iterator[tuple[Rule, Place, str, str]]) -> Iterator[Finding]:
    seen: set[tuple[str, str, str]] = set()
    for rule, place, name, title in found:
        if (rule.id, place.path, name) not in seen:
            seen.add((rule.id, place.path, name))
            yield rule.at(place, title)


def _hub(repository: Repository, folders: set[str]) -> Iterator[tuple[Rule, Place, str, str]]:
    for code, call in repository.calls_of(*_LOADS):
        revision = call.argument("revision")
        if revision is not None and not (isinstance(revision, ast.Constant) and not _COMMIT.fullmatch(str(revision.value))):
            continue
        what = "dataset" if call.name.endswith("load_dataset") else "model"
        for name in _loaded(repository, code, call):
            if name not in folders and not _LOCAL.match(name) and (_HUB_ID.fullmatch(name) or _OLD_ID.fullmatch(name)):
                yield HUB, call.at, name, f"{what} `{name}` is loaded without its commit"
                break
    yield from _scripts(repository)


def _scripts(repository: Repository) -> Iterator[tuple[Rule, Place, str, str]]:
    """Yield what Transformers.js loads."""
    for file in repository.of("javascript"):
        if "/transformers" in file.text and "revision" not in file.text:
            for place, match in live_matches(file, _SCRIPT, "pipeline(", "from_pretrained("):
                name = match[1] or match[2]
                if _HUB_ID.fullmatch(name) and not _LOCAL.match(name):
                    yield HUB, place, name, f"model `{name}` is loaded without its commit"


def _loaded(repository: Repository, code: PythonCode, call: Call) -> list[str]:
    """Return what a loader may be given as a name, the likeliest first."""
    given = next((found for each in _NAMES if (found := call.argument(each)) is not None), None)
    place = 1 if call.name.endswith((".pipeline", ".from_model_id")) else 0
    node = given if given is not None else call.argument("", place)
    return [text.removeprefix("hf-hub:") for text, _ in values_of(repository).texts(code, node)]


def _served(repository: Repository) -> Iterator[tuple[Rule, Place, str, str]]:
    """Yield what inference servers are started with."""
    for file in repository.of("dockerfile", "compose", "shell", "ci", "yaml"):
        if "--revision" in file.text:
            continue
        for place, match in live_matches(file, _SERVED, "--model", "vllm serve", "--hf-repo"):
            if not _LOCAL.match(match[1]):
                yield HUB, place, match[1], f"model `{match[1]}` is served without its commit"


def _aliases(repository: Repository) -> Iterator[tuple[Rule, Place, str, str]]:
    for place, name in _python_names(repository):
        if name[:1] in _FIRST and _IS_ALIAS.fullmatch(name):
            yield ALIAS, place, name, f"`{name}` is an alias that its provider moves"
    for file in repository.of("javascript", "yaml", "compose", "env", "toml", "json", "dockerfile"):
        if not file.name.endswith((".d.ts", ".min.js", "lock.json")):
            for place, match in live_matches(file, _WRITTEN, "odel", "MODEL", "openai(", "anthropic(", "google("):
                yield ALIAS, place, match[1], f"`{match[1]}` is an alias that its provider moves"


def _python_names(repository: Repository) -> Iterator[tuple[Place, str]]:
    """Yield what stands where a model is named: arguments, entries, defaults, and variables with the word in their name."""
    for name, found in names_given(repository).items():
        if _MODEL_WORD.search(name):
            for code, how, value in found:
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and (how != "entry" or name == "model"):
                    yield code.at(value), value.value
    for _, call in repository.calls_of("os.getenv", "os.environ.get", "init_chat_model", "GenerativeModel"):
        for each in call.node.args[:2]:
            if isinstance(each, ast.Constant):
                yield call.at, str(each.value)


def _ollama(repository: Repository) -> Iterator[tuple[Rule, Place, str, str]]:
    for code, call in repository.calls_of(*_OLLAMA):
        name = code.string(call.argument("model", 0 if call.name.startswith("ollama") else None))
        if name and re.fullmatch(r"[a-z][\w./-]*(?::latest)?", name):
            yield LATEST, call.at, name, f"Ollama model `{name}` is whatever is latest"
    for file in repository.of("dockerfile", "compose", "ci", "shell"):
        for place, match in live_matches(file, _OLLAMA_RUN, "ollama"):
            yield LATEST, place, match[1], f"Ollama model `{match[1]}` is whatever is latest"
    for file in repository.of("yaml", "toml", "json", "env", "javascript"):
        for place, match in live_matches(file, _OLLAMA_LATEST, ":latest"):
            yield LATEST, place, match[1], f"Ollama model `{match[1]}` is whatever is latest"


GOOD = {
    "a commit": {"app.py": f"from transformers import AutoModel\nm = AutoModel.from_pretrained('org/m', revision='{'0a' * 20}')\n"},
    "a folder": {
        "app.py": "from transformers import AutoModel\nm = AutoModel.from_pretrained('models/reader')\n"
        "n = AutoModel.from_pretrained('./out/x')\n"
        "o = AutoModel.from_pretrained(args.model)\np = AutoModel.from_pretrained('mine/reader')\n",
        "mine/reader/config.json": "{}\n",
    },
    "dated snapshots": {
        "app.py": "r = client.chat.completions.create(model='gpt-4o-2024-08-06', messages=[])\nMODEL = 'claude-3-5-sonnet-20241022'\n",
        "app.ts": 'const r = await openai.chat.completions.create({ model: "gpt-4o-mini-2024-07-18", messages });\n',
    },
    "a size": {
        "app.py": "import ollama\nollama.chat(model='llama3.1:8b-instruct-q4_K_M')\n",
        "run.sh": "ollama pull llama3.1:8b-instruct-q4_0\n",
    },
    "words that are no models": {"app.py": "kind = 'gpt-4o'\nprint('o1', 'command-r')\nmodel = load('x')\n"},
}
BAD = {
    "unpinned-model: transformers": {
        "app.py": "from transformers import AutoModel\nm = AutoModel.from_pretrained('meta-llama/Llama-3.1-8B')\n"
    },
    "unpinned-model: by a name": {
        "app.py": "from transformers import pipeline\nNAME = 'org/model'\np = pipeline('text-generation', model=NAME)\n"
    },
    "unpinned-model: in the settings": {
        "settings.py": "class Settings:\n    reader: str = 'org/reader'\n",
        "app.py": "from transformers import AutoModel\nfrom settings import Settings\ns = Settings()\n"
        "m = AutoModel.from_pretrained(s.reader)\n",
    },
    "unpinned-model: a key of JSON": {
        "config.json": '{"ENCODER": "bert-base-cased"}',
        "app.py": "import json\nfrom transformers import BertModel\nwith open('config.json') as f:\n    config = json.load(f)\n"
        "m = BertModel.from_pretrained(config['ENCODER'])\n",
    },
    "unpinned-model: a default": {
        "app.py": "from transformers import AutoModel\nclass Reader:\n    def __init__(self, name='org/reader'):\n"
        "        self.name = name\n        self.model = AutoModel.from_pretrained(self.name)\n",
    },
    "unpinned-model: an argument of the command line": {
        "app.py": "import argparse\nfrom sentence_transformers import SentenceTransformer\np = argparse.ArgumentParser()\n"
        "p.add_argument('--model', default='org/embed')\nargs = p.parse_args()\nm = SentenceTransformer(args.model)\n",
    },
    "unpinned-model: while an image is built": {
        "Dockerfile": "FROM python:3.12\nRUN python -c \"from transformers import AutoModel; AutoModel.from_pretrained('org/m')\"\n"
    },
    "unpinned-model: Transformers.js": {
        "a.js": "import { pipeline } from '@xenova/transformers';\nconst p = await pipeline('feature-extraction', 'Xenova/embed');\n"
    },
    "unpinned-model: a server": {"start.sh": "vllm serve org/model --host 127.0.0.1\n"},
    "unpinned-model: a branch": {"app.py": "from transformers import AutoModel\nm = AutoModel.from_pretrained('org/m', revision='main')\n"},
    "unpinned-model: embeddings": {
        "app.py": "from sentence_transformers import SentenceTransformer\nm = SentenceTransformer('all-MiniLM-L6-v2')\n"
    },
    "unpinned-model: data": {"app.py": "from datasets import load_dataset\nd = load_dataset('squad/v2')\n"},
    "model-alias: an argument": {"app.py": "r = client.chat.completions.create(model='gpt-4o', messages=[])\n"},
    "model-alias: a setting": {"settings.py": "import os\nmodel = os.getenv('LLM', 'claude-3-5-sonnet-latest')\n"},
    "model-alias: TypeScript": {"app.ts": 'const r = await generateText({ model: openai("gpt-4o-mini"), prompt });\n'},
    "model-alias: a default": {"config.ts": 'const schema = z.object({ CHAT_MODEL: z.string().default("gpt-4.1-mini") });\n'},
    "model-alias: the environment": {".env.example": "OPENAI_MODEL=gpt-4o\n"},
    "model-latest: Python": {"app.py": "import ollama\nr = ollama.chat(model='llama3', messages=[])\n"},
    "model-latest: a script": {"start.sh": "ollama pull mistral\n"},
}
