"""What the gateway counts, as Prometheus text under OpenTelemetry's names, and as a small file for others.

The GenAI conventions of OpenTelemetry are still in development: the names that we follow stand in one table, and the
table says of which version.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import Any

CONVENTIONS = "OpenTelemetry GenAI semantic conventions 1.37 (development)"

NAMES = {
    "duration": "gen_ai_server_request_duration_seconds",
    "first": "gen_ai_server_time_to_first_token_seconds",
    "tokens": "gen_ai_client_token_usage_total",
    "requests": "tetrapylon_requests_total",
    "verdicts": "tetrapylon_verdicts_total",
    "rules": "tetrapylon_rule_hits_total",
    "in-flight": "tetrapylon_requests_in_flight",
    "switched": "tetrapylon_failovers_total",
    "faults": "tetrapylon_faults_total",
}
"""Ours first, then the metric's."""

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper ends, seconds."""

MOST_RULES = 1000


class Histogram:
    """How long things took."""

    def __init__(self) -> None:
        self.counts = [0] * (len(BUCKETS) + 1)
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.total += seconds

    def lines(self, name: str, labels: str) -> Iterator[str]:
        """Yield this as Prometheus text."""
        so_far = 0
        for end, count in zip((*map(str, BUCKETS), "+Inf"), self.counts, strict=True):
            so_far += count
            yield f'{name}_bucket{{{labels},le="{end}"}} {so_far}'
        yield f"{name}_sum{{{labels}}} {self.total:.6f}"
        yield f"{name}_count{{{labels}}} {so_far}"


class Counters:
    """Everything that is counted; labels come from the manifest and from us, never from a request."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.verdicts: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.tokens: Counter[tuple[str, str]] = Counter()
        self.faults: Counter[str] = Counter()
        self.in_flight = 0
        self.switched = 0
        self._duration: dict[tuple[str, str], Histogram] = {}
        self._first: dict[tuple[str, str], Histogram] = {}

    def ended(self, route: str, model: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self.requests[route, model, status] += 1
        self._duration.setdefault((route, model), Histogram()).add(seconds)

    def first_byte(self, route: str, model: str, seconds: float) -> None:
        """Count the time until a stream began."""
        self._first.setdefault((route, model), Histogram()).add(seconds)

    def judged(self, verdict: str, rules: list[str]) -> None:
        """Count a verdict and the rules that led to it."""
        self.verdicts[verdict] += 1
        for rule in rules:
            if rule in self.rules or len(self.rules) < MOST_RULES:
                self.rules[rule] += 1

    def used(self, model: str, taken: int, given: int) -> None:
        """Count tokens."""
        self.tokens[model, "input"] += taken
        self.tokens[model, "output"] += given

    def text(self) -> str:
        """Return everything as Prometheus text."""
        return "\n".join([f"# {CONVENTIONS}", *self._lines()]) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"# TYPE {NAMES['duration']} histogram"
        for (route, model), each in self._duration.items():
            yield from each.lines(NAMES["duration"], _labels(route, model))
        yield f"# TYPE {NAMES['first']} histogram"
        for (route, model), each in self._first.items():
            yield from each.lines(NAMES["first"], _labels(route, model))
        yield f"# TYPE {NAMES['tokens']} counter"
        for (model, kind), count in self.tokens.items():
            yield f'{NAMES["tokens"]}{{gen_ai_request_model="{model}",gen_ai_token_type="{kind}"}} {count}'
        yield f"# TYPE {NAMES['requests']} counter"
        for (route, model, status), count in self.requests.items():
            yield f'{NAMES["requests"]}{{{_labels(route, model)},http_response_status_code="{status}"}} {count}'
        for name, found in (("verdicts", self.verdicts), ("rules", self.rules), ("faults", self.faults)):
            yield f"# TYPE {NAMES[name]} counter"
            yield from (f'{NAMES[name]}{{{name.rstrip("s")}="{_safe(key)}"}} {count}' for key, count in found.items())
        yield from (f"# TYPE {NAMES['in-flight']} gauge", f"{NAMES['in-flight']} {self.in_flight}")
        yield from (f"# TYPE {NAMES['switched']} counter", f"{NAMES['switched']} {self.switched}")

    def as_json(self) -> dict[str, Any]:
        """Return the totals as data, for `.tetrapylon/gateway.json`."""
        return {
            "requests": [
                {"route": route, "model": model, "status": status, "count": count}
                for (route, model, status), count in self.requests.items()
            ],
            "verdicts": dict(self.verdicts),
            "rules": dict(self.rules),
            "faults": dict(self.faults),
            "tokens": [{"model": model, "kind": kind, "count": count} for (model, kind), count in self.tokens.items()],
            "failovers": self.switched,
        }


def _labels(route: str, model: str) -> str:
    return f'gen_ai_operation_name="{route}",gen_ai_request_model="{model}"'


def _safe(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
