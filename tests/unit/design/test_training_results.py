"""Results: taken, signed, imported; which count, and when they no longer do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tetrapylon.app import wiring
from tetrapylon.app.acknowledging import acknowledge
from tetrapylon.app.deciding import Signing
from tetrapylon.app.declaring import Signing as Stating
from tetrapylon.app.project import Project, open_project
from tetrapylon.app.training import Desk, begin, desk, due, export, finish, take_in, titles
from tetrapylon.app.trusting import TrustPlan, init_trust
from tetrapylon.design.threats.decisions import decode_decisions
from tetrapylon.design.threats.model import threat_model
from tetrapylon.design.threats.training.module import shipped
from tetrapylon.design.threats.training.news import stub
from tetrapylon.design.threats.training.practical import practical_items
from tetrapylon.design.threats.training.quiz import PRACTICAL, draw, mark, read_answers, seed_of
from tetrapylon.design.threats.training.result import PREDICATE, files_of, read_result, read_results
from tetrapylon.design.threats.training.standing import Rules, standing
from tetrapylon.evidence.envelope import read_envelope
from tetrapylon.evidence.predicate import predicate_type
from tetrapylon.evidence.signer import Signer, sign_statement
from tetrapylon.evidence.statement import Statement, Subject, read_statement
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import IntegrityError, RefusedError, TetrapylonError, UndecidedError, UsageError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.system.decode import decode_manifest
from tetrapylon.system.manifest import manifest_facts

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "cheque-desk"
MANIFEST = """
schema = "tetrapylon/manifest/1"
[system]
id = "desk"
release = "1.0.0"
role = "provider"
criticality = "low"
purpose = "Answers questions"
demo = true
[[person]]
id = "dana"
roles = ["developer"]
key = "dana.pub"
[[person]]
id = "omar"
roles = ["responder", "owner"]
key = "omar.pub"
contact = "mailto:omar@desk.example.org"
[[model]]
id = "talker"
endpoint = "https://models.example.org/v1"
[[tool]]
id = "lookup"
effect = "read"
[[flow]]
from = "customer"
to = "talker"
carries = ["question"]
"""


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("trained") / "desk"
    root.mkdir()
    (root / "tetrapylon.toml").write_text(MANIFEST)
    init_trust(open_project(root), TrustPlan(2, 3, 30, None), SystemClock().now())
    return root


@pytest.fixture(scope="module")
def _taken(_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("taken") / "desk"
    shutil.copytree(_made, root)
    take(open_project(root))
    return root


@pytest.fixture
def project(_made: Path, tmp_path: Path) -> Project:
    shutil.copytree(_made, tmp_path / "desk")
    return open_project(tmp_path / "desk")


@pytest.fixture
def taken(_taken: Path, tmp_path: Path) -> Project:
    """The project after `dana` passed `secure-coding`."""
    shutil.copytree(_taken, tmp_path / "desk")
    return open_project(tmp_path / "desk")


def take(project: Project, module: str = "secure-coding", person: str = "dana", slips: int = 0) -> Desk:
    found = desk(project)
    quiz = begin(found, module, person)
    answers = {each.id: each.right for each in quiz.items[slips:]}
    finish(found, quiz, answers, Signing(None))
    return desk(project)


def state_of(found: Desk, module: str = "secure-coding", person: str = "dana") -> tuple[str, str]:
    return next((each.state, each.why) for each in found.trained.standings if (each.person, each.module.id) == (person, module))


def test_a_result_is_failed_then_passed_and_the_latest_counts(project: Project) -> None:
    assert state_of(desk(project)) == ("missing", "not taken yet")
    assert state_of(take(project, slips=3))[0] == "failed"
    found = take(project)
    assert state_of(found)[0] == "holds"
    assert sorted(each.attempt for each in found.trained.results) == [1, 2]
    assert {each.on_behalf for each in found.trained.results} == {True}
    assert {each.stat().st_mode & 0o777 for each in files_of(project.state())} == {0o600}
    assert [(each.person, each.module.id) for each in due(found, "2020-01-01")][-1] != ("dana", "secure-coding")


def test_a_person_signs_with_the_key_that_stands_for_them(project: Project) -> None:
    found = take(project, "ai-incidents", "omar")
    assert state_of(found, "ai-incidents", "omar")[0] == "holds"
    assert not found.trained.results[0].on_behalf


def rewritten(project: Project, change: Callable[[dict[str, Any]], None], role: str = "reviewer", subjects: Any = None) -> dict[str, str]:
    """Sign the one result anew after a change, and return why it does not count."""
    path = files_of(project.state())[0]
    before = read_statement(read_envelope(path.read_bytes(), "r").payload)
    payload = dict(before.predicate)
    change(payload)
    signer = wiring.signer_for(project, [role], None)
    about = subjects or (Subject("module", Digest(payload["moduleDigest"])), Subject("items", Digest(payload["itemsDigest"])))
    path.write_bytes(sign_statement(Statement(about, predicate_type(PREDICATE), payload), [signer]).to_bytes())
    return read_results(project.state(), project.facts)[1]


def nothing(payload: dict[str, Any]) -> None:
    del payload


@pytest.mark.parametrize(
    ("change", "role", "why"),
    [
        (nothing, "responder", "who may not record it"),
        (nothing, "build", "who may not record it"),
        (lambda payload: payload.update(system="another"), "reviewer", "is of another system"),
        (lambda payload: payload.update(person="nobody"), "reviewer", "whom the manifest does not know"),
        (lambda payload: payload.update(score=1.5), "reviewer", "a score that cannot be"),
        (lambda payload: payload.update(score=0.1), "reviewer", "a score that cannot be"),
        (lambda payload: payload.update(score="high"), "reviewer", "score"),
        (lambda payload: payload.update(observedTo="2026-01-01T00:00:00Z"), "reviewer", ""),
    ],
)
def test_what_does_not_fit_does_not_count(taken: Project, change: Callable[[dict[str, Any]], None], role: str, why: str) -> None:
    assert rewritten(taken, nothing) == {}
    refused = rewritten(taken, change, role)
    assert len(refused) == 1
    assert why in next(iter(refused.values()))


def test_a_result_about_something_else_does_not_count(taken: Project) -> None:
    other = (Subject("module", sha256(b"another")), Subject("items", sha256(b"items")))
    assert "another module or other items" in next(iter(rewritten(taken, nothing, subjects=other).values()))
    path = files_of(taken.state())[0]
    data = json.loads(path.read_bytes())
    data["signatures"][0]["sig"] = data["signatures"][0]["sig"][::-1]
    path.write_text(json.dumps(data))
    path.with_name("junk.json").write_bytes(b"\xff" * 100)
    results, refused = read_results(taken.state(), taken.facts)
    assert (results, len(refused)) == ([], 2)


def test_two_signatures_are_no_signature_of_one(taken: Project) -> None:
    path = files_of(taken.state())[0]
    statement = read_statement(read_envelope(path.read_bytes(), "r").payload)
    signers: list[Signer] = [wiring.signer_for(taken, [role], None) for role in ("reviewer", "build")]
    data = sign_statement(statement, signers).to_bytes()
    with pytest.raises(IntegrityError, match="signed with one key"):
        read_result(data, wiring.load_trust(taken), taken.facts)
    other = sign_statement(Statement(statement.subjects, predicate_type("waiver"), statement.predicate), signers[:1]).to_bytes()
    with pytest.raises(IntegrityError, match="no result of a training"):
        read_result(other, wiring.load_trust(taken), taken.facts)


def test_without_a_root_of_trust_nothing_counts(taken: Project) -> None:
    for each in taken.state("trust").iterdir():
        each.unlink()
    results, refused = read_results(taken.state(), taken.facts)
    assert (results, list(refused.values())) == ([], ["there is no root of trust to check it by"])


def test_a_result_ends(taken: Project) -> None:
    found = desk(taken)
    module, results = found.trained.modules["secure-coding"], found.trained.results
    rules, known = Rules(0.8, 365, 30), found.trained.classes["secure-coding"]

    def at(now: str, rules: Rules = rules, classes: tuple[str, ...] = known, module: Any = module) -> tuple[str, str]:
        each = standing("dana", module, classes, results, rules, now)
        return each.state, each.why

    now = results[0].completed
    assert at(now)[0] == "holds"
    assert at("2099-01-01T00:00:00Z")[0] == "stale"
    assert at(now, Rules(0.8, 0, 30))[0] == "stale"
    assert at(now, classes=(*known, "open-window")) == ("stale", "new since: open-window")
    assert at(now, Rules(1.1, 365, 30))[0] == "failed"
    changed = {**shipped()}["secure-coding"].__class__(**{**_fields(module), "title": "Another"})
    assert at(now, module=changed) == ("stale", "the module has changed since")


def _fields(module: Any) -> dict[str, Any]:
    return {name: getattr(module, name) for name in module.__struct_fields__}


def test_the_digest_of_news_ends_after_its_days_and_not_with_its_text(project: Project) -> None:
    found = take(project, "digest")
    assert state_of(found, "digest")[0] == "holds"
    assert next(each.until for each in found.trained.standings if each.module.id == "digest") < "2099"
    shown = found.module("digest")
    assert "talker" in shown.screens[0].text
    assert shown.digest != stub().digest
    with pytest.raises(UsageError, match="not exported"):
        export(found, "digest", "1.2")


def test_what_is_imported_is_marked_and_bound_to_its_file(project: Project) -> None:
    found = desk(project)
    course, today = found.trained.modules["secure-coding"].course, found.view.now()[:10]
    path = project.root / "export.csv"
    path.write_text(f"person,module,score,completed\ndana,{course},90,{today}\ndana,{course},101,{today}\nmallory,{course},90,{today}\n")
    done = take_in(found, path, None)
    assert ([each.line for each in done.taken], [each.line for each in done.refused]) == ([2], [3, 4])
    after = desk(project)
    assert state_of(after)[0] == "holds"
    result = after.trained.results[0]
    assert (result.how, result.practical, result.completed) == ("imported", "unknown", f"{today}T00:00:00Z")
    statement = read_statement(read_envelope(files_of(project.state())[0].read_bytes(), "r").payload)
    assert sha256(path.read_bytes()) in statement.digests()
    assert statement.predicate["line"] == 2
    again = take_in(after, path, None)
    assert (again.taken, again.refused[0].why) == ((), "is recorded already")
    path.write_text(f"person,module,score,completed,practical\nomar@desk.example.org,{course},95,{today},no\n")
    assert len(take_in(desk(project), path, None).taken) == 1
    path.write_bytes(b" " * (9 << 20))
    with pytest.raises(UsageError):
        take_in(after, path, None)


def test_who_and_what_must_be_known(project: Project) -> None:
    found = desk(project)
    for module, person in (("secure-coding", "nobody"), ("alchemy", "dana")):
        with pytest.raises(UsageError):
            begin(found, module, person)


def test_a_system_without_threats_of_the_kind_cannot_be_asked_about(project: Project) -> None:
    (project.root / "training").mkdir()
    text = (
        'schema = "tetrapylon/training-module/1"\nid = "own"\ntitle = "t"\nversion = "1"\nreviewed = "2026-01-01"\nroles = ["developer"]\n'
    )
    text += 'threats = ["image-scaling"]\ndraw = 1\n[[question]]\nid = "q"\ntext = "?"\nright = "r"\nwrong = ["a", "b"]\nwhy = "w"\n'
    (project.root / "training" / "own.toml").write_text(text)
    with pytest.raises(UndecidedError, match="no practical item"):
        begin(desk(project), "own", "dana")


def test_acknowledging_names_what_was_read(project: Project) -> None:
    found = desk(project)
    digest = found.module("digest").digest
    for what, person, said, code in (
        ("news", "dana", sha256(b"something else"), "other-digest"),
        ("news", "omar", digest, "role"),
        ("threats", "dana", digest, "role"),
        ("threats", "nobody", digest, "unknown-person"),
    ):
        with pytest.raises(TetrapylonError) as caught:
            acknowledge(found, what, person, said, Stating(None))  # type: ignore[arg-type]  # the parametrised word
        assert caught.value.code == code
    done = acknowledge(found, "news", "dana", digest, Stating(None))
    assert done.practice == "SD1.3"
    assert digest in str(read_statement(read_envelope(done.path.read_bytes(), "a").payload).predicate["statement"])
    with pytest.raises(RefusedError) as caught:
        acknowledge(found, "threats", "omar", digest, Stating(None))
    assert caught.value.code == "other-digest"


FILES = sorted((EXAMPLE / "training").glob("*.answers.toml"))


@pytest.mark.parametrize("path", FILES, ids=[each.name.removesuffix(".answers.toml") for each in FILES])
def test_the_answers_of_the_fictitious_persons_still_fit(path: Path) -> None:
    """Where this fails, print the items with `take MODULE --by PERSON --items` and mend the file."""
    facts = manifest_facts(decode_manifest((EXAMPLE / "tetrapylon.toml").read_bytes()))
    model = threat_model(facts, {}, decode_decisions((EXAMPLE / "threats.toml").read_bytes(), facts), "2026-11-28")
    person, name, *attempt = path.name.removesuffix(".answers.toml").split(".")
    module = {**shipped(), "digest": stub()}[name]
    seed = seed_of(facts["system"]["id"], module, person, int(attempt[0]) if attempt else 1)
    items = draw(module, seed, practical_items(model, module, titles(), seed, PRACTICAL))
    marked = mark(items, read_answers(path.read_bytes(), name, path.name))
    assert marked.unanswered == ()
    assert marked.passed(0.8) == (attempt != ["1"])
    assert "fictitious" in path.read_text("utf-8").partition("\n")[0]
