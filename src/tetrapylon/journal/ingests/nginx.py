"""Access logs of web servers in the combined format (nginx, Apache): who asked for what, and how it ended.

What it does: takes address, user, request line, status and bytes; the address is the subject, for it is personal data.
Why it matters: where nothing else was kept, this is the record of who used an endpoint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tetrapylon.journal.entry import Entry

GOOD = (
    b'192.0.2.7 - teller [10/Oct/2026:13:55:36 +0000] "POST /v1/chat/completions HTTP/1.1" 200 2326 "-" "python/3"',
    b'2001:db8::1 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 404 -',
    b'192.0.2.7 - - [10/Oct/2026:13:55:36 +0000] "\\x16\\x03\\x01" 400 157 "-" "-"',
)
BAD = (b"hello", b'192.0.2.7 - - [10/Oct/2026] "GET /', b'192.0.2.7 - - [x] "GET / HTTP/1.1" two hundred')

# Every part ends where its own closing character begins, so the time is linear in the line.
_LINE = re.compile(
    rb'(?P<who>[^ ]{1,64}) [^ ]{1,128} (?P<user>[^\[]{0,256}?) \[(?P<at>[^\]]{1,64})\] "(?P<what>(?:[^"\\]|\\.)*)" '
    rb"(?P<status>\d{3}) (?P<size>\d{1,15}|-)(?: .*)?"
)


def read(line: bytes, options: Mapping[str, str]) -> Entry | None:
    """Return the entry that a line holds."""
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise ValueError("not a line in the combined format")
    text = {name: (each or b"").decode("utf-8", "replace") for name, each in found.groupdict().items()}
    asked = text["what"].split(" ")
    route = asked[1].partition("?")[0] if len(asked) > 1 else text["what"]
    user = "" if text["user"] == "-" else text["user"]
    labels = {"status": text["status"], "bytes": text["size"], "at": text["at"], "method": asked[0][:16]}
    return Entry("request", options.get("tenant", ""), text["who"], route[:1024], "", user, line.strip(), labels)
