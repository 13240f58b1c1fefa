"""Look at every model, dataset and prompt now: is it what was signed or recorded, does loading refuse changes?

Reads: model files and their OpenSSF signatures, datasets and prompts, the build key, and the digests in the log. Leaves:
`integrity-check` (events `rehash`, `shared`, `tamper-drill`, `load`; training leaves `trained` and `slsa-provenance`).
What could not be looked at has no answer in the payload (`signed`, `refused`, `independent`): neither good nor bad.
Cannot see: a model that was exchanged before it was signed, a hosted model's weights, files that are not declared.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tetrapylon.deploy.integrity.drill import drill
from tetrapylon.deploy.integrity.load import LOADERS, installed, load_bytes, verified_bytes
from tetrapylon.deploy.integrity.sign import inside_of, signature_path
from tetrapylon.deploy.integrity.verify import Compared, Trusted, compare, manifest_in, read_signature, verify_model
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.oms import OmsManifest
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import IntegrityError, MissingError, TetrapylonError, UndecidedError
from tetrapylon.outside.files import hash_file, write_atomic
from tetrapylon.outside.process import run_python_alone
from tetrapylon.outside.view import View
from tetrapylon.system.assets import Asset

PRACTICES = ("SP2.3", "SP2.4", "SP2.5", "SP2.6", "SV1.10", "SV2.6", "SV3.7")

SECOND = "tetrapylon.deploy.integrity.second"

_COULD_NOT_CHECK = 3
"""How the second implementation ends where it knows the kind of key or signature not at all."""

Seen = dict[str, Json]
"""What one look adds to the payload."""


def observe(view: View) -> Iterator[Observation]:
    """Yield what is seen of each model file, dataset and prompt."""
    yield from rehash(view)
    for asset in view.assets:
        if asset.kind == "model-file":
            for look in (_shared, _drilled, _loaded):
                yield _observation(view, asset, look)


def inputs(view: View) -> Json:
    """Return what the answers follow from beside the release: signatures, the key, what was recorded, and the loaders."""
    paths = [(each.id, _paths(view, each)[1]) for each in view.assets if each.kind == "model-file"]
    signatures = {name: str(hash_file(path)) if path.is_file() else None for name, path in paths}
    # What was not recorded before is recorded by the first look, which must not make the second look differ from it.
    known = {f"{each.kind}:{each.id}": view.known.get(f"{each.kind}:{each.id}", each.digest) for each in view.assets}
    return {"signatures": signatures, "key": view.signing_key, "known": known, "loaders": list(installed())}


def rehash(view: View) -> Iterator[Observation]:
    """Yield, for each model file, dataset and prompt, how its bytes compare with what was signed or recorded."""
    for asset in view.assets:
        if asset.kind in {"model-file", "dataset", "prompt"}:
            yield _observation(view, asset, _rehashed if asset.kind == "model-file" else _recorded)


def _observation(view: View, asset: Asset, look: Callable[[View, Asset], Seen]) -> Observation:
    started = view.now()
    seen = look(view, asset)
    payload = {"checked": 1, "mismatched": 0, "missing": 0, **seen, "release": view.facts["system"]["release"], "tool": view.tool}
    return Observation("integrity-check", (Subject(asset.id, asset.digest),), payload, started, view.now(), "build")


def _paths(view: View, asset: Asset) -> tuple[Path, Path]:
    """Return where a model and its signature are."""
    model = view.root / (asset.path or "")
    declared = [each["signature"] for each in view.facts.get("model", ()) if each["id"] == asset.id and "signature" in each]
    return model, view.root / declared[0] if declared else signature_path(model)


def _key(view: View) -> bytes:
    if view.signing_key is None:
        raise UndecidedError("there is no build key to verify the signature against", code="no-key")
    return view.signing_key.encode()


def _compare(view: View, asset: Asset, manifest: OmsManifest) -> Compared:
    model, signature = _paths(view, asset)
    return compare(model, manifest, ignored=inside_of(model, signature))


def _rehashed(view: View, asset: Asset) -> Seen:
    """Compare the bytes now with what was signed when training ended, and where nothing was signed with what was recorded."""
    recorded = _recorded(view, asset)
    try:
        data = read_signature(_paths(view, asset)[1])
        compared = _compare(view, asset, manifest_in(data, Trusted(_key(view))))
    except IntegrityError as error:
        return {**recorded, "mismatched": 1, "signed": False, "detail": [error.message]}
    except TetrapylonError as error:
        known = {"signed": False} if isinstance(error, MissingError) else {}
        return {**recorded, **known, "detail": [error.message, *recorded["detail"]]}
    return {
        "event": "rehash",
        "checked": compared.checked,
        "mismatched": len(compared.changed) + len(compared.added),
        "missing": len(compared.missing),
        "signed": compared.same,
        "signature": sha256(data),
        "detail": compared.sentences(),
    }


def _recorded(view: View, asset: Asset) -> Seen:
    """Compare the bytes now with what this release was first recorded with: a change needs a new release."""
    known = view.known.get(f"{asset.kind}:{asset.id}")
    if known is None:
        return {"event": "rehash", "detail": ["recorded for this release"]}
    if known == asset.digest:
        return {"event": "rehash", "detail": []}
    changed = f"`{asset.id}` changed within release {view.facts['system']['release']}: give the change a new release"
    return {"event": "rehash", "mismatched": 1, "detail": [changed]}


def _shared(view: View, asset: Asset) -> Seen:
    """Have the published signature verified by a second implementation in a process of its own."""
    model, signature = _paths(view, asset)
    try:
        with tempfile.TemporaryDirectory(prefix="tetrapylon-second-") as folder:
            key = Path(folder) / "key.pem"
            write_atomic(key, _key(view))
            # The one that is asked runs elsewhere, so the paths must not depend on where this one runs.
            ended = run_python_alone(SECOND, [str(each.absolute()) for each in (model, signature, key)])
    except UndecidedError as error:
        return {"event": "shared", "checked": 0, "detail": [error.message]}
    said = ended.output.decode("utf-8", "replace").strip()
    if ended.code == _COULD_NOT_CHECK:
        return {"event": "shared", "checked": 0, "detail": [f"second implementation: {said}"]}
    agreed = ended.code == 0 and said == "agrees"
    detail = [] if agreed else [f"second implementation: {said or 'said nothing'}"]
    return {"event": "shared", "mismatched": int(not agreed), "signed": _is_signed(view, asset), "independent": agreed, "detail": detail}


def _is_signed(view: View, asset: Asset) -> bool:
    model, signature = _paths(view, asset)
    try:
        return verify_model(model, signature, Trusted(_key(view)))[1].same
    except TetrapylonError:
        return False


def _drilled(view: View, asset: Asset) -> Seen:
    """Change copies of the model and see that loading refuses them."""
    model, signature = _paths(view, asset)
    try:
        found = drill(model, signature, _key(view))
    except TetrapylonError as error:
        return {"event": "tamper-drill", "checked": 0, "detail": [f"the drill could not be held: {error.message}"]}
    except (OSError, ValueError) as error:
        # Only what went wrong: a path of this machine has no place in a signed statement.
        why = getattr(error, "strerror", None) or type(error).__name__
        return {"event": "tamper-drill", "checked": 0, "detail": [f"the drill could not be held: {why}"]}
    if not found.accepted:
        return {"event": "tamper-drill", "mismatched": 1, "signed": False, "detail": ["the unchanged model was refused, too"]}
    detail = [] if found.sound else [f"{found.tried - found.refused} of {found.tried} changes were not refused"]
    return {"event": "tamper-drill", "checked": found.tried, "signed": True, "refused": found.sound, "detail": detail}


def _loaded(view: View, asset: Asset) -> Seen:
    """Load the model the way that verifies first."""
    model, signature = _paths(view, asset)
    if model.is_dir() or model.suffix not in LOADERS:
        return {"event": "load", "checked": 0, "detail": [f"there is no loader for `{model.suffix or model.name}`"]}
    try:
        data = verified_bytes(model, _key(view), signature)
    except (IntegrityError, MissingError) as error:
        return {"event": "load", "mismatched": 1, "signed": False, "refused": True, "detail": [error.message]}
    except TetrapylonError as error:
        return {"event": "load", "checked": 0, "detail": [error.message]}
    return _opened(data, model)


def _opened(data: bytes, model: Path) -> Seen:
    try:
        load_bytes(data, model.suffix, name=model.name, warn=False)
    except TetrapylonError as error:
        return {"event": "load", "checked": 0, "detail": [error.message]}
    except Exception as error:  # noqa: BLE001 - whatever a loader's library raises about signed bytes is an answer
        return {"event": "load", "checked": 0, "detail": [f"the signed bytes do not load: {type(error).__name__}"]}
    return {"event": "load", "signed": True, "refused": False, "detail": []}
