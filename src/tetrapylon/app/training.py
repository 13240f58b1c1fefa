"""Training of the persons of a project: take a quiz, see where everybody stands, exchange results with a training system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from tetrapylon.app import wiring
from tetrapylon.app.deciding import Signing, signer_of
from tetrapylon.app.guidance import catalogue
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.app.view import ProjectView, project_view
from tetrapylon.design.threats.look import Looked, look
from tetrapylon.design.threats.training.lms import MOST_BYTES, Refused, Row, read_export
from tetrapylon.design.threats.training.module import Module
from tetrapylon.design.threats.training.news import news
from tetrapylon.design.threats.training.practical import practical_items
from tetrapylon.design.threats.training.quiz import PRACTICAL, Item, Marked, bank, draw, items_digest, mark, seed_of
from tetrapylon.design.threats.training.result import PREDICATE, RECORDER, Result, folder_of
from tetrapylon.design.threats.training.scorm import Edition, package
from tetrapylon.design.threats.training.standing import Standing
from tetrapylon.design.threats.training.work import Trained, trained
from tetrapylon.evidence.predicate import decode, predicate_type
from tetrapylon.evidence.signer import Signer, sign_statement
from tetrapylon.evidence.statement import Statement, Subject
from tetrapylon.kernel.digest import Digest, digest_hex, sha256
from tetrapylon.kernel.errors import MissingError, RefusedError, UndecidedError, UsageError
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic

EXPORTED = 6
"""Practical items of a package, from which each reader gets a few."""


@dataclass(frozen=True)
class Desk:
    """What commands about training work on."""

    project: Project
    view: ProjectView
    trained: Trained

    def module(self, name: str) -> Module:
        """Return a module by its id.

        Raises:
            UsageError: there is none of this name.
        """
        found = self.trained.modules.get(name)
        if found is None:
            known = ", ".join(self.trained.modules)
            raise UsageError(f"there is no module `{name[:60]}`", hint=f"modules: {known}", code="no-such-module")
        return news(look(self.view), self.view) if found.generated else found


@dataclass(frozen=True)
class Quiz:
    """One attempt of one person, before it is answered."""

    person: str
    module: Module
    attempt: int
    items: tuple[Item, ...]
    started: str


@dataclass(frozen=True)
class Taken:
    """One attempt after it was answered, signed and written."""

    quiz: Quiz
    marked: Marked
    passed: bool
    threshold: float
    expires: str
    on_behalf: bool
    path: Path

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        wrong = [{"id": each.id, "text": each.text, "right": each.right, "why": each.why} for each in self.marked.wrong]
        return {
            "module": self.quiz.module.course,
            "person": self.quiz.person,
            "attempt": self.quiz.attempt,
            "score": self.marked.score,
            "threshold": self.threshold,
            "practical": self.marked.practical,
            "passed": self.passed,
            "expires": self.expires,
            "onBehalf": self.on_behalf,
            "wrong": wrong,
            "unanswered": list(self.marked.unanswered),
            "file": str(self.path),
        }


def desk(project: Project) -> Desk:
    """Return everything there is to know about training now."""
    view = project_view(project)
    return Desk(project, view, trained(view))


def titles() -> dict[str, str]:
    """Return the title of each practice."""
    return {each["id"]: each["title"] for each in catalogue()["practice"]}


def begin(found: Desk, name: str, person: str) -> Quiz:
    """Return the quiz that a person gets now.

    Raises:
        UsageError: there is no such module or person.
        UndecidedError: the threat model of the system gives no practical item for the module.
    """
    _known(found.project, person)
    module = found.module(name)
    attempt = 1 + sum((each.person, each.module) == (person, name) for each in found.trained.results)
    seed = seed_of(found.project.system_id, module, person, attempt)
    practical = practical_items(_looked(found).model, module, titles(), seed, PRACTICAL)
    if not practical:
        hint = "declare what the system consists of, then look at `tetrapylon design threats`"
        raise UndecidedError(f"the threat model gives no practical item for `{name}`", hint=hint, code="no-practical-item")
    return Quiz(person, module, attempt, draw(module, seed, practical), found.view.now())


def _looked(found: Desk) -> Looked:
    return found.view.from_log("looked", lambda _: look(found.view))


def _known(project: Project, person: str) -> None:
    known = [each["id"] for each in project.facts.get("person", ())]
    if person not in known:
        hint = f"persons: {', '.join(known) or 'none'}"
        raise UsageError(f"there is no person `{person[:40]}` in the manifest", hint=hint, code="unknown-person")


def finish(found: Desk, quiz: Quiz, answers: Mapping[str, str], signing: Signing) -> Taken:
    """Mark the answers, sign what came of it, and write it down, whether it was passed or not.

    Raises:
        MissingError: neither the person's key nor one that may record training is here.
        RefusedError: the SSH key is somebody else's.
    """
    marked, rules, now = mark(quiz.items, answers), found.trained.rules, found.view.now()
    passed = marked.passed(rules.threshold)
    payload = {
        **_about(found, quiz.person, quiz.module),
        "itemsDigest": items_digest(quiz.items),
        "attempt": quiz.attempt,
        "score": marked.score,
        "practical": marked.practical,
        "passed": passed,
        "expires": rules.expiry(quiz.module, now),
        "how": "taken",
    }
    signer, behalf = _signer(found.project, quiz.person, signing, now)
    path = _write(found.project, {**payload, "onBehalf": behalf, "observedFrom": quiz.started, "observedTo": now}, signer)
    return Taken(quiz, marked, passed, rules.threshold, str(payload["expires"]), behalf, path)


def _about(found: Desk, person: str, module: Module) -> dict[str, Any]:
    return {
        "tool": found.view.tool,
        "system": found.project.system_id,
        "person": person,
        "module": module.id,
        "moduleDigest": module.digest,
        "threshold": found.trained.rules.threshold,
        "classes": list(found.trained.classes[module.id]),
        **({"demo": True} if found.project.demo else {}),
    }


def _signer(project: Project, person: str, signing: Signing, now: str) -> tuple[Signer, bool]:
    """Return the person's signer, or the recorder's where the person's key is not here, and which of the two it is."""
    try:
        return signer_of(project, person, signing, now), False
    except (MissingError, RefusedError) as error:
        if signing.ssh_key or error.code not in {"no-key", "wrong-person"}:
            raise
    return wiring.signer_for(project, [RECORDER], signing.passphrase), True


def _write(project: Project, payload: Mapping[str, Any], signer: Signer) -> Path:
    decode(PREDICATE, payload)
    second = ("items", payload["itemsDigest"]) if "itemsDigest" in payload else ("export", payload["source"])
    subjects = (Subject(f"module:{payload['module']}", Digest(payload["moduleDigest"])), Subject(second[0], Digest(second[1])))
    data = sign_statement(Statement(subjects, predicate_type(PREDICATE), dict(payload)), [signer]).to_bytes()
    prepare_state(project)
    folder = folder_of(project.state())
    make_folder(folder, 0o700)
    path = folder / f"{digest_hex(sha256(data))[:32]}.json"
    write_atomic(path, data, 0o600)
    return path


def export(found: Desk, name: str, edition: Edition) -> tuple[Module, bytes]:
    """Return a module as a SCORM package, with practical items of this system.

    Raises:
        UsageError: there is no such module, or it is made anew each time.
    """
    module = found.module(name)
    if module.generated:
        hint = "it changes with the system; take it with `tetrapylon design training take digest`"
        raise UsageError(f"`{name}` is not exported", hint=hint, code="not-exportable")
    practical = practical_items(_looked(found).model, module, titles(), module.digest, EXPORTED)
    return module, package(module, (*bank(module), *practical), found.trained.rules.threshold, edition)


@dataclass(frozen=True)
class Imported:
    """What became of an export of a training system."""

    source: Digest
    taken: tuple[Row, ...]
    refused: tuple[Refused, ...]


def take_in(found: Desk, path: Path, passphrase: bytes | None) -> Imported:
    """Record the results in an export; each is bound to the file's digest and marked as imported.

    Raises:
        UsageError: the file is no such export.
        MissingError: no key here may record training.
    """
    data = read_bytes(path, MOST_BYTES)
    now, rules = found.view.now(), found.trained.rules
    rows, refused = read_export(data, found.project.facts, found.trained.modules, now[:10], rules.days)
    known = {_key(each) for each in found.trained.results if each.how == "imported"}
    fresh = [each for each in rows if (each.person, each.module.id, each.completed, each.score) not in known]
    refused += [Refused(each.line, "is recorded already") for each in rows if each not in fresh]
    signer, source = wiring.signer_for(found.project, [RECORDER], passphrase), sha256(data)
    for row in fresh:
        _write(found.project, _imported(found, row, source, now), signer)
    return Imported(source, tuple(fresh), tuple(sorted(refused, key=lambda each: each.line)))


def _key(result: Result) -> tuple[str, str, str, float]:
    return result.person, result.module, result.completed[:10], result.score


def _imported(found: Desk, row: Row, source: Digest, now: str) -> dict[str, Any]:
    rules, completed = found.trained.rules, f"{row.completed}T00:00:00Z"
    attempts = sum((each.person, each.module) == (row.person, row.module.id) for each in found.trained.results)
    return {
        **_about(found, row.person, row.module),
        "observedFrom": completed,
        "observedTo": now,
        "attempt": attempts + 1,
        "score": row.score,
        "practical": row.practical,
        # Whether the practical items were right may not be in the export; that it is not known is kept.
        "passed": row.score >= rules.threshold and row.practical != "wrong",
        "expires": rules.expiry(row.module, completed),
        "how": "imported",
        "source": source,
        "line": row.line,
        "onBehalf": True,
    }


def due(found: Desk, until: str) -> list[Standing]:
    """Return who has to take what until a day, most pressing first."""
    order: Sequence[Literal["failed", "missing", "stale", "holds"]] = ("failed", "missing", "stale", "holds")
    wanted = [each for each in found.trained.standings if each.state != "holds" or each.until[:10] <= until]
    return sorted(wanted, key=lambda each: (order.index(each.state), each.until, each.person, each.module.id))


def as_row(standing: Standing) -> dict[str, Any]:
    """Return a standing as data."""
    result = standing.result
    return {
        "person": standing.person,
        "module": standing.module.id,
        "state": standing.state,
        "why": standing.why,
        "until": standing.until or None,
        "score": result.score if result else None,
        "practical": result.practical if result else None,
        "how": result.how if result else None,
    }


def module_row(module: Module, today: str) -> dict[str, Any]:
    """Return what is known of a module as data."""
    from tetrapylon.design.threats.training.module import REVIEW_DAYS
    from tetrapylon.outside.clock import parse_date

    age = 0 if module.generated else (parse_date(today) - parse_date(module.reviewed)).days
    return {
        "id": module.id,
        "title": module.title,
        "version": module.version,
        "course": None if module.generated else module.course,
        "digest": module.digest,
        "roles": list(module.roles),
        "minutes": module.minutes,
        "questions": len(module.questions),
        "reviewed": None if module.generated else module.reviewed,
        "overdue": age > REVIEW_DAYS,
    }


def module_data(module: Module) -> dict[str, Any]:
    """Return the text of a module as data, without its questions."""
    return {"screens": [msgspec.to_builtins(each) for each in module.screens]}
