"""Addresses of hosted models: whose they are, by host and port."""

from __future__ import annotations

import ast
import re

from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository

HOSTS: tuple[tuple[str, str], ...] = (
    ("api.openai.com", "openai"),
    (".openai.azure.com", "azure-openai"),
    (".cognitiveservices.azure.com/openai", "azure-openai"),
    (".services.ai.azure.com", "azure-ai"),
    (".inference.ai.azure.com", "azure-ai"),
    ("models.inference.ai.azure.com", "github-models"),
    ("models.github.ai", "github-models"),
    ("api.anthropic.com", "anthropic"),
    ("generativelanguage.googleapis.com", "google"),
    ("aiplatform.googleapis.com", "google"),
    ("bedrock-runtime.", "bedrock"),
    ("api.mistral.ai", "mistral"),
    ("codestral.mistral.ai", "mistral"),
    ("api.cohere.ai", "cohere"),
    ("api.cohere.com", "cohere"),
    ("api.groq.com", "groq"),
    ("api.together.xyz", "together"),
    ("api.together.ai", "together"),
    ("api.fireworks.ai", "fireworks"),
    ("openrouter.ai/api", "openrouter"),
    ("api.replicate.com", "replicate"),
    ("api-inference.huggingface.co", "huggingface"),
    ("router.huggingface.co", "huggingface"),
    (".endpoints.huggingface.cloud", "huggingface"),
    ("api.deepseek.com", "deepseek"),
    ("api.perplexity.ai", "perplexity"),
    ("api.x.ai", "xai"),
    ("integrate.api.nvidia.com", "nvidia"),
    ("dashscope.aliyuncs.com", "alibaba"),
    ("dashscope-intl.aliyuncs.com", "alibaba"),
    ("api.moonshot.", "moonshot"),
    ("open.bigmodel.cn", "zhipu"),
    ("api.cerebras.ai", "cerebras"),
    ("api.sambanova.ai", "sambanova"),
    ("api.ai21.com", "ai21"),
    ("api.stability.ai", "stability"),
    ("api.elevenlabs.io", "elevenlabs"),
    ("api.deepgram.com", "deepgram"),
    ("api.assemblyai.com", "assemblyai"),
    ("api.voyageai.com", "voyage"),
    ("api.jina.ai", "jina"),
    ("api.deepinfra.com", "deepinfra"),
    ("api.novita.ai", "novita"),
    ("api.siliconflow.", "siliconflow"),
    ("gateway.ai.cloudflare.com", "cloudflare"),
    ("ark.cn-beijing.volces.com", "volcengine"),
)
"""Pieces of addresses and the provider behind them."""

_OWN = (
    (re.compile(r":11434\b|\bollama\b"), "ollama"),
    (re.compile(r":1234/v1\b|\blm-?studio\b"), "lm-studio"),
    (re.compile(r"\bvllm\b|:8000/v1\b"), "vllm"),
    (re.compile(r"\btgi\b|\btext-generation-inference\b"), "tgi"),
    (re.compile(r"\blitellm\b|:4000(?:/v1)?\b"), "litellm"),
    (re.compile(r"\bllama-?cpp\b|:8080/v1\b"), "llama.cpp"),
)


def provider_of_url(url: str) -> str:
    """Return who answers at an address, "" if it is nobody that is known."""
    lowered = url.lower()
    for piece, provider in HOSTS:
        if piece in lowered:
            return provider
    return next((provider for pattern, provider in _OWN if pattern.search(lowered)), "")


def provider_at(repository: Repository, code: PythonCode, call: Call) -> str:
    """Return the provider that a client is made for, "" if nothing says so."""
    if "Azure" in call.name:
        return "azure-openai"
    if "Bedrock" in call.name:
        return "bedrock"
    for name in ("base_url", "api_base", "openai_api_base", "azure_endpoint", "host", "endpoint"):
        node = call.argument(name)
        if node is not None:
            known = [found for text, _ in values_of(repository).texts(code, node) if (found := provider_of_url(text))]
            return known[0] if known else _by_name(node) or "openai-compatible"
    return ""


def _by_name(node: ast.expr) -> str:
    """Return the provider that the name of a setting tells: `VLLM_URL`, `settings.ollama_url`."""
    text = ast.unparse(node).lower()
    known = ("vllm", "ollama", "groq", "deepseek", "openrouter", "together", "fireworks", "mistral", "litellm", "lmstudio", "tgi", "azure")
    return next((each for each in known if each in text), "")


def provider_of_client(repository: Repository, code: PythonCode) -> str:
    """Return the provider of the OpenAI-compatible clients of a file: OpenAI unless every one has another address."""
    found = {
        provider_at(repository, code, call) or "openai"
        for call in code.calls_of("OpenAI", "AsyncOpenAI", "AzureOpenAI", "AsyncAzureOpenAI")
    }
    return found.pop() if len(found) == 1 else "openai"


def answering(code: PythonCode) -> str:
    """Return the provider whose address stands in a piece of Python, "" if there is none."""
    texts = (each.value for each in code.nodes.get(ast.Constant, ()) if isinstance(each, ast.Constant))
    return next((found for each in texts if isinstance(each, str) and "://" in each and (found := provider_of_url(each))), "")


_IN_PATH = tuple(
    re.compile(each)
    for each in (
        r"/models/(?P<name>[\w.-]+):(?:generate|stream|embed|batch|count|predict)\w*",
        r"huggingface\.co/(?:hf-inference/)?(?:models|pipeline/[\w-]+)/(?P<name>[\w.-]+(?:/[\w.-]+)?)",
        r"/openai/deployments/(?P<name>[\w.-]+)(?:/|$)",
        r"api\.openai\.com/v1/engines/(?P<name>[\w.-]+)/",
        r"api\.replicate\.com/v1/models/(?P<name>[\w.-]+/[\w.-]+)",
        r"bedrock-runtime\.[\w.-]+/model/(?P<name>[\w.:%-]+)/",
        r"/ai/run/(?P<name>@[\w./-]+)",
        r"/publishers/\w+/models/(?P<name>[\w.@-]+)",
    )
)


def model_in(url: str) -> str:
    """Return the model that an address names, "" if it names none.

    >>> model_in("https://api-inference.huggingface.co/models/org/net")
    'org/net'
    """
    return next((match["name"].strip("/") for pattern in _IN_PATH if (match := pattern.search(url))), "")


_HOST = re.compile(r"https://(?:[\w-]+\.)*?api[\w-]*\.(?:[\w-]+\.)*?(?P<name>[\w-]+)\.\w+(?:[/:]|$)")


def asked_host(code: PythonCode) -> str:
    """Return by the name of its host whose API a piece of Python asks, "" if it names none."""
    texts = (each.value for each in code.nodes.get(ast.Constant, ()) if isinstance(each, ast.Constant))
    return next((match["name"] for each in texts if isinstance(each, str) and (match := _HOST.match(each))), "")
