"""Signing and verifying models, compared with hashing the same bytes and doing nothing else.

The files lie in the temporary folder and are read once before anything is timed, so they come from memory. Ratios are
taken from runs that follow each other, so that a machine that slows down slows both.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks.figure import Figure
from tetrapylon.deploy.integrity.load import verified_bytes
from tetrapylon.deploy.integrity.sign import sign_model
from tetrapylon.deploy.integrity.verify import Trusted, verify_model
from tetrapylon.evidence.modelkey import public_pem

MIB = 1 << 20
SIZE = 500 * MIB
SMALL_FILES = 1_000
SMALL_BYTES = 10_000
RUNS = 5


def run() -> list[Figure]:
    """Measure everything, each figure `RUNS` times."""
    key = ec.generate_private_key(ec.SECP256R1())
    trusted = Trusted(public_pem(key.public_key()))
    return [*_large(key, trusted), *_halves(key), *_small(key, trusted)]


def _large(key: ec.EllipticCurvePrivateKey, trusted: Trusted) -> Iterator[Figure]:
    with _model({"weights": SIZE}) as folder:
        model = folder / "weights"
        alone = lambda: _hash(model)  # noqa: E731 - a measure like the others
        yield _ratio("sign one file of 500 MiB / SHA-256 alone", lambda: sign_model(model, key), alone, 1.1)
        signature = sign_model(model, key)[1]
        yield _ratio("verify one file of 500 MiB / SHA-256 alone", lambda: verify_model(model, signature, trusted), alone, 1.1)
        yield _ratio("verified bytes of 500 MiB, ready to load / SHA-256 alone", lambda: verified_bytes(model, trusted), alone, None)


def _halves(key: ec.EllipticCurvePrivateKey) -> Iterator[Figure]:
    with _model({"a": SIZE // 2, "b": SIZE // 2}) as folder:
        names = [folder / each for each in ("a", "b")]
        yield _ratio(
            "sign two files of 250 MiB / SHA-256 of one after the other",
            lambda: sign_model(folder, key),
            lambda: [*map(_hash, names)],
            None,
        )


def _small(key: ec.EllipticCurvePrivateKey, trusted: Trusted) -> Iterator[Figure]:
    with _model({f"{each % 10}/{each}": SMALL_BYTES for each in range(SMALL_FILES)}) as folder:
        yield _seconds("sign 1,000 files of 10 kB", lambda: sign_model(folder, key), 1.0)
        signature = sign_model(folder, key)[1]
        yield _seconds("verify 1,000 files of 10 kB", lambda: verify_model(folder, signature, trusted), 1.0)


@contextmanager
def _model(sizes: dict[str, int]) -> Iterator[Path]:
    """Yield a folder with files of the sizes, all of it in memory."""
    block = os.urandom(MIB)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "model"
        for name, size in sizes.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                for start in range(0, size, MIB):
                    file.write(block[: min(MIB, size - start)])
            _hash(path)
        yield folder


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ratio(name: str, work: Callable[[], object], alone: Callable[[], object], limit: float | None) -> Figure:
    runs = [_timed(work) / _timed(alone) for _ in range(RUNS)]
    return Figure(name=name, unit="x", runs=runs, limit=limit, at="most", baseline=1.0)


def _seconds(name: str, work: Callable[[], object], limit: float) -> Figure:
    return Figure(name=name, unit="s", runs=[_timed(work) for _ in range(RUNS)], limit=limit, at="most", baseline=None)
