"""What the gateway is to be handed of a system: models, prompts, tools, quotas, keys, switch, journal, all from the manifest.

The gateway stands above and puts its own parts to it; nothing here knows the gateway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tetrapylon.app import wiring
from tetrapylon.app.access import key_file
from tetrapylon.app.admission import SupplierSwitch
from tetrapylon.app.failover.planning import planned
from tetrapylon.app.project import Project, open_project, prepare_state
from tetrapylon.app.terms import Terms, terms_of
from tetrapylon.app.view import build_key
from tetrapylon.deploy.access.keys import KeyFile
from tetrapylon.develop.supply.failover.order import Order
from tetrapylon.develop.supply.failover.plan import Pair
from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import inside, read_bytes
from tetrapylon.outside.switch import FileSwitch
from tetrapylon.outside.switchover import FileSwitchover

if TYPE_CHECKING:
    from tetrapylon.journal.journal import Journal
    from tetrapylon.system.manifest import Model

RUNS_IT = frozenset({"owner", "risk-owner", "operator", "responder", "reviewer"})
"""Roles whose holders may see the figures of the running system."""


@dataclass(frozen=True, slots=True)
class Hosted:
    """A model behind an address."""

    id: str
    endpoint: str
    name: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file that can be asked through the gateway."""

    id: str
    path: str
    signature: str | None
    outputs: frozenset[str]
    """Scores that may be answered."""

    size: tuple[int, int] | None
    """Height and width of the pictures that it reads."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What each key of a principal may ask for in a minute; None is the default."""

    requests: int | None
    tokens: int | None


@dataclass(frozen=True)
class Serving:
    """A system that is to be served."""

    project: Project
    passphrase: bytes | None
    failover: bool = True
    """Whether alternates may take over at all."""

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Models with the alternates that may take over from them."""
        return tuple(each for each in planned(self.project) if each.equivalent or each.excepted is not None) if self.failover else ()

    @cached_property
    def order(self) -> Order:
        """Who may answer for which model now."""
        return Order(self.pairs, FileSwitchover(self.project.state("switched.json")))

    @cached_property
    def terms(self) -> Terms:
        """What users acknowledge before they begin."""
        return terms_of(self.project)

    @cached_property
    def keys(self) -> KeyFile:
        """The keys of those who call."""
        return key_file(self.project)

    @cached_property
    def switch(self) -> SupplierSwitch:
        """What is closed: by people, and because a supplier has not passed its examination."""
        return SupplierSwitch(self.project, FileSwitch(self.project.state("closed.json")))

    @cached_property
    def hosted(self) -> tuple[Hosted, ...]:
        """The models behind addresses."""
        found = [each for each in self.project.manifest.models if each.endpoint is not None]
        return tuple(Hosted(each.id, str(each.endpoint), each.model or each.id) for each in found)

    @cached_property
    def files(self) -> tuple[ModelFile, ...]:
        """The model files that can be asked: those that onnxruntime loads."""
        found = [each for each in self.project.manifest.models if each.path is not None and each.path.endswith(".onnx")]
        return tuple(ModelFile(each.id, str(each.path), each.signature, frozenset(each.outputs), _size(each)) for each in found)

    @property
    def tools(self) -> frozenset[str]:
        """Ids of the declared tools."""
        return frozenset(each.id for each in self.project.manifest.tools)

    @property
    def operators(self) -> frozenset[str]:
        """Persons and services that run the system."""
        manifest = self.project.manifest
        people = frozenset(each.id for each in manifest.people if RUNS_IT.intersection(each.roles))
        return people | frozenset(each.id for each in manifest.services if RUNS_IT.intersection(each.roles))

    @property
    def rates(self) -> Mapping[str, Rate]:
        """What the manifest says of how much a principal may ask for."""
        manifest = self.project.manifest
        groups = {each.id: Rate(each.requests_per_minute, each.tokens_per_minute) for each in manifest.groups}
        return groups | {each.id: Rate(each.requests_per_minute, each.tokens_per_minute) for each in manifest.services}

    def prompts(self) -> dict[str, tuple[str, ...]]:
        """Return the system prompts of the release by model.

        Raises:
            MissingError, UsageError: a declared prompt is not there, or no plain file.
        """
        found: dict[str, tuple[str, ...]] = {}
        for each in self.project.manifest.prompts:
            if each.model is not None:
                text = read_bytes(inside(self.project.root, each.path), BOUNDS.manifest).decode("utf-8", "strict")
                found[each.model] = (*found.get(each.model, ()), text)
        return found

    def load(self, model: ModelFile) -> Any:
        """Return a model, loaded from the very bytes that the build key signed.

        Raises:
            MissingError: there is no build key, no file or no signature.
            IntegrityError: the file is not what was signed.
        """
        from tetrapylon.deploy.integrity.load import load_verified

        pem = build_key(self.project)
        if pem is None:
            said = "there is no build key to verify the models against"
            raise MissingError(said, hint="run `tetrapylon trust init`, then sign the models", code="no-key")
        signature = None if model.signature is None else self.project.root / model.signature
        return load_verified(inside(self.project.root, model.path), pem.encode(), signature)

    def open_journal(self) -> Journal:
        """Open the journal for writing, making it and its key where there is none.

        Raises:
            ConflictError: another gateway writes to it.
        """
        from tetrapylon.journal.journal import open_journal
        from tetrapylon.journal.place import ensure_ring, journal_folder

        prepare_state(self.project)
        return open_journal(journal_folder(self.project.root), ensure_ring(self.project.root, self.passphrase))

    def state(self, *parts: str) -> Path:
        """Return a path in the folder that holds the system's state."""
        return self.project.state(*parts)


def open_serving(directory: str | None, passphrase_file: str | None, *, failover: bool = True) -> Serving:
    """Return the system declared in a folder, ready to be served.

    Raises:
        UsageError: there is no manifest, or it is not valid.
    """
    return Serving(open_project(directory), wiring.read_passphrase(passphrase_file), failover)


def _size(model: Model) -> tuple[int, int] | None:
    sizes = [each.size for each in model.preprocess if each.op == "resize" and each.size is not None]
    return (int(sizes[-1][0]), int(sizes[-1][1])) if sizes else None
