"""Every bound of the gateway, in one place."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1 << 10
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken, kept and waited for at most; whatever exceeds a bound is refused, never cut off."""

    head_milliseconds: int = 10_000
    """Until a caller has sent the head of a request; an idle connection is closed after as long."""

    head_bytes: int = 64 * KIB
    """Of a request's head."""

    body_seconds: float = 20.0
    """Until a caller has sent the body of a request."""

    request_bytes: int = 12 * MIB
    """Of a request's body; what is made of it must fit into one record of the journal."""

    concurrent: int = 1024
    """Requests that are worked on at once; others wait to be taken."""

    messages: int = 1024
    """In one chat request."""

    tools: int = 128
    """Offered in one chat request."""

    strings: int = 20_000
    """Texts in one request that guards look at."""

    images: int = 16
    """In one request."""

    image_bytes: int = 8 * MIB
    """Of one image, decoded."""

    choices: int = 8
    """Answers to one chat request."""

    values: int = 4 * MIB
    """Numbers in the tensors of one request."""

    connect_seconds: float = 3.0
    """Until an upstream has taken a connection."""

    first_byte_seconds: float = 60.0
    """Until an upstream has sent the head of its answer."""

    idle_seconds: float = 30.0
    """Between two parts of an upstream's stream."""

    answer_seconds: float = 300.0
    """Until an upstream has sent its whole answer."""

    stream_seconds: float = 900.0
    """Until an upstream's stream has ended."""

    answer_bytes: int = 12 * MIB
    """Of an upstream's answer, streams included."""

    event_bytes: int = 1 * MIB
    """Of one event of an upstream's stream."""

    answer_headers: int = 100
    """In the head of an upstream's answer."""

    answer_head_bytes: int = 64 * KIB
    """Of the head of an upstream's answer."""

    kept_connections: int = 128
    """To one upstream, while nothing is asked."""

    kept_seconds: float = 15.0
    """That an idle connection to an upstream is kept."""

    buffered_bytes: int = 256 * KIB
    """Of an answer that wait to be worked on before the upstream is told to wait."""

    outages: int = 3
    """Of an upstream in a row, after which it is left alone for a while."""

    outage_window: float = 60.0
    """Seconds within which they count as in a row."""

    outage_seconds: float = 2.0
    """For how long it is left alone; then one request may try, and each try that fails doubles this, up to a minute."""
