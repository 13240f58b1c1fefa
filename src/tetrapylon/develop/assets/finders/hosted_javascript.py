"""Hosted models in JavaScript and TypeScript: SDKs of providers, the Vercel AI SDK, LangChain.js and names that are surely of models.

*What it does*: looks in scripts that import such a package for what names the model. *Why it matters*: the front of many AI systems is a
Node service, and the key and the data go out from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.assets.endpoints import provider_of_url
from tetrapylon.develop.assets.javascript import imports_any, named_texts, texts_of
from tetrapylon.develop.assets.names import is_surely_hosted, provider_of
from tetrapylon.develop.assets.seeing import component, hosted
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_SDKS: tuple[tuple[str, str], ...] = (
    ("openai", "openai"), ("@azure/openai", "azure-openai"), ("@anthropic-ai/sdk", "anthropic"), ("@anthropic-ai/bedrock-sdk", "bedrock"),
    ("@google/generative-ai", "google"), ("@google/genai", "google"), ("@google-cloud/vertexai", "google"),
    ("@mistralai/mistralai", "mistral"),
    ("cohere-ai", "cohere"), ("groq-sdk", "groq"), ("together-ai", "together"), ("replicate", "replicate"), ("ollama", "ollama"),
    ("@huggingface/inference", "huggingface"), ("@aws-sdk/client-bedrock-runtime", "bedrock"), ("@langchain/openai", "openai"),
    ("@langchain/anthropic", "anthropic"), ("@langchain/google-genai", "google"), ("@langchain/aws", "bedrock"),
    ("@langchain/ollama", "ollama"),
    ("@langchain/mistralai", "mistral"), ("@langchain/groq", "groq"), ("@langchain/cohere", "cohere"), ("openai-edge", "openai"),
    ("@ai-sdk/openai", "openai"), ("@ai-sdk/anthropic", "anthropic"), ("@ai-sdk/google", "google"), ("@ai-sdk/mistral", "mistral"),
    ("@ai-sdk/amazon-bedrock", "bedrock"), ("@ai-sdk/azure", "azure-openai"), ("@ai-sdk/groq", "groq"),
    ("@openrouter/ai-sdk-provider", "openrouter"),
    ("@ai-sdk/openai-compatible", "openai-compatible"), ("llamaindex", ""), ("langchain", ""), ("ai", ""), ("@mastra/core", ""),
    ("@openai/agents", "openai"), ("genkit", ""), ("@genkit-ai/googleai", "google"), ("ollama-ai-provider", "ollama"),
    ("@ai-sdk/xai", "xai"),
    ("@ai-sdk/deepseek", "deepseek"), ("@ai-sdk/cohere", "cohere"), ("@ai-sdk/perplexity", "perplexity"), ("voyageai", "voyage"),
)  # fmt: skip
_ROUTERS = frozenset({"azure-openai", "bedrock", "openrouter", "openai-compatible"})
"""Providers that serve the models of others under their names."""

_MODEL = re.compile(
    r"(?:^|[\s{,(])(?:model|modelId|modelName|model_id|deployment|deploymentName|engine)\s*:\s*(?P<value>[^,;\n})]{1,160})", re.MULTILINE
)
_SHORT = re.compile(r"[{,]\s*(?P<value>model|modelId|modelName)\s*[,}]")
_CALLED = re.compile(
    r"\b(?P<provider>openai|anthropic|google|mistral|groq|bedrock|azure|xai|cohere|deepseek|openrouter|ollama|vertex|perplexity|gateway)"
    r"(?:\.(?:chat|responses|completion|embedding|textEmbeddingModel|textEmbedding|image|languageModel|transcription|speech))?\(\s*(?P<value>[^)\n]{1,120})\)"
)
_URL = re.compile(r"https?://[\w.-]+(?::\d{2,5})?[\w./-]*")
_NAMED = re.compile(r"model|llm|engine|deployment|embed", re.IGNORECASE)
_DEFAULTED = re.compile(r"(?:\?\?|\|\||\.default\(|=)\s*[\"'`](?P<text>[\w.:@/-]{4,100})[\"'`]")
_LOCAL = re.compile(
    r"\bpipeline\(\s*[\"'`][\w-]+[\"'`]\s*,\s*[\"'`](?P<name>[\w./-]+)[\"'`]|\bfrom_pretrained\(\s*[\"'`](?P<pretrained>[\w./-]+)[\"'`]"
)
_CLIENT = re.compile(
    r"\bnew\s+(OpenAI|AzureOpenAI|Anthropic|GoogleGenerativeAI|GoogleGenAI|Groq|Mistral|CohereClient|BedrockRuntimeClient|Ollama|HfInference)\("
)


def find(repository: Repository) -> Iterator[Component]:
    """Yield the hosted models that scripts name."""
    for file in repository.of("javascript"):
        providers = [provider for package, provider in _SDKS if imports_any(file, package)] or _addressed(file)
        if providers:
            provider = next(filter(None, providers), "")
            yield from _called(repository, file, provider)
            yield from _client(file, provider)
        yield from _sure(file)
        if imports_any(file, "@xenova/transformers", "@huggingface/transformers"):
            for at, match in file.matches_in_code(_LOCAL):
                yield component(
                    "model", match["name"] or match["pretrained"], at, "`pipeline` of Transformers.js", library="transformers.js"
                )


def _addressed(file: TextFile) -> list[str]:
    """Return the providers that a script without an SDK sends messages to."""
    if "messages" not in file.text and "prompt" not in file.text:
        return []
    return [provider for each in _URL.findall(file.code) if (provider := provider_of_url(each))]


def _called(repository: Repository, file: TextFile, provider: str) -> Iterator[Component]:
    direct = imports_any(file, *(package for package, _ in _SDKS if package.startswith(("@ai-sdk", "@openrouter", "ollama-ai"))))
    for pattern in (_MODEL, _SHORT, *((_CALLED,) if direct else ())):
        for at, match in file.matches_in_code(pattern):
            said = match["provider"] if "provider" in pattern.groupindex else ""
            for text in texts_of(repository, file, match["value"]):
                known = provider_of(text)
                plain = "(" not in match["value"] and any(quote in match["value"] for quote in "\"'`")
                if not set(text) & set(" \n$") and (known or said or plain):
                    yield hosted(text, at, "name in a script", provider if provider in _ROUTERS else said or known or provider or "unknown")


def _client(file: TextFile, provider: str) -> Iterator[Component]:
    if provider:
        for at, match in file.matches_in_code(_CLIENT):
            yield hosted(provider, at, f"client `{match[1]}`", provider)


def _sure(file: TextFile) -> Iterator[Component]:
    for name, text, offset in named_texts(file):
        if is_surely_hosted(text) and _NAMED.search(name):
            yield hosted(text, file.at(offset), f"`{name}`", provider_of(text))
    for at, match in file.matches_in_code(_DEFAULTED):
        if is_surely_hosted(match["text"]):
            yield hosted(match["text"], at, "default in a script", provider_of(match["text"]))


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "OpenAI with settings": (
        {
            "src/config.ts": "export const c = z.object({ CHAT_MODEL: z.string().default('gpt-4.1-mini'), PORT: z.number() });\n",
            "src/a.ts": "import OpenAI from 'openai';\nimport { config } from './config';\nconst o = new OpenAI();\n"
            "await o.chat.completions.create({ model: config.CHAT_MODEL, messages: [] });\n",
        },
        {("hosted-model", "gpt-4.1-mini"), ("hosted-model", "openai")},
    ),
    "the AI SDK": (
        {"a.ts": "import { openai } from '@ai-sdk/openai';\nimport { streamText } from 'ai';\nstreamText({ model: openai('gpt-4o') });\n"},
        {("hosted-model", "gpt-4o")},
    ),
    "Anthropic, an environment": (
        {
            "a.js": "const Anthropic = require('@anthropic-ai/sdk');\nconst MODEL = process.env.MODEL || 'claude-3-5-haiku-20241022';\n"
            "m({ model: MODEL });\n"
        },
        {("hosted-model", "claude-3-5-haiku-20241022")},
    ),
    "Transformers.js": (
        {"a.js": "import { pipeline } from '@xenova/transformers';\nawait pipeline('feature-extraction', 'Xenova/all-MiniLM-L6-v2');\n"},
        {("model", "Xenova/all-MiniLM-L6-v2")},
    ),
    "a bare request": (
        {"a.js": "fetch('http://localhost:11434/api/chat', { body: JSON.stringify({ model: 'llama3', messages }) });\n"},
        {("hosted-model", "llama3")},
    ),
    "other models": (
        {
            "a.ts": "import mongoose from 'mongoose';\nconst x = { model: 'Boat', engine: 'V8' };\n// model: 'gpt-4o'\n"
            "mongoose.model('User', s);\n"
        },
        set(),
    ),
}
