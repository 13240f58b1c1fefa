"""Containers whose programs run as root.

*What it does*: finds images that start a program and never leave the root user, and services with all rights of the host.
*Why it matters*: whoever gets a program to run code, through a model or past it, is one bug away from the host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule

ROOT = Rule(
    "container-as-root",
    "low",
    "the program of an image runs as root",
    "Whoever gets it to run code is root in the container, and one bug away from the host.",
    "RUN useradd --create-home app\nUSER app",
)
PRIVILEGED = Rule(
    "privileged-container",
    "high",
    "a container has the rights of its host",
    "Whoever gets it to run code owns the host.",
    "remove `privileged: true` and the mount of docker.sock; add the one capability that is needed",
)
RULES = (ROOT, PRIVILEGED)

_STARTS = re.compile(r"^[ \t]*(?:CMD|ENTRYPOINT)\b", re.IGNORECASE | re.MULTILINE)
_FROM = re.compile(r"^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?(\S+)", re.IGNORECASE | re.MULTILINE)
_USER = re.compile(r"^[ \t]*USER[ \t]+([^\s:]+)", re.IGNORECASE | re.MULTILINE)
_UNPRIVILEGED = re.compile(r"nonroot|unprivileged|jupyter/|bitnami/|/lambda/|lambda/python|rootless")
_PRIVILEGED = re.compile(r"^[ \t]*privileged:[ \t]*true\b|^[ \t]*-[ \t]*[\"']?/var/run/docker\.sock:", re.MULTILINE)


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each image and service that has more rights than it needs."""
    for file in repository.of("dockerfile"):
        yield from _image(file)
    for file in repository.of("compose", "yaml"):
        for place, match in live_matches(file, _PRIVILEGED, "privileged:", "docker.sock"):
            yield PRIVILEGED.at(place, f"`{match[0].strip()}` gives a container the rights of its host")


def _image(file: TextFile) -> Iterator[Finding]:
    bases = list(_FROM.finditer(file.text))
    last = bases[-1] if bases else None
    starts = [each for each in live_matches(file, _STARTS) if last]
    if last is None or not starts or _UNPRIVILEGED.search(last[1]):
        return
    users = [each[1] for each in _USER.finditer(file.text, last.start())]
    if not users or users[-1] in {"root", "0"}:
        # The stage may build on an earlier one that left root already.
        earlier = [each[1] for each in _USER.finditer(file.text, 0, last.start())]
        if users or not earlier or earlier[-1] in {"root", "0"}:
            yield ROOT.at(starts[-1][0])


_D = "FROM python:3.12@sha256:" + "0" * 64

GOOD = {
    "a user": {"Dockerfile": f'{_D}\nRUN useradd app\nUSER app\nCMD ["python", "app.py"]\n'},
    "starts nothing": {"Dockerfile": f"{_D}\nRUN pip list\n"},
    "an image without root": {"Dockerfile": "FROM gcr.io/distroless/python3:nonroot@sha256:" + "0" * 64 + '\nCMD ["app.py"]\n'},
    "no privileges": {"compose.yaml": "services:\n  app:\n    build: .\n    privileged: false\n"},
}
BAD = {
    "container-as-root: no user": {"Dockerfile": f'{_D}\nCOPY . .\nCMD ["python", "app.py"]\n'},
    "container-as-root: back to root": {"Dockerfile": f'{_D}\nUSER app\nUSER root\nENTRYPOINT ["serve"]\n'},
    "privileged-container: a service": {"compose.yaml": "services:\n  app:\n    build: .\n    privileged: true\n"},
    "privileged-container: the daemon": {
        "docker-compose.yml": "services:\n  agent:\n    build: .\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n"
    },
}
