"""The small parts of the gateway: routes, quotas, breaker, requests, images, targets, counters."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.develop.supply.failover.circuit import RetryBudget
from tetrapylon.gateway.chat.request import encode, image_bytes, read_request, strings
from tetrapylon.gateway.counters import Counters
from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.quota import Quota, Quotas
from tetrapylon.gateway.refusal import RefusedRequestError
from tetrapylon.gateway.routes import ROUTES, find, methods
from tetrapylon.gateway.start import listen_at
from tetrapylon.gateway.upstream.target import target_of
from tetrapylon.gateway.upstream.targets import ManifestTargets
from tetrapylon.kernel.errors import UsageError

LIMITS = Limits()


def test_only_health_is_open() -> None:
    assert {each.handler for each in ROUTES if not each.key} == {"alive", "ready"}
    assert {each.handler for each in ROUTES if each.key and not each.terms} == {"terms", "acknowledge", "metrics"}
    assert [each.handler for each in ROUTES if each.operator] == ["metrics"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda each: f"{each.method} {each.path}")
def test_each_route_is_found_by_its_own_path_alone(route: Any) -> None:
    path = route.path.replace("{}", "some-id")
    found = find(route.method, path)
    assert found is not None
    assert found[0] is route
    assert find("PUT", path) is None
    assert route.method in methods(path)
    for wrong in (f"{path}/", f"/{path}", f"{path}%00", f"{path}\n", path.upper(), f"{path}/../x"):
        assert find(route.method, wrong) is None, wrong


def test_a_bucket_fills_evenly() -> None:
    now = [0.0]
    quotas = Quotas({"a": Quota(60, 1000)}, clock=lambda: now[0])
    for _ in range(60):
        quotas.request("k", "a")
    with pytest.raises(RefusedRequestError) as refused:
        quotas.request("k", "a")
    assert (refused.value.status, dict(refused.value.headers)["retry-after"]) == (429, "2")
    quotas.request("other", "a")
    now[0] += 1.0
    quotas.request("k", "a")
    with pytest.raises(RefusedRequestError):
        quotas.request("k", "a")


def test_tokens_that_came_out_are_paid_back_first() -> None:
    now = [0.0]
    quotas = Quotas({"a": Quota(60, 600)}, clock=lambda: now[0])
    quotas.tokens("k", "a", 100)
    quotas.spent("k", 600)
    with pytest.raises(RefusedRequestError):
        quotas.tokens("k", "a", 1)
    now[0] += 11.0
    quotas.tokens("k", "a", 1)


def test_more_than_a_bucket_holds_goes_through_a_full_one_once() -> None:
    quotas = Quotas({"a": Quota(60, 600)}, clock=lambda: 0.0)
    quotas.tokens("k", "a", 5000)
    with pytest.raises(RefusedRequestError):
        quotas.tokens("k", "a", 1)


def test_a_retry_budget_runs_out_and_fills() -> None:
    budget = RetryBudget()
    assert [budget.take() for _ in range(11)] == [True] * 10 + [False]
    for _ in range(11):
        budget.sent()
    assert budget.take()


def body(**more: Any) -> bytes:
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": "x"}], **more}).encode()


@pytest.mark.parametrize(
    "more",
    [
        {"logprobs": True},
        {"base_url": "http://elsewhere"},
        {"api_base": "http://elsewhere"},
        {"n": 0},
        {"n": 99},
        {"messages": []},
        {"messages": [{"role": "root", "content": "x"}]},
        {"messages": [{"role": "user", "content": [{"type": "file", "file": {}}]}]},
        {"messages": [{"role": "user", "content": {"text": "x"}}]},
        {"messages": "x"},
        {"tools": [{"type": "code_interpreter"}]},
        {"stream": "yes"},
        {"model": None},
    ],
)
def test_what_is_not_known_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        read_request(body(**more), LIMITS)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "text", [b"", b"x", b"[]", b'{"model":"m"}', b"\xff\xfe", b'{"model":"m","messages":[{"role":"user","content":"\xff"}]}']
)
def test_what_is_no_request_is_refused(text: bytes) -> None:
    with pytest.raises(RefusedRequestError):
        read_request(text, LIMITS)


def test_ten_thousand_deep_is_refused() -> None:
    deep = b'{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"a","parameters":'
    for opened, closed in ((b'{"a":', b"}"), (b"[", b"]")):
        with pytest.raises(RefusedRequestError):
            read_request(deep + b'{"x":' + opened * 10_000 + b"1" + closed * 10_000 + b"}}}]}", LIMITS)


def test_what_is_sent_on_has_one_spelling() -> None:
    raw = b'{"messages":[{"content":"a\\u0062c","role":"user"}],"model":"x","model":"m","temperature":1.0}'
    assert encode(read_request(raw, LIMITS)) == b'{"model":"m","messages":[{"role":"user","content":"abc"}],"temperature":1.0}'


PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


def url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def test_images_are_data_urls_of_what_they_say() -> None:
    assert image_bytes(url(PNG), LIMITS) == PNG
    wrong = [
        "http://x/a.png",
        "https://x/a.png",
        "file:///etc/passwd",
        url(b"GIF89a"),
        url(PNG, "image/svg+xml"),
        "data:image/png;base64,%%%",
        url(PNG)[5:],
    ]
    for each in wrong:
        with pytest.raises(RefusedRequestError):
            image_bytes(each, LIMITS)
    with pytest.raises(RefusedRequestError):
        image_bytes(url(PNG + bytes(2000)), Limits(image_bytes=1000))


@given(
    st.recursive(st.none() | st.text(max_size=5), lambda each: st.lists(each) | st.dictionaries(st.text(max_size=3), each), max_leaves=20)
)
def test_every_text_within_json_is_seen(value: Any) -> None:
    def own(each: Any) -> list[str]:
        if isinstance(each, dict):
            return [found for key, below in each.items() for found in (key, *own(below))]
        return [found for below in each for found in own(below)] if isinstance(each, list) else [each] if isinstance(each, str) else []

    assert sorted(text for _, _, text in strings([value])) == sorted(own([value]))


def test_nothing_of_a_caller_is_in_the_head_that_goes_up() -> None:
    target = target_of("m", "https://[::1]:8443/v1/", "name", "token")
    assert (target.host, target.port, target.tls, target.path) == ("::1", 8443, True, "/v1")
    assert target.head("/chat/completions", 3, "application/json").startswith(b"POST /v1/chat/completions HTTP/1.1\r\nhost: [::1]:8443\r\n")
    for endpoint, token in (("http://a/v 1", None), ("http://a/v1", "x\r\nevil: 1"), ("http://a/v1", "é")):
        with pytest.raises(ValueError, match="not allowed"):
            target_of("m", endpoint, "name", token)
    assert "token" not in repr(target)


class Shut:
    def __init__(self, *routes: str) -> None:
        self.routes = routes

    def closed(self, route: str) -> str | None:
        return "shut" if route in self.routes else None


class Both:
    def __init__(self, why: str = "") -> None:
        self.said = why

    def order(self, model: str) -> tuple[str, ...]:
        return {"a": ("a", "b"), "b": ("b", "gone")}[model]

    def why(self, model: str) -> str:
        return self.said


def test_targets_are_the_model_and_its_alternate_unless_closed() -> None:
    targets = {each: target_of(each, "http://127.0.0.1:1/v1", each) for each in ("a", "b")}

    def order(model: str, *closed: str) -> list[str]:
        return [each.model for each in ManifestTargets(targets, Both(), Shut(*closed)).order(model)]

    assert order("a") == ["a", "b"]
    assert order("a", "upstream:a") == ["b"]
    assert order("a", "upstream:a", "upstream:b") == []
    assert order("b") == ["b"]
    assert ManifestTargets(targets, Both(), Shut("upstream:a")).why("a") == "shut"
    assert ManifestTargets(targets, Both("switched"), Shut("upstream:a")).why("a") == "switched"


def test_counters_are_prometheus_text() -> None:
    counters = Counters()
    counters.ended("chat", "m", 200, 0.004)
    counters.judged("redact", ['a"b\n'])
    counters.used("m", 3, 4)
    text = counters.text()
    assert 'gen_ai_server_request_duration_seconds_bucket{gen_ai_operation_name="chat",gen_ai_request_model="m",le="0.005"} 1' in text
    assert 'tetrapylon_rule_hits_total{rule="a\\"b\\n"} 1' in text
    assert all(line.startswith("#") or line.rpartition(" ")[2].replace(".", "", 1).isdigit() for line in text.splitlines())


@pytest.mark.parametrize("text", ["", "x", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", ":80"])
def test_where_to_listen_is_said_exactly(text: str) -> None:
    with pytest.raises(UsageError):
        listen_at(text)
