"""Write the reference under `docs/reference` from the program itself, and check every link between our own pages.

    python tools/make_docs.py [--check]

With `--check` nothing is written: the exit code is 1 when a page is not what the program says, or when a link leads nowhere.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for our own neighbours, however this file was started
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
MADE = "<!-- Written by `tools/make_docs.py`; do not edit. -->\n\n"
WIDTH = 100
"""Columns of the help texts."""

KINDS = {"A": "measured", "E": "enforced and recorded", "H": "signed by a named person"}


def pages() -> dict[Path, str]:
    """Return every page of the reference, as it is to be."""
    schemas = {REFERENCE / "schemas" / f"{name}.json": _json(each) for name, each in _schemas().items()}
    return {
        REFERENCE / "commands.md": MADE + "# Commands\n\n" + "\n\n".join(_commands()) + "\n",
        REFERENCE / "practices.md": MADE + "# Practices\n\n" + "\n".join(_practices()) + "\n",
        REFERENCE / "policy.md": MADE + "# Policy\n\n" + "\n".join(_policy()) + "\n",
        REFERENCE / "settings.md": MADE + "# Settings\n\n" + "\n".join(_settings()) + "\n",
        REFERENCE / "statements.md": MADE + "# Statements\n\n" + "\n".join(_statements()) + "\n",
        **schemas,
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _commands() -> Iterator[str]:
    from tetrapylon.cli.__main__ import cli

    yield "Exit codes: 0 good, 1 refused or findings, 2 usage, 3 could not decide or incomplete, 4 integrity broken, 130 interrupted."
    yield from _helps(cli, click.Context(cli, info_name="tetrapylon", terminal_width=WIDTH, max_content_width=WIDTH))


def _helps(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## `{context.command_path}`\n\n```text\n{command.get_help(context)}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from _helps(below, click.Context(below, info_name=name, parent=context))


def _practices() -> Iterator[str]:
    from tetrapylon.app.guidance import catalogue, profile_ids

    table, start = catalogue(), set(profile_ids("start"))
    assessed = [each for each in table["practice"] if each["status"] == "core"]
    yield f"What the guidance asks, in our own words: {len(table['practice'])} practices, of which {len(assessed)} are assessed today."
    yield "Those of the profile `start` are marked with a star. A practice with several kinds of evidence needs all of them.\n"
    for guideline in table["guideline"]:
        yield f"## {guideline['id']} {guideline['title']}\n"
        yield "| practice | what is asked | it passes when | evidence | assessed |\n|---|---|---|---|---|"
        for each in table["practice"]:
            if each["id"].partition(".")[0] == guideline["id"]:
                yield _row(each, starred=each["id"] in start)
        yield ""


def _row(practice: Mapping[str, Any], *, starred: bool) -> str:
    evidence = ", ".join(KINDS[each] for each in practice["kind"])
    assessed = "yes" if practice["status"] == "core" else "planned"
    asked = f"**{practice['title']}**. {practice['text']}"
    return _cells(practice["id"] + (" ★" if starred else ""), asked, practice["rule"], evidence, assessed)


def _policy() -> Iterator[str]:
    from tetrapylon.guidelines.policy import load_policy
    from tetrapylon.kernel.shelf import package_text

    text = package_text("tetrapylon.guidelines", "policy.toml")
    table, policy = tomllib.loads(text), load_policy(text)
    yield "The numbers that the practices leave open. Change one under `[gate.policy]` in the manifest.\n"
    yield "| name | default | unit | why |\n|---|---|---|---|"
    for each in sorted(table["value"], key=lambda value: str(value["name"])):
        yield _cells(f"`{each['name']}`", str(each["value"]), each["unit"], each["reason"])
    yield "\nWho may sign which statement, and from which level of a passport on it is shown:\n"
    yield "| statement | who may sign | shown from level |\n|---|---|---|"
    for name in sorted({*policy.roles, *policy.disclosure}):
        yield _cells(f"`{name}`", ", ".join(policy.roles.get(name, ())), policy.disclosure.get(name, ""))


def _settings() -> Iterator[str]:
    from tetrapylon.system.setting import settings, variable

    yield "Every setting has its safe value until `.tetrapylon/settings.toml` (`[settings]`) or the environment says otherwise."
    yield "`tetrapylon doctor` compares what is in force with the safe values.\n"
    yield "| setting | environment | safe value | why | what another value risks |\n|---|---|---|---|---|"
    for name, each in settings().items():
        safe = str(each.SAFE).lower() if isinstance(each.SAFE, bool) else str(each.SAFE)
        yield _cells(f"`{name}`", f"`{variable(name)}`", f"`{safe}`", each.WHY, each.RISK)


def _statements() -> Iterator[str]:
    from tetrapylon.evidence.predicate import PREDICATES, predicate_type

    yield "What evidence may say: in-toto statements about digests, in DSSE envelopes. Each kind has a JSON Schema for its `predicate`;"
    yield "what commands print with `--json` has one too, `schemas/json-NAME.json`.\n"
    yield "| statement | type | what it says |\n|---|---|---|"
    for name in PREDICATES:
        yield _cells(f"[`{name}`](schemas/{name}.json)", f"`{predicate_type(name)}`", PREDICATES.summary(name))


def _schemas() -> dict[str, object]:
    from tetrapylon.evidence.predicate import PREDICATES, json_schema
    from tetrapylon.system.schema import manifest_schema
    from tools.output_schemas import OUTPUTS

    return {"manifest": manifest_schema(), **OUTPUTS, **{name: json_schema(name) for name in PREDICATES}}


def _cells(*texts: str) -> str:
    return "| " + " | ".join(" ".join(each.split()).replace("|", "\\|") for each in texts) + " |"


def outdated(wanted: Mapping[Path, str]) -> list[Path]:
    """Return the pages that are not as they are to be, and those that nothing makes any more."""
    made = [
        path for path in REFERENCE.rglob("*") if path.is_file() and (path.suffix == ".json" or path.read_text("utf-8").startswith(MADE))
    ]
    changed = [path for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text]
    return sorted({*changed, *(path for path in made if path not in wanted)})


def broken_links() -> list[str]:
    """Return every link between our own pages that leads nowhere."""
    found = [*DOCS.rglob("*.md"), *(ROOT / "examples").rglob("*.md"), *ROOT.glob("*.md")]
    return [f"{page.relative_to(ROOT)}: {link}" for page in sorted(found) for link in _links(page) if not _leads(page, link)]


def _links(page: Path) -> list[str]:
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    found: list[str] = re.findall(r"\]\(([^)\s]+)\)", text)
    return [each for each in found if not re.match(r"[a-z]+:", each)]


def _leads(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not anchor or (target.suffix == ".md" and anchor in _anchors(target))


def _anchors(page: Path) -> set[str]:
    titles: list[str] = re.findall(r"^#+ +(.+?) *$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in titles}


def write(wanted: Mapping[Path, str]) -> None:
    """Write what is not as it is to be."""
    for path in outdated(wanted):
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], "utf-8")
        else:
            path.unlink()


def main(given: list[str]) -> int:
    """Write the pages, or only say which are out of date; then check the links."""
    wanted = pages()
    if "--check" not in given:
        write(wanted)
    old = [f"`{path.relative_to(ROOT)}` is out of date; run `make docs`" for path in outdated(wanted)]
    faults = old + [f"a link leads nowhere: {each}" for each in broken_links()]
    for each in faults:
        print(each, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
