"""An exported module in a real browser, below a training system that writes down what it is told."""

from __future__ import annotations

import functools
import html
import http.server
import json
import re
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tetrapylon.design.threats.training.module import shipped
from tetrapylon.design.threats.training.quiz import Item, bank
from tetrapylon.design.threats.training.scorm import Edition, package

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MODULE = shipped()["users-guidance"]
PRACTICAL = Item("threat:x@tool:y", "<img src=x onerror='parent.calls.push(1)'>", ("a", "b", "c"), "a", "because", practical=True)

LMS = """<!doctype html><meta charset="utf-8"><title>LMS</title><body><script>
const runs = %RUNS%;
const heard = {};
function listen(run) {
  const calls = heard[run.name] = [];
  const note = (name) => (...values) => { calls.push([name, ...values]); return "true"; };
  const modern = run.edition === "2004";
  window[modern ? "API_1484_11" : "API"] = modern
    ? { Initialize: note("init"), SetValue: note("set"), Commit: note("commit"), Terminate: note("end"), GetValue: () => "" }
    : { LMSInitialize: note("init"), LMSSetValue: note("set"), LMSCommit: note("commit"), LMSFinish: note("end"), LMSGetValue: () => "" };
}
async function play(run) {
  listen(run);
  const frame = document.createElement("iframe");
  frame.src = `${run.name}/index.html`;
  const loaded = new Promise((resolve) => { frame.onload = resolve; });
  document.body.append(frame);
  await loaded;
  const page = frame.contentDocument;
  const known = Object.fromEntries(frame.contentWindow.COURSE.items.map((each) => [each.text, each]));
  for (const box of page.querySelectorAll("fieldset")) {
    const item = known[box.querySelector("legend").textContent.replace(/^\\d+\\. /, "")];
    const slip = run.slip === "practical" ? item.practical : run.slip === "all";
    const wanted = slip ? item.options.find((each) => each !== item.right) : item.right;
    [...box.querySelectorAll("input")].find((each) => each.value === wanted).click();
  }
  page.getElementById("finish").click();
  heard[run.name].push(["outcome", page.getElementById("outcome").textContent, page.querySelectorAll("img").length, page.title]);
  const gone = new Promise((resolve) => { frame.onload = resolve; });
  frame.src = "about:blank";
  await gone;
  frame.remove();
}
(async () => {
  for (const run of runs) { try { await play(run); } catch (error) { heard[run.name].push(["error", String(error)]); } }
  const done = document.createElement("pre");
  done.id = "heard";
  done.textContent = JSON.stringify(heard);
  document.body.append(done);
})();
</script></body>"""

RUNS: list[dict[str, str]] = [
    {"name": "passed", "edition": "1.2", "slip": ""},
    {"name": "practical", "edition": "1.2", "slip": "practical"},
    {"name": "failed", "edition": "2004", "slip": "all"},
    {"name": "modern", "edition": "2004", "slip": ""},
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the base class has
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    for run in RUNS:
        edition: Edition = "2004" if run["edition"] == "2004" else "1.2"
        zipfile.ZipFile(BytesIO(package(MODULE, (*bank(MODULE), PRACTICAL), 0.8, edition))).extractall(tmp_path / run["name"])
    (tmp_path / "lms.html").write_text(LMS.replace("%RUNS%", json.dumps(RUNS)))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/lms.html"
    server.shutdown()
    thread.join()
    server.server_close()


def browse(url: str, profile: Path) -> dict[str, list[list[Any]]]:
    """Return what the training system heard."""
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions"]
    flags += ["--disable-background-networking", "--disable-component-update", "--virtual-time-budget=5000", f"--user-data-dir={profile}"]
    ended = subprocess.run([str(CHROMIUM), *flags, "--dump-dom", url], capture_output=True, text=True, timeout=60, check=False)
    found = re.search(r'<pre id="heard">(.*?)</pre>', ended.stdout, re.DOTALL)
    assert found, ended.stdout[-2000:] + ended.stderr[-2000:]
    heard = json.loads(html.unescape(found[1]))
    assert isinstance(heard, dict)
    return heard


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which could not be installed")
def test_a_training_system_hears_score_and_status(served: str, tmp_path: Path) -> None:
    heard = browse(served, tmp_path / "profile")
    assert set(heard) == {each["name"] for each in RUNS}
    told: dict[str, dict[str, str]] = {name: {each[1]: each[2] for each in calls if each[0] == "set"} for name, calls in heard.items()}
    for calls in heard.values():
        assert calls[0][0] == "init"
        outcome = next(each for each in calls if each[0] == "outcome")
        # What the model is called in the content is text on the page, and the title is the module's.
        assert (outcome[2], outcome[3]) == (0, MODULE.title)
        assert [each[0] for each in calls[-1:]] == ["end"]
    assert (told["passed"]["cmi.core.score.raw"], told["passed"]["cmi.core.lesson_status"]) == ("100", "passed")
    assert told["passed"]["cmi.suspend_data"] == f"{MODULE.course};practical=yes"
    asked = MODULE.draw + 1
    assert len({key for key in told["passed"] if re.fullmatch(r"cmi\.interactions\.\d+\.result", key)}) == asked
    # A high score does not make a wrong practical item good.
    assert told["practical"]["cmi.core.score.raw"] == str(100 * (asked - 1) // asked)
    assert (told["practical"]["cmi.core.lesson_status"], told["practical"]["cmi.suspend_data"][-2:]) == ("failed", "no")
    assert (told["failed"]["cmi.score.raw"], told["failed"]["cmi.success_status"]) == ("0", "failed")
    assert told["failed"]["cmi.completion_status"] == "completed"
    assert (told["modern"]["cmi.score.scaled"], told["modern"]["cmi.success_status"]) == ("1", "passed")
