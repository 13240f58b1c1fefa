"""Every rule finds its bad samples and leaves its good ones alone; the language of patterns says how long a match can get."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.gateway.guarding import validators
from tetrapylon.gateway.matching import Beginnings, Matcher
from tetrapylon.gateway.pattern import read_pattern
from tetrapylon.gateway.ports import Verdict
from tetrapylon.gateway.reading import read
from tetrapylon.gateway.rule import Rule, changed, filled, load_rules, read_rules, rules_digest
from tetrapylon.kernel.errors import UndecidedError, UsageError

RULES = load_rules()
VALIDATORS = validators()


def found(rule: Rule, text: str) -> bool:
    matcher = Matcher([rule], VALIDATORS)
    return any(matcher.seen(read(text, view).data)[0] for view in rule.views)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_what_is_bad_and_leaves_what_is_good(rule: Rule) -> None:
    assert rule.bad
    assert rule.good
    assert [text for text in rule.bad if not found(rule, text)] == []
    assert [text for text in rule.good if found(rule, text)] == []


def test_there_are_enough_rules_of_every_class() -> None:
    count = Counter(each.kind for each in RULES)
    assert sum(count.values()) >= 200
    assert count["secret"] >= 60
    assert set(count) == {"secret", "personal", "injection", "active", "link", "hidden"}


def test_no_sample_in_a_file_looks_like_a_secret_as_it_is_written() -> None:
    """Blanks are filled when they are read; whoever looks for tokens in our files finds none."""
    for rule in RULES:
        if rule.kind == "secret" and rule.id not in {"password-assignment", "ssh-password", "putty-key", "ansible-vault", "seed-phrase"}:
            assert any("{" in line for line in _written(rule.id) if line.startswith("bad")), rule.id


def _written(rule: str) -> list[str]:
    from tetrapylon.kernel.shelf import package_text

    text = package_text("tetrapylon.gateway.guards.rules", "secrets.toml")
    return text.partition(f'id = "{rule}"')[2].partition("[[rule]]")[0].splitlines()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_longest_match_is_what_python_says_too(rule: Rule) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import sre_parse
    # Python writes code points of more than four digits in another way; the width is the same.
    python = re.sub(r"\\x\{[0-9A-Fa-f]+\}", "x", rule.pattern.source)
    assert sre_parse.parse(python).getwidth()[1] == rule.pattern.longest <= 1000


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_beginning_of_a_match_is_known_for_one(rule: Rule) -> None:
    beginnings, matcher = Beginnings([rule]), Matcher([rule], VALIDATORS)
    for view in rule.views:
        for text in rule.bad:
            data = read(text, view).data
            for match in matcher.seen(data)[0]:
                late = [
                    end for end in range(match.start + 1, match.end + 1) if beginnings.start(data[:end]) > match.start and _whole(data, end)
                ]
                assert late == [], (text, match)


def _whole(data: bytes, end: int) -> bool:
    """Return whether the bytes do not end within a character."""
    return end == len(data) or data[end] & 0xC0 != 0x80


@pytest.mark.parametrize(
    "text",
    ["a*", "a+", "a{2,}", "(a)", "(?=a)", "a{0}", "a{2,1}", "a{1001}", "[a", "(?:a", "a)", "^a", "a$", r"\q", r"\1", "a{x}", r"\x{41"],
)
def test_what_has_no_longest_match_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_pattern(text)
    assert refused.value.code == "bad-pattern"


@given(st.text(max_size=40))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    with suppress(UsageError):
        assert read_pattern(text).longest >= 0


def test_a_pattern_that_re2_cannot_match_stops_instead_of_passing() -> None:
    """RE2 answers "nothing found" when it runs out of memory; the pattern that always matches tells the difference."""
    matcher = Matcher([RULES[0]], VALIDATORS)
    matcher._set = type("Silent", (), {"Match": lambda self, data: None})()
    with pytest.raises(UndecidedError):
        matcher.candidates(b"anything")


def test_more_candidates_than_can_be_looked_at_are_said() -> None:
    rule = next(each for each in RULES if each.id == "card-number")
    matches = Matcher([rule], VALIDATORS).seen(b"4111-1111-1111-1112 " * 6000)[0]
    assert [each.whole for each in matches] == [False]


def test_blanks_are_filled_the_same_each_time() -> None:
    assert filled("a{n4}b{{c}}") == filled("a{n4}b{{c}}")
    assert re.fullmatch(r"a\d{4}b\{c\}", filled("a{n4}b{{c}}"))
    assert filled("{u200B}") == "\u200b"


OWN = """
class = "own"
[[rule]]
id = "project-name"
title = "name of a secret project"
pattern = '\\bProject Heron\\b'
in = "block"
out = "redact"
[[change]]
rule = "e-mail"
in = "allow"
"""


def test_a_system_adds_rules_and_changes_what_is_done() -> None:
    rules = {each.id: each for each in changed(RULES, OWN, "guards/own.toml")}
    assert rules["project-name"].verdict("in") is Verdict.BLOCK
    assert rules["e-mail"].verdict("in") is Verdict.ALLOW
    assert rules["e-mail"].verdict("out") is Verdict.REDACT
    assert rules_digest(list(rules.values())) != rules_digest(RULES)


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "other = 1",
        '[[change]]\nrule = "no-such-rule"',
        '[[change]]\nrule = "e-mail"\nin = "perhaps"',
        '[[change]]\nrule = "e-mail"\nto = "x"',
        '[[rule]]\nid = "x"',
        "[[rule]]\nid = 'e-mail'\ntitle = 'x'\npattern = 'x'",
        "[[rule]]\nid = 'x'\ntitle = 'x'\npattern = 'x*'",
        "[[rule]]\nid = 'x'\ntitle = 'x'\npattern = ''",
    ],
)
def test_a_file_of_guards_that_is_not_right_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        changed(RULES, text, "guards/own.toml")


def test_what_a_file_says_at_its_top_holds_for_all() -> None:
    (rule,) = read_rules('class = "x"\nin = "hold"\n[[rule]]\nid = "a"\ntitle = "b"\npattern = "c"\n', "t.toml")
    assert (rule.kind, rule.inward, rule.outward, rule.replacement) == ("x", Verdict.HOLD, Verdict.ALLOW, "[removed: b]")
