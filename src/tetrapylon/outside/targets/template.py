"""Any HTTP endpoint: a request with a hole for the prompt, and where the answer stands.

What it does: fills `{{prompt}}` (and `{{system}}`, `{{history}}`) into `POST /chat {"message":"{{prompt}}"}` and reads `$.reply`.
Why it matters: most systems that answer in language have a protocol of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.bounded_http import Client, HttpError, Response
from tetrapylon.outside.target import Answer, Ask, Message, Reach

KIND = "http"
EXAMPLE = Reach("http://127.0.0.1:8000", request='POST /chat {"message":"{{prompt}}"}', answer="$.reply")

_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+|\*)\]|\['([^']+)'\]")
_THROTTLED = frozenset({429, 503, 529})


class TemplateTarget:
    """One endpoint with a template."""

    def __init__(self, reach: Reach) -> None:
        method, _, rest = reach.request.strip().partition(" ")
        path, _, body = rest.strip().partition(" ")
        if not method.isalpha() or not path.startswith("/") or "{{prompt}}" not in reach.request:
            hint = """it looks like `POST /chat {"message":"{{prompt}}"}`"""
            raise UsageError("the request has no method, no path or no `{{prompt}}`", hint=hint, code="bad-template")
        self._client = Client(reach.url, reach.seconds)
        self._method, self._path, self._body = method.upper(), f"{self._client.base}{path}", body.strip()
        self._steps = steps_of(reach.answer) if reach.answer else None
        self._reach = reach
        self._json = self._body.startswith(("{", "["))
        self.identity: Mapping[str, Json] = {"kind": KIND, "url": reach.url, "request": reach.request, "answer": reach.answer}

    async def ask(self, ask: Ask) -> Answer:
        """Return the answer that stands where it was said to stand."""
        body = fill(self._body, ask.messages, as_json=self._json)
        path = fill(self._path, ask.messages, as_json=False, in_url=True)
        headers = {"content-type": "application/json" if self._json else "text/plain; charset=utf-8", **self._reach.headers}
        key = ask.key or self._reach.key
        if key:
            headers["authorization"] = f"Bearer {key}"
        try:
            response = await self._client.request(self._method, path, headers, body.encode("utf-8", "replace"))
        except HttpError as error:
            kind = error.kind
            return Answer(error="timeout" if kind == "timeout" else "too-large" if kind == "too-large" else "transport", detail=str(error))
        return self._read(response)

    def _read(self, response: Response) -> Answer:
        if response.status in _THROTTLED:
            wait = response.headers.get("retry-after", "")
            return Answer(error="throttled", status=response.status, retry_after=min(float(wait), 3600.0) if wait.isdigit() else None)
        if not 200 <= response.status < 300:  # noqa: PLR2004 - HTTP
            return Answer(error="status", status=response.status)
        if self._steps is None:
            text = response.body.decode("utf-8", "replace")
            return Answer(text, error="" if text.strip() else "empty", status=response.status)
        try:
            value = msgspec.json.decode(response.body)
        except (msgspec.DecodeError, RecursionError):
            return Answer(error="not-json", status=response.status)
        found = follow(value, self._steps)
        if found is None:
            return Answer(error="shape", detail=f"there is nothing at `{self._reach.answer}`", status=response.status)
        text = found if isinstance(found, str) else msgspec.json.encode(found).decode()
        return Answer(text, error="" if text.strip() else "empty", status=response.status)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()


def open_target(reach: Reach) -> TemplateTarget:
    """Return the endpoint as a target."""
    return TemplateTarget(reach)


def steps_of(path: str) -> tuple[str | int, ...]:
    """Return the steps of `$.a.b[0]['c'][*]`; `*` takes the first.

    Raises:
        UsageError: it is not such a path (`bad-path`).
    """
    found: list[str | int] = []
    at = 1
    while path.startswith("$") and at < len(path):
        match = _STEP.match(path, at)
        if match is None:
            break
        name, index, quoted = match.groups()
        found.append(name or quoted or (0 if index == "*" else int(index)))
        at = match.end()
    if not path.startswith("$") or at != len(path):
        raise UsageError(f"`{path[:60]}` does not say where the answer is", hint="it looks like `$.choices[0].text`", code="bad-path")
    return tuple(found)


def follow(value: Json, steps: tuple[str | int, ...]) -> Json:
    """Return what stands there, None where nothing does."""
    for each in steps:
        if isinstance(value, dict) and isinstance(each, str):
            value = value.get(each)
        elif isinstance(value, list) and isinstance(each, int) and each < len(value):
            value = value[each]
        else:
            return None
    return value


def fill(template: str, messages: tuple[Message, ...], *, as_json: bool, in_url: bool = False) -> str:
    """Return the template with the last message, the system's, and everything before in its holes."""
    from urllib.parse import quote

    said = [(str(each.get("role")), str(each.get("content") or "")) for each in messages]
    system = "\n".join(text for role, text in said if role == "system")
    history = "\n".join(f"{role}: {text}" for role, text in said[:-1] if role != "system")
    prompt = said[-1][1] if said else ""
    if "{{history}}" not in template and history:
        prompt = f"{history}\nuser: {prompt}"
    values = {"{{prompt}}": prompt, "{{system}}": system, "{{history}}": history}
    for hole, text in values.items():
        if hole in template:
            whole = msgspec.json.encode(text).decode()[1:-1] if as_json else quote(text) if in_url else text
            template = template.replace(hole, whole)
    return template
