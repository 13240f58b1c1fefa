"""Questionnaires for suppliers: sent, signed on the supplier's side, and taken in on ours."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tetrapylon.app import wiring
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.app.view import project_view
from tetrapylon.design.suppliers.files import FOLDER, answers_file, asked_file, key_file, nonce_in, sent_file, supplier_key
from tetrapylon.design.suppliers.gather import World
from tetrapylon.design.suppliers.questionnaire import LONGEST, Answered, ask, judge, read_signed, sign
from tetrapylon.design.suppliers.questions import questions
from tetrapylon.evidence.key import PublicKey
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.rootfile import key_of_pem
from tetrapylon.kernel.errors import IntegrityError, MissingError, RefusedError, UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.clock import SystemClock, format_time, parse_time
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic

if TYPE_CHECKING:
    from tetrapylon.evidence.signer import Signer


@dataclass(frozen=True)
class Step:
    """What was done with one questionnaire."""

    action: str
    supplier: str
    file: str
    key: str | None = None
    """The id of the supplier's key."""

    expires: str | None = None
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        return {"action": self.action, "supplier": self.supplier, "file": self.file, "key": self.key, "expires": self.expires}

    def line(self) -> str:
        """Return this for a reader."""
        more = [f"key {self.key}" if self.key else "", f"until {self.expires}" if self.expires else ""]
        return ", ".join([f"{self.supplier}: {self.action}, `{self.file}`", *(each for each in more if each)])


def send(project: Project, wanted: Sequence[str], out: Path) -> list[Step]:
    """Write a questionnaire for each supplier of hosted models, or for those that are named; answers to earlier ones hold on.

    Raises:
        UsageError: a named one supplies no hosted model, or none does.
    """
    now = SystemClock().now()
    world = World(project_view(project), now, {})
    known = [each["id"] for each in project.facts.get("supplier", ()) if world.hosted_of(each["id"])]
    for each in wanted:
        if each not in known:
            hint = f"suppliers of hosted models: {', '.join(known) or 'none'}"
            raise UsageError(f"`{each[:64]}` supplies no hosted model", hint=hint, code="unknown-supplier")
    if not known:
        raise UsageError("nobody supplies a hosted model, so there is nobody to ask", code="unknown-supplier")
    prepare_state(project)
    make_folder(project.root / FOLDER)
    make_folder(out)
    steps = []
    for each in wanted or known:
        form = ask(replace(world.expected(each), nonce=secrets.token_hex(16)), questions(), now)
        write_atomic(project.root / sent_file(each), form)
        write_atomic(out / f"{each}.json", form)
        steps.append(Step("sent", each, str(out / f"{each}.json")))
    return steps


def sign_file(path: Path, key: Path, days: int, passphrase_file: str | None, *, make: bool) -> Step:
    """Sign an answered questionnaire with the supplier's own key; its public half is written beside it.

    Raises:
        IntegrityError: it is no questionnaire.
        UsageError: a question is not answered, or the key is there already, or cannot be read.
    """
    from tetrapylon.evidence.signers.file import generate_key, load_key

    passphrase, data = wiring.read_passphrase(passphrase_file), read_bytes(path, LONGEST)
    made = generate_key("ed25519") if make else None
    signer: Signer = made or load_key(key, passphrase)
    now = SystemClock().now()
    expires = format_time(parse_time(now) + timedelta(days=days))
    signed = sign(data, signer, now, expires)
    if made is not None:
        made.save(key, passphrase)
        write_atomic(key.with_suffix(".pub"), signer.public_pem().encode())
    target = path.with_name(f"{path.name.removesuffix('.json')}.signed.json")
    write_atomic(target, signed.to_bytes())
    supplier = read_signed(signed.to_bytes(), signer.key, check_native).supplier
    return Step("signed", supplier, str(target), signer.key.keyid, expires, signer.warnings)


def take_in(project: Project, path: Path, key: Path | None, *, replace_key: bool) -> Step:
    """Take a supplier's signed answers in: they must be by its key, and answer the questionnaire that was sent last.

    Raises:
        RefusedError: they do not count; the reason is said, and nothing was changed.
        UsageError: no key of the supplier is known yet, and none was given.
    """
    now, data = SystemClock().now(), read_bytes(path, LONGEST)
    world = World(project_view(project), now, {})
    given = None if key is None else key_of_pem(read_bytes(key, BOUNDS.key).decode("ascii", "replace"))
    supplier = _supplier_of(project, world, data, given)
    signer = _key_for(project, supplier, given, replace_key=replace_key)
    answered = _read(data, signer)
    expected = replace(world.expected(supplier), nonce=nonce_in(project.root, sent_file(supplier)))
    if expected.nonce is None:
        hint = f"send one with `tetrapylon design suppliers questionnaire new {supplier}`"
        raise RefusedError(f"no questionnaire to `{supplier}` waits for an answer", hint=hint, code="not-counted")
    found = judge(answered, expected, questions(), now, world.limits["supplier-days"])
    if not found.counts:
        raise RefusedError(f"the answers of `{supplier}` do not count: {found.why}", hint="ask the supplier again", code="not-counted")
    if given is not None:
        write_atomic(project.root / key_file(supplier), read_bytes(key, BOUNDS.key) if key else b"")
    write_atomic(project.root / asked_file(supplier), read_bytes(project.root / sent_file(supplier), LONGEST))
    write_atomic(project.root / answers_file(supplier), data)
    (project.root / sent_file(supplier)).unlink(missing_ok=True)
    return Step("taken in", supplier, answers_file(supplier), signer.keyid, found.expires)


def _supplier_of(project: Project, world: World, data: bytes, given: PublicKey | None) -> str:
    """Return whose answers these are: that of the key that was given, or of the one whose key signed them."""
    suppliers = [each["id"] for each in project.facts.get("supplier", ()) if world.hosted_of(each["id"])]
    keys = [given] if given is not None else [supplier_key(project.root, each) for each in suppliers]
    why: RefusedError | None = None
    for known in (each for each in keys if each is not None):
        try:
            found = read_signed(data, known, check_native).supplier
        except IntegrityError as error:
            why = RefusedError(f"the answers do not count: {error.message}", code="not-counted")
            continue
        if found in suppliers:
            return found
        why = RefusedError(f"the answers are about `{found}`, which supplies no hosted model here", code="not-counted")
    if why is None:
        hint = "give it with `--key`, and compare its id with what the supplier says by another way"
        raise UsageError("no key of a supplier is known yet", hint=hint, code="no-key")
    raise why


def _key_for(project: Project, supplier: str, given: PublicKey | None, *, replace_key: bool) -> PublicKey:
    known = supplier_key(project.root, supplier)
    if given is not None and known is not None and given != known and not replace_key:
        hint = "if the supplier confirms the change by another way, add `--replace-key`; the next check shows it until it is accepted"
        raise RefusedError(f"`{supplier}` is known by another key, {known.keyid[:16]}", hint=hint, code="key-changed")
    key = given or known
    if key is None:
        raise MissingError(f"no key of `{supplier}` is known", hint="give it with `--key`", code="no-key")
    return key


def _read(data: bytes, key: PublicKey) -> Answered:
    try:
        return read_signed(data, key, check_native)
    except IntegrityError as error:
        raise RefusedError(f"the answers do not count: {error.message}", code="not-counted") from error
