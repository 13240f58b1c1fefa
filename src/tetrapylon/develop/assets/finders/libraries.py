"""Libraries of AI that a project depends on, with their versions, from lock files, requirements and `package.json`.

*What it does*: looks up dependencies among the names of libraries that learn, run or talk to models.
*Why it matters*: advisories are about libraries and versions, and frameworks of AI have many.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from tetrapylon.develop.assets.seeing import component
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Place

_PYTHON_NAMES = """
accelerate ag2 agno anthropic autogen-agentchat bentoml bertopic bitsandbytes catboost chainlit chromadb cohere crewai ctransformers
datasets deepeval deepspeed detoxify diffusers dspy dspy-ai evaluate faiss-cpu faiss-gpu fastai faster-whisper fastmcp fireworks-ai
flash-attn flax gensim google-adk google-cloud-aiplatform google-genai google-generativeai gpt4all gradio groq guardrails-ai
guidance haystack-ai hnswlib huggingface-hub instructor jax keras lancedb langchain langchain-anthropic langchain-aws
langchain-chroma langchain-community langchain-core langchain-google-genai langchain-groq langchain-huggingface langchain-mistralai
langchain-ollama langchain-openai langfuse langgraph langsmith lightgbm lightning litellm llama-cpp-python llama-index
llama-index-core llm-guard mcp mistralai mlflow mlflow-skinny nemoguardrails ollama onnx onnxruntime onnxruntime-gpu open-clip-torch
openai openai-agents openai-whisper optimum optuna outlines peft pgvector pinecone pinecone-client presidio-analyzer
presidio-anonymizer promptflow pyautogen pydantic-ai pymilvus pytorch-lightning qdrant-client ragas ray redisvl replicate
safetensors scikit-learn segment-anything semantic-kernel sentence-transformers setfit skl2onnx smolagents spacy stable-baselines3
strands-agents streamlit tensorflow tensorflow-cpu tensorflow-datasets tflite-runtime tiktoken timm together tokenizers torch
torchaudio torchvision transformers trl ultralytics unsloth vertexai vllm wandb weaviate-client xgboost
"""
_PYTHON = frozenset(_PYTHON_NAMES.split())
_SCRIPTS_NAMES = """
@ai-sdk/amazon-bedrock @ai-sdk/anthropic @ai-sdk/azure @ai-sdk/google @ai-sdk/mistral @ai-sdk/openai @anthropic-ai/sdk
@aws-sdk/client-bedrock-runtime @azure/openai @google/genai @google/generative-ai @huggingface/inference @huggingface/transformers
@lancedb/lancedb @langchain/anthropic @langchain/community @langchain/core @langchain/langgraph @langchain/openai @mastra/core
@mistralai/mistralai @modelcontextprotocol/sdk @openai/agents @pinecone-database/pinecone @qdrant/js-client-rest @tensorflow/tfjs
@tensorflow/tfjs-node @xenova/transformers @zilliz/milvus2-sdk-node ai chromadb cohere-ai genkit groq-sdk langchain llamaindex
ollama onnxruntime-node onnxruntime-web openai promptfoo replicate together-ai weaviate-client
"""
_SCRIPTS = frozenset(_SCRIPTS_NAMES.split())
_REQUIREMENT = re.compile(
    r"^[ \t]*-?[ \t]*([A-Za-z0-9][\w.-]*)(?:\[[\w, .-]*\])?[ \t]*(?:(===?|~=|>=|<=|>|<|!=|=)[ \t]*([\w.*+!-]+))?", re.MULTILINE
)
_CONDA = frozenset({"environment.yml", "environment.yaml", "conda.yaml", "Pipfile"})
_TEXTS = (".txt", ".in", ".lock")
_OTHERS = ("yarn", "Cargo", "Gemfile", "bun", "go")
"""Lock files of other languages."""

_EXACT = frozenset({"==", "===", "="})


def find(repository: Repository) -> Iterator[Component]:
    """Yield the libraries, those of lock files first because they know the version."""
    for file in sorted(repository.files, key=lambda each: not each.name.endswith((".lock", "-lock.json"))):
        for name, version, exact in _depended(file):
            yield component(
                "library",
                name,
                _place(file, name),
                f"in `{file.name}`",
                version=version if exact else None,
                wanted=None if exact else version,
            )


def _place(file: TextFile, name: str) -> Place:
    for form in (f'"{name}"', f"'{name}'", f'/{name}"', f'"{name}', f"'{name}", name, name.replace("-", "_")):
        offset = file.text.find(form)
        if offset >= 0:
            return file.at(offset)
    return Place(file.path)


def _depended(file: TextFile) -> Iterator[tuple[str, str, bool]]:
    if file.name in {"uv.lock", "poetry.lock", "pdm.lock"}:
        whole = _toml(file)
        packages = whole.get("package")
        for each in packages if isinstance(packages, list) else ():
            if isinstance(each, dict):
                yield from _known(str(each.get("name", "")), str(each.get("version", "")), exact=True)
    elif file.name == "pyproject.toml":
        yield from _pyproject(_toml(file))
    elif file.name in {"package.json", "Pipfile.lock", "package-lock.json"}:
        yield from _json(file)
    elif file.name in _CONDA or (file.language == "lock" and file.name.endswith(_TEXTS) and not file.name.startswith(_OTHERS)):
        yield from _requirements(file.code)


def _requirements(text: str) -> Iterator[tuple[str, str, bool]]:
    for match in _REQUIREMENT.finditer(text):
        yield from _known(match[1], match[3] or "", exact=match[2] in _EXACT)


def _known(name: str, version: str, *, exact: bool) -> Iterator[tuple[str, str, bool]]:
    plain = re.sub(r"[-_.]+", "-", name).lower()
    if plain in _PYTHON or plain.startswith(("langchain-", "llama-index-")):
        yield plain, version, exact


def _toml(file: TextFile) -> dict[str, Any]:
    try:
        return tomllib.loads(file.text)
    except (ValueError, RecursionError):
        return {}


def _pyproject(whole: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    project, tool = whole.get("project"), whole.get("tool")
    optional = project.get("optional-dependencies") if isinstance(project, dict) else None
    groups = [project.get("dependencies")] if isinstance(project, dict) else []
    groups += list(optional.values()) if isinstance(optional, dict) else []
    more = whole.get("dependency-groups")
    groups += list(more.values()) if isinstance(more, dict) else []
    yield from _requirements("\n".join(str(each) for group in groups if isinstance(group, list) for each in group))
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    named = poetry.get("dependencies") if isinstance(poetry, dict) else None
    for name, wanted in named.items() if isinstance(named, dict) else ():
        yield from _known(name, str(wanted.get("version", "") if isinstance(wanted, dict) else wanted), exact=False)


def _json(file: TextFile) -> Iterator[tuple[str, str, bool]]:
    try:
        whole = json.loads(file.text)
    except (ValueError, RecursionError):
        return
    if not isinstance(whole, dict):
        return
    for part in ("dependencies", "devDependencies", "packages", "default", "develop"):
        found = whole.get(part)
        for key, each in found.items() if isinstance(found, dict) else ():
            name = key.rpartition("node_modules/")[2]
            version = str(each.get("version", "") if isinstance(each, dict) else each).lstrip("=")
            if file.name == "Pipfile.lock":
                yield from _known(name, version, exact=True)
            elif name in _SCRIPTS or name.startswith(("@ai-sdk/", "@langchain/")):
                yield name, version, file.name == "package-lock.json" or version[:1].isdigit()


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "Python": (
        {
            "requirements.txt": "openai==1.2.3\ntorch>=2\nrequests\n# transformers\n",
            "pyproject.toml": "[project]\ndependencies = ['langchain-openai>=0.2', 'httpx']\n",
            "uv.lock": "[[package]]\nname = 'chromadb'\nversion = '0.5'\n",
            "environment.yml": "dependencies:\n  - scikit-learn=1.5\n",
        },
        {
            ("library", "openai"),
            ("library", "torch"),
            ("library", "langchain-openai"),
            ("library", "chromadb"),
            ("library", "scikit-learn"),
        },
    ),
    "scripts": ({"package.json": '{"dependencies": {"openai": "^4.0.0", "express": "4"}}'}, {("library", "openai")}),
    "others": ({"requirements.txt": "flask\n-r openai.txt\n", "notes.txt": "openai\n", "package.json": "[]"}, set()),
}
