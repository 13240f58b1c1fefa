"""Libraries of AI that a project depends on, with their versions: lock files, requirements, `pyproject.toml`, `environment.yml`, `package.json`.

*What it does*: looks up dependencies among the names of libraries that learn, run or talk to models. *Why it matters*: advisories are about libraries and
versions, and frameworks of AI have many.
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

_PYTHON = frozenset(
    """openai anthropic mistralai cohere groq together fireworks-ai ollama replicate litellm google-generativeai google-genai google-cloud-aiplatform vertexai
    huggingface-hub transformers tokenizers datasets accelerate peft trl diffusers sentence-transformers safetensors optimum bitsandbytes unsloth vllm
    llama-cpp-python ctransformers gpt4all torch torchvision torchaudio tensorflow tensorflow-cpu keras jax flax scikit-learn xgboost lightgbm catboost onnx
    onnxruntime onnxruntime-gpu tflite-runtime spacy gensim timm ultralytics openai-whisper faster-whisper fastai lightning pytorch-lightning mlflow mlflow-skinny wandb
    langchain langchain-core langchain-community langchain-openai langchain-anthropic langchain-google-genai langchain-aws langchain-ollama langchain-chroma
    langchain-huggingface langchain-mistralai langchain-groq langgraph llama-index llama-index-core haystack-ai crewai autogen-agentchat pyautogen ag2 pydantic-ai
    dspy dspy-ai semantic-kernel smolagents agno openai-agents google-adk strands-agents instructor guidance outlines mcp fastmcp chainlit gradio streamlit
    chromadb qdrant-client pinecone pinecone-client weaviate-client pymilvus lancedb faiss-cpu faiss-gpu pgvector redisvl hnswlib
    nemoguardrails guardrails-ai llm-guard presidio-analyzer presidio-anonymizer detoxify ragas deepeval promptflow langfuse langsmith tiktoken
    stable-baselines3 skl2onnx bentoml ray tensorflow-datasets open-clip-torch segment-anything deepspeed flash-attn setfit bertopic evaluate optuna""".split()
)  # fmt: skip
_SCRIPTS = frozenset(
    """openai @anthropic-ai/sdk @google/generative-ai @google/genai @mistralai/mistralai cohere-ai groq-sdk together-ai replicate ollama @huggingface/inference
    @huggingface/transformers @xenova/transformers @aws-sdk/client-bedrock-runtime @azure/openai ai @ai-sdk/openai @ai-sdk/anthropic @ai-sdk/google @ai-sdk/mistral
    @ai-sdk/amazon-bedrock @ai-sdk/azure langchain @langchain/core @langchain/openai @langchain/anthropic @langchain/community @langchain/langgraph llamaindex
    @mastra/core @openai/agents @modelcontextprotocol/sdk genkit @tensorflow/tfjs @tensorflow/tfjs-node onnxruntime-node onnxruntime-web
    @pinecone-database/pinecone chromadb @qdrant/js-client-rest weaviate-client @zilliz/milvus2-sdk-node @lancedb/lancedb promptfoo""".split()
)  # fmt: skip
_REQUIREMENT = re.compile(
    r"^[ \t]*-?[ \t]*([A-Za-z0-9][\w.-]*)(?:\[[\w, .-]*\])?[ \t]*(?:(===?|~=|>=|<=|>|<|!=|=)[ \t]*([\w.*+!-]+))?", re.MULTILINE
)
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
    match = re.search(rf"(?im)^[^\n]{{0,60}}?(?<![\w-]){re.escape(name).replace('-', '[-_.]')}(?![\w-])", file.text)
    return file.at(match.end() - 1) if match else Place(file.path)


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
    elif (
        file.language == "lock"
        and file.name.endswith((".txt", ".in", ".lock"))
        and not file.name.startswith(("yarn", "Cargo", "Gemfile", "bun", "go"))
    ):
        yield from _requirements(file.code)
    elif file.name in {"environment.yml", "environment.yaml", "conda.yaml", "Pipfile"}:
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
