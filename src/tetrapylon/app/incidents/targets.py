"""What a playbook is about in this system: one asset, and the values that its steps are filled in with."""

from __future__ import annotations

from tetrapylon.app.project import Project
from tetrapylon.app.view import vouched_for
from tetrapylon.deploy.incidents.playbook import Playbook
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.outside.files import hash_file

EXPOSED = "drill_exposed_key.py"
"""The file in which a drill leaves a key lying; nothing of the system is called so. Until then plans are about the manifest."""


def candidates(project: Project, playbook: Playbook) -> list[str]:
    """Return the models that the playbook can be about."""
    if playbook.target == "access":
        return ["access"]
    key = "path" if playbook.target == "model-file" else "endpoint"
    return [each["id"] for each in project.facts.get("model", ()) if key in each]


def target_of(project: Project, playbook: Playbook, wanted: str | None) -> tuple[str, dict[str, str]]:
    """Return the asset, and what its steps are filled in with.

    Raises:
        UsageError: the system has nothing that the playbook could be about (`no-target`).
        MissingError: nobody recorded what the file has to be (`not-recorded`).
    """
    found = [each for each in candidates(project, playbook) if wanted in {None, each}]
    if not found:
        raise UsageError(f"the manifest declares no {playbook.target}{f' `{wanted[:64]}`' if wanted else ''}", code="no-target")
    asset = found[0]
    variables = {"asset": asset}
    if playbook.target == "access":
        return asset, {**variables, "path": "tetrapylon.toml", "key": "000000000000"}
    model = next(each for each in project.facts["model"] if each["id"] == asset)
    if playbook.target == "model-file":
        digest = vouched_for(project).get(f"model:{asset}")
        if digest is None:
            raise MissingError(f"nobody recorded what `{asset}` has to be", hint="run `tetrapylon assess` first", code="not-recorded")
        path = project.root / model["path"]
        if path.is_file() and hash_file(path) != digest:
            raise UsageError(f"`{asset}` is not what was recorded: this is no drill any more", hint="open an incident", code="not-sound")
        variables |= {"path": model["path"], "digest": digest}
    return asset, variables
