"""What is found in a folder as pieces of a manifest: every component of AI that a manifest can hold, and the rest as things to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tetrapylon.app.drafting.part import Part, Pieces, Ref, Value, found, guessed
from tetrapylon.app.drafting.suppliers import Hub, address_of, hub_of, is_own, supplier_part
from tetrapylon.system.finding import Component

EFFECTS = frozenset({"read", "write", "irreversible"})
SENSITIVITIES = frozenset({"public", "internal", "confidential", "restricted"})

_UNDOABLE = frozenset(
    {
        "delete",
        "remove",
        "drop",
        "refund",
        "pay",
        "payment",
        "transfer",
        "send",
        "email",
        "execute",
        "exec",
        "run",
        "shell",
        "publish",
        "purchase",
    }
)
_READING = frozenset(
    {"get", "list", "search", "find", "lookup", "look", "read", "fetch", "query", "retrieve", "show", "describe", "calculate"}
)
_FILE = re.compile(
    r"[.](?:onnx|safetensors|gguf|ggml|pt|pth|ckpt|bin|h5|hdf5|keras|tflite|pb|pkl|pickle|joblib|npz|npy|mlmodel|engine|model|json|ubj|cbm)$"
    r"|^(?:[.]{0,2}/|models?/|weights/|checkpoints?/|artifacts?/)",
    re.IGNORECASE,
)
"""How the path of a model looks, not the name of one that is downloaded."""


@dataclass(frozen=True)
class Folder:
    """What the folder holds, as far as pieces need to know it."""

    files: frozenset[str]
    """The names of all files."""

    def holds(self, path: str) -> bool:
        """Return whether there is a file, or a folder with files, of this name."""
        return path in self.files or any(each.startswith(f"{path.rstrip('/')}/") for each in self.files)


def pieces_of(components: Iterable[Component], folder: Folder) -> Pieces:
    """Return the pieces for what was found."""
    parts: dict[str, Part] = {}
    todos: list[str] = []
    for each in components:
        for piece in _MAKERS.get(each.kind, _nothing)(each, folder):
            if isinstance(piece, str):
                todos.append(piece)
            else:
                parts.setdefault(piece.key, piece)
    return Pieces(tuple(parts.values()), todos=tuple(dict.fromkeys(todos)))


def _nothing(component: Component, folder: Folder) -> Iterator[Part | str]:
    """Libraries and the like have no place in a manifest of their own."""
    del component, folder
    yield from ()


def _path_of(component: Component, folder: Folder) -> str | None:
    """Return the path of a component that lies in the folder."""
    named = (each.removeprefix("./").rstrip("/") for each in (component.id, component.facts.get("path", "")) if each)
    return next((each for each in named if folder.holds(each)), None)


def _model(component: Component, folder: Folder) -> Iterator[Part | str]:
    path = _path_of(component, folder)
    if path is not None:
        where = found(path, component.at)
        todo = f"sign it: make it within `with tetrapylon.training(ID):`, or run `tetrapylon sign {path} --private-key KEY`"
        yield Part("model", f"model:{path}", _stem(path), {"path": where}, where, (todo,))
    elif _FILE.search(component.id):
        yield f"`{component.id}` ({component.at}) is loaded and is not here: declare it as a `[[model]]` with `path` once it is"
    elif (hub := hub_of(component)) is not None:
        yield from _from_hub(component, hub)
    else:
        yield f"`{component.id}` ({component.at}) is downloaded by name: keep its file here and declare it as a `[[model]]` with `path`"


def _from_hub(component: Component, hub: Hub) -> Iterator[Part | str]:
    revision = component.facts.get("revision", "")
    values = {
        "endpoint": guessed(hub.url, f"loaded by name at {component.at}; if you keep the weights, give `path` instead"),
        "model": found(component.id, component.at),
        **({"snapshot": found(revision, component.at)} if revision else {}),
        "supplier": Value(Ref(f"supplier:{hub.key}"), "guessed", "who the weights come from"),
    }
    todos = () if revision else ("pin the model: `snapshot` = the commit that you tested",)
    yield Part("model", f"hub:{component.id}", component.id.rpartition("/")[2], values, found(component.id, component.at), todos)
    yield supplier_part(hub.key, component)


def _hosted(component: Component, folder: Folder) -> Iterator[Part | str]:
    del folder
    provider = component.facts.get("provider", "") or "unknown"
    url = component.facts.get("url", "")
    address = found(url, component.at) if url else address_of(provider)
    if address is None:
        yield f"declare the model `{component.id}` ({component.at}): its address was not found in the code"
        return
    values = {"endpoint": address, "model": found(component.id, component.at)}
    if provider != "unknown" and not is_own(provider):
        values["supplier"] = found(Ref(f"supplier:{provider}"), component.at)
        yield supplier_part(provider, component)
    todos = ("pin the model: `snapshot` = the supplier's dated version, if there is one",)
    yield Part("model", f"hosted:{provider}:{component.id}", component.id.rpartition("/")[2], values, found("", component.at), todos)


def _dataset(component: Component, folder: Folder) -> Iterator[Part | str]:
    path = _path_of(component, folder)
    if path is None:
        yield f"the dataset `{component.id}` ({component.at}) is not here: keep what is used in a file and declare it as a `[[dataset]]`"
        return
    known = component.facts.get("sensitivity", "")
    sensitivity = found(known, component.at) if known in SENSITIVITIES else guessed("internal", "say who may see it")
    yield Part(
        "dataset", f"dataset:{path}", _stem(path), {"path": found(path, component.at), "sensitivity": sensitivity}, found("", component.at)
    )


def _prompt(component: Component, folder: Folder) -> Iterator[Part | str]:
    path = _path_of(component, folder)
    if path is None or path.endswith((".py", ".ipynb", ".js", ".ts", ".tsx", ".jsx", ".mjs", ".cjs")):
        yield f"a prompt stands in the code at {component.at}: move it to a file of its own and declare it as a `[[prompt]]`"
        return
    yield Part("prompt", f"prompt:{path}", _stem(path), {"path": found(path, component.at)}, found("", component.at))


def _tool(component: Component, folder: Folder) -> Iterator[Part | str]:
    del folder
    said = _effect(component)
    todos = ["`arguments` = the path of a JSON Schema of its arguments"]
    if said.value == "irreversible":
        todos.append('`approval = "human"` once a person approves each call')
    yield Part("tool", f"tool:{component.id}", component.id, {"effect": said}, found("", component.at), tuple(todos))


def _effect(component: Component) -> Value:
    """Return what a tool may do: as the code says, or as its name suggests, or more rather than less."""
    known = component.facts.get("effect", "")
    if known in EFFECTS:
        return found(known, component.at)
    words = set(re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", component.id[:200]).lower()))
    if words & _UNDOABLE:
        return guessed("irreversible", "by its name")
    if words & _READING:
        return guessed("read", "by its name")
    return guessed("write", "nothing says that it only reads")


def _service(component: Component, folder: Folder) -> Iterator[Part | str]:
    del folder
    yield Part("service", f"service:{component.kind}:{component.id}", component.id, {}, found("", component.at))


def _store(component: Component, folder: Folder) -> Iterator[Part | str]:
    del folder
    values = {"sensitivity": guessed("internal", "say who may see it")}
    url = component.facts.get("url", "")
    if url:
        values["endpoint"] = found(url, component.at)
    yield Part("store", f"store:{component.id}", component.id, values, found("", component.at))


def _training(component: Component, folder: Folder) -> Iterator[Part | str]:
    del folder
    yield f'train within `with tetrapylon.training("MODEL"):` at {component.at}, and say `trained-from` of the model'


def _guardrail(component: Component, folder: Folder) -> Iterator[Part | str]:
    path = _path_of(component, folder)
    if path is None:
        yield f"put the configuration of the guardrail `{component.id}` ({component.at}) into a file and name it in `system.guards`"


_MAKERS = {
    "model": _model,
    "hosted-model": _hosted,
    "dataset": _dataset,
    "prompt": _prompt,
    "tool": _tool,
    "agent": _service,
    "mcp-server": _service,
    "server": _service,
    "vector-store": _store,
    "training": _training,
    "guardrail": _guardrail,
}


def _stem(path: str) -> str:
    """Return the last part of a path without its suffix."""
    name = path.rstrip("/").rpartition("/")[2]
    return name.rpartition(".")[0] or name
