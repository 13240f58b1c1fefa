"""A red-team run: which target, what is known of it, what is tried, and where attempts are kept."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tetrapylon.deploy.release.catalogue import choose, pack_digest
from tetrapylon.deploy.release.controls import Question, read_questions
from tetrapylon.deploy.release.engine.campaign import Campaign, Plan, base_of
from tetrapylon.deploy.release.engine.run import Budget, Engine, Watcher
from tetrapylon.deploy.release.facts import Facts, read_facts
from tetrapylon.deploy.release.family import Case, Setting, told
from tetrapylon.deploy.release.result import Result, result_of
from tetrapylon.kernel.digest import digest_hex, sha256
from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.attempts import Attempts
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.outside.pacing import Pace, run_async
from tetrapylon.outside.target import Answer, Ask, Reach, Target

TARGETS = Shelf("tetrapylon.outside.targets")
PROMPTS = 60
"""Distinct prompts of each family: no hit in 59 bounds the share by 5 %."""

SMOKE_PROMPTS = 6
STATE = Path(".tetrapylon") / "redteam"


@dataclass(frozen=True)
class Options:
    """What is asked of a run."""

    reach: Reach
    facts: Facts = field(default_factory=Facts)
    questions: tuple[Question, ...] = ()
    seed: int = 1
    resume: bool = False
    budget: Budget = field(default_factory=Budget)
    families: tuple[str, ...] = ()
    prompts: int | None = None
    tries: int | None = None
    limit: float = 0.05
    floor: float = 0.8
    smoke: bool = False
    rate: float | None = None
    most: int = 64
    guarded: bool = False
    system: str = ""
    """The system message that the application sends itself."""

    declared: Mapping[str, str] | None = None
    """The system's threats and their severities."""

    folder: Path = STATE
    keep: bool = True
    watch: Watcher = lambda _: None


def open_target(reach: Reach) -> Target:
    """Return the target, opened: a function, a template, or an endpoint of the OpenAI protocol."""
    kind = "function" if reach.url.startswith("python:") else "template" if reach.request else "openai"
    target: Target = TARGETS[kind].open_target(reach)
    return target


def plan_of(options: Options, target: Target) -> Plan:
    """Return what is to be tried."""
    prompts = options.prompts or (SMOKE_PROMPTS if options.smoke else PROMPTS)
    return Plan(
        chosen=choose(options.declared, options.families),
        setting=Setting(options.facts, options.seed, prompts, options.system),
        tries=options.tries,
        questions=options.questions,
        speaks_tools=target.identity.get("kind") == "openai",
        limit=options.limit,
        floor=options.floor,
        smoke=options.smoke,
        system_sent=bool(options.system),
    )


def attack(options: Options) -> Result:
    """Run everything against one target and return what was found.

    Raises:
        UsageError, StorageError: something was asked for that cannot be.
    """
    target = open_target(options.reach)
    plan = plan_of(options, target)
    about = about_run(options, plan, target)
    path = options.folder / f"{digest_hex(sha256(repr(sorted(about.items())).encode()))[:16]}.sqlite" if options.keep else None
    store = Attempts(path, about, resume=options.resume)
    engine = Engine(
        target,
        options.facts,
        store,
        base_of(target.identity, options.seed),
        Pace(most=options.most, rate=options.rate),
        options.budget,
        tenant_keys(options.facts),
        options.watch,
        options.guarded,
    )
    campaign = Campaign(plan, engine)
    try:
        run_async(_whole(campaign, target))
        return result_of(campaign)
    finally:
        store.close()


async def _whole(campaign: Campaign, target: Target) -> None:
    try:
        await campaign.run()
    finally:
        await target.close()


def about_run(options: Options, plan: Plan, target: Target) -> dict[str, str]:
    """Return what tells this run from others: whatever decides which prompts are sent, and to whom."""
    facts = sha256(repr(options.facts).encode())
    chosen = ",".join(each.family.id for each in plan.runnable())
    values = {"seed": options.seed, "prompts": plan.setting.prompts, "tries": options.tries, "guarded": options.guarded}
    said = {name: str(value) for name, value in values.items()}
    others = {"system": sha256(options.system.encode()), "questions": sha256(repr(options.questions).encode())}
    return {"target": repr(dict(target.identity)), "pack": pack_digest(), "facts": facts, "families": chosen, **said, **others}


def tenant_keys(facts: Facts) -> dict[str, str]:
    """Return the keys of tenants from the environment.

    Raises:
        UsageError: a variable that a tenant names is not set (`no-variable`).
    """
    return {each.id: from_environment(each.api_key_env) for each in facts.tenant if each.api_key_env}


def from_environment(name: str) -> str:
    """Return the value of a variable of the environment.

    Raises:
        UsageError: it is not set (`no-variable`).
    """
    value = os.environ.get(name)
    if not value:
        raise UsageError(
            f"the variable `{name}` is not set", hint="it holds the key; keys are never given on the command line", code="no-variable"
        )
    return value


def facts_from(path: str | Path | None) -> Facts:
    """Return the facts in a file, or none."""
    return Facts() if path is None else read_facts(read_bytes(Path(path), BOUNDS.manifest), str(path))


def questions_from(path: str | Path | None) -> tuple[Question, ...]:
    """Return the questions in a file, or none."""
    return () if path is None else read_questions(read_bytes(Path(path), BOUNDS.json), str(path))


def budget_from(text: str | None) -> Budget:
    """Return the budget in `requests=500,tokens=200000,seconds=600`.

    Raises:
        UsageError: it is not such a text (`bad-budget`).
    """
    found: dict[str, int] = {}
    for part in (text or "").split(","):
        name, _, value = part.strip().partition("=")
        if name or value:
            if name not in {"requests", "tokens", "seconds"} or not value.isdigit():
                raise UsageError(f"`{part}` is no budget", hint="it looks like `requests=500,tokens=200000,seconds=600`", code="bad-budget")
            found[name] = int(value)
    return Budget(found.get("requests"), found.get("tokens"), found.get("seconds"))


@dataclass(frozen=True)
class Tried:
    """What one harmless prompt showed."""

    answer: Answer
    plan: Plan
    requests: int
    """Requests that the whole run would send, about."""


def try_once(options: Options) -> Tried:
    """Send one harmless prompt and return the parsed answer; nothing else is sent."""
    target = open_target(options.reach)
    plan = plan_of(options, target)

    async def once() -> Answer:
        try:
            case = Case("probe", {}, told(("user", "Please say hello."), system=options.system))
            return await target.ask(Ask(case.messages))
        finally:
            await target.close()

    answer = run_async(once())
    cases = sum(len(plan.cases(each)) for each in plan.runnable())
    return Tried(answer, plan, cases * (options.tries or 1) + 40 + len(options.questions) + 4 * len(plan.runnable()))


def twin(options: Options, guarded: Reach) -> tuple[Result, Result]:
    """Attack the same way without and with a guard in front."""
    off = attack(options)
    on = attack(replace(options, reach=guarded, guarded=True))
    return off, on


def system_message(texts: Sequence[str]) -> str:
    """Return the system message that an application would send from its prompts."""
    return "\n\n".join(each.strip() for each in texts if each.strip())
