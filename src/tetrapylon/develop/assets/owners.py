"""Whose a model is by the name of the setting that names it: `OLLAMA_MODEL`, `default_groq_model`."""

from __future__ import annotations

import re

PROVIDERS = {
    "ollama": "ollama", "openai": "openai", "azure": "azure-openai", "anthropic": "anthropic", "claude": "anthropic", "gemini": "google",
    "google": "google",
    "vertex": "google", "vertexai": "google", "groq": "groq", "mistral": "mistral", "mistralai": "mistral", "deepseek": "deepseek",
    "cohere": "cohere",
    "together": "together", "openrouter": "openrouter", "fireworks": "fireworks", "bedrock": "bedrock", "xai": "xai", "grok": "xai",
    "perplexity": "perplexity", "nvidia": "nvidia", "vllm": "vllm", "lmstudio": "lm-studio", "qwen": "alibaba", "dashscope": "alibaba",
    "ali": "alibaba",
    "zhipu": "zhipu", "zhipuai": "zhipu", "moonshot": "moonshot", "kimi": "moonshot", "silicon": "siliconflow",
    "siliconflow": "siliconflow",
    "modelscope": "modelscope", "xinference": "xinference", "replicate": "replicate", "voyage": "voyage", "jina": "jina",
    "cerebras": "cerebras",
    "minimax": "minimax", "stepfun": "stepfun", "volcengine": "volcengine", "doubao": "volcengine", "litellm": "",
    "elevenlabs": "elevenlabs",
    "deepinfra": "deepinfra",
}  # fmt: skip
"""Providers by what people call them."""

ROUTERS = frozenset(
    {
        "openrouter",
        "together",
        "siliconflow",
        "modelscope",
        "nvidia",
        "groq",
        "fireworks",
        "replicate",
        "deepinfra",
        "vllm",
        "lm-studio",
        "xinference",
        "cerebras",
    }
)
"""Who serves the models of others by their names on a hub."""

_OWNED = re.compile(
    rf"^(?:default_?|my_?|app_?)?(?P<provider>{'|'.join(PROVIDERS)})_(?:\w{{1,30}}_)?model(?:_?(?:name|id))?(?:_default)?$"
    rf"|^default_(?P<late>{'|'.join(PROVIDERS)})_model$",
    re.IGNORECASE,
)
_ROUTED = re.compile(
    r"(?:ollama|ollama_chat|azure|azure_ai|groq|together_ai|fireworks_ai|openrouter|bedrock|vertex_ai|gemini|hosted_vllm|litellm|perplexity|xai|replicate|lm_studio)/"
)


def owner_of(name: str) -> str | None:
    """Return the provider that the name of a setting for a model tells, "" if it is a router of all, None if it tells none."""
    match = _OWNED.match(name)
    return PROVIDERS[(match["provider"] or match["late"]).lower()] if match else None


def is_routed(text: str) -> bool:
    """Return whether the name of a model begins with whose it is, as LiteLLM wants it; owners on a hub are called otherwise."""
    return _ROUTED.match(text) is not None
