"""The manifest: what an AI system consists of and who answers for it, as frozen objects.

`decode.py` makes them from `tetrapylon.toml`; whoever holds a `Manifest` holds one whose rules were all checked.
Attributes are plural where a table repeats (`manifest.models` is every `[[model]]`); the names in the file are the
singular, with hyphens, and `manifest_facts` gives exactly those.
"""

from __future__ import annotations

import msgspec
from msgspec import field

from tetrapylon.kernel.canonical import Json
from tetrapylon.system import words
from tetrapylon.system.shape import fields_of

SCHEMA = "tetrapylon/manifest/1"

GATE_POLICY = "gate"
"""The id of the policy that the gate decides by, among the assets of kind `policy`, whose ids are paths otherwise."""


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A table of the manifest. Unknown keys are refused, and keys are written with hyphens."""


class System(Table, frozen=True, kw_only=True):
    """The system as a whole."""

    id: words.Id
    release: words.Release
    role: words.Stance
    criticality: words.Criticality
    purpose: words.Text
    demo: words.Flag = False
    """Whether keys that nobody holds may sign: only for demonstrations."""

    code: words.Globs = ()
    """The source files that make up the release."""

    locks: words.Paths = ()
    """The lock files of dependencies; each is an asset of its own."""

    guards: words.Paths = ()
    """Configuration of guards (input and output filters); each is an asset of its own."""

    policies: words.Paths = ()
    """Policy files; each is an asset of its own."""

    sequencer: words.Branch = "main"
    """The one branch whose runs may admit evidence to the log."""

    actors: words.Ids = ()
    """Outside actors that flows name, where their names are close to a declared id."""


class Person(Table, frozen=True, kw_only=True):
    """A person who answers for something, with the public key that they sign with."""

    id: words.Id
    roles: words.Roles
    key: words.Path
    name: words.Text | None = None
    contact: words.Text | None = None


class Service(Table, frozen=True, kw_only=True):
    """A component that acts on its own: it has least privilege, too."""

    id: words.Id
    may: words.Grants = ()
    roles: words.Roles = ()
    key: words.Path | None = None
    requests_per_minute: words.Count | None = None
    """Requests that each of its keys may send to the gateway (default 600)."""

    tokens_per_minute: words.Tokens | None = None
    """Tokens that each of its keys may use (default 200000)."""


class Step(Table, frozen=True, kw_only=True):
    """One step of preprocessing before a model sees an input."""

    op: words.Operation
    size: words.Sizes | None = None
    """Height and width, pixels."""

    library: words.Library | None = None
    kernel: words.Kernel | None = None


class Model(Table, frozen=True, kw_only=True):
    """A model: a file or folder of ours (`path`), or one behind an address (`endpoint`), never both."""

    id: words.Id
    path: words.Path | None = None
    endpoint: words.Url | None = None
    trained_from: words.Ids = ()
    preprocess: tuple[Step, ...] = ()
    signature: words.Path | None = None
    """The model's detached signature, which is not part of what it signs."""

    supplier: words.Id | None = None
    alternate: words.Id | None = None
    """The model that takes over when this one or its supplier can no longer be relied on."""

    model: words.Text | None = None
    """The model's name at the endpoint (default: its id)."""

    snapshot: words.Text | None = None
    """The supplier's immutable version; without one the model is unpinned."""

    decoding: dict[words.Name, words.Scalar] = {}
    outputs: words.Names = ()
    """Scores and logits of a model file that the gateway may answer; labels are always answered."""


class Dataset(Table, frozen=True, kw_only=True):
    """Data that a model learns or is tested from, or that is looked up at run time."""

    id: words.Id
    path: words.Path
    sensitivity: words.Sensitivity
    personal: words.Flag = False
    supplier: words.Id | None = None
    source: words.Text | None = None
    licence: words.Text | None = None


class Prompt(Table, frozen=True, kw_only=True):
    """A prompt that ships with the release."""

    id: words.Id
    path: words.Path
    model: words.Id | None = None


class Tool(Table, frozen=True, kw_only=True):
    """Something that a model may ask for: what it can do, who approves, and which arguments it takes."""

    id: words.Id
    effect: words.Effect
    approval: words.Approval = "none"
    arguments: words.Path | None = None
    """The JSON Schema of the tool's arguments."""

    budget: words.Count | None = None
    """Calls for each session at most."""


class Flow(Table, frozen=True, kw_only=True):
    """Data that moves from one part, store or outside actor to another."""

    source: words.Id = field(name="from")
    to: words.Id
    carries: words.Ids
    crosses: words.Id | None = None
    """The boundary of trust on the way, such as `internet`."""


class Group(Table, frozen=True, kw_only=True):
    """People who use the system, and what they may do; whatever is not listed is denied."""

    id: words.Id
    may: words.Grants = ()
    requests_per_minute: words.Count | None = None
    """Requests that each of its keys may send to the gateway (default 600)."""

    tokens_per_minute: words.Tokens | None = None
    """Tokens that each of its keys may use (default 200000)."""


class Environment(Table, frozen=True, kw_only=True):
    """A place where the system is built, tested or run, and what it holds."""

    id: words.Id
    stage: words.Stage
    sensitive: words.Flag = False
    holds: words.Ids = ()
    """Ids of models, datasets, prompts and stores."""

    location: words.Id | None = None


class Supplier(Table, frozen=True, kw_only=True):
    """Somebody else whose model, data or service the system depends on."""

    id: words.Id
    name: words.Text | None = None
    contact: words.Text | None = None
    url: words.Url | None = None


class Store(Table, frozen=True, kw_only=True):
    """Where the running system keeps data."""

    id: words.Id
    sensitivity: words.Sensitivity
    personal: words.Flag = False
    path: words.Path | None = None
    endpoint: words.Url | None = None
    location: words.Id | None = None


class Location(Table, frozen=True, kw_only=True):
    """A place on earth where environments or stores are."""

    id: words.Id
    country: words.Country | None = None
    operator: words.Id | None = None
    """The supplier who runs the place."""


class Gate(Table, frozen=True, kw_only=True):
    """Which practices decide a release, and the values of the policy that differ from the defaults."""

    profile: words.Profile = "start"
    policy: dict[words.Name, words.Scalar] = {}
    ratchet: words.Flag = False
    """Refuse only what got worse than the last decision."""


class Manifest(Table, frozen=True, kw_only=True):
    """One AI system, declared once: ids are unique in each table and every reference leads somewhere."""

    schema: words.Schema
    system: System
    people: tuple[Person, ...] = field(name="person", default=())
    services: tuple[Service, ...] = field(name="service", default=())
    models: tuple[Model, ...] = field(name="model", default=())
    datasets: tuple[Dataset, ...] = field(name="dataset", default=())
    prompts: tuple[Prompt, ...] = field(name="prompt", default=())
    tools: tuple[Tool, ...] = field(name="tool", default=())
    flows: tuple[Flow, ...] = field(name="flow", default=())
    groups: tuple[Group, ...] = field(name="group", default=())
    environments: tuple[Environment, ...] = field(name="environment", default=())
    suppliers: tuple[Supplier, ...] = field(name="supplier", default=())
    stores: tuple[Store, ...] = field(name="store", default=())
    locations: tuple[Location, ...] = field(name="location", default=())
    gate: Gate = field(default_factory=Gate)


def facts_of(table: Table) -> dict[str, Json]:
    """Return a table as plain JSON with the names of the file; what has its default value is left out."""
    found: dict[str, Json] = {}
    for each in fields_of(type(table)):
        value = getattr(table, each.name)
        # Not msgspec's `omit_defaults`: it compares text by identity, so a default that was written out would stay.
        default = each.default if each.default_factory is msgspec.NODEFAULT else each.default_factory()
        if value != default:
            found[each.encode_name] = _plain(value)
    return found


def _plain(value: Json) -> Json:
    if isinstance(value, Table):
        return facts_of(value)
    if isinstance(value, dict):
        return dict(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def manifest_facts(manifest: Manifest) -> dict[str, Json]:
    """Return the manifest as plain JSON with the names of the file; what has its default value is left out.

    Comments, order of keys and spelled-out defaults change nothing: the digest of this is the manifest's identity.
    """
    return facts_of(manifest)
