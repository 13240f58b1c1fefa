"""The chain of digests from a model back to where it came from, link by link; an unknown link is said, with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tetrapylon.develop.records.context import Context, said
from tetrapylon.develop.records.field import Field, derived, measured, unknown
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import digest_hex
from tetrapylon.system.assets import UNPINNED, Asset


@dataclass(frozen=True)
class Chain:
    """Where a model came from."""

    links: tuple[Field, ...]
    started: str | None = None
    finished: str | None = None
    """When the training ended, where provenance says so."""

    materials: tuple[str, ...] = ()
    """`kind:id` of what it was made from, as far as the digests are those of this release."""

    run: str = ""
    """The invocation's id."""

    @property
    def complete(self) -> bool:
        """Whether every link is known, or a person says why it is not."""
        return all(each.said for each in self.links)


def chain_of(context: Context, row: Mapping[str, Json], asset: Asset) -> Chain:
    """Return the chain of a model."""
    return _trained(context, row, asset) if asset.kind == "model-file" else Chain(tuple(_hosted(context, row)))


def _hosted(context: Context, row: Mapping[str, Json]) -> Sequence[Field]:
    record = context.declared["model", row["id"]]
    supplier = context.supplier(row.get("supplier"))
    snapshot = row.get("snapshot")
    pinned = derived("version-link", "Version", snapshot, "manifest") if snapshot else said(record, "snapshot", "Version")
    if pinned.origin == "unknown" and not pinned.reasoned:
        pinned = _reasoned(record.values, record.by, "weights", "version-link", "Version", f"{UNPINNED}: the supplier may change it unseen")
    return (
        derived("supplier-link", "Supplier", supplier, "manifest") if supplier else _missing("supplier-link", "Supplier"),
        pinned,
        _reasoned(record.values, record.by, "training-data", "data-link", "Training data", "only its supplier knows"),
    )


def _missing(key: str, label: str) -> Field:
    return unknown(key, label, "nobody said; name the model's `supplier` in `tetrapylon.toml`")


def _reasoned(values: Mapping[str, Json], by: str, name: str, key: str, label: str, fact: str) -> Field:
    """Return an unknown link: with a person's reason it is explicit, without one it is a gap."""
    reason = values.get("unknown", {}).get(name)
    if reason:
        return unknown(key, label, f"{reason} ({by})", reasoned=True)
    return unknown(key, label, f"{fact}; give the reason as `{name}` under `[unknown]` in {by}")


def _trained(context: Context, row: Mapping[str, Json], asset: Asset) -> Chain:
    found = context.evidence.cited("slsa-provenance", asset.digest)
    sources = [_source(context, each) for each in row.get("trained-from", ())]
    if found is None:
        record = context.declared["model", row["id"]]
        how = "nobody attested it; train inside `with tetrapylon.training(…)`"
        reason = record.values.get("unknown", {}).get("creation")
        gap = unknown("made-from", "Made from", f"{reason} ({record.by})" if reason else how, fed=True, reasoned=bool(reason))
        return Chain((gap, *sources))
    materials, changed = _materials(context, found.payload)
    links = [measured("made-from", "Made from", materials, found.source, fed=True)]
    if changed:
        links = [unknown("made-from", "Made from", f"{', '.join(changed)} changed since ({found.source}); train again", fed=True)]
    absent = [each for each in row.get("trained-from", ()) if f"dataset:{each}" not in {*materials, *changed}]
    links += [unknown(f"data-{each}", f"Data `{each}`", f"{found.source} does not name it; train again") for each in absent]
    metadata = _metadata(found.payload)
    times = (metadata.get("startedOn"), metadata.get("finishedOn"))
    started, finished = (each if isinstance(each, str) else None for each in times)
    return Chain((*links, *sources), started, finished, tuple(materials), str(metadata.get("invocationId", "")))


def _metadata(payload: Mapping[str, Json]) -> Mapping[str, Json]:
    details = payload.get("runDetails")
    found = details.get("metadata") if isinstance(details, dict) else None
    return found if isinstance(found, dict) else {}


def _materials(context: Context, payload: Mapping[str, Json]) -> tuple[list[str], list[str]]:
    """Return what the model was made from as it is in this release, and what of it has changed since."""
    now = {f"{each.kind}:{each.id}": digest_hex(each.digest) for each in context.assets}
    same: list[str] = []
    changed: list[str] = []
    for each in payload.get("buildDefinition", {}).get("resolvedDependencies", ()):
        name, digest = str(each.get("name")), (each.get("digest") or {}).get("sha256")
        (same if now.get(name) == digest else changed).append(name)
    return sorted(same), sorted(changed)


def _source(context: Context, dataset: str) -> Field:
    """Return where a dataset came from: the end of the chain."""
    found = source_of(context, dataset)
    return Field(f"source-{dataset}", f"Source of `{dataset}`", found.value, found.origin, found.source, reasoned=found.reasoned)


def source_of(context: Context, dataset: str) -> Field:
    """Return the source of a dataset: from its record, else from the manifest."""
    found = context.said("dataset", dataset, "source", "Source")
    declared = context.row("dataset", dataset).get("source")
    return Field("source", "Source", declared, "declared", "`tetrapylon.toml`") if found.origin == "unknown" and declared else found
