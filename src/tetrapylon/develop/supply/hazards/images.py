"""Container images that can change under the same name.

*What it does*: finds `FROM` and `image:` with `latest`, without a tag, or without a digest.
*Why it matters*: whoever can push to that name decides what runs here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Place, Rule

LATEST = Rule(
    "image-latest",
    "medium",
    "an image is whatever is latest",
    "The next start may run another program, and nothing here would notice.",
    "image: NAME:VERSION@sha256:<digest>; `docker buildx imagetools inspect NAME:VERSION` shows it",
)
TAG = Rule(
    "image-without-digest",
    "low",
    "images are named without a digest",
    "A tag can be moved to another image; a digest cannot.",
    "FROM NAME:VERSION@sha256:<digest>; `docker buildx imagetools inspect NAME:VERSION` shows it",
)
RULES = (LATEST, TAG)

_FROM = re.compile(r"^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?(\S+)(?:[ \t]+AS[ \t]+(\S+))?", re.IGNORECASE | re.MULTILINE)
_IMAGE = re.compile(r"^[ \t]*(?:-[ \t]+)?image:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_RUN = re.compile(r"\bdocker[ \t]+run[ \t][^\n|;&]{0,600}?[ \t]((?:[\w.-]+/)*[\w.-]+/?[\w.-]*:latest)\b")
_PLAUSIBLE = re.compile(r"[a-z0-9][\w./:-]*(?:@sha256:[0-9a-f]+)?")
_SERVICE = re.compile(r"^([ \t]+)[\w.-]+:[ \t]*$", re.MULTILINE)


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each image that can change: `latest` each time, other tags once for each file."""
    for file in repository.of("dockerfile"):
        yield from _judged(file, _bases(file))
    for file in repository.of("compose", "ci", "yaml"):
        if "image:" in file.text:
            yield from _judged(file, _images(file))
    for file in repository.of("shell", "ci"):
        for place, match in live_matches(file, _RUN, "docker run"):
            yield LATEST.at(place, f"image `{match[1]}` is whatever is latest")


def _bases(file: TextFile) -> Iterator[tuple[Place, str]]:
    stages: set[str] = {"scratch"}
    for place, match in live_matches(file, _FROM):
        if match[1].lower() not in stages:
            yield place, match[1]
        if match[2]:
            stages.add(match[2].lower())


def _images(file: TextFile) -> Iterator[tuple[Place, str]]:
    lines = file.text.split("\n")
    for _, match in live_matches(file, _IMAGE):
        at = file.at(match.start(1))
        if not _is_built(lines, at.line - 1):
            yield at, match[1]


def _is_built(lines: list[str], number: int) -> bool:
    """Return whether the image of a service is made from this repository: `build:` stands beside `image:`."""
    indent = len(lines[number]) - len(lines[number].lstrip())
    for step in (-1, 1):
        at = number + step
        while 0 <= at < len(lines) and (not lines[at].strip() or len(lines[at]) - len(lines[at].lstrip()) >= indent):
            if lines[at].startswith("build:", indent) and len(lines[at]) - len(lines[at].lstrip()) == indent:
                return True
            at += step
    return False


def _judged(file: TextFile, images: Iterator[tuple[Place, str]]) -> Iterator[Finding]:
    tagged: list[tuple[Place, str]] = []
    for place, image in images:
        if "$" in image or "{" in image or "@sha256:" in image or not _PLAUSIBLE.fullmatch(image):
            continue
        tag = image.rpartition("/")[2].partition(":")[2]
        if tag in {"", "latest", "main", "nightly", "edge"}:
            yield LATEST.at(place, f"image `{image}` is whatever is latest")
        else:
            tagged.append((place, image))
    if tagged:
        more = f" and {len(tagged) - 1} more" if len(tagged) > 1 else ""
        yield TAG.at(tagged[0][0], f"image `{tagged[0][1]}`{more} without a digest in `{file.path}`")


_DIGEST = "@sha256:" + "0" * 64

GOOD = {
    "a digest": {"Dockerfile": f"FROM python:3.12{_DIGEST} AS base\nFROM base\nFROM scratch\nUSER app\n"},
    "its own": {
        "compose.yaml": "services:\n  app:\n    build: .\n    image: app:latest\n  more:\n    image: more\n    build:\n      context: .\n"
    },
    "a variable": {"Dockerfile": "ARG BASE\nFROM ${BASE}\nUSER app\n", "k8s.yaml": "image: {{ .Values.image }}\n"},
    "another key": {"config.yaml": "image:\n  size: 224\npicture: cat:latest\n"},
}
BAD = {
    "image-latest: a base": {"Dockerfile": "FROM vllm/vllm-openai:latest\n"},
    "image-latest: no tag": {"Dockerfile": "# base\nFROM --platform=linux/amd64 ubuntu AS base\n"},
    "image-latest: a service": {"docker-compose.yml": "services:\n  llm:\n    image: ollama/ollama\n    build_args: x\n"},
    "image-latest: Kubernetes": {
        "k8s/deploy.yaml": "spec:\n  containers:\n    - name: llm\n      image: ghcr.io/huggingface/text-generation-inference:latest\n"
    },
    "image-latest: a script": {"run.sh": "docker run -d -p 127.0.0.1:3000:8080 ghcr.io/open-webui/open-webui:latest\n"},
    "image-without-digest: a tag": {"Dockerfile": "FROM python:3.12-slim\n"},
}
