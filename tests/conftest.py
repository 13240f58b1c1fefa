"""What holds for every test: no sockets in unit tests, and no skip without a reason that somebody wrote down."""

from __future__ import annotations

import fnmatch
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

HERE = Path(__file__).parent

settings.register_profile("here", database=None, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


@pytest.fixture(autouse=True)
def _no_sockets_in_unit_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    if "unit" not in request.path.relative_to(HERE).parts:
        yield
        return
    from pytest_socket import disable_socket, enable_socket

    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with data that is not part of the project."""
    path = Path(os.environ.get("TETRAPYLON_SHARED", HERE.parent.parent / "shared"))
    if not path.is_dir():
        pytest.skip("the shared data is not here")
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the skips that `tests/skips.toml` does not know."""
    for each in _unlisted(terminalreporter):
        terminalreporter.write_line(f"skipped without a reason in `tests/skips.toml`: {each}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skip that is not listed fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and os.environ.get("CI") == "true" and exitstatus == 0 and _unlisted(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _unlisted(reporter: pytest.TerminalReporter) -> list[str]:
    known = [each["test"] for each in tomllib.loads((HERE / "skips.toml").read_text("utf-8")).get("skip", ())]
    found = {each.nodeid for each in reporter.stats.get("skipped", ())}
    return sorted(each for each in found if not any(fnmatch.fnmatch(each, pattern) for pattern in known))
