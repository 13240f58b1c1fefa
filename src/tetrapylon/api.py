"""The public face: what a training script or a serving program imports from `tetrapylon`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def training(*models: str, directory: str | Path | None = None, passphrase_file: str | Path | None = None) -> Iterator[None]:
    """Hash and sign the named models when the block ends, and record what they were made of.

    Args:
        models: Ids of models in the manifest that the block writes; all with a path if none is named.
        directory: The folder of the manifest, or one below it (default: the working directory).
        passphrase_file: Holds the passphrase of the build key.

    An exception in the block leaves nothing behind: no signature, no evidence.

    >>> with training("digit-reader"):
    ...     train_and_write("models/digit-reader.onnx")

    Raises:
        UsageError: a model is not declared, or has no path.
        MissingError: there is no build key, or a model was not written.
        RefusedError: a dataset, the code or a lock changed meanwhile.
    """
    from tetrapylon.app.trained import begin_training, end_training

    begun = begin_training(models, directory, passphrase_file)
    yield
    end_training(begun)


def load_verified(
    path: str | Path, *, public_key: str | Path | None = None, signature: str | Path | None = None, directory: str | Path | None = None
) -> Any:
    """Load a model only if its bytes are those that were signed: `.onnx`, `.safetensors` or `.joblib`.

    Args:
        path: The model's file.
        public_key: A PEM file; without it the build key of the manifest's trust root is used.
        signature: The signature (default: `PATH.sig`).
        directory: The folder of the manifest (default: the nearest above the model).

    Returns:
        An onnxruntime session, a dictionary of numpy arrays, or whatever was dumped.

    Raises:
        IntegrityError: the bytes are not the signed ones, or the signature is wrong.
        MissingError: the file, its signature or a key is not there.
    """
    from tetrapylon.app.loading import load_model

    return load_model(Path(path), public_key=public_key, signature=signature, directory=directory)
