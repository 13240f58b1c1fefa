"""Bring loopback up and become the given program: what runs first inside a network namespace that has nothing else.

A bare Debian has no `ip`; the kernel needs none.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import sys

SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1
"""From `linux/sockios.h` and `linux/if.h`."""


def main(command: list[str]) -> None:
    """Replace this process by the command, with loopback up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
