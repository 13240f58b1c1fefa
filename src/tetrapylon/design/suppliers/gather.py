"""Everything that is known of each supplier and of what it supplies, gathered once from manifest, files and evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tetrapylon.design.suppliers.check import Case, Installed, Loaded, Reached, Released, Sheet
from tetrapylon.design.suppliers.declared import FILE, Declared
from tetrapylon.design.suppliers.files import asked_file, nonce_in, passport_on_file, sheet_on_file, supplier_key
from tetrapylon.design.suppliers.place import origin_of
from tetrapylon.design.suppliers.questionnaire import Expected
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.beside import decisions_beside, read_beside
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.content import recognised_in
from tetrapylon.outside.files import inside, read_bytes
from tetrapylon.outside.installed import installed_packages
from tetrapylon.outside.lock import Lock, read_lock
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.view import Known, View
from tetrapylon.system.assets import Asset
from tetrapylon.system.manifest import facts_of

PREDICATE = "due-diligence"
VALUES = ("supplier-score", "supplier-days", "signal-days")
_LOADS = ("pickle.load", "pickle.loads", "joblib.load", "dill.load", "dill.loads", "cloudpickle.load", "cloudpickle.loads")


@dataclass(frozen=True)
class World:
    """One look at all suppliers."""

    view: View
    now: str
    asked: Mapping[str, Reached]
    """What addresses answered in this very look, by model; without one the last answer stands."""

    @cached_property
    def declared(self) -> Declared:
        """What people declare in `suppliers.toml`."""
        return decisions_beside(self.view.root, FILE, Declared, self.view.facts)

    @cached_property
    def limits(self) -> dict[str, float]:
        """Values of the policy."""
        return {name: float(self.view.values[name]) for name in VALUES}

    @cached_property
    def evidence(self) -> tuple[Known, ...]:
        """What earlier looks left."""
        return self.view.evidence(PREDICATE)

    def cases(self) -> Iterator[tuple[Asset, Case]]:
        """Yield every lock, hosted model, supplied model file and supplier with what is known of it."""
        for asset in self.view.assets:
            if asset.kind == "lock":
                yield asset, self._lock(asset)
            elif asset.kind == "model-hosted" and self._model(asset.id).get("supplier"):
                yield asset, self._hosted(asset)
            elif asset.kind == "model-file" and self._model(asset.id).get("supplier"):
                yield asset, self._file(asset)
            elif asset.kind == "supplier":
                yield asset, self._supplier(asset)

    def expected(self, supplier: str) -> Expected:
        """Return what answers of a supplier must be about."""
        components = {each.id: each.digest for each in self.view.assets if each.kind == "model-hosted" and self._from(each.id, supplier)}
        counted = [each.payload.get("questionnaire") for each in self.evidence if each.payload.get("supplier") == supplier]
        newest = max((str(each) for each in counted if each), default=None)
        return Expected(supplier, str(self.view.facts["system"]["id"]), components, nonce_in(self.view.root, asked_file(supplier)), newest)

    def sheet(self, supplier: str) -> Sheet | None:
        """Return the supplier's answers on file."""
        return sheet_on_file(self.view.root, self.expected(supplier), self.now, self.limits["supplier-days"])

    def hosted_of(self, supplier: str) -> list[Mapping[str, Json]]:
        """Return the hosted models of a supplier as the manifest declares them."""
        return [each for each in self.view.facts.get("model", ()) if each.get("supplier") == supplier and "endpoint" in each]

    def before(self, kind: str, name: str) -> Mapping[str, str] | None:
        """Return who the supplier was at the last look that accepted it."""
        found = [each.payload for each in self.evidence if each.payload.get("kind") == kind and name in each.subjects]
        kept = [each["seen"] for each in found if each.get("seen") and "same-owner" not in (each.get("failed") or ())]
        return dict(kept[-1]) if kept else None

    def answer_of(self, model: str) -> Reached | None:
        """Return what the address of a model's supplier answered, now or when it was last asked."""
        if model in self.asked:
            return self.asked[model]
        found = [
            each.payload.get("asked") for each in self.evidence if each.payload.get("kind") == "model-hosted" and model in each.subjects
        ]
        kept = [each for each in found if each]
        return Reached(**kept[-1]) if kept else None

    def _model(self, name: str) -> Mapping[str, Json]:
        return next((each for each in self.view.facts.get("model", ()) if each["id"] == name), {})

    def _from(self, model: str, supplier: str) -> bool:
        return bool(self._model(model).get("supplier") == supplier)

    def _vendor(self, supplier: str) -> Mapping[str, Json]:
        return next((each for each in self.view.facts.get("supplier", ()) if each["id"] == supplier), {})

    def _known(self, supplier: str) -> dict[str, Json]:
        vendor = next((each for each in self.declared.supplier if each.id == supplier), None)
        known = {} if vendor is None else facts_of(vendor)
        if vendor is not None and vendor.trains_on_inputs is not None:
            known["trains-on-inputs"] = vendor.trains_on_inputs
        text = read_beside(self.view.root, known["terms"], BOUNDS.json) if known.get("terms") else None
        known["terms-digest"] = sha256(text) if text else None
        known["accepted"] = {each.what: each.value for each in self.declared.accepted if each.supplier == supplier}
        return {**known, "hosted": bool(self.hosted_of(supplier))}

    def seen(self, supplier: str) -> dict[str, str]:
        """Return who a supplier is now."""
        vendor = self._vendor(supplier)
        found = {name: str(vendor[name]) for name in ("name", "contact", "url") if vendor.get(name)}
        try:
            key = supplier_key(self.view.root, supplier)
        except TetrapylonError:
            return {**found, "key": "unreadable"}
        return found if key is None else {**found, "key": key.keyid}

    def _lock(self, asset: Asset) -> Case:
        lock = self._read(asset.path or asset.id)
        names = [each.name for each in lock.packages] if lock else []
        facts = {name: Installed(each.version, each.licence, each.inactive) for name, each in installed_packages(names).items()}
        released = {each.name: Released(each.released, each.looked) for each in self.declared.package}
        calls = tuple(str(call.at) for _, call in self.view.repository.calls_of(*_LOADS))
        return Case(
            "lock", asset.id, self.now, lock=lock, installed=facts, released=released, files=self._files(supplied=False),
            unsafe_calls=calls, advisories=self._advisories([asset]), limits=self.limits,
        )  # fmt: skip

    def _hosted(self, asset: Asset) -> Case:
        model = self._model(asset.id)
        supplier = str(model["supplier"])
        known = self._known(supplier)
        alternate_of = next((str(each["id"]) for each in self.view.facts.get("model", ()) if each.get("alternate") == asset.id), None)
        return Case(
            "model-hosted", asset.id, self.now, supplier, model, self._vendor(supplier), known,
            critical=self.view.facts["system"]["criticality"] in {"high", "mission"}, alternate_of=alternate_of,
            asked=self.answer_of(asset.id), passport=self._passport(known), sheet=self.sheet(supplier),
            seen={**self.seen(supplier), "address": origin_of(str(model["endpoint"]))},
            before=self.before("model-hosted", asset.id), limits=self.limits,
        )  # fmt: skip

    def _file(self, asset: Asset) -> Case:
        supplier = str(self._model(asset.id)["supplier"])
        known = self._known(supplier)
        locks = [self._read(each.path or each.id) for each in self.view.assets if each.kind == "lock"]
        packages = tuple(package for lock in locks if lock for package in lock.packages)
        return Case(
            "model-file", asset.id, self.now, supplier, self._model(asset.id), self._vendor(supplier), known,
            lock=Lock("every lock", "", packages), files=tuple(each for each in self._files(supplied=True) if each.id == asset.id),
            passport=self._passport(known), limits=self.limits,
        )  # fmt: skip

    def _supplier(self, asset: Asset) -> Case:
        known = self._known(asset.id)
        locks = [each for each in self.view.assets if each.kind == "lock"]
        return Case(
            "supplier", asset.id, self.now, asset.id, self._vendor(asset.id), self._vendor(asset.id), known,
            advisories=self._advisories(locks), passport=self._passport(known), sheet=self.sheet(asset.id) if known["hosted"] else None,
            seen=self.seen(asset.id), before=self.before("supplier", asset.id), limits=self.limits,
        )  # fmt: skip

    def _passport(self, known: Mapping[str, Json]) -> Json:
        return passport_on_file(self.view.root, known) if known.get("passport") else None

    def _read(self, path: str) -> Lock | None:
        try:
            return read_lock(path, read_bytes(inside(self.view.root, path), BOUNDS.json).decode("utf-8"))
        except (TetrapylonError, UnicodeDecodeError):
            return None

    def _files(self, *, supplied: bool) -> tuple[Loaded, ...]:
        """Return the declared model files, or only those that a supplier made."""
        formats = {each.path: each for each in recognised(self.view.repository)}
        signed = self._signed()
        found = []
        for asset in self.view.assets:
            theirs = bool(self._model(asset.id).get("supplier"))
            if asset.kind == "model-file" and (theirs or not supplied):
                inner = [each for path, each in formats.items() if path == asset.path or path.startswith(f"{asset.path}/")]
                runs = next((each.runs_code for each in inner if each.runs_code), "")
                kinds = {each.format for each in inner}
                found.append(Loaded(asset.id, kinds.pop() if len(kinds) == 1 else None, runs, signed.get(asset.digest), theirs))
        return tuple(found)

    def _signed(self) -> dict[str, bool]:
        found: dict[str, bool] = {}
        for each in self.view.evidence("integrity-check"):
            if each.payload.get("event") == "rehash" and each.payload.get("signed") is not None:
                found.update(dict.fromkeys(each.subjects.values(), each.payload["signed"] is True))
        return found

    def _advisories(self, locks: Sequence[Asset]) -> tuple[str, int, int, int] | None:
        """Return the oldest of the newest matchings of these locks, with the worst that they say; None if one has none."""
        newest: dict[str, Known] = {}
        for each in self.view.evidence("vulns"):
            newest.update(dict.fromkeys(each.subjects.values(), each))
        found = [newest.get(each.digest) for each in locks]
        known = [each for each in found if each is not None]
        if not known or len(known) != len(found):
            return None
        overdue, unchecked = (sum(int(each.payload.get(name, 0)) for each in known) for name in ("overdue", "unchecked"))
        return min(each.observed_to for each in known), overdue, unchecked, int(self.limits["signal-days"])


def recognised(repository: Repository) -> Json:
    """Return every file of a known format, recognised once."""
    return repository.once("suppliers: recognised", lambda each: list(recognised_in(each)))
