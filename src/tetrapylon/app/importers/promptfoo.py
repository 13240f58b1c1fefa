"""A configuration of promptfoo (YAML or JSON).

What it does: providers become hosted models with their suppliers, prompts in files become prompts, and tests that lie in
files of data become datasets; prompts that stand in the configuration itself become something to do.

Why it matters: who tests prompts has already said which models and prompts there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tetrapylon.app.drafting.part import Part, Pieces, Ref, Value, found, guessed
from tetrapylon.app.drafting.suppliers import address_of, supplier_named
from tetrapylon.app.reading import MOST, table, text

_MODES = frozenset(
    {"chat", "completion", "completions", "responses", "messages", "embedding", "embeddings", "assistant", "realtime", "image"}
)
_OURS = frozenset({"file", "python", "exec", "http", "https", "webhook", "websocket", "browser", "package", "echo", "golang", "ruby"})
_ALIASES = {"google": "gemini", "vertex": "vertex", "palm": "gemini", "azureopenai": "azure-openai", "aws": "bedrock", "localai": "localai"}
_DATA = (".csv", ".tsv", ".json", ".jsonl", ".yaml", ".yml", ".xlsx")


def recognises(documents: Mapping[str, Any]) -> bool:
    """Return whether this is one."""
    return any(isinstance(each, dict) and "prompts" in each and ("providers" in each or "targets" in each) for each in documents.values())


def pieces(documents: Mapping[str, Any], source: str, there: Callable[[str], bool]) -> Pieces:
    """Return the models, prompts and data that are tested."""
    (document,) = documents.values()
    base = source.rpartition("/")[0]
    made: list[Part | str] = []
    for each in _list(document.get("providers") or document.get("targets")):
        made += _provider(each, source)
    for each in _list(document.get("prompts")):
        made += _prompt(each, base, source, there)
    for each in _list(document.get("tests")):
        made += _tests(each, base, source, there)
    said = text(document.get("description"))
    system = {"purpose": guessed(said, f"the description in {source}")} if said else {}
    return Pieces(tuple(each for each in made if isinstance(each, Part)), system, tuple(each for each in made if isinstance(each, str)))


def _list(value: Any) -> list[Any]:
    return value[:MOST] if isinstance(value, list) else [] if value is None else [value]


def _provider(given: Any, source: str) -> Iterator[Part | str]:
    """Yield a model: `provider:model`, a table with `id`, or a table whose one key is that."""
    config: Mapping[str, Any] = {}
    if isinstance(given, dict):
        name = text(given.get("id")) or next((key for key in given if isinstance(key, str)), "")
        config = table(given, "config") or table(given.get(name), "config")
    else:
        name = text(given)
    provider, _, rest = name.partition(":")
    provider = _ALIASES.get(provider, provider)
    model = ":".join(each for each in rest.split(":") if each not in _MODES)
    if provider in _OURS or not model:
        yield f"declare what answers as `{name[:200]}` in {source} as a `[[model]]`"
        return
    url = text(config.get("apiBaseUrl")) or text(config.get("apiHost"))
    address = found(url if "://" in url else f"https://{url}", source) if url else address_of(provider)
    if address is None:
        yield f"declare the model `{model[:200]}` of {provider[:80]} ({source}): its address is not in the configuration"
        return
    values: dict[str, Value] = {
        "endpoint": address,
        "model": found(model, source),
        "supplier": found(Ref(f"supplier:{provider}"), source),
    }
    decoding = {key: config[key] for key in ("temperature", "top_p", "max_tokens", "seed") if _is_number(config.get(key))}
    if decoding:
        values["decoding"] = found(decoding, source)
    yield Part("model", f"hosted:{provider}:{model}", model.rpartition("/")[2], values, found("", source))
    yield supplier_named(provider, found("", source))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _prompt(given: Any, base: str, source: str, there: Callable[[str], bool]) -> Iterator[Part | str]:
    said = text(given.get("raw")) or text(given.get("id")) if isinstance(given, dict) else text(given)
    path = _file(said, base)
    if path and there(path) and not path.endswith((".py", ".js", ".ts", ".mjs", ".cjs")):
        yield Part("prompt", f"prompt:{path}", path.rpartition("/")[2].partition(".")[0], {"path": found(path, source)}, found("", source))
    elif path:
        yield f"declare the prompts that `{path[:200]}` makes ({source}) as files of `[[prompt]]`"
    else:
        yield f"a prompt stands in {source}: move it to a file of its own and declare it as a `[[prompt]]`"


def _tests(given: Any, base: str, source: str, there: Callable[[str], bool]) -> Iterator[Part | str]:
    path = _file(text(given), base)
    if path and there(path) and path.endswith(_DATA):
        values = {"path": found(path, source), "sensitivity": guessed("internal", "say who may see it")}
        yield Part("dataset", f"dataset:{path}", path.rpartition("/")[2].partition(".")[0], values, found("", source))


def _file(said: str, base: str) -> str:
    """Return the path that `file://` names, below the folder of the manifest, or nothing."""
    if "\n" in said or not (said.startswith("file://") or (said.endswith((*_DATA, ".txt", ".md", ".j2")) and " " not in said)):
        return ""
    path = said.removeprefix("file://").partition(":")[0].removeprefix("./")
    return f"{base}/{path}" if base and not path.startswith("/") else path
