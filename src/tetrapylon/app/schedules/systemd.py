"""A service and a timer for systemd: each hour look whether something is due.

What it does: runs `tetrapylon assess --due` each hour, also after a time when the machine was off.
Why it matters: evidence that nobody renews goes stale, and a release that was fine can no longer be decided.
"""

from __future__ import annotations


def files(system: str) -> dict[str, str]:
    """Return the two units; `FOLDER` and `USER` are to be replaced."""
    return {
        f"tetrapylon-{system}.service": f"""\
[Unit]
Description=Renew the evidence about {system} that is due
Documentation=man:systemd.service(5)

[Service]
Type=oneshot
User=USER
WorkingDirectory=FOLDER
ExecStart=/usr/bin/env tetrapylon assess --due
# 1: a practice fails. 3: something could not be decided. 4: integrity is broken. Each makes the unit fail, which is to be seen.
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths=FOLDER/.tetrapylon
""",
        f"tetrapylon-{system}.timer": f"""\
[Unit]
Description=Each hour, look what evidence about {system} is due

[Timer]
OnCalendar=hourly
RandomizedDelaySec=10min
Persistent=true

[Install]
WantedBy=timers.target
""",
    }
