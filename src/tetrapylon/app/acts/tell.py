"""Write the message that those who use a system are owed; a person sends it.

What it does: writes one message into `.tetrapylon/decommission/notices/`, ready to be sent, with to whom and by when.
Why it matters: nobody can be told by a plan; a written message that waits to be sent is told to be waiting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tetrapylon.app.project import Project, prepare_state
from tetrapylon.kernel.act import Outcome
from tetrapylon.kernel.digest import digest_hex, sha256
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic

ARGUMENTS = {"to": "who is told", "text": "what they are told"}


@dataclass(frozen=True)
class Tell:
    """The act, bound to one message."""

    project: Project
    path: Path
    text: bytes
    name: str = "tell"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> list[str]:
        """Return the steps."""
        return [f"write `{self.path.name}`", "a person sends it", "probe that it is written"]

    def do(self) -> Outcome:
        """Write it."""
        prepare_state(self.project)
        make_folder(self.path.parent)
        write_atomic(self.path, self.text)
        return Outcome(done=True, detail=("written; a person sends it",))

    def undo(self) -> Outcome:
        """Withdraw what was not sent yet."""
        self.path.unlink(missing_ok=True)
        return Outcome(done=True, detail=("withdrawn, as far as it was not sent",))

    def probe(self) -> Outcome:
        """Look whether it is written."""
        written = self.path.is_file() and read_bytes(self.path) == self.text
        return Outcome(done=written, detail=("it is written",) if written else ("it is not written",))


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> Tell:
    """Return the act for one message.

    Raises:
        UsageError: nobody is told, or nothing.
    """
    del passphrase
    to, text = str(arguments.get("to", "")), str(arguments.get("text", ""))
    if not to or not text:
        raise UsageError("a message needs somebody to tell and something to say", code="no-message")
    data = f"To: {to}\nAbout: {project.system_id}\n\n{text}\n".encode()
    path = project.state("decommission", "notices", f"{digest_hex(sha256(data))[:16]}.txt")
    return Tell(project, path, data, arguments={"to": to, "text": text})
