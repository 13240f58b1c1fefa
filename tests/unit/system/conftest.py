"""A manifest that uses every table, for the tests of this folder."""

from __future__ import annotations

import pytest

WHOLE = """\
schema = "tetrapylon/manifest/1"

[system]
id = "cheque-desk"
release = "1.0.0"
role = "provider"
criticality = "mission"
purpose = "Reads paid-in cheques and answers questions about them"
demo = true
code = ["src/**/*.py", "tools"]
locks = ["requirements.lock"]
guards = ["guards/input.toml"]
policies = ["policies/access.cedar"]
actors = ["digit-readers"]

[[person]]
id = "owner-1"
roles = ["owner", "risk-owner"]
key = "keys/owner-1.pub"
contact = "owner@example.org"

[[service]]
id = "assistant-service"
may = ["call:lookup", "read:digits", "write:answers"]
roles = ["build"]
key = "keys/service.pub"

[[model]]
id = "digit-reader"
path = "models/digit-reader.onnx"
trained-from = ["digits"]
signature = "models/digit-reader.sig"
preprocess = [{ op = "resize", size = [224, 224], library = "pil", kernel = "bilinear" }, { op = "greyscale" }]

[[model]]
id = "assistant"
endpoint = "http://127.0.0.1:8600/v1"
supplier = "acme-llm"
alternate = "assistant-b"
model = "acme-large"
snapshot = "2025-01-01"
decoding = { temperature = 0, top-p = 0.9, greedy = false, stop = "END" }

[[model]]
id = "assistant-b"
endpoint = "http://127.0.0.1:8601/v1"

[[dataset]]
id = "digits"
path = "data/digits.csv"
sensitivity = "internal"
supplier = "acme-llm"
licence = "CC0-1.0"

[[prompt]]
id = "assistant-system"
path = "prompts/assistant.md"
model = "assistant"

[[tool]]
id = "lookup"
effect = "read"

[[tool]]
id = "refund"
effect = "irreversible"
approval = "human"
arguments = "tools/refund.schema.json"
budget = 3

[[flow]]
from = "customer"
to = "gateway"
carries = ["question", "cheque-image"]
crosses = "internet"

[[flow]]
from = "digit-readers"
to = "digit-reader"
carries = ["cheque-image"]

[[group]]
id = "teller"
may = ["chat:assistant", "infer:digit-reader", "call:lookup"]

[[environment]]
id = "production"
stage = "production"
sensitive = true
holds = ["digit-reader", "answers", "digits", "assistant-system"]
location = "home"

[[supplier]]
id = "acme-llm"
name = "Acme"
url = "https://acme.example.org/security"

[[store]]
id = "answers"
sensitivity = "confidential"
personal = true
path = "var/answers"
location = "home"

[[location]]
id = "home"
country = "NL"
operator = "acme-llm"

[gate]
profile = "core"
policy = { training-lag-seconds = 60 }
ratchet = true
"""


@pytest.fixture(scope="session")
def whole() -> str:
    """Return the text of a manifest that uses every table."""
    return WHOLE
