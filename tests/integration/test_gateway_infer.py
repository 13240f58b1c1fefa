"""The reader behind the door: loaded from verified bytes only, asked over the Open Inference Protocol, without its scores."""

from __future__ import annotations

import base64
import csv
import http.client
import io
import json
import subprocess
import sys
from typing import Any

import pytest

from tests.integration.conftest import Desk, flip
from tests.integration.door import ROOT, Running, make_key, running


def ask(gateway: Running, key: str, method: str, path: str, body: Any = None) -> tuple[int, Any, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=20)
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    got = connection.getresponse()
    found = got.status, json.loads(got.read()), {name.lower(): value for name, value in got.getheaders()}
    connection.close()
    return found


def pictures(desk: Desk, count: int) -> list[tuple[int, list[float]]]:
    with (desk.root / "data" / "digits.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1 : count + 1]
    return [(int(row[0]), [int(each) / 255 for each in row[2:]]) for row in rows]


def tensor(rows: list[list[float]], **more: Any) -> dict[str, Any]:
    data = [each for row in rows for each in row]
    return {"inputs": [{"name": "X", "shape": [len(rows), 256], "datatype": "FP32", "data": data, **more}]}


def png(row: list[float], extra: bytes = b"") -> str:
    from PIL import Image

    image = Image.frombytes("L", (16, 16), bytes(round(each * 255) for each in row))
    out = io.BytesIO()
    image.resize((64, 64), Image.Resampling.BICUBIC).save(out, "PNG")
    return base64.b64encode(out.getvalue() + extra).decode()


def test_the_reader_is_asked_and_keeps_its_scores(desk: Desk) -> None:
    key, guest = make_key(desk.root, "teller"), make_key(desk.root, "owner-1")
    known = pictures(desk, 20)
    path = "/v2/models/digit-reader/infer"
    with running(desk.root) as gateway:
        status, said, headers = ask(gateway, key, "POST", path, tensor([row for _, row in known]))
        assert status == 200
        read = said["outputs"][0]
        assert [each["name"] for each in said["outputs"]] == [read["name"]]
        assert (read["datatype"], read["shape"]) == ("INT64", [20])
        assert sum(one == other for one, (other, _) in zip(read["data"], known, strict=True)) >= 17
        assert "tetrapylon-receipt" in headers
        image = {"inputs": [{"name": "X", "shape": [2], "datatype": "BYTES", "data": [png(known[0][1]), png(known[1][1])]}]}
        status, said, _ = ask(gateway, key, "POST", path, image)
        assert (status, len(said["outputs"][0]["data"])) == (200, 2)
        evil = {"inputs": [{"name": "X", "shape": [1], "datatype": "BYTES", "data": [png(known[0][1], b"EVIL")]}]}
        assert ask(gateway, key, "POST", path, evil)[0] == 400
        described = ask(gateway, key, "GET", "/v2/models/digit-reader")[1]
        assert [each["datatype"] for each in described["outputs"]] == ["INT64"]
        assert ask(gateway, key, "GET", "/v2/models/digit-reader/ready")[1]["ready"] is True
        for wrong in _wrong(known[0][1]):
            status, said, _ = ask(gateway, key, "POST", path, wrong)
            assert (status, isinstance(said["error"], str)) == (400, True), wrong
        assert ask(gateway, key, "POST", path, {**tensor([known[0][1]]), "outputs": [{"name": "probabilities"}]})[0] == 400
        assert ask(gateway, guest, "POST", path, tensor([known[0][1]]))[0] == 403
        assert ask(gateway, key, "POST", "/v2/models/assistant/infer", tensor([known[0][1]]))[0] == 404


def _wrong(row: list[float]) -> list[Any]:
    good = tensor([row])["inputs"][0]
    changes: list[dict[str, Any]] = [
        {"shape": [1, 255]}, {"shape": [2, 256]}, {"shape": []}, {"shape": [-1, 256]}, {"shape": [1 << 40, 256]}, {"datatype": "INT64"},
        {"name": "Y"}, {"data": row[:-1]}, {"data": [*row[:-1], "x"]}, {"data": [*row[:-1], None]}, {"data": [*row[:-1], 1e400]},
        {"shape": [1], "datatype": "BYTES", "data": ["%%%"]}, {"shape": [1], "datatype": "BYTES", "data": ["aGVsbG8="]},
    ]  # fmt: skip
    return [*({"inputs": [{**good, **each}]} for each in changes), {"inputs": []}, {"inputs": [good, good]}, {}, []]


def test_a_score_is_answered_where_the_manifest_says_so(desk: Desk) -> None:
    manifest = desk.root / "tetrapylon.toml"
    text = manifest.read_text("utf-8").replace('trained-from = ["digits"]', 'trained-from = ["digits"]\noutputs = ["probabilities"]', 1)
    manifest.write_text(text, "utf-8")
    key = make_key(desk.root, "teller")
    with running(desk.root) as gateway:
        said = ask(gateway, key, "POST", "/v2/models/digit-reader/infer", tensor([pictures(desk, 1)[0][1]]))[1]
        assert sorted(each["datatype"] for each in said["outputs"]) == ["FP32", "INT64"]


@pytest.mark.parametrize("broken", ["changed", "unsigned"])
def test_a_model_that_is_not_the_signed_one_is_never_served(desk: Desk, broken: str) -> None:
    if broken == "changed":
        flip(desk.weights)
    else:
        desk.weights.with_name("digit-reader.onnx.sig").unlink()
    command = [sys.executable, "-m", "tests.integration.door", str(desk.root), "127.0.0.1:0", "{}", "{}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode != 0
    assert "ready" not in ended.stdout
