"""What the work leaves as observations: on a sound system, on a broken one, and where it could not look."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.unit.deploy.signed import PEM, SIGNER, STRANGER, write_folder
from tests.unit.evidence.chains import chain, key
from tetrapylon.deploy.integrity.load import load_verified
from tetrapylon.deploy.integrity.sign import sign_model
from tetrapylon.deploy.integrity.work import PRACTICES, observe, rehash
from tetrapylon.evidence.modelkey import public_pem
from tetrapylon.evidence.predicate import decode
from tetrapylon.kernel.errors import RefusedError
from tetrapylon.outside.process import run_python_alone
from tetrapylon.outside.tree import hash_path
from tetrapylon.system.assets import Asset

np = pytest.importorskip("numpy", reason="needs the `example` extra")
safetensors = pytest.importorskip("safetensors.numpy", reason="needs the `example` extra")
onnx = pytest.importorskip("onnx", reason="needs the `example` extra")
pytest.importorskip("onnxruntime", reason="needs the `example` extra")


@dataclass
class System:
    """A declared system on disk: the view that work gets."""

    root: Path
    signing_key: str | None = PEM.decode()
    known: dict[str, str] = field(default_factory=dict)
    models: dict[str, dict] = field(default_factory=dict)
    others: dict[tuple[str, str], str] = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    tool: dict = field(default_factory=lambda: {"name": "tetrapylon", "version": "1"})
    clock: int = 0

    @property
    def facts(self):
        return {"system": {"release": "1.0.0"}, "model": [{"id": name, **facts} for name, facts in self.models.items()]}

    @property
    def assets(self):
        found = [("model-file", name, facts["path"], facts.get("signature")) for name, facts in self.models.items()]
        found += [(kind, name, path, None) for (kind, name), path in self.others.items()]
        return tuple(
            Asset(kind, name, hash_path(self.root / path, without=self.root / beside if beside else None), path)
            for kind, name, path, beside in found
        )

    def now(self) -> str:
        self.clock += 1
        return f"2026-06-01T12:00:{self.clock:02d}Z"


def seen(system: System, look=observe) -> dict[tuple[str, str], dict]:
    """Return the payloads by (asset, event); each must be a payload of its type."""
    found = {}
    for each in look(system):
        times = {"observedFrom": each.observed_from, "observedTo": each.observed_to}
        assert each.observed_from < each.observed_to
        decode(each.predicate, {**each.payload, **times})
        current = {asset.id: asset.digest for asset in system.assets}
        assert [one.digest for one in each.subjects] == [current[each.subjects[0].name]]
        found[each.subjects[0].name, each.payload["event"]] = dict(each.payload)
    return found


def onnx_model(external: str | None = None) -> bytes:
    weights = onnx.numpy_helper.from_array(np.arange(4, dtype=np.float32), "w")
    if external:
        weights.ClearField("raw_data")
        weights.data_location = onnx.TensorProto.EXTERNAL
        weights.external_data.add(key="location", value=external)
    shape = [4]
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Add", ["x", "w"], ["y"])],
        "g",
        [onnx.helper.make_tensor_value_info("x", 1, shape)],
        [onnx.helper.make_tensor_value_info("y", 1, shape)],
        [weights],
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9).SerializeToString()


@pytest.fixture
def system(tmp_path) -> System:
    (tmp_path / "reader.onnx").write_bytes(onnx_model())
    (tmp_path / "reader.safetensors").write_bytes(safetensors.save({"w": np.zeros(4)}))
    (tmp_path / "digits.csv").write_bytes(b"1,2\n")
    (tmp_path / "prompt.md").write_bytes(b"Be kind.\n")
    models = {"reader": {"path": "reader.onnx"}, "twin": {"path": "reader.safetensors"}}
    for each in models.values():
        sign_model(tmp_path / each["path"], SIGNER)
    return System(tmp_path, models=models, others={("dataset", "digits"): "digits.csv", ("prompt", "prompt"): "prompt.md"})


def test_a_sound_system(system):
    found = seen(system)
    for model in ("reader", "twin"):
        rehashed = found[model, "rehash"]
        assert (rehashed["checked"], rehashed["mismatched"], rehashed["missing"], rehashed["signed"]) == (1, 0, 0, True)
        assert rehashed["signature"].startswith("sha256:")
        assert (found[model, "shared"]["signed"], found[model, "shared"]["independent"]) == (True, True)
        assert found[model, "tamper-drill"]["refused"] is True
        assert (found[model, "load"]["mismatched"], found[model, "load"]["signed"]) == (0, True)
    assert found["digits", "rehash"]["detail"] == ["recorded for this release"]
    assert {event for _, event in found} == {"rehash", "shared", "tamper-drill", "load"}
    assert all(each["release"] == "1.0.0" for each in found.values())
    assert "SP2.6" in PRACTICES


def test_looking_changes_nothing(system):
    before = {each: each.read_bytes() for each in system.root.iterdir()}
    seen(system)
    assert {each: each.read_bytes() for each in system.root.iterdir()} == before


def test_changed_weights(system):
    path = system.root / "reader.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    found = seen(system)
    rehashed = found["reader", "rehash"]
    assert (rehashed["mismatched"], rehashed["signed"], rehashed["detail"]) == (1, False, ["the file itself was changed"])
    assert (found["reader", "shared"]["signed"], found["reader", "shared"]["independent"]) == (False, False)
    assert "refused" not in found["reader", "tamper-drill"]
    assert (found["reader", "load"]["mismatched"], found["reader", "load"]["refused"]) == (1, True)
    assert found["twin", "rehash"]["signed"] is True


def test_changed_data_and_prompts(system):
    system.known = {f"{kind}:{name}": hash_path(system.root / path) for (kind, name), path in system.others.items()}
    assert [each["mismatched"] for (_, event), each in seen(system, rehash).items() if event == "rehash"] == [0, 0, 0, 0]
    (system.root / "digits.csv").write_bytes(b"1,3\n")
    found = seen(system, rehash)
    assert found["digits", "rehash"]["mismatched"] == 1
    assert "give the change a new release" in found["digits", "rehash"]["detail"][0]
    assert found["prompt", "rehash"]["mismatched"] == 0


def test_a_model_that_was_never_signed(system):
    (system.root / "reader.onnx.sig").unlink()
    found = seen(system)
    assert (found["reader", "rehash"]["signed"], found["reader", "rehash"]["mismatched"]) == (False, 0)
    assert "there is no signature" in found["reader", "rehash"]["detail"][0]
    assert found["reader", "shared"]["independent"] is False
    assert found["reader", "load"]["signed"] is False
    system.known = {"model-file:reader": "sha256:" + "0" * 64}
    assert seen(system, rehash)["reader", "rehash"]["mismatched"] == 1


def test_somebody_elses_signature(system):
    sign_model(system.root / "reader.onnx", key("stranger"))
    found = seen(system)
    assert (found["reader", "rehash"]["signed"], found["reader", "rehash"]["mismatched"]) == (False, 1)
    assert found["reader", "load"]["signed"] is False
    assert found["reader", "shared"]["independent"] is False


def test_without_a_key_nothing_is_claimed(system):
    system.signing_key = None
    found = seen(system)
    for event, claim in [("rehash", "signed"), ("shared", "independent"), ("tamper-drill", "refused"), ("load", "signed")]:
        assert claim not in found["reader", event]
        assert found["reader", event]["detail"]


def test_a_key_that_the_second_does_not_know(system):
    other = key("signer@secp384r1")
    sign_model(system.root / "reader.onnx", other)
    system.signing_key = public_pem(other.public_key()).decode()
    found = seen(system)
    assert found["reader", "rehash"]["signed"] is True
    assert "independent" not in found["reader", "shared"]
    assert "not on P-256" in found["reader", "shared"]["detail"][0]


def test_a_signature_by_certificate_is_not_by_the_build_key(system):
    sign_model(system.root / "reader.onnx", SIGNER, certificates=chain()[:2])
    assert seen(system, rehash)["reader", "rehash"]["signed"] is False


def test_a_keyless_signature_is_neither_good_nor_bad(system):
    vector = Path(__file__).parents[1] / "data/oms/spec-test-vectors/v1.0/valid/sigstore.bundle.json"
    (system.root / "reader.onnx.sig").write_bytes(vector.read_bytes())
    found = seen(system)
    assert "signed" not in found["reader", "rehash"]
    assert "signed" not in found["reader", "load"]


def test_a_folder_with_its_signature_inside(system):
    folder = write_folder(system.root / "folder")
    sign_model(folder, SIGNER, folder / "model.sig")
    system.models = {"folder": {"path": "folder", "signature": "folder/model.sig"}}
    found = seen(system)
    assert (found["folder", "rehash"]["checked"], found["folder", "rehash"]["signed"]) == (4, True)
    assert found["folder", "shared"]["independent"] is True
    assert found["folder", "tamper-drill"]["refused"] is True
    assert "signed" not in found["folder", "load"]
    (folder / "new").write_bytes(b"")
    assert seen(system, rehash)["folder", "rehash"]["mismatched"] == 1
    (folder / "new").unlink()
    (folder / "empty").unlink()
    assert seen(system, rehash)["folder", "rehash"]["missing"] == 1


def test_what_is_signed_and_does_not_load_is_not_called_loaded(system):
    for name, data in {"none.onnx": b"not a model", "none.safetensors": b"not a model", "none.gguf": b"GGUF"}.items():
        (system.root / name).write_bytes(data)
        sign_model(system.root / name, SIGNER)
        system.models[name] = {"path": name}
    found = seen(system)
    for name in ("none.onnx", "none.safetensors", "none.gguf"):
        assert "signed" not in found[name, "load"]
        assert found[name, "tamper-drill"]["refused"] is True


def test_loaded_models_work(system):
    session = load_verified(system.root / "reader.onnx", PEM)
    assert session.run(None, {"x": np.ones(4, np.float32)})[0].tolist() == [1, 2, 3, 4]
    assert load_verified(system.root / "reader.safetensors", PEM)["w"].tolist() == [0, 0, 0, 0]


def test_weights_in_other_files_are_not_read(system, monkeypatch):
    model = system.root / "split.onnx"
    model.write_bytes(onnx_model(external="w.bin"))
    (system.root / "w.bin").write_bytes(np.full(4, 666, np.float32).tobytes())
    sign_model(model, SIGNER)
    # The runtime looks where it runs.
    monkeypatch.chdir(system.root)
    with pytest.raises(RefusedError) as caught:
        load_verified(model, PEM)
    assert caught.value.code == "external-data"


def test_the_second_check_runs_where_nothing_else_can_be_imported(system):
    (system.root / "key.pem").write_bytes(STRANGER)
    ended = run_python_alone(
        "tetrapylon.deploy.integrity.second", [str(system.root / each) for each in ("reader.onnx", "reader.onnx.sig", "key.pem")]
    )
    assert (ended.code, ended.output) == (1, b"disagrees: the signature is wrong\n")
