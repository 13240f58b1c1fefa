"""Servers of an AI system: of models in compose files, Dockerfiles and scripts, demos and APIs in Python.

*What it does*: knows the images and commands of vLLM, Ollama, TGI, Triton, MLflow, Ray, Jupyter and others, Gradio, Streamlit and
Chainlit, and web frameworks in files that also use models.
*Why it matters*: most of these listen without asking who calls.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.develop.assets.ecosystem import learns, repository_learns, repository_talks, talks
from tetrapylon.develop.assets.seeing import component
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.scopes import scopes_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_IMAGES: tuple[tuple[str, str], ...] = (
    ("vllm/vllm-openai", "vllm"), ("vllm/", "vllm"), ("ollama/ollama", "ollama"), ("text-generation-inference", "tgi"),
    ("text-embeddings-inference", "tei"),
    ("nvidia/tritonserver", "triton"), ("open-webui", "open-webui"), ("localai/localai", "localai"), ("go-skynet/local-ai", "localai"),
    ("berriai/litellm", "litellm"),
    ("tensorflow/serving", "tensorflow-serving"), ("pytorch/torchserve", "torchserve"), ("mlflow/mlflow", "mlflow"),
    ("rayproject/ray", "ray"), ("jupyter/", "jupyter"),
    ("jupyterhub/", "jupyterhub"), ("langflowai/langflow", "langflow"), ("flowiseai/flowise", "flowise"),
    ("mintplexlabs/anythingllm", "anythingllm"),
    ("langgenius/dify", "dify"), ("ggml-org/llama.cpp", "llama.cpp"), ("ggerganov/llama.cpp", "llama.cpp"),
    ("lmsysorg/sglang", "sglang"), ("nvcr.io/nim/", "nim"),
    ("bentoml/", "bentoml"), ("seldonio/", "seldon"), ("michaelf34/infinity", "infinity"), ("librechat", "librechat"),
    ("huggingface/chat-ui", "chat-ui"),
    ("comfyui", "comfyui"), ("stable-diffusion-webui", "stable-diffusion-webui"), ("openvino/model_server", "openvino-model-server"),
    ("lobehub/lobe-chat", "lobe-chat"),
)  # fmt: skip
_IMAGE = re.compile(
    r"\bimage:\s*[\"']?([\w./:@${}-]+)"
    r"|^FROM[ \t]+(?:--platform=\S+[ \t]+)?([\w./:@-]+)|\bdocker\s+run\b[^\n]{0,300}?\s([\w.-]+/[\w./-]+(?::[\w.-]+)?)",
    re.MULTILINE,
)
_COMMANDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"\bvllm[\"', \t]+serve\b|\bvllm\.entrypoints\b", "vllm"), (r"\bollama[\"', \t]+serve\b", "ollama"),
        (r"\bmlflow[\"', \t]+(?:server|ui)\b", "mlflow"),
        (r"\bmlflow[\"', \t]+models[\"', \t]+serve\b", "mlflow-models"), (r"\bbentoml[\"', \t]+serve\b", "bentoml"),
        (r"\b(?:ray[\"', \t]+serve|serve[\"', \t]+run)\b", "ray-serve"),
        (r"\bray[\"', \t]+start\b[^\n]{0,80}--head", "ray"), (r"\bjupyter[\"', \t-]+(?:lab|notebook|server)\b", "jupyter"),
        (r"\blitellm[\"', \t]+--(?:config|model|port)", "litellm"),
        (r"\btritonserver\b", "triton"), (r"\btext-generation-launcher\b", "tgi"), (r"\bllama-server\b|\bllama_cpp\.server\b", "llama.cpp"),
        (r"\bstreamlit[\"', \t]+run\b", "streamlit"), (r"\bchainlit[\"', \t]+run\b", "chainlit"), (r"\btorchserve\b", "torchserve"),
        (r"\blanggraph[\"', \t]+(?:dev|up)\b", "langgraph"),
        (r"\bsglang\.launch_server\b", "sglang"), (r"\bfastchat\.serve\b", "fastchat"), (r"\bmlserver[\"', \t]+start\b", "mlserver"),
        (r"\btensorboard[\"', \t]+--logdir", "tensorboard"),
        (r"\bmlx_lm\.server\b", "mlx-lm"), (r"\badk[\"', \t]+(?:web|api_server)\b", "google-adk"),
    )
)  # fmt: skip
_WORDS = ("serve", "ollama", "mlflow", "ray ", "jupyter", "litellm", "text-generation", "llama", "streamlit", "chainlit", "langgraph",
          "sglang",
          "vllm", "mlx_lm", "adk", "tensorboard")  # fmt: skip
_DEMOS = {"gradio": "gradio", "streamlit": "streamlit", "chainlit": "chainlit", "mesop": "mesop", "panel": "panel", "nicegui": "nicegui"}
_CLASSES: dict[str, str] = {
    "FastAPI": "fastapi", "Flask": "flask", "Quart": "quart", "Sanic": "sanic", "Litestar": "litestar", "Starlette": "starlette",
    "LitServer": "litserve",
}  # fmt: skip
_DECORATED = {"ray.serve.deployment": "ray-serve", "bentoml.service": "bentoml", "ray.serve.ingress": "ray-serve",
    "modal.web_endpoint": "modal",
              "modal.fastapi_endpoint": "modal", "modal.asgi_app": "modal"}  # fmt: skip


def find(repository: Repository) -> Iterator[Component]:
    """Yield the servers."""
    for file in repository.of("compose", "yaml", "dockerfile", "shell", "ci", "toml", "text"):
        if file.language == "text" and not file.name.endswith((".service", ".tf", ".ps1", ".bat")):
            continue
        for at, match in file.matches_in_code(_IMAGE):
            image = (match[1] or match[2] or match[3] or "").lower()
            name = next((name for piece, name in _IMAGES if piece in image), None)
            if name:
                yield component("server", name, at, f"image `{image}`")
        # Most files have none of the words, and looking for one is cheap.
        for pattern, name in _COMMANDS if any(word in file.text for word in _WORDS) else ():
            for at, _ in file.matches_in_code(pattern):
                yield component("server", name, at, "command that serves")
    if repository_talks(repository) or repository_learns(repository):
        for code in repository.python:
            yield from _python(repository, code)


def _python(repository: Repository, code: PythonCode) -> Iterator[Component]:
    for package in sorted(code.packages & _DEMOS.keys()):
        call = next((each for each in code.calls if each.name.startswith(f"{package}.")), None)
        if call is not None:
            yield component("server", _DEMOS[package], call.at, f"demo with {package}")
    for call in code.calls_of(*_CLASSES):
        word = call.name.rpartition(".")[2]
        if call.name.partition(".")[0] in {"fastapi", "flask", "quart", "sanic", "litestar", "starlette", "litserve"} and _near_models(
            repository, code
        ):
            yield component("server", _CLASSES[word], call.at, f"`{word}` in code that uses models")
    for node in (*code.nodes.get(ast.FunctionDef, ()), *code.nodes.get(ast.ClassDef, ())):
        for each in node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else ():
            name = code.name_of(each.func if isinstance(each, ast.Call) else each)
            if name in _DECORATED:
                yield component("server", _DECORATED[name], code.at(node), f"`@{name}`")


def _near_models(repository: Repository, code: PythonCode, depth: int = 0) -> bool:
    """Return whether a file uses models, or what it imports from the repository does."""
    if talks(code) or learns(code):
        return True
    if depth > 2:  # noqa: PLR2004 - an app, its routes, their service
        return False
    modules = (
        module
        for full in dict.fromkeys(code.imports.values())
        for name in (full, f"{full}.x")
        for module, _ in scopes_of(repository).module_of(code, name)
    )
    return any(_near_models(repository, each, depth + 1) for each in modules if each is not code)


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "compose and commands": (
        {
            "compose.yaml": "services:\n  o:\n    image: ollama/ollama:latest\n  w:\n    image: ghcr.io/open-webui/open-webui:main\n",
            "run.sh": "vllm serve x/y\nmlflow server --host 0.0.0.0\n",
            "Dockerfile": 'CMD ["streamlit", "run", "app.py"]\n',
        },
        {("server", "ollama"), ("server", "open-webui"), ("server", "vllm"), ("server", "mlflow"), ("server", "streamlit")},
    ),
    "Python": (
        {
            "a.py": "from fastapi import FastAPI\nfrom engine import ask\napp = FastAPI()\n",
            "engine.py": "from openai import OpenAI\n",
            "b.py": "import gradio as gr\ngr.Interface(f)\n",
        },
        {("server", "fastapi"), ("server", "gradio")},
    ),
    "others": (
        {
            "a.py": "from flask import Flask\nFlask(__name__)\nimport streamlit as st\nst.title('x')\n",
            "compose.yaml": "services:\n  db:\n    image: postgres:16\n",
        },
        set(),
    ),
}
