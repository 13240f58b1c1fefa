"""Hosted models behind frameworks: LangChain, LlamaIndex, Haystack, CrewAI, AutoGen, Pydantic AI, DSPy, Semantic Kernel and others.

*What it does*: knows the classes and functions by which frameworks name a model. *Why it matters*: a framework hides whose model it is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tetrapylon.develop.assets.endpoints import provider_at
from tetrapylon.develop.assets.names import provider_of
from tetrapylon.develop.assets.seeing import hosted
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_FRAMEWORKS = (
    "langchain", "llama_index", "haystack", "crewai", "autogen", "pyautogen", "pydantic_ai", "dspy", "semantic_kernel", "smolagents",
    "agno", "phi",
    "camel", "mirascope", "instructor", "marvin", "guidance", "deepeval", "ragas", "agents", "google.adk", "strands", "chromadb", "mem0",
    "lmql",
    "embedchain", "swarm", "letta", "outlines", "magentic", "llmware", "txtai", "controlflow", "atomic_agents", "browser_use", "litellm",
)  # fmt: skip
_PIECES: tuple[tuple[str, str], ...] = (
    ("azure", "azure-openai"), ("bedrock", "bedrock"), ("openrouter", "openrouter"), ("deepseek", "deepseek"), ("anthropic", "anthropic"),
    ("claude", "anthropic"), ("vertex", "google"), ("googlepalm", "google"), ("gemini", "google"), ("google", "google"),
    ("mistral", "mistral"),
    ("cohere", "cohere"), ("groq", "groq"), ("together", "together"), ("fireworks", "fireworks"), ("ollama", "ollama"), ("vllm", "vllm"),
    ("huggingfaceendpoint", "huggingface"), ("chathuggingface", "huggingface"), ("huggingfacehub", "huggingface"), ("hfapi", "huggingface"),
    ("huggingfaceapi", "huggingface"), ("huggingfaceinference", "huggingface"), ("inferenceclient", "huggingface"), ("nvidia", "nvidia"),
    ("replicate", "replicate"), ("perplexity", "perplexity"), ("xai", "xai"), ("voyage", "voyage"), ("jina", "jina"),
    ("watsonx", "watsonx"),
    ("deepinfra", "deepinfra"), ("tongyi", "alibaba"), ("dashscope", "alibaba"), ("zhipu", "zhipu"), ("moonshot", "moonshot"),
    ("cerebras", "cerebras"), ("sambanova", "sambanova"), ("databricks", "databricks"), ("sagemaker", "sagemaker"),
    ("openailike", "openai-compatible"),
    ("litellm", ""), ("openai", "openai"),
)  # fmt: skip
_GENERIC = frozenset(
    {"LLM", "LM", "init_chat_model", "init_embeddings", "Embedder", "LiteLlm", "LiteLLMModel", "LitellmModel", "Completions"}
)
_AGENTS = frozenset({"Agent", "AssistantAgent", "LlmAgent", "Crew", "ConversableAgent", "create_react_agent", "create_agent",
                     "CodeAgent", "Assistant",
                     "ToolCallingAgent", "override", "run_sync", "run"})  # fmt: skip
"""What takes a model by its name in `model`."""

_NOT = ("Agent", "Chain", "Loader", "Parser", "Message", "Tool", "Settings", "Config", "Callback", "Splitter", "Store", "Search",
        "Memory", "Retriever",
        "Tokenizer", "Guard", "Provider", "Client", "Moderation", "Reader", "Exception", "Error", "Params")  # fmt: skip
_NAMES = ("model", "model_name", "model_id", "repo_id", "deployment_name", "azure_deployment", "deployment", "engine", "endpoint_url",
          "ai_model_id", "llm", "reasoning_model_id", "id", "endpoint_name")  # fmt: skip


_DEFAULTS = {
    "OpenAIEmbeddings": "text-embedding-ada-002", "OpenAIEmbedding": "text-embedding-ada-002", "ChatOpenAI": "gpt-3.5-turbo",
    "OpenAIEmbeddingFunction": "text-embedding-ada-002", "OpenAITextEmbedder": "text-embedding-ada-002",
    "OpenAIDocumentEmbedder": "text-embedding-ada-002", "BedrockEmbeddings": "amazon.titan-embed-text-v1",
}  # fmt: skip
"""What these have taken for years if they are given no name."""


def find(repository: Repository) -> Iterator[Component]:
    """Yield the hosted models that frameworks are given."""
    for code in repository.python:
        if not any(full.startswith(_FRAMEWORKS) for full in code.imports.values()):
            continue
        for call in code.calls:
            if call.name.startswith(_FRAMEWORKS):
                yield from _framework(repository, code, call)


def _framework(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    word = call.name.rpartition(".")[2]
    if word in _AGENTS and word[0].isupper() | word.startswith("create"):
        yield from _of_agent(repository, code, call)
    elif word in _GENERIC:
        yield from _named(repository, code, call, "")
    elif word[:1].isupper() and not word.endswith(_NOT):
        lowered = word.lower()
        provider = next((provider for piece, provider in _PIECES if piece in lowered), None)
        if provider is not None:
            yield from _named(repository, code, call, provider)


def _of_agent(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    """Yield the model of an agent that is given by its name alone; an object is found where it is made."""
    word = call.name.rpartition(".")[2]
    node = call.argument("model", 0 if call.name.startswith("pydantic_ai") or word.startswith("create_") else None)
    node = node if node is not None else call.argument("llm")
    for text, _ in values_of(repository).texts(code, node) if not isinstance(node, ast.Call) else ():
        provider = provider_of(text)
        if provider:
            yield hosted(_bare(text), call.at, f"`{word}` of {call.name.partition('.')[0]}", provider)


def _named(repository: Repository, code: PythonCode, call: Call, provider: str) -> Iterator[Component]:
    how = f"`{call.name.rpartition('.')[2]}` of {call.name.partition('.')[0]}"
    node = next((found for each in _NAMES if (found := call.argument(each)) is not None), call.argument("", 0))
    there = provider_at(repository, code, call) or provider
    prefix = values_of(repository).text(code, call.argument("model_provider")) or ""
    names = [text for text, _ in values_of(repository).texts(code, node) if text and not set(text) & set(" \n{")]
    for name in names:
        yield hosted(_bare(name), call.at, how, there or prefix or provider_of(name) or "unknown")
    word = call.name.rpartition(".")[2]
    if not names and node is None and there == provider and word in _DEFAULTS:
        yield hosted(_DEFAULTS[word], call.at, f"{how} with its default model", there)
    elif not names and there:
        # What nothing in the tree tells.
        yield hosted(there, call.at, how, there)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
            yield hosted(ast.unparse(node)[:80], call.at, how, there, named="no")


def _bare(name: str) -> str:
    """Return a name without `provider:` before it, as Pydantic AI and LangChain write it."""
    head, mark, rest = name.partition(":")
    return rest if mark and head.replace("-", "_").isidentifier() and provider_of(rest) and "." not in head and "-v" not in head else name


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "LangChain": (
        {
            "a.py": "from langchain_openai import ChatOpenAI, OpenAIEmbeddings\nfrom langchain_anthropic import ChatAnthropic\n"
            "from langchain.chat_models import init_chat_model\n"
            "ChatOpenAI(model=cfg['answer']['model'])\nOpenAIEmbeddings(model='text-embedding-3-small')\n"
            "ChatAnthropic(model='claude-3-haiku-20240307')\n"
            "init_chat_model('google_genai:gemini-2.0-flash')\n",
            "c.yaml": "answer:\n  model: gpt-4o\n",
        },
        {
            ("hosted-model", "gpt-4o"),
            ("hosted-model", "text-embedding-3-small"),
            ("hosted-model", "claude-3-haiku-20240307"),
            ("hosted-model", "gemini-2.0-flash"),
        },
    ),
    "LlamaIndex, Pydantic AI and CrewAI": (
        {
            "a.py": "from llama_index.llms.mistralai import MistralAI\nfrom pydantic_ai import Agent\nfrom crewai import LLM\n"
            "MistralAI(model='mistral-large-latest')\nAgent('openai:gpt-4o')\nLLM(model='ollama/llama3')\n"
        },
        {("hosted-model", "mistral-large-latest"), ("hosted-model", "gpt-4o"), ("hosted-model", "ollama/llama3")},
    ),
    "a default": (
        {"a.py": "from langchain_openai import ChatOpenAI, OpenAIEmbeddings\nChatOpenAI(temperature=0)\nOpenAIEmbeddings()\n"},
        {("hosted-model", "gpt-3.5-turbo"), ("hosted-model", "text-embedding-ada-002")},
    ),
    "an agent with an object, and tools": (
        {"a.py": "from agents import Agent\nfrom langchain.tools import OpenAITool\nAgent(name='x', model=m)\nOpenAITool('gpt')\n"},
        set(),
    ),
}
