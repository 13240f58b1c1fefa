"""Lock files of every format: what they say comes out, and what is wrong with them is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.errors import UndecidedError
from tetrapylon.outside.lock import FORMATS, Package, Parsed, _fits, hashes_of, integrity_hashes, read_lock

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SAMPLES = [(each, name, text, wanted) for each in FORMATS for name, (text, wanted) in FORMATS[each].SAMPLES.items()]
NAMES = sorted({name for _, name, _, _ in SAMPLES})


@pytest.mark.parametrize(("format_name", "name", "text", "wanted"), SAMPLES, ids=[f"{each[0]}-{each[1]}" for each in SAMPLES])
def test_a_sample_gives_what_it_must(format_name: str, name: str, text: str, wanted: Parsed) -> None:
    found = read_lock(f"some/folder/{name}", text)
    assert found.format == format_name
    assert Parsed(found.packages, found.unread) == wanted


@pytest.mark.parametrize(("format_name", "name", "text", "wanted"), SAMPLES, ids=[f"{each[0]}-{each[1]}" for each in SAMPLES])
def test_one_format_and_no_other_claims_a_file(format_name: str, name: str, text: str, wanted: Parsed) -> None:
    assert [each for each in FORMATS if _fits(FORMATS[each], name, text)] == [format_name]


def test_every_format_says_what_and_why() -> None:
    for each in FORMATS:
        assert "Why it matters" in (FORMATS[each].__doc__ or "")


@pytest.mark.parametrize(
    "name", ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "package-lock.json", "Pipfile.lock", "pnpm-lock.yaml"]
)
@pytest.mark.parametrize("text", ["{", "[[" * 10_000, "[" * 100_000, "\x00", "a = "])
def test_what_is_not_of_its_format_is_said(name: str, text: str) -> None:
    with pytest.raises(UndecidedError) as refused:
        read_lock(name, text)
    assert refused.value.code == "malformed-lock"


@pytest.mark.parametrize("name", NAMES)
@given(
    text=st.text()
    | st.sampled_from([each[2] for each in SAMPLES]).flatmap(lambda text: st.integers(0, len(text)).map(lambda at: text[:at]))
)
def test_whatever_the_text_is_there_is_an_answer(name: str, text: str) -> None:
    try:
        found = read_lock(name, text)
    except UndecidedError:
        return
    assert all(each.name for each in found.packages)


def test_a_file_that_is_no_lock_is_said_to_be_none() -> None:
    with pytest.raises(UndecidedError) as refused:
        read_lock("notes.txt", "Dear reader,\nthis is prose.\n")
    assert refused.value.code == "unknown-lock"


@pytest.mark.parametrize(
    "line",
    [
        "numpy",
        "numpy>=2",
        "numpy==2.*",
        "numpy==2,<3",
        "numpy==2.1.0",
        "numpy @ https://example.org/n.whl",
        "x @ git+https://example.org/x@main",
    ],
)
def test_what_is_not_held_to_its_bytes_is_loose(line: str) -> None:
    (found,) = read_lock("requirements.txt", line).packages
    assert read_lock("requirements.txt", line).loose == (found,)


@pytest.mark.parametrize(
    "line",
    [
        f"numpy==2.1.0 --hash=sha256:{'0' * 64}",
        f"numpy[all]==2.1.0 ; python_version > '3' --hash=sha256:{'0' * 64}",
        f"numpy @ https://example.org/n.whl#sha256={'0' * 64}",
        f"numpy @ git+https://example.org/n@{'a' * 40}",
        "-e .",
    ],
)
def test_what_is_held_to_its_bytes_is_not(line: str) -> None:
    found = read_lock("requirements.txt", line)
    assert (len(found.packages), found.loose) == (1, ())


def test_weak_and_malformed_hashes_hold_nothing() -> None:
    assert hashes_of(["sha256:xyz", "sha256:" + "0" * 63, None, 5, "sha9:00"]) == ()
    assert integrity_hashes("sha512-!!! sha1-AAAA") == ()
    (weak,) = read_lock("requirements.txt", f"a==1 --hash=md5:{'0' * 32}").packages
    assert (weak.pinned, weak.hashed) == (True, False)


def test_package_urls_are_escaped() -> None:
    assert Package("@scope/one", "1.0+x", ecosystem="npm").purl == "pkg:npm/%40scope/one@1.0%2Bx"
    assert Package("numpy").purl == "pkg:pypi/numpy"


@pytest.mark.parametrize("name", ["uv.lock", "examples/cheque-desk/requirements.lock"])
def test_our_own_locks_hold_every_package(name: str) -> None:
    found = read_lock(name, (ROOT / name).read_text("utf-8"))
    assert len(found.packages) > 10
    assert (found.loose, found.unread) == ((), ())


def test_a_hundred_thousand_lines_are_read_in_linear_time() -> None:
    text = "".join(f"package-{number}==1.0 \\\n    --hash=sha256:{number:064x}\n" for number in range(50_000))
    assert len(read_lock("requirements.lock", text).packages) == 50_000
