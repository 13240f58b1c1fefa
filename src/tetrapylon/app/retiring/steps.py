"""From the plan of an end to the acts that carry it out, in the order in which nothing is lost before its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tetrapylon.app import wiring
from tetrapylon.app.project import Project
from tetrapylon.develop.debt.retirement import Retirement, parts_of
from tetrapylon.system.assets import Asset

KEPT = ("responder",)
"""Roles whose keys stay, with the log's and the root's: without them the archive could not be read or the end recorded."""


@dataclass(frozen=True)
class Planned:
    """One act, and the part of the system that it ends."""

    part: str
    act: str
    arguments: dict[str, str]


def steps_of(project: Project, plan: Retirement, assets: tuple[Asset, ...]) -> list[Planned]:
    """Return every step: first those are told who have to know, then routes and keys end, then data."""
    return [*_told(plan), *_closed(project, plan), *_keys(project), *_disposed(project, plan, assets)]


def _told(plan: Retirement) -> Iterator[Planned]:
    for number, each in enumerate(plan.notice, 1):
        yield Planned(
            f"notice-{number}", "tell", {"to": each.to, "text": f"{each.text} (notice: {each.days} days; successor: {plan.successor})"}
        )


def _closed(project: Project, plan: Retirement) -> Iterator[Planned]:
    parts = parts_of(project.facts)
    for each in plan.disposal:
        kind = parts.get(each.asset, ("", None))[0]
        verbs = ("chat", "upstream") if kind == "endpoint" else ("infer",) if kind == "model" else ()
        for verb in verbs:
            yield Planned(
                each.asset, "close-route", {"route": f"{verb}:{each.asset}", "reason": f"retired: {each.reason}", "by": plan.owner}
            )


def _keys(project: Project) -> Iterator[Planned]:
    yield Planned("access keys", "revoke-access", {"reason": "retired"})
    for keyid, grant in wiring.load_trust(project).root.grants.items():
        if grant.revoked_at is None and not set(grant.roles) & set(KEPT):
            yield Planned(f"key of {grant.holder}", "revoke-key", {"keyid": keyid, "reason": "retired"})


def _disposed(project: Project, plan: Retirement, assets: tuple[Asset, ...]) -> Iterator[Planned]:
    parts = parts_of(project.facts)
    digests = {each.id: each.digest for each in assets if each.path is not None}
    for each in plan.disposal:
        path = parts.get(each.asset, ("", None))[1]
        if path is not None and each.method in {"delete", "archive"} and each.asset in digests:
            archive = "yes" if each.method == "archive" else "no"
            yield Planned(each.asset, "dispose", {"path": path, "digest": digests[each.asset], "archive": archive, "reason": each.reason})
