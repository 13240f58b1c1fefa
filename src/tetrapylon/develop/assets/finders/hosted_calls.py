"""Hosted models that Python calls through the SDK of their provider: OpenAI and its like, Anthropic, Bedrock, Gemini, Ollama.

*What it does*: finds the calls that carry a model's name and resolves the name.
*Why it matters*: what is sent there leaves the house, and a name that moves changes the system without a release.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tetrapylon.develop.assets.endpoints import provider_at, provider_of_client
from tetrapylon.develop.assets.names import provider_of
from tetrapylon.develop.assets.seeing import hosted, imports_any
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_CALLS = (
    "completions.create", "completions.parse", "completions.stream", "responses.create", "responses.parse", "responses.stream",
    "embeddings.create", "images.generate", "images.edit", "transcriptions.create", "translations.create", "speech.create",
    "ChatCompletion.create", "ChatCompletion.acreate", "Completion.create", "Completion.acreate", "Embedding.create", "Image.create",
    "Audio.transcribe", "messages.create", "messages.stream", "messages.parse", "assistants.create", "threads.runs.create", "chat.complete",
    "chat.stream", "chat.complete_async", "fim.complete", "models.generate_content", "models.generate_content_stream",
    "models.embed_content",
    "models.generate_images", "chats.create", "live.connect", "realtime.connect", "invoke_model", "invoke_model_with_response_stream",
    "converse", "converse_stream", "chat_completion", "text_generation", "feature_extraction", "beta.chat.completions.parse",
    "batches.create",
)  # fmt: skip
"""Calls of clients, by their last words; each has the name in `model` or `modelId`."""

_ALONE = {
    "litellm": ("completion", "acompletion", "embedding", "aembedding", "text_completion", "image_generation", "responses"),
    "ollama": ("chat", "generate", "embeddings", "embed", "pull", "create"),
    "replicate": ("run", "async_run", "stream"),
    "cohere": ("chat", "generate", "embed", "rerank", "chat_stream", "classify"),
    "google.generativeai": ("GenerativeModel", "embed_content", "generate_text", "chat"),
    "google.genai": ("generate_content", "embed_content"),
    "vertexai": ("GenerativeModel", "from_pretrained"),
    "huggingface_hub": ("InferenceClient", "AsyncInferenceClient", "InferenceApi"),
    "voyageai": ("embed", "rerank"),
    "anthropic": ("completion", "completion_stream", "acompletion"),
    "mistralai": ("chat", "chat_stream", "embeddings", "complete"),
    "zhipuai": ("invoke",),
    "dashscope": ("call",),
    "aisuite": ("create",),
    "together": ("create",),
    "fireworks": ("create", "LLM"),
    "deepinfra": ("create",),
    "anyscale": ("create",),
}
"""Functions, classes and methods that count only where their package is imported, by package."""

_NAMES = ("model", "modelId", "model_id", "model_name", "engine", "deployment_id", "model_endpoint_name", "ref")
_FIRST = frozenset({"completion", "acompletion", "GenerativeModel", "from_pretrained", "run", "async_run", "chat", "generate", "pull",
                    "embedding",
                    "aembedding", "embed_content", "InferenceClient", "AsyncInferenceClient", "embeddings", "stream", "LLM"})  # fmt: skip
"""Those that take the name as their first argument."""

_PROVIDERS = {"litellm": "", "google.generativeai": "google", "google.genai": "google", "vertexai": "google",
    "huggingface_hub": "huggingface",
              "voyageai": "voyage", "anthropic": "anthropic", "mistralai": "mistral", "zhipuai": "zhipu", "dashscope": "alibaba",
              "aisuite": ""}  # fmt: skip
_CLIENTS = {
    "openai": "openai", "anthropic": "anthropic", "mistralai": "mistral", "cohere": "cohere", "groq": "groq", "together": "together",
    "fireworks": "fireworks", "ollama": "ollama", "google.generativeai": "google", "google.genai": "google", "vertexai": "google",
    "replicate": "replicate", "ai21": "ai21", "cerebras": "cerebras", "xai_sdk": "xai", "portkey_ai": "portkey",
}  # fmt: skip
"""Packages that are the client of one provider."""


def find(repository: Repository) -> Iterator[Component]:
    """Yield the hosted models that are called."""
    for code, call in repository.calls_of(*_CALLS):
        yield from _called(repository, code, call, _client(repository, code, call))
    words = dict.fromkeys(each for names in _ALONE.values() for each in names)
    for code, call in repository.calls_of(*words):
        word = call.name.rpartition(".")[2]
        for package, names in _ALONE.items():
            if word in names and _belongs(code, call, package):
                yield from _called(repository, code, call, _PROVIDERS.get(package, package))
                break
    yield from _unnamed(repository)


def _belongs(code: PythonCode, call: Call, package: str) -> bool:
    if call.name.startswith(f"{package}."):
        return True
    return call.name.startswith("?") and call.name.count(".") == 1 and imports_any(code, package) and _name_node(call) is not None


def _name_node(call: Call) -> ast.expr | None:
    named = next((found for each in _NAMES if (found := call.argument(each)) is not None), None)
    if named is None and call.name.rpartition(".")[2] in _FIRST and call.node.args:
        return call.node.args[0]
    return named


def _client(repository: Repository, code: PythonCode, call: Call) -> str:
    """Return the provider that the client of a call talks to."""
    if call.name.rpartition(".")[2].startswith(("invoke_model", "converse")):
        return "bedrock"
    found = [each for each in _CLIENTS if imports_any(code, each)]
    if "openai" in found:
        return provider_of_client(repository, code)
    return _CLIENTS[found[0]] if len(found) == 1 else ""


def _called(repository: Repository, code: PythonCode, call: Call, provider: str) -> Iterator[Component]:
    node = _name_node(call)
    if node is None:
        return
    how = f"`{call.name.removeprefix('?.')}`"
    for text, _ in values_of(repository).texts(code, node):
        name = text.strip()
        if not name or any(each in name for each in " \n{"):
            continue
        if call.name.endswith(("moderations.create",)) or (call.name.endswith("converse") and provider != "bedrock"):
            continue
        yield hosted(name, call.at, how, provider or provider_of(name) or _of_repository(repository))


def _of_repository(repository: Repository) -> str:
    """Return the one provider that anything in the repository is a client of, if there is just one."""
    found = {provider for code in repository.python for package, provider in _CLIENTS.items() if imports_any(code, package)}
    return found.pop() if len(found) == 1 else "openai" if "openai" in found else "unknown"


def _unnamed(repository: Repository) -> Iterator[Component]:
    """Yield providers whose client is made: they count only where none of their models is named."""
    clients = ("OpenAI", "AsyncOpenAI", "AzureOpenAI", "AsyncAzureOpenAI", "Anthropic", "AsyncAnthropic", "AnthropicBedrock", "Groq",
        "Together",
               "Mistral", "ClientV2", "Fireworks")  # fmt: skip
    for code, call in repository.calls_of(*clients):
        package = call.name.partition(".")[0]
        if package in _CLIENTS:
            provider = provider_at(repository, code, call) or _CLIENTS[package]
            yield hosted(provider, call.at, f"client `{call.name}`", provider)
    for code, call in repository.calls_of("client", "resource"):
        if values_of(repository).text(code, call.argument("service_name", 0)) in {"bedrock-runtime", "bedrock-agent-runtime"}:
            yield hosted("bedrock", call.at, "client of Bedrock", "bedrock")


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "OpenAI, a constant of another file": (
        {
            "app/draft.py": "from openai import OpenAI\nfrom app.config import MODEL\nclient = OpenAI()\n"
            "client.chat.completions.create(model=MODEL, messages=[])\n",
            "app/config.py": "import os\nMODEL = os.getenv('MODEL', 'gpt-4o-mini')\n",
        },
        {("hosted-model", "gpt-4o-mini"), ("hosted-model", "openai")},
    ),
    "old OpenAI": ({"a.py": "import openai\nopenai.ChatCompletion.create(model='gpt-3.5-turbo')\n"}, {("hosted-model", "gpt-3.5-turbo")}),
    "Anthropic": (
        {"a.py": "import anthropic\nc = anthropic.Anthropic()\nc.messages.create(model='claude-sonnet-4-20250514')\n"},
        {("hosted-model", "claude-sonnet-4-20250514"), ("hosted-model", "anthropic")},
    ),
    "Bedrock": (
        {"a.py": "import boto3\nb = boto3.client('bedrock-runtime')\nb.invoke_model(modelId='amazon.titan-embed-text-v2:0', body='')\n"},
        {("hosted-model", "amazon.titan-embed-text-v2:0"), ("hosted-model", "bedrock")},
    ),
    "Gemini, old and new": (
        {
            "a.py": "import google.generativeai as genai\ngenai.GenerativeModel('gemini-1.5-pro')\n",
            "b.py": "from google import genai\nc = genai.Client()\nc.models.generate_content(model='gemini-2.0-flash', contents='x')\n",
        },
        {("hosted-model", "gemini-1.5-pro"), ("hosted-model", "gemini-2.0-flash")},
    ),
    "LiteLLM and Ollama": (
        {"a.py": "import ollama\nfrom litellm import completion\ncompletion('groq/llama-3.1-8b-instant')\nollama.chat(model='llama3.2')\n"},
        {("hosted-model", "groq/llama-3.1-8b-instant"), ("hosted-model", "llama3.2")},
    ),
    "a class with a default": (
        {
            "a.py": "from openai import OpenAI\nclass A:\n  def __init__(self, model='local/x'):\n    self.model = model\n"
            "    self.c = OpenAI(base_url='http://localhost:8000/v1')\n  def ask(self):\n"
            "    self.c.chat.completions.create(model=self.model)\n"
        },
        {("hosted-model", "local/x"), ("hosted-model", "vllm")},
    ),
    "a message that is sent by telephone": (
        {"a.py": "from twilio.rest import Client\nClient().messages.create(body='x', to='y')\n"},
        set(),
    ),
    "a chat that is none": ({"a.py": "room.chat('hello')\nchess.generate(model='x')\n"}, set()),
}
