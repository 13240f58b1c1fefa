"""What a detector of debt looks at, and what it says.

Each detector is one part of `detectors/` and offers

* `SEVERITY`: how bad it is to leave it, which gives the day by which it is due;
* `RISK`: the practices that suffer, which are the interest on the debt;
* `detect(look)`: the debts that it finds;
* `GOOD` and `BAD`: samples by name, as arguments of `look_of`, run by one contract test.

A debt's `subject` is what it is recognised by from one day to the next, so it never holds a line number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import digest_hex, sha256
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.lock import Lock, format_of, read_lock
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.view import Known
from tetrapylon.system.finding import Severity

DETECTORS = Shelf("tetrapylon.develop.debt.detectors")

AI_PACKAGES = frozenset(
    [
        "accelerate",
        "anthropic",
        "autogen",
        "catboost",
        "chromadb",
        "cohere",
        "crewai",
        "cv2",
        "datasets",
        "diffusers",
        "dspy",
        "faiss",
        "fastai",
        "google",
        "groq",
        "gradio",
        "guidance",
        "huggingface_hub",
        "instructor",
        "jax",
        "keras",
        "langchain",
        "langchain_community",
        "langchain_core",
        "langgraph",
        "lightgbm",
        "litellm",
        "llama_cpp",
        "llama_index",
        "mcp",
        "mistralai",
        "mlflow",
        "ollama",
        "onnx",
        "onnxruntime",
        "openai",
        "peft",
        "pinecone",
        "qdrant_client",
        "ray",
        "safetensors",
        "sentence_transformers",
        "sklearn",
        "skl2onnx",
        "smolagents",
        "spacy",
        "tensorflow",
        "tiktoken",
        "timm",
        "tokenizers",
        "torch",
        "torchvision",
        "transformers",
        "trl",
        "vllm",
        "weaviate",
        "xgboost",
    ]
)
"""Packages whose import says that a file is about AI."""


@dataclass(frozen=True, slots=True)
class Debt:
    """One thing that was put off."""

    what: str
    where: str
    """A file with its line, or a place in the manifest."""

    subject: str
    severity: Severity
    risk: tuple[str, ...]
    owner: str | None = None
    reason: str | None = None
    due: str | None = None

    def id_of(self, detector: str) -> str:
        """Return the name by which people decide about it: it stays the same while detector and subject do."""
        return f"debt-{digest_hex(sha256(f'{detector} {self.subject}'.encode()))[:10]}"


@dataclass(frozen=True)
class Look:
    """Everything that detectors look at."""

    repository: Repository
    facts: Mapping[str, Json]
    now: str
    evidence: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    """Statements that count, in the order of the log, by kind."""

    states: Mapping[str, str] = field(default_factory=dict)
    """The state of each practice."""

    @cached_property
    def _read(self) -> tuple[tuple[Lock, ...], tuple[str, ...]]:
        found: list[Lock] = []
        unseen: list[str] = []
        for file in self.repository.of("lock"):
            try:
                # What is asked for (`requirements.in`) is meant to be loose; what is installed is the lock made from it.
                if not file.path.endswith(".in") and format_of(file.path, file.text) is not None:
                    found.append(read_lock(file.path, file.text))
            except TetrapylonError as error:
                unseen.append(f"`{file.path}`: {error.message}")
        return tuple(found), tuple(unseen)

    @property
    def locks(self) -> tuple[Lock, ...]:
        """Every lock file in the tree that could be read."""
        return self._read[0]

    @property
    def unseen(self) -> tuple[str, ...]:
        """What could not be looked at: debt can hide there."""
        return (*(f"`{each.path}`: {each.why}" for each in self.repository.unseen if not each.deliberate), *self._read[1])

    def rows(self, table: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
        """Yield each row of a table of the manifest with its place."""
        yield from ((f"{table}[{index}]", row) for index, row in enumerate(self.facts.get(table, ())))

    def newest(self, predicate: str) -> Mapping[str, Known]:
        """Return the newest statement of a kind about each subject, by name."""
        return {name: known for known in self.evidence.get(predicate, ()) for name in known.subjects}


EVIDENCE = ("waiver", "record", "secure-defaults")
"""Kinds of statements that detectors read."""


def look_of(
    files: Mapping[str, str] | None = None,
    facts: Mapping[str, Json] | None = None,
    evidence: Mapping[str, Sequence[Mapping[str, Json]]] | None = None,
    states: Mapping[str, str] | None = None,
) -> Look:
    """Return what a detector would look at, for samples; evidence is given as payloads, about a subject `it`."""
    system = {"id": "sample", "release": "1.0.0", "role": "provider", "criticality": "low", "purpose": "A sample"}
    known = {
        name: [
            Known(index, {str(each.get("about", "it")): "sha256:" + "0" * 64}, each, "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z")
            for index, each in enumerate(rows)
        ]
        for name, rows in (evidence or {}).items()
    }
    return Look(Repository.of_texts(files or {}), {"system": system, **(facts or {})}, "2026-06-15T00:00:00Z", known, states or {})
