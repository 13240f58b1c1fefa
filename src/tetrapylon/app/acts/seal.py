"""Keep the evidence of an incident before anything is taken away: files, answers, digests and what was closed, as one bundle.

What it does: writes `.tetrapylon/incidents/ID.evidence`, whose digest enters the log with the record of this act. With personal
data in it the bundle is encrypted to the recipient of the project's backups, whose private key is elsewhere.
Why it matters: what contains an incident also destroys its traces; what was not kept before cannot be investigated after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tetrapylon.app.bundles import Bundle, gathered, recipient_of
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.kernel.act import Outcome
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.files import hash_file

ARGUMENTS = {"incident": "the incident's id", "asset": "the id of what it is about", "personal": "`yes` where persons wrote what is kept"}


@dataclass(frozen=True)
class Seal:
    """The act, bound to one incident."""

    project: Project
    path: Path
    bundle: Bundle
    recipient: str | None
    name: str = "seal"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> list[str]:
        """Return the steps."""
        how = f"encrypt it to {self.recipient[:16]}…" if self.recipient else "make it readable by its owner only"
        return [f"gather {len(self.bundle.files)} files and what is known of the system in `{self.path.name}`", how, "probe its digest"]

    def do(self) -> Outcome:
        """Write it; a bundle that is there already stays as it is."""
        if self.path.is_file():
            return Outcome(done=True, detail=("it was sealed already",))
        prepare_state(self.project)
        self.bundle.write(self.path, self.recipient)
        return Outcome(done=True, detail=(f"{len(self.bundle.files)} files are kept",))

    def undo(self) -> Outcome:
        """Evidence is not unsealed."""
        return Outcome(done=False, detail=("evidence is kept until its incident is closed and its time is over",))

    def probe(self) -> Outcome:
        """Look whether the bundle is there, and what its digest is."""
        if not self.path.is_file():
            return Outcome(done=False, detail=("there is no bundle",))
        return Outcome(done=True, detail=(f"bundle {hash_file(self.path)}",))


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> Seal:
    """Return the act for one incident.

    Raises:
        UsageError: no incident or no such asset is named, or what people wrote would be kept unencrypted (`no-recipient`).
    """
    del passphrase
    bound = {key: str(arguments.get(key, "")) for key in ARGUMENTS}
    if not bound["incident"].replace("-", "").isalnum():
        raise UsageError("there is no incident to seal the evidence of", code="no-incident")
    recipient = recipient_of(project)
    if bound["personal"] == "yes" and recipient is None:
        hint = "run `tetrapylon deploy backup key --out FILE` and keep FILE elsewhere"
        raise UsageError("what people wrote is not kept unencrypted, and there is no recipient", hint=hint, code="no-recipient")
    path = project.state("incidents", f"{bound['incident']}.evidence")
    return Seal(project, path, gathered(project, bound["asset"]), recipient if bound["personal"] == "yes" else None, arguments=bound)
