"""Guards in front of and behind a model: moderation, classifiers of injection, filters of personal data, rails.

*What it does*: knows NeMo Guardrails, Guardrails AI, Llama Guard, Prompt Guard, Presidio, LLM Guard, OpenAI moderation,
guardrails of Bedrock, Azure Content Safety and others.
*Why it matters*: what is claimed to protect the system has to be known, tracked and tested as the model is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.develop.assets.javascript import imports_any as script_imports
from tetrapylon.develop.assets.seeing import component, entries, functions_of, imports_any
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_CALLS: dict[str, tuple[str, str]] = {
    "LLMRails": ("nemoguardrails", "nemo-guardrails"), "RunnableRails": ("nemoguardrails", "nemo-guardrails"),
    "RailsConfig.from_path": ("nemoguardrails", "nemo-guardrails"),
    "Guard": ("guardrails", "guardrails-ai"), "AsyncGuard": ("guardrails", "guardrails-ai"),
    "from_pydantic": ("guardrails", "guardrails-ai"),
    "from_rail": ("guardrails", "guardrails-ai"), "AnalyzerEngine": ("presidio_analyzer", "presidio"),
    "AnonymizerEngine": ("presidio_anonymizer", "presidio"),
    "PresidioAnonymizer": ("langchain_experimental", "presidio"), "PresidioReversibleAnonymizer": ("langchain_experimental", "presidio"),
    "scan_prompt": ("llm_guard", "llm-guard"), "scan_output": ("llm_guard", "llm-guard"), "PromptInjection": ("llm_guard", "llm-guard"),
    "Anonymize": ("llm_guard", "llm-guard"), "ContentSafetyClient": ("azure", "azure-content-safety"), "Rebuff": ("rebuff", "rebuff"),
    "RebuffSdk": ("rebuff", "rebuff"), "Detoxify": ("detoxify", "detoxify"), "OpenAIModerationChain": ("langchain", "openai-moderation"),
    "ConstitutionalChain": ("langchain", "constitutional-chain"), "AmazonComprehendModerationChain": ("langchain", "amazon-comprehend"),
    "HuggingFaceInjectionIdentifier": ("langchain_experimental", "injection-identifier"),
    "InputGuardrail": ("agents", "openai-agents-guardrail"),
    "OutputGuardrail": ("agents", "openai-agents-guardrail"), "GuardrailsOpenAI": ("guardrails", "openai-guardrails"),
    "LlamaFirewall": ("llamafirewall", "llama-firewall"),
    "PIIMiddleware": ("langchain", "pii-middleware"), "Vigil": ("vigil", "vigil"), "PromptShield": ("azure", "azure-prompt-shield"),
    "sanitize_user_prompt": ("google", "model-armor"),
    "ModelArmorClient": ("google", "model-armor"),
}  # fmt: skip
_MODELS = re.compile(
    r"llama-?guard|prompt-?guard|shieldgemma|granite-guardian|deberta-v3\S*prompt-injection|wildguard|nemoguard|injec-guard|toxic-bert|piiranha|shieldlm",
    re.IGNORECASE,
)
_WORDS = ("uard", "hieldgemma", "hieldGemma", "prompt-injection", "toxic-bert", "piiranha", "hieldlm", "hieldLM", "uardian")
"""Of every name of a model that guards there is one of these in it."""

_NAME = re.compile(r"[\w.]+[-/][\w./:-]+")
_LONGEST = 120
"""Characters of the name of a model."""

_DECORATED = frozenset({"input_guardrail", "output_guardrail", "tool_input_guardrail"})
_MODERATION = re.compile(r"\bmoderations\.create\(\s*(?:\{[^{}]{0,200}?\bmodel:\s*[\"'`]([\w.-]+)[\"'`])?")
_SCRIPT_BEDROCK = re.compile(r"\b(?:guardrailIdentifier|guardrailId)\s*:\s*(?:[\"'`]([\w:./-]+)[\"'`])?")
_URLS = (("api.lakera.ai", "lakera-guard"), ("/contentsafety/", "azure-content-safety"), ("/v1/moderations", "openai-moderation"))
_TERRAFORM = re.compile(r"\bresource\s+\"aws_bedrock_guardrail\"\s+\"([\w-]+)\"")


def find(repository: Repository) -> Iterator[Component]:
    """Yield the guards."""
    for code, call in repository.calls_of(*_CALLS):
        key = next(each for each in _CALLS if call.name == each or call.name.endswith(f".{each}"))
        package, name = _CALLS[key]
        if call.name.startswith((f"{package}.", f"{package}_")) or (call.name.startswith("?") and imports_any(code, package)):
            yield component("guardrail", name, call.at, f"`{call.name}`")
    for code, call in repository.calls_of("moderations.create", "Moderation.create", "classifiers.moderate", "moderate_chat"):
        model = values_of(repository).text(code, call.argument("model"))
        yield component("guardrail", model or "openai-moderation", call.at, f"`{call.name.removeprefix('?.')}`", provider="openai")
    for code, call in repository.calls_of(
        "converse", "converse_stream", "invoke_model", "apply_guardrail", "ChatBedrock", "ChatBedrockConverse", "BedrockModel"
    ):
        nodes = [
            call.argument(each) for each in ("guardrailIdentifier", "guardrailConfig", "guardrails", "guardrail_config", "guardrail_id")
        ]
        for node in filter(None, nodes):
            inner = _identifier(node)
            known = values_of(repository).text(code, inner)
            yield component("guardrail", known or "bedrock-guardrails", call.at, "guardrail of Bedrock", provider="bedrock")
    yield from _named(repository)
    yield from _scripts(repository)


def _identifier(node: ast.expr) -> ast.expr | None:
    if not isinstance(node, ast.Dict):
        return node
    return next((value for key, value in entries(node).items() if key.lower() in {"guardrailidentifier", "guardrail_id"}), None)


def _named(repository: Repository) -> Iterator[Component]:
    wordy = {each.path for each in repository.of("python", "notebook") if any(word in each.text for word in _WORDS)}
    for code in repository.python:
        if code.path in wordy:
            yield from _models(code)
            yield from _decorated(code)
    for file in repository.of("python", "javascript", "notebook"):
        for piece, name in _URLS:
            offset = file.code.find(piece) if piece in file.text else -1
            if offset >= 0:
                yield component("guardrail", name, file.at(offset), f"address with `{piece}`")


def _models(code: PythonCode) -> Iterator[Component]:
    for node in code.nodes.get(ast.Constant, ()):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else " "
        if len(text) < _LONGEST and _NAME.fullmatch(text) and _MODELS.search(text):
            yield component("guardrail", text, code.at(node), "model that guards")


def _decorated(code: PythonCode) -> Iterator[Component]:
    for node in functions_of(code):
        for each in node.decorator_list:
            name = code.name_of(each.func if isinstance(each, ast.Call) else each)
            if name.rpartition(".")[2] in _DECORATED and name.startswith("agents."):
                yield component("guardrail", node.name, code.at(node), f"`@{name.rpartition('.')[2]}`")


def _scripts(repository: Repository) -> Iterator[Component]:
    for file in repository.of("javascript"):
        for at, match in file.matches_in_code(_MODERATION):
            yield component("guardrail", match[1] or "openai-moderation", at, "`moderations.create`", provider="openai")
        if script_imports(file, "@aws-sdk/client-bedrock-runtime"):
            for at, match in file.matches_in_code(_SCRIPT_BEDROCK):
                yield component("guardrail", match[1] or "bedrock-guardrails", at, "guardrail of Bedrock", provider="bedrock")
    for file in repository.of("text"):
        if file.name.endswith(".tf"):
            yield from (
                component("guardrail", match[1], at, "guardrail of Bedrock", provider="bedrock") for at, match in file.matches(_TERRAFORM)
            )


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "packages": (
        {
            "a.py": "from nemoguardrails import LLMRails, RailsConfig\nfrom presidio_analyzer import AnalyzerEngine\n"
            "from guardrails import Guard\n"
            "LLMRails(RailsConfig.from_path('x'))\nAnalyzerEngine()\nGuard().use(x)\n"
        },
        {("guardrail", "nemo-guardrails"), ("guardrail", "presidio"), ("guardrail", "guardrails-ai")},
    ),
    "moderation, Bedrock and models": (
        {
            "a.py": "c.moderations.create(model='omni-moderation-latest', input=x)\nG = 'gr-1'\n"
            "r.converse(modelId='x', guardrailConfig={'guardrailIdentifier': G})\n"
            "AutoModel.from_pretrained('meta-llama/Llama-Guard-3-8B')\n",
            "b.ts": "await openai.moderations.create({ input });\n",
        },
        {
            ("guardrail", "omni-moderation-latest"),
            ("guardrail", "gr-1"),
            ("guardrail", "meta-llama/Llama-Guard-3-8B"),
            ("guardrail", "openai-moderation"),
        },
    ),
    "others": (
        {"a.py": "from bank import Guard\nGuard('door')\nmoderation.create(topic='x')\n", "b.ts": "// moderations.create(\n"},
        set(),
    ),
}
