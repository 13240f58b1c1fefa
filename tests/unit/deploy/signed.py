"""A small signed model, as tests of integrity need it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.unit.evidence.chains import key
from tetrapylon.deploy.integrity.sign import sign_model
from tetrapylon.deploy.integrity.verify import Scope, Trusted, verify_model
from tetrapylon.evidence.modelkey import public_pem

SIGNER = key("signer")
PEM = public_pem(SIGNER.public_key())
STRANGER = public_pem(key("stranger").public_key())

FILES = {"config.json": b"{}\n", "weights.bin": bytes(range(64)), "tokenizer/vocab.txt": b"a\nb\n", "empty": b""}


@dataclass(frozen=True)
class Model:
    """A model and its signature."""

    path: Path
    signature: Path

    def verify(self, **scope):
        return verify_model(self.path, self.signature, Trusted(PEM), Scope(**scope))


def write_folder(path: Path) -> Path:
    for name, data in FILES.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def signed_folder(tmp_path: Path, **options) -> Model:
    model = write_folder(tmp_path / "reader")
    return Model(model, sign_model(model, SIGNER, **options)[1])


def signed_file(tmp_path: Path, name: str = "reader.bin", data: bytes = b"some weights") -> Model:
    model = tmp_path / name
    model.write_bytes(data)
    return Model(model, sign_model(model, SIGNER)[1])
