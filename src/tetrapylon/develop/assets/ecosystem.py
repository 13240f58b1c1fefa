"""Which packages make code part of an AI system, and whether a file or a repository uses any of them."""

from __future__ import annotations

import ast

from tetrapylon.develop.assets.javascript import imports_of
from tetrapylon.develop.assets.seeing import imports_any
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository

MODELS = (
    "openai", "anthropic", "google.generativeai", "google.genai", "vertexai", "mistralai", "cohere", "groq", "together", "fireworks",
    "ollama",
    "replicate", "litellm", "huggingface_hub", "langchain", "langgraph", "llama_index", "haystack", "crewai", "autogen", "pydantic_ai",
    "dspy",
    "semantic_kernel", "smolagents", "agno", "phi", "agents", "google.adk", "strands", "instructor", "mirascope", "guidance", "marvin",
    "outlines",
    "transformers", "vllm", "llama_cpp", "ctransformers", "gpt4all", "aisuite", "portkey_ai", "promptflow", "promptlayer", "langfuse",
    "langsmith",
    "deepeval", "ragas", "chainlit", "swarm", "camel", "azure.ai", "zhipuai", "dashscope", "mlx_lm", "peft", "trl", "unsloth",
    "diffusers",
    "claude_agent_sdk", "browser_use", "embedchain", "mem0", "letta", "magentic", "ell", "sentence_transformers", "mcp", "fastmcp",
    "nemoguardrails",
)  # fmt: skip
"""Packages of Python that talk to models of language or pictures."""

LEARNING = ("sklearn", "xgboost", "lightgbm", "catboost", "torch", "tensorflow", "keras", "onnxruntime", "joblib", "jax", "fastai",
            "ultralytics", "spacy",
            "mlflow", "tflite_runtime", "timm", "torchvision", "whisper", "faster_whisper", "stable_baselines3")  # fmt: skip
"""Packages of Python that learn, or run what was learned."""

SCRIPTS = (
    "openai", "@anthropic-ai", "@google/generative-ai", "@google/genai", "@google-cloud/vertexai", "@mistralai", "cohere-ai", "groq-sdk",
    "together-ai",
    "replicate", "ollama", "@huggingface", "@aws-sdk/client-bedrock-runtime", "@langchain", "langchain", "llamaindex", "@llamaindex",
    "ai", "@ai-sdk",
    "@mastra", "@openai", "@xenova/transformers", "@modelcontextprotocol", "genkit", "@genkit-ai", "@openrouter", "@azure/openai",
    "openai-edge",
)  # fmt: skip
"""Packages of JavaScript that talk to models."""


def talks(code: PythonCode) -> bool:
    """Return whether a piece of Python imports what talks to models."""
    return imports_any(code, *MODELS) or ("boto3" in code.beginnings and _names_bedrock(code))


def _names_bedrock(code: PythonCode) -> bool:
    """Return whether a text in a piece of Python is the name of a service of Bedrock: boto3 alone is a client of everything."""
    texts = (each.value for each in code.nodes.get(ast.Constant, ()) if isinstance(each, ast.Constant))
    return any(isinstance(each, str) and each.startswith("bedrock") for each in texts)


def learns(code: PythonCode) -> bool:
    """Return whether a piece of Python imports what learns or runs models."""
    return imports_any(code, *LEARNING)


def script_talks(file: TextFile) -> bool:
    """Return whether a script imports what talks to models."""
    found = imports_of(file)
    return any(each == package or each.startswith(f"{package}/") for each in found for package in SCRIPTS)


def repository_talks(repository: Repository) -> bool:
    """Return whether anything in a repository imports what talks to models, or calls one by its address."""
    return repository.once("talks", _talks)


def _talks(repository: Repository) -> bool:
    from tetrapylon.develop.assets.endpoints import HOSTS

    if any(talks(code) for code in repository.python) or any(map(script_talks, repository.of("javascript"))):
        return True
    pieces = [piece for piece, _ in HOSTS]
    return any(piece in file.text for file in repository.of("python", "javascript", "notebook", "env") for piece in (*pieces, ":11434"))


def repository_learns(repository: Repository) -> bool:
    """Return whether anything in a repository imports what learns or runs models."""
    return repository.once("learns", lambda each: any(learns(code) or talks(code) for code in each.python))
