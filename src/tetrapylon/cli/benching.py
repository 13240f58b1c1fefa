"""What `bench` reads from its options, and how it tells the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tetrapylon.cli.attacking import options_of, reach_of, standalone
from tetrapylon.cli.output import emit, talk
from tetrapylon.outside.target import Reach

_UNUSED: Mapping[str, Any] = {
    "stream": False,
    "facts": None,
    "families": "",
    "prompts": None,
    "tries": None,
    "limit": None,
    "seed": 1,
    "resume": False,
    "smoke": False,
    "guarded": False,
}
"""Options of an attack that a benchmark has no use for."""


def on_target(url: str, given: Mapping[str, Any], *, as_json: bool) -> int:
    """Ask a target its questions and tell how it did."""
    from tetrapylon.app.benching import ask_questions
    from tetrapylon.deploy.release.bench import lines, row_of, whole

    options = standalone(url, {**_UNUSED, **given})
    if given["floor"] is not None:
        options = replace(options, floor=given["floor"])
    data = whole([row_of(ask_questions(options, given["model"] or url), None)])
    emit(data, lines(data), as_json=as_json)
    return int(data["exit"])


def on_project(directory: str | None, passphrase_file: str | None, given: Mapping[str, Any], *, as_json: bool) -> int:
    """Measure what a manifest declares, and leave evidence about the release."""
    from tetrapylon.app import wiring
    from tetrapylon.app.attacking import Options
    from tetrapylon.app.benching import bench_system, keep_items, observations
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.recording import Recorder
    from tetrapylon.app.view import project_view
    from tetrapylon.deploy.release.bench import lines
    from tetrapylon.outside.clock import SystemClock

    project = open_project(directory)
    recorder = Recorder(project, policy(project), wiring.read_passphrase(passphrase_file), now=SystemClock().now())
    view = project_view(project, recorder.policy)
    given = {**_UNUSED, **given}
    said = options_of(Options(reach_of(Reach(""), given)), given)
    benched = bench_system(view, said, given["model"], given["through"])
    filed = recorder.file(observations(view, benched)) if given["model"] is None else []
    if filed:
        keep_items(view, benched)
    data = {**benched.data, "evidence": [each.index for each in filed]}
    emit(data, [*lines(data), "", f"  {len(filed)} statements left"], as_json=as_json)
    if not filed:
        talk("\nhint: no evidence was left: the run did not cover the whole system")
    return benched.exit
