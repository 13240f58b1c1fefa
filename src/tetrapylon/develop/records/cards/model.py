"""The card of a model.

What it does: joins what the file says of itself, where it came from, what people say of it, and what was measured.
Why it matters: a model whose limits nobody wrote down is used beyond them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tetrapylon.develop.records.chain import Chain, chain_of
from tetrapylon.develop.records.context import Context, owner, said
from tetrapylon.develop.records.declared import Declared
from tetrapylon.develop.records.field import Field, Record, Section, derived, measured, unknown
from tetrapylon.develop.records.hub import model_metadata, model_results
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.format import Described
from tetrapylon.system.assets import Asset

TABLE = "model"
KIND = "model-card"

REQUIRED = {
    "digest": True,
    "summary": False,
    "licence": False,
    "creation": False,
    "operation": False,
    "end-of-life": False,
    "intended-use": True,
    "limitations": False,
    "failure-modes": False,
    "guardrails": False,
    "owner": True,
    "retention": False,
    "review-due": True,
}
_TEXTS = (
    ("intended-use", "Intended use"),
    ("out-of-scope", "Out of scope"),
    ("users", "Users"),
    ("limitations", "Limitations"),
    ("trade-offs", "Trade-offs"),
    ("considerations", "Considerations"),
    ("failure-modes", "Failure modes"),
)
_LIFE = (("creation", "Creation"), ("operation", "Operation"), ("end-of-life", "End of life"))


def record(context: Context, row: Mapping[str, Any], asset: Asset) -> Record:
    """Return everything that is known of a model."""
    found = context.declared[TABLE, row["id"]]
    chain = chain_of(context, row, asset)
    described = context.described.get(f"{asset.kind}:{asset.id}", Described(None, why="the weights are not here: it is hosted by others"))
    guards, unmeasured = _guards(context, found, asset)
    failures = [*_failed_tests(context, asset), *_waivers(context, asset)]
    sections = (
        Section("Identity", tuple(_identity(context, row, asset, chain))),
        Section("What it is", tuple(_properties(row, found, described))),
        Section("Where it came from", chain.links),
        Section("Use and limits", (*(said(found, key, label) for key, label in _TEXTS), *_measured_limits(context, asset))),
        Section("Failed tests and waivers", tuple(failures)),
        Section("Guardrails", tuple(guards)),
        Section("Measured", tuple(_measurements(context, asset))),
        Section("Life cycle", tuple(_life(context, row, found))),
    )
    baseline = _baseline(context, asset)
    extra = {"chainComplete": chain.complete, "parameters": described.facts.get("parameters"), "baseline": baseline}
    return Record(
        KIND,
        TABLE,
        row["id"],
        asset.digest,
        sections,
        REQUIRED,
        model_metadata(row, found, described.format),
        model_results(context, row["id"], asset),
        unmeasured,
        tuple(each.key for each in failures),
        extra,
    )


def _identity(context: Context, row: Mapping[str, Any], asset: Asset, chain: Chain) -> Iterator[Field]:
    hosted = asset.kind == "model-hosted"
    at = row["endpoint"] if hosted else row["path"]
    version = said(context.declared[TABLE, row["id"]], "version", "Version")
    supplier = context.supplier(row.get("supplier"))
    yield derived("id", "Id", row["id"], "`tetrapylon.toml`")
    if hosted:
        yield derived("digest", "Digest of its declared identity", asset.digest, "supplier, address, name, snapshot and decoding")
    else:
        yield measured("digest", "Digest", asset.digest, f"`{at}`")
    yield Field("where", "Address" if hosted else "File", at, "declared", "`tetrapylon.toml`")
    if "snapshot" in row:
        version = Field("version", "Version", row["snapshot"], "declared", "`tetrapylon.toml`")
    yield version
    yield said(context.declared[TABLE, row["id"]], "summary", "Summary")
    yield (
        Field("supplier", "Supplier", supplier, "declared", "`tetrapylon.toml`")
        if supplier
        else derived("supplier", "Supplier", "none: made here", "`tetrapylon.toml` names none")
    )
    if chain.finished:
        yield measured("made-on", "Training ended", chain.finished, chain.links[0].source, fed=True)
    else:
        yield unknown("made-on", "Training ended", "nobody attested it" if not hosted else "only its supplier knows", fed=True)
    if not hosted:
        signature = row.get("signature", f"{row['path']}.sig")
        known = context.present.get(signature)
        how = f"there is none; `tetrapylon sign {row['path']}` makes one"
        yield measured("signature", "Signature", known, f"`{signature}`") if known else unknown("signature", "Signature", how)


def _properties(row: Mapping[str, Any], found: Declared, described: Described) -> Iterator[Field]:
    facts, source = described.facts, f"`{row.get('path')}`"
    yield measured("format", "Format", described.format, source) if described.format else unknown("format", "Format", described.why)
    for key, label in (("parameters", "Parameters"), ("tensors", "Tensors"), ("types", "Types of numbers"), ("operators", "Operators")):
        if key in facts:
            yield measured(key, label, facts[key], source)
        elif key == "parameters":
            yield unknown(key, label, described.why or "the format does not say")
    for key, label in (("inputs", "Inputs"), ("outputs", "Outputs")):
        yield measured(key, label, [_port(each) for each in facts[key]], source) if facts.get(key) else said(found, key, label)
    if facts.get("opsets"):
        yield measured("opsets", "Operator sets", [f"{name} {version}" for name, version in sorted(facts["opsets"].items())], source)
    yield from (said(found, key, label) for key, label in (("task", "Task"), ("approach", "Approach"), ("architecture", "Architecture")))
    steps = [_step(each) for each in row.get("preprocess", ())]
    yield (
        Field("preprocess", "Preprocessing", steps, "declared", "`tetrapylon.toml`")
        if steps
        else said(found, "preprocess", "Preprocessing")
    )
    yield said(found, "licence", "Licence")


def _port(port: Mapping[str, Any]) -> str:
    shape = "x".join(map(str, port["shape"])) if port["shape"] else "no shape"
    return f"{port['name']}: {port['type']}, {shape}"


def _step(step: Mapping[str, Any]) -> str:
    return ", ".join(str(each) if not isinstance(each, list) else "x".join(map(str, each)) for each in step.values())


def _life(context: Context, row: Mapping[str, Any], found: Declared) -> Iterator[Field]:
    yield owner(context, TABLE, row["id"])
    yield from (said(found, key, label) for key, label in _LIFE)
    if "alternate" in row:
        yield Field("alternate", "Takes over when it fails", row["alternate"], "declared", "`tetrapylon.toml`")
    yield said(found, "retention", "Retention")
    yield said(found, "review-due", "Review due")


def _guards(context: Context, found: Declared, asset: Asset) -> tuple[list[Field], int]:
    """Return a field for each guard that is claimed, and how many of them have no evidence that holds."""
    claimed = found.values.get("guardrail", ())
    if not claimed:
        none = found.values.get("no-guardrails")
        if none:
            return [Field("guardrails", "Guardrails", f"none: {none}", "declared", found.by)], 0
        field = said(found, "guardrails", "Guardrails")
        how = f"nobody said; write `[[guardrail]]` or `no-guardrails` in `{found.path}`"
        return [field if field.reasoned else unknown("guardrails", "Guardrails", how)], int(not field.reasoned)
    fields = [Field("guardrails", "Guardrails", len(claimed), "declared", found.by)]
    fields += [_guard(context, found, asset, number, each) for number, each in enumerate(claimed, 1)]
    return fields, sum(each.origin == "unknown" for each in fields)


def _guard(context: Context, found: Declared, asset: Asset, number: int, guard: Mapping[str, Any]) -> Field:
    key, label = f"guardrail-{number}", f"{number}. {guard['name']}"
    cited = context.evidence.cited(guard["predicate"], asset.digest, guard.get("where", {}))
    if cited is None:
        return unknown(key, label, f"no `{guard['predicate']}` evidence about this digest ({found.by})", fed=True)
    broken = [each for each, wanted in guard.get("holds", {}).items() if cited.payload.get(each) != wanted]
    if broken:
        return unknown(key, label, f"{cited.source} does not say that {' and '.join(broken)} holds", fed=True)
    return measured(key, label, cited.sentence, cited.source, fed=True)


def _failed_tests(context: Context, asset: Asset) -> Iterator[Field]:
    for each in context.evidence.each("test-result", asset.digest, "suite"):
        if each.payload.get("result") != "PASSED":
            name = str(each.payload.get("suite") or each.payload.get("kind") or "a test")
            yield measured(f"failed-{name}", f"Test {name}", each.sentence, each.source, fed=True)


def _measured_limits(context: Context, asset: Asset) -> Iterator[Field]:
    """Yield what each suite of tests found that the model does not withstand."""
    for each in context.evidence.each("test-result", asset.digest, "suite"):
        failed = each.payload.get("failedTests") or []
        if failed:
            name = str(each.payload.get("suite") or each.payload.get("kind") or "a test")
            yield measured(f"limits-{name}", f"Does not withstand ({name})", list(failed), each.source, fed=True)


def _waivers(context: Context, asset: Asset) -> Iterator[Field]:
    for each in context.evidence.each("waiver", asset.digest, "practice"):
        practice = str(each.payload.get("practice"))
        value = f"waived until {str(each.payload.get('expires'))[:10]}"
        yield Field(f"waived-{practice}", f"Practice {practice}", value, "declared", each.source, fed=True)


def _measurements(context: Context, asset: Asset) -> Iterator[Field]:
    for predicate, key, label in (("integrity-check", "event", "Integrity"), ("test-result", "suite", "Test"), ("scan", "", "Scan")):
        for each in context.evidence.each(predicate, asset.digest, key):
            name = str(each.payload.get(key, "")) if key else ""
            yield measured(f"{predicate}-{name}", f"{label} {name}".strip(), each.sentence, each.source, fed=True)


def _baseline(context: Context, asset: Asset) -> Json:
    """Return whether a simpler model was measured on the same task, None where nobody looked."""
    found = [each for each in context.evidence.each("test-result", asset.digest, "suite") if each.payload.get("kind") == "baseline"]
    return True if found else None
