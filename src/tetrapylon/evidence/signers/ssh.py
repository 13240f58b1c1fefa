"""A person's SSH key, through `ssh-keygen -Y sign`.

What it does: hands the message to `ssh-keygen`, which asks for the passphrase or finds the private key in the agent
(when the file given is the public key), and returns the SSHSIG blob that it makes, for the namespace `tetrapylon`.
Why it matters: people sign with the key they have and guard already; it never passes through this program.
Source: OpenSSH, PROTOCOL.sshsig.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import ClassVar

from tetrapylon.evidence.envelope import SSH_NAMESPACE
from tetrapylon.evidence.key import Encoding, PublicKey
from tetrapylon.evidence.signer import Signer
from tetrapylon.kernel.errors import IntegrityError, MissingError, UndecidedError, UsageError

SSH_SECONDS = 120
"""How long `ssh-keygen` may take: a person types a passphrase or touches a token."""


class SshSigner(Signer):
    """Signs as the person who holds the SSH key.

    `path` is the private key, with its `.pub` beside it or not, or the public key of one that the agent holds. With
    `ask=False` nothing is asked at the terminal: a key under a passphrase must then be in the agent.

    Raises:
        MissingError: no such file, or `ssh-keygen` is not installed (`ssh-keygen-missing`).
        UsageError: not an SSH key of a supported type (`key-unsupported`), or not to be opened (`passphrase-needed`).
    """

    encoding: ClassVar[Encoding] = "sshsig"

    def __init__(self, path: Path, *, ask: bool = True, program: str = "ssh-keygen") -> None:
        self._path, self._ask, self._program = path, ask, program
        if not path.is_file():
            raise MissingError(f"there is no key file `{path}`", code="key-missing")
        self.key = self._public_key()

    def _public_key(self) -> PublicKey:
        from tetrapylon.evidence.sshsig import ssh_public_key

        beside = self._path if self._path.suffix == ".pub" else self._path.with_name(self._path.name + ".pub")
        try:
            line = beside.read_bytes() if beside.is_file() else self._run("-y", "-f", str(self._path))
            return ssh_public_key(line.decode().strip())
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"`{beside.name}` is not an SSH public key", code="key-unreadable") from error

    def _sign(self, message: bytes) -> bytes:
        from tetrapylon.evidence.sshsig import read_ssh_armour

        armoured = self._run("-Y", "sign", "-n", SSH_NAMESPACE, "-f", str(self._path), message=message)
        try:
            return read_ssh_armour(armoured)
        except IntegrityError as error:
            raise UndecidedError("`ssh-keygen` gave no SSH signature", code="ssh-keygen") from error

    def _run(self, *arguments: str, message: bytes = b"") -> bytes:
        """Return what `ssh-keygen` writes on its standard output."""
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, and arguments without a shell
                [self._program, *arguments],
                input=message,
                capture_output=True,
                timeout=SSH_SECONDS,
                check=False,
                # Without a terminal and an asking program `ssh-keygen` cannot ask, and cannot hang either.
                start_new_session=not self._ask,
                env=None if self._ask else {**os.environ, "SSH_ASKPASS_REQUIRE": "never"},
            )
        except (FileNotFoundError, PermissionError) as error:
            raise MissingError("`ssh-keygen` is not installed", hint="install OpenSSH 8.2 or later", code="ssh-keygen-missing") from error
        except subprocess.TimeoutExpired as error:
            raise UndecidedError(f"`ssh-keygen` did not end within {SSH_SECONDS} s", code="ssh-keygen") from error
        if done.returncode:
            raise _refusal(self._path, done.stderr.decode(errors="replace"))
        return done.stdout


def _refusal(path: Path, said: str) -> UsageError:
    """Return what went wrong, from what `ssh-keygen` said on its standard error."""
    if "passphrase" in said:
        hint = "add the key to the agent with `ssh-add` and give the `.pub` file, or sign at a terminal"
        return UsageError(f"`{path.name}` is encrypted and was not opened", hint=hint, code="passphrase-needed")
    if "agent" in said:
        return UsageError(f"the agent does not hold `{path.name}`", hint="run `ssh-add` with the private key", code="key-missing")
    if "permissions" in said.lower():
        return UsageError(f"`{path.name}` can be read by other users", hint="run `chmod 600` on it", code="key-permissions")
    shown = " ".join(said.split())[:200] or "nothing"
    return UsageError(f"`ssh-keygen` does not sign with `{path.name}`, it says: {shown}", code="key-unreadable")
