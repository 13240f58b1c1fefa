"""Ask the real engine about everybody and everything, see whether tools are restricted, and which grants nobody uses.

Reads: the manifest, the schemas of tools' arguments, and the journal of the running system where there is one. Leaves:
`privilege-matrix`, about the manifest and about each tool. Without the Cedar engine or a journal the answers that
rest on them are missing, which is neither good nor bad.
Cannot see: rights outside the gateway (operating system, data base, cloud), and whether a used grant is still needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec

from tetrapylon.design.privilege.matrix import Probe, Restricted, probes, restrictions
from tetrapylon.design.privilege.usage import unused
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.journal.place import journal_folder
from tetrapylon.journal.searching import segments, size_of
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import inside, read_bytes
from tetrapylon.outside.secret import passphrase_from_environment
from tetrapylon.outside.view import View

PRACTICES = ("SD3.12", "SD3.18")


def inputs(view: View) -> Json:
    """Return what the answers follow from beside the release: the engine, and how much the journal holds."""
    folder = journal_folder(view.root)
    return {"engine": find_spec("cedarpy") is not None, "journal": size_of(folder) if segments(folder) else None}


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation about the manifest and one about each tool."""
    started = view.now()
    found = list(probes(view.facts)) if find_spec("cedarpy") is not None else []
    tools = restrictions(view.facts, schemas(view))
    never = unused(view.root, view.facts, passphrase_from_environment())
    incomplete = [each for tool in tools for each in tool.missing]
    for asset in view.assets:
        about = (Subject(asset.id, asset.digest),)
        if asset.kind == "manifest":
            payload = {**_answers(found, incomplete), **_unused(never), "tool": view.tool}
            yield Observation("privilege-matrix", about, payload, started, view.now(), "scanner")
        elif asset.kind == "tool":
            tool = next(each for each in tools if each.tool == asset.id)
            payload = {**_about_tool(found, tool), "tool": view.tool}
            yield Observation("privilege-matrix", about, payload, started, view.now(), "scanner")


def schemas(view: View) -> Mapping[str, bytes]:
    """Return the schemas of tools' arguments that can be read, by path."""
    found: dict[str, bytes] = {}
    for each in view.facts.get("tool", ()):
        if "arguments" in each:
            try:
                found[each["arguments"]] = read_bytes(inside(view.root, each["arguments"]), BOUNDS.manifest)
            except TetrapylonError:
                continue
    return found


def _answers(found: list[Probe], incomplete: list[str]) -> dict[str, Json]:
    wrong = [each for each in found if not each.right]
    detail = [f"{each.sentence}, which the manifest does not say" for each in wrong[:20]] + incomplete
    if not found:
        return {"toolsIncomplete": len(incomplete), "probes": 0, "detail": ["the Cedar engine is not installed", *detail]}
    denied = not any(each.found for each in found if not each.wanted)
    return {"defaultDeny": denied, "toolsIncomplete": len(incomplete), "probes": len(found), "probesWrong": len(wrong), "detail": detail}


def _unused(never: list[tuple[str, str]] | None) -> dict[str, Json]:
    if never is None:
        return {}
    return {"unusedGrants": len(never), "unused": [f"{principal} {grant}" for principal, grant in never]}


def _about_tool(found: list[Probe], tool: Restricted) -> dict[str, Json]:
    mine = [each for each in found if each.action == "call" and each.resource == tool.tool]
    answers = _answers(mine, list(tool.missing))
    if "probesWrong" in answers:
        answers |= {"probes": answers["probes"] + tool.probes, "probesWrong": answers["probesWrong"] + tool.wrong}
    return answers | {"toolsIncomplete": int(bool(tool.missing))}
