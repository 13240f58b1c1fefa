"""Parts of AI systems that Terraform makes: deployments of models, agents, knowledge bases and endpoints.

*What it does*: reads the resources of Bedrock, Azure OpenAI, Vertex AI and SageMaker.
*Why it matters*: what is made there runs for as long as nobody takes it away, whoever still knows of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.assets.names import is_dated
from tetrapylon.develop.assets.seeing import component, hosted
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Kind

_RESOURCE = re.compile(r"^[ \t]*resource\s+\"(?P<type>\w+)\"\s+\"(?P<name>[\w-]+)\"\s*\{", re.MULTILINE)
_END = re.compile(r"^\}", re.MULTILINE)
_NESTED = re.compile(r"\bmodel\s*\{(?P<body>[^{}]{0,600})\}")
_PAIR = re.compile(r"\b(?P<key>\w+)\s*=\s*\"(?P<value>[^\"\n$]{1,300})\"")
_PARTS: dict[str, Kind] = {
    "aws_bedrockagent_agent": "agent",
    "aws_bedrockagent_knowledge_base": "vector-store",
    "aws_kendra_index": "vector-store",
    "google_vertex_ai_index": "vector-store",
    "google_vertex_ai_endpoint": "server",
    "aws_sagemaker_endpoint": "server",
    "aws_sagemaker_model": "model",
    "aws_sagemaker_notebook_instance": "server",
    "google_dialogflow_cx_agent": "agent",
}
_LONGEST = 8_000


def find(repository: Repository) -> Iterator[Component]:
    """Yield what Terraform makes."""
    for file in repository.of("text"):
        if not file.name.endswith(".tf"):
            continue
        for at, match in file.matches_in_code(_RESOURCE):
            end = _END.search(file.code, match.end(), match.end() + _LONGEST)
            body = file.code[match.end() : end.start() if end else match.end() + _LONGEST]
            kind = _PARTS.get(match["type"])
            said = dict(_PAIR.findall(body))
            if kind:
                name = next((said[each] for each in ("agent_name", "display_name", "name") if each in said), match["name"])
                yield component(kind, name, at, f"resource `{match['type']}`")
            elif match["type"] in {"azurerm_cognitive_deployment", "azurerm_openai_deployment"}:
                inner = _NESTED.search(body)
                model = dict(_PAIR.findall(inner["body"])) if inner else said
                if "name" in model:
                    pinned = {"revision": model["version"]} if "version" in model else {}
                    yield hosted(model["name"], at, f"resource `{match['type']}`", "azure-openai", **pinned)
            elif "foundation_model" in said and is_dated(said["foundation_model"]):
                yield hosted(said["foundation_model"], at, f"resource `{match['type']}`", "bedrock")


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "an agent and a deployment": (
        {
            "a.tf": 'resource "aws_bedrockagent_agent" "guide" {\n  agent_name = "museum-guide"\n}\n'
            'resource "azurerm_cognitive_deployment" "chat" {\n  name = "chat"\n  model {\n    name = "gpt-4o"\n'
            '    version = "2024-08-06"\n  }\n}\n'
        },
        {("agent", "museum-guide"), ("hosted-model", "gpt-4o")},
    ),
    "others": (
        {"a.tf": 'resource "aws_s3_bucket" "models" {\n  bucket = "gpt-4o"\n}\n', "b.txt": 'resource "aws_bedrockagent_agent" "x" {\n}\n'},
        set(),
    ),
}
