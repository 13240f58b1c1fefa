"""The model that takes over is less well guarded.

What it does: Looks at models with an alternate.
Why it matters: Whoever can bring the first model down chooses the second.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import fact
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="weaker-alternate",
    title="What takes over from {it} was tested and guarded less",
    cause="unexpected-behaviour",
    stride="DE",
    looks_at=("model", "hosted-model"),
    when=(fact("alternate", "another model takes over", "the manifest names a model that takes over", "no other model takes over"),),
    effect=2,
    practices=("SV1.8", "SP4.2"),
    impact={"system": "is as safe as its least tested model"},
)
KEPT: dict[str, dict[str, Json]] = {
    "an alternate": {
        "model": [
            {"id": "talker", "endpoint": "https://models.example.org/v1", "alternate": "other"},
            {"id": "other", "endpoint": "https://other.example.org/v1"},
        ]
    }
}
CLOSED: dict[str, dict[str, Json]] = {"alone": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}]}}
