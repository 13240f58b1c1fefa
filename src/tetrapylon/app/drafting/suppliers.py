"""Who is behind the names of providers and hubs, and where they usually answer."""

from __future__ import annotations

from dataclasses import dataclass

from tetrapylon.app.drafting.part import Part, Value, found, guessed
from tetrapylon.system.finding import Component


@dataclass(frozen=True, slots=True)
class Hub:
    """A place that models are downloaded from by name."""

    key: str
    url: str


_HUGGING_FACE = Hub("huggingface", "https://huggingface.co")
_OF_HUGGING_FACE = frozenset(
    {"transformers", "diffusers", "sentence-transformers", "sentence_transformers", "huggingface", "hugging-face", "huggingface_hub", "hf"}
    | {"peft", "timm", "vllm", "optimum", "setfit", "@huggingface/transformers", "@xenova/transformers"}
)
"""Libraries that look a model up there when they are given a name."""

_NAMES = {
    "openai": ("OpenAI", "https://openai.com"),
    "anthropic": ("Anthropic", "https://www.anthropic.com"),
    "bedrock": ("Amazon Web Services (Bedrock)", "https://aws.amazon.com"),
    "gemini": ("Google (Gemini)", "https://ai.google.dev"),
    "google": ("Google", "https://ai.google.dev"),
    "vertex": ("Google Cloud (Vertex AI)", "https://cloud.google.com"),
    "azure": ("Microsoft Azure", "https://azure.microsoft.com"),
    "azure-openai": ("Microsoft Azure (OpenAI)", "https://azure.microsoft.com"),
    "mistral": ("Mistral AI", "https://mistral.ai"),
    "cohere": ("Cohere", "https://cohere.com"),
    "groq": ("Groq", "https://groq.com"),
    "together": ("Together AI", "https://www.together.ai"),
    "replicate": ("Replicate", "https://replicate.com"),
    "openrouter": ("OpenRouter", "https://openrouter.ai"),
    "deepseek": ("DeepSeek", "https://www.deepseek.com"),
    "xai": ("xAI", "https://x.ai"),
    "perplexity": ("Perplexity", "https://www.perplexity.ai"),
    "fireworks": ("Fireworks AI", "https://fireworks.ai"),
    "huggingface": ("Hugging Face", "https://huggingface.co"),
}
"""Names and addresses that somebody who declares a supplier would look up."""

_ADDRESSES = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "gemini": "https://generativelanguage.googleapis.com",
    "google": "https://generativelanguage.googleapis.com",
    "mistral": "https://api.mistral.ai/v1",
    "cohere": "https://api.cohere.com",
    "groq": "https://api.groq.com/openai/v1",
    "together": "https://api.together.xyz/v1",
    "replicate": "https://api.replicate.com",
    "openrouter": "https://openrouter.ai/api/v1",
    "deepseek": "https://api.deepseek.com",
    "xai": "https://api.x.ai/v1",
    "perplexity": "https://api.perplexity.ai",
    "fireworks": "https://api.fireworks.ai/inference/v1",
    "huggingface": "https://router.huggingface.co/v1",
    "nvidia": "https://integrate.api.nvidia.com/v1",
    "cerebras": "https://api.cerebras.ai/v1",
    "deepinfra": "https://api.deepinfra.com/v1/openai",
    "voyage": "https://api.voyageai.com/v1",
    "lm-studio": "http://127.0.0.1:1234/v1",
    "ollama": "http://127.0.0.1:11434",
    "vllm": "http://127.0.0.1:8000/v1",
}
"""Where the client of a provider goes when the code says nothing else; a cloud's depends on the region and is not guessed."""


_OWN = frozenset({"ollama", "vllm", "lm-studio", "tgi", "litellm", "llama.cpp", "localai"})


def is_own(provider: str) -> bool:
    """Return whether this is a program that one runs oneself, not a supplier."""
    return provider.lower() in _OWN


def hub_of(component: Component) -> Hub | None:
    """Return the hub that a model is downloaded from, where its library tells."""
    said = f"{component.facts.get('provider', '')} {component.facts.get('library', '')} {component.how}".lower().replace("`", " ")
    return _HUGGING_FACE if not _OF_HUGGING_FACE.isdisjoint(said.replace(".", " ").split()) else None


def address_of(provider: str) -> Value | None:
    """Return where a provider usually answers."""
    url = _ADDRESSES.get(provider.lower())
    return None if url is None else guessed(url, f"where the client of {provider} goes unless told otherwise")


def supplier_part(provider: str, component: Component) -> Part:
    """Return the supplier of a component."""
    return supplier_named(provider, found("", component.at))


def supplier_named(provider: str, origin: Value) -> Part:
    """Return the supplier that a provider's name stands for."""
    known = _NAMES.get(provider.lower())
    values = {} if known is None else {"name": guessed(known[0], "by the name of its client"), "url": guessed(known[1], "its public site")}
    return Part("supplier", f"supplier:{provider}", provider, values, origin, ("`contact` = who answers security questions",))
