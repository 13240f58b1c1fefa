"""What must hold between the tables of a manifest: ids are unique, and every reference leads somewhere.

Also the rules that one table's shape cannot say: a model is a file or an endpoint, and what belongs to one of the
two does not stand with the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tetrapylon.kernel.canonical import Json
from tetrapylon.system.manifest import GATE_POLICY, Manifest, Model, facts_of
from tetrapylon.system.problem import Problem, did_you_mean, shown

_VERBS = {
    "chat": ("model",),
    "infer": ("model",),
    "call": ("tool",),
    "read": ("dataset", "store"),
    "write": ("dataset", "store"),
}
"""What each verb of a grant can be about."""

_HOSTED_ONLY = ("model", "snapshot", "decoding")
_FILE_ONLY = ("signature", "outputs")
_SIZED = {"resize", "crop", "centre-crop"}
_KNOWN_ENDS = ("gateway", "console", "journal", "log")
"""Parts that the tool itself puts around a system; flows may name them."""


@dataclass(frozen=True, slots=True)
class _Link:
    """A reference: where it stands, the id that it names, and the tables that may declare it."""

    path: str
    id: str
    tables: tuple[str, ...]


def link_problems(manifest: Manifest) -> Iterator[Problem]:
    """Yield every broken rule between tables; the manifest's shape is already sound."""
    facts = facts_of(manifest)
    declared = {name: {row["id"] for row in rows if "id" in row} for name, rows in facts.items() if isinstance(rows, list)}
    if GATE_POLICY in manifest.system.policies:
        yield Problem("system.policies", f"holds `{GATE_POLICY}`, the name of the gate's own policy", "reserved-name", "rename the file")
    yield from _repeated(facts)
    yield from _models(manifest)
    yield from _addresses(facts)
    yield from _dangling(manifest, declared)
    yield from _ends(manifest, declared)


def _repeated(facts: Json) -> Iterator[Problem]:
    for table, rows in facts.items():
        seen: dict[str, int] = {}
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            if "id" in row and seen.setdefault(row["id"], index) != index:
                first = f"`{table}[{seen[row['id']]}]`"
                yield Problem(f"{table}[{index}].id", f"is the same as that of {first}", "duplicate-id", "give each entry an id of its own")


def _models(manifest: Manifest) -> Iterator[Problem]:
    for index, model in enumerate(manifest.models):
        path = f"model[{index}]"
        if (model.path is None) == (model.endpoint is None):
            said = "has both `path` and `endpoint`" if model.path else "has neither `path` nor `endpoint`"
            yield Problem(path, said, "path-or-endpoint", "a model is a file or folder of yours, or one behind an address")
        else:
            yield from _misplaced(model, path)
        if model.alternate == model.id:
            yield Problem(f"{path}.alternate", "is the model itself", "own-alternate", "name another model that can take over")
        for number, step in enumerate(model.preprocess):
            if step.op in _SIZED and step.size is None:
                place = f"{path}.preprocess[{number}].size"
                yield Problem(place, f"is missing: `{step.op}` needs one", "missing-key", "add `size = [224, 224]`")


def _misplaced(model: Model, path: str) -> Iterator[Problem]:
    facts = facts_of(model)
    wrong, has = (_HOSTED_ONLY, "path") if model.path is not None else (_FILE_ONLY, "endpoint")
    for key in wrong:
        if key in facts:
            yield Problem(f"{path}.{key}", f"does not go with `{has}`", "misplaced-key", "take it out")


def _addresses(facts: Json) -> Iterator[Problem]:
    for table, key in (("model", "endpoint"), ("store", "endpoint"), ("supplier", "url")):
        for index, row in enumerate(facts.get(table, ())):
            if key in row and not is_address(row[key]):
                yield Problem(f"{table}[{index}].{key}", f"is `{shown(row[key])}`, which is not an address", "bad-value")


def is_address(url: str) -> bool:
    """Return whether an address names a host that could be asked."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _dangling(manifest: Manifest, declared: dict[str, set[str]]) -> Iterator[Problem]:
    for link in (*_references(manifest), *_grants(manifest)):
        known = [declared.get(table, set()) for table in link.tables]
        if not any(link.id in each for each in known):
            tables = " or ".join(f"`[[{each}]]`" for each in link.tables)
            hint = did_you_mean(link.id, set().union(*known)) or f'declare it: {tables} with `id = "{link.id}"`'
            yield Problem(link.path, f"names `{link.id}`, which no {tables} declares", "no-such-id", hint)


def _references(manifest: Manifest) -> Iterator[_Link]:
    for index, model in enumerate(manifest.models):
        path = f"model[{index}]"
        yield from _each(f"{path}.trained-from", model.trained_from, ("dataset",))
        yield from _maybe(f"{path}.supplier", model.supplier, ("supplier",))
        if model.alternate != model.id:
            yield from _maybe(f"{path}.alternate", model.alternate, ("model",))
    for index, dataset in enumerate(manifest.datasets):
        yield from _maybe(f"dataset[{index}].supplier", dataset.supplier, ("supplier",))
    for index, prompt in enumerate(manifest.prompts):
        yield from _maybe(f"prompt[{index}].model", prompt.model, ("model",))
    for index, environment in enumerate(manifest.environments):
        yield from _each(f"environment[{index}].holds", environment.holds, ("model", "dataset", "prompt", "store"))
        yield from _maybe(f"environment[{index}].location", environment.location, ("location",))
    for index, store in enumerate(manifest.stores):
        yield from _maybe(f"store[{index}].location", store.location, ("location",))
    for index, location in enumerate(manifest.locations):
        yield from _maybe(f"location[{index}].operator", location.operator, ("supplier",))


def _grants(manifest: Manifest) -> Iterator[_Link]:
    holders = (("group", [each.may for each in manifest.groups]), ("service", [each.may for each in manifest.services]))
    for table, grants in holders:
        for index, may in enumerate(grants):
            for number, grant in enumerate(may):
                verb, _, about = grant.partition(":")
                yield _Link(f"{table}[{index}].may[{number}]", about, _VERBS[verb])


def _maybe(path: str, named: str | None, tables: tuple[str, ...]) -> Iterator[_Link]:
    if named is not None:
        yield _Link(path, named, tables)


def _each(path: str, named: Iterable[str], tables: tuple[str, ...]) -> Iterator[_Link]:
    for index, each in enumerate(named):
        yield _Link(f"{path}[{index}]", each, tables)


def _ends(manifest: Manifest, declared: dict[str, set[str]]) -> Iterator[Problem]:
    """Yield ends of flows that look misspelled: any other unknown name is an outside actor."""
    known = {each for ids in declared.values() for each in ids} | {*manifest.system.actors, *_KNOWN_ENDS}
    for index, flow in enumerate(manifest.flows):
        for key, end in (("from", flow.source), ("to", flow.to)):
            close = "" if end in known else did_you_mean(end, known, 0.85)
            if close:
                hint = f"{close} If it is an outside actor, add it to `system.actors`"
                yield Problem(f"flow[{index}].{key}", f"names `{end}`, which nothing declares", "no-such-id", hint)
