"""Train the digit reader for real, measure it on handwriting that it has not seen, and export it.

Everything that `tetrapylon` needs to know of a training is the one `with` line in `main`: when the block ends, the models
are hashed and signed, and what they were made of is recorded.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.neural_network import MLPClassifier

HERE = Path(__file__).parent
SEED = 7
HELD_OUT = 0.25
HIDDEN = 192


@dataclass(frozen=True)
class Metrics:
    """How well the reader reads handwriting that it was not trained on."""

    correct: int
    total: int
    accuracy: float
    low: float
    high: float
    """Wilson interval, 95 %, over originals: pictures of one original are not independent."""

    confusion: list[list[int]]
    """Rows are true digits, columns what was read."""


def read_data(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pictures (n, 256) between 0 and 1, labels and groups."""
    table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64)
    return (table[:, 2:] / 255).astype(np.float32), table[:, 0], table[:, 1]


def split(groups: np.ndarray) -> np.ndarray:
    """Return which rows are held out: whole originals, chosen by seed."""
    originals = np.unique(groups)
    chosen = np.random.default_rng(SEED).permutation(originals)[: int(len(originals) * HELD_OUT)]
    return np.isin(groups, chosen)


def wilson(correct: int, total: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion."""
    rate, size = correct / total, z * z / total
    middle = (rate + size / 2) / (1 + size)
    half = z / (1 + size) * math.sqrt(rate * (1 - rate) / total + size / (4 * total))
    return middle - half, middle + half


def measure(read: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> Metrics:
    """Return the metrics; the interval counts an original as read if most of its pictures are."""
    right = read == labels
    originals = [2 * right[groups == group].sum() > (groups == group).sum() for group in np.unique(groups)]
    low, high = wilson(int(sum(originals)), len(originals))
    confusion = np.zeros((10, 10), dtype=int)
    np.add.at(confusion, (labels, read), 1)
    return Metrics(int(right.sum()), len(right), round(float(right.mean()), 4), round(low, 4), round(high, 4), confusion.tolist())


def train(root: Path) -> Metrics:
    """Train, measure and export to `models/`; return the metrics.

    Raises:
        RuntimeError: an export does not read like the model that was trained.
    """
    pictures, labels, groups = read_data(root / "data" / "digits.csv")
    held = split(groups)
    model = MLPClassifier((HIDDEN,), random_state=SEED, max_iter=200, early_stopping=True, n_iter_no_change=8, batch_size=128)
    model.fit(pictures[~held], labels[~held])
    read = model.predict(pictures[held])
    export(model, root / "models")
    check_exports(root / "models", pictures[held], read)
    metrics = measure(read, labels[held], groups[held])
    # `held_out` tells whoever measures the model again which handwriting it has not seen.
    kept = {**asdict(metrics), "held_out": np.unique(groups[held]).tolist()}
    (root / "models" / "metrics.json").write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    return metrics


def export(model: MLPClassifier, folder: Path) -> None:
    """Write the model as ONNX (picture in, digit and probabilities out) and its weights as safetensors."""
    from safetensors.numpy import save_file
    from skl2onnx import to_onnx

    folder.mkdir(exist_ok=True)
    onnx = to_onnx(model, np.zeros((1, 256), dtype=np.float32), options={"zipmap": False}, target_opset=18)
    (folder / "digit-reader.onnx").write_bytes(onnx.SerializeToString(deterministic=True))
    layers = zip(model.coefs_, model.intercepts_, strict=True)
    weights = {
        f"{kind}{number}": np.ascontiguousarray(value, dtype=np.float32)
        for number, pair in enumerate(layers)
        for kind, value in zip("wb", pair, strict=True)
    }
    save_file(weights, str(folder / "digit-reader.safetensors"))


def check_exports(folder: Path, pictures: np.ndarray, read: np.ndarray) -> None:
    """Read the pictures with both exports and compare."""
    import onnxruntime
    from safetensors.numpy import load_file

    session = onnxruntime.InferenceSession(str(folder / "digit-reader.onnx"), providers=["CPUExecutionProvider"])
    by_onnx = session.run(None, {session.get_inputs()[0].name: pictures})[0]
    weights = load_file(str(folder / "digit-reader.safetensors"))
    hidden = np.maximum(pictures @ weights["w0"] + weights["b0"], 0)
    by_weights = np.argmax(hidden @ weights["w1"] + weights["b1"], axis=1)
    for name, found in (("ONNX", by_onnx), ("safetensors", by_weights)):
        if not np.array_equal(found, read):
            raise RuntimeError(f"the {name} export reads differently")


def main() -> None:
    """Train the declared models inside the training hook, or without it where there are no keys."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=HERE, help="the folder that holds `data` and `models`")
    parser.add_argument("--unsigned", action="store_true", help="do not sign, record nothing")
    options = parser.parse_args()
    if options.unsigned:
        metrics = train(options.root)
    else:
        import tetrapylon

        with tetrapylon.training("digit-reader", "digit-reader-weights", directory=options.root):
            metrics = train(options.root)
    print(f"held-out accuracy {metrics.accuracy} on {metrics.total} pictures, 95 % interval by original {metrics.low} to {metrics.high}")


if __name__ == "__main__":
    main()
