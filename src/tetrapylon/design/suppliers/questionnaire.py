"""A questionnaire on its way: asked, answered and signed by the supplier's own key, and judged when it is read.

The signed bytes name the supplier, the system, the digests of what is supplied, the questions in full, and the number
that was drawn when they were asked: so an answer cannot be moved to another component, another question or another time.
Whoever reads one knows why it does not count; what does not count is as if it was never given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from tetrapylon.design.suppliers.check import Sheet
from tetrapylon.design.suppliers.days import days_between
from tetrapylon.design.suppliers.questions import Questions
from tetrapylon.evidence.envelope import Envelope, read_envelope
from tetrapylon.evidence.key import Checker, PublicKey
from tetrapylon.evidence.signer import Signer, sign_envelope
from tetrapylon.kernel.canonical import Json, canonical_json, read_canonical, read_json
from tetrapylon.kernel.errors import IntegrityError, UsageError
from tetrapylon.outside.clock import parse_time
from tetrapylon.system import words
from tetrapylon.system.manifest import Table

PAYLOAD_TYPE = "application/vnd.tetrapylon.questionnaire+json"
LONGEST = 256 << 10
"""Bytes of a questionnaire."""

_DIGEST = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}(?![\s\S])", description="a digest")]
_Nonce = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}(?![\s\S])", description="32 hexadecimal digits")]
_Time = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z(?![\s\S])", description="a time, UTC")]

Said = Literal["yes", "no", "not-applicable"]


class _Object(Table, frozen=True, kw_only=True):
    pass


class Answer(_Object, frozen=True, kw_only=True):
    """One answer."""

    question: words.Id
    text: words.Text
    """The question as it was read."""

    answer: Said | None = None
    note: words.Text | None = None


class Asked(_Object, frozen=True, kw_only=True):
    """A questionnaire as it is sent to a supplier."""

    schema: Literal["tetrapylon/questionnaire/1"] = "tetrapylon/questionnaire/1"
    supplier: words.Id
    system: words.Id
    asked: _Time
    nonce: _Nonce
    questions: _DIGEST
    components: dict[words.Id, _DIGEST]
    answers: Annotated[tuple[Answer, ...], Meta(max_length=200)]


class Answered(Asked, frozen=True, kw_only=True):
    """A questionnaire that was answered."""

    answered: _Time
    expires: _Time


Form = TypeVar("Form", bound=Asked)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a questionnaire must be about to count."""

    supplier: str
    system: str
    components: Mapping[str, str]
    nonce: str | None
    """The number of the questionnaire that is answered; None where none was sent."""

    newest: str | None = None
    """When the newest answers were given that ever counted."""


def ask(expected: Expected, questions: Questions, now: str) -> bytes:
    """Return a questionnaire to be answered: readable, with a place for each answer."""
    form = {
        "schema": "tetrapylon/questionnaire/1",
        "supplier": expected.supplier,
        "system": expected.system,
        "asked": now,
        "nonce": expected.nonce,
        "questions": questions.digest,
        "components": dict(expected.components),
        "answers": [{"question": each.id, "text": each.text, "answer": None, "note": None} for each in questions.all],
    }
    return msgspec.json.format(msgspec.json.encode(form), indent=1) + b"\n"


def sign(data: bytes, signer: Signer, now: str, expires: str) -> Envelope:
    """Return the answered questionnaire, signed by the supplier.

    Raises:
        IntegrityError: it is not JSON, or not a questionnaire.
        UsageError: a question is not answered (`not-answered`).
    """
    form = _converted(_bounded(data), Asked)
    left = [each.question for each in form.answers if each.answer is None]
    if left or not form.answers:
        hint = 'write `"yes"`, `"no"` or `"not-applicable"`'
        raise UsageError(f"not answered: {', '.join(left) or 'anything'}", hint=hint, code="not-answered")
    said = {**_plain(form), "answered": now, "expires": expires}
    return sign_envelope(canonical_json(said), PAYLOAD_TYPE, [signer])


def read_asked(data: bytes) -> Asked:
    """Return a questionnaire that was sent.

    Raises:
        IntegrityError: it is not one.
    """
    return _converted(_bounded(data), Asked)


def read_signed(data: bytes, key: PublicKey, check: Checker) -> Answered:
    """Return the answers, if this key signed these very bytes.

    Raises:
        IntegrityError: too long, not an envelope of one signature, another key (`key`), another signature (`signature`), or
            not a questionnaire in its one spelling.
    """
    envelope = read_envelope(_within(data), "the questionnaire")
    if envelope.payload_type != PAYLOAD_TYPE:
        raise IntegrityError("it is signed, and is no questionnaire", code="payload-type")
    if len(envelope.signatures) != 1 or envelope.signatures[0].keyid != key.keyid:
        raise IntegrityError("it was signed by another key than the supplier's", code="key")
    if not check(key, envelope.message, envelope.signatures[0].data):
        raise IntegrityError("its signature is wrong: it was altered, or never signed", code="signature")
    return _converted(read_canonical(envelope.payload, "the questionnaire"), Answered)


def judge(found: Answered, expected: Expected, questions: Questions, now: str, longest: float) -> Sheet:
    """Return whether the answers count now; they hold for `longest` days at most."""
    why = _why_not(found, expected, questions, now, longest)
    if why:
        return Sheet(counts=False, why=why)
    # A second answer to a question was refused, so each stands for itself.
    return Sheet(counts=True, why="", expires=found.expires, answers={each.question: str(each.answer) for each in found.answers})


def _why_not(found: Answered, expected: Expected, questions: Questions, now: str, longest: float) -> str:
    if found.supplier != expected.supplier or found.system != expected.system:
        return f"it is about `{found.supplier}` and `{found.system}`"
    if found.questions != questions.digest or [(each.question, each.text) for each in found.answers] != [
        (each.id, each.text) for each in questions.all
    ]:
        return "it answers other questions than are asked now"
    if dict(found.components) != dict(expected.components):
        return "it is about other components than are used now"
    if any(each.answer is None for each in found.answers):
        return "not every question is answered"
    return _wrong_time(found, expected, now, longest)


def _wrong_time(found: Answered, expected: Expected, now: str, longest: float) -> str:
    for each in (found.asked, found.answered, found.expires):
        parse_time(each)
    if found.nonce != expected.nonce:
        return "it answers another questionnaire than was sent"
    if (parse_time(found.answered) - parse_time(now)).total_seconds() > 60:  # noqa: PLR2004 - clocks differ by less
        return "it was answered in the future"
    if found.answered < found.asked:
        return "it was answered before it was asked"
    if found.expires <= now or days_between(found.answered, now) > longest:
        return f"it has expired ({found.expires})"
    if expected.newest is not None and found.answered < expected.newest:
        return f"newer answers, of {expected.newest}, counted before"
    return ""


def _within(data: bytes) -> bytes:
    if len(data) > LONGEST:
        raise IntegrityError(f"the questionnaire is larger than {LONGEST} bytes", code="too-large")
    return data


def _bounded(data: bytes) -> Json:
    return read_json(_within(data), "the questionnaire")


def _converted(value: Json, kind: type[Form]) -> Form:
    try:
        found = msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise IntegrityError(f"it is not a questionnaire: {error}", code="malformed") from error
    names = [each.question for each in found.answers]
    if len(set(names)) != len(names):
        raise IntegrityError("a question is answered twice", code="malformed")
    return found


def _plain(form: Asked) -> dict[str, Json]:
    answers = [
        {"question": each.question, "text": each.text, "answer": each.answer, **({} if each.note is None else {"note": each.note})}
        for each in form.answers
    ]
    about = {"schema": form.schema, "supplier": form.supplier, "system": form.system, "asked": form.asked, "nonce": form.nonce}
    return {**about, "questions": form.questions, "components": dict(form.components), "answers": answers}
