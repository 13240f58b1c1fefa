"""Everything: the example is designed, developed, released, served, attacked, watched, broken, restored, updated and explained.

Works on a fresh copy of the example in `build/cheque-desk`, as `run.py` does; every step is a command that you could type
yourself. Persons and suppliers are fictitious, their keys are for demonstration, and everything listens on the loopback
interface alone.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
import tomllib
from contextlib import ExitStack

from loop import IDENTITY, learnt
from steps import BUILD, DESK, REPORT, TETRAPYLON, Run, begin, crossing, finish

BACKUPS = BUILD / "backups"
STAGING = BUILD / "staging"
INSTALLED = BUILD / "installed"
DOOR = "http://127.0.0.1:8700"
KEY = "TELLER_KEY"
QUESTIONS = BUILD / "questionnaires"
"""What the suppliers hold, their keys among it: outside the desk."""

PLAYBOOKS = ("poisoned-model", "canary-leaves", "supplier-gone", "exposed-key")


def designed(run: Run) -> None:
    """Model threats, and derive from the manifest who may do what."""
    run.chapter("Designed")
    run.step("Measure what can be measured before it runs", TETRAPYLON, "assess", quiet=True)
    run.step(
        "Model the system's threats: the prompt changed, so they are to be gone through",
        TETRAPYLON,
        "design",
        "threats",
        quiet=True,
        expect=(3,),
    )
    run.step("A person went through them", TETRAPYLON, "design", "threats", "--review", "owner-1", quiet=True)
    run.step("Derive who may do what, and try each of it", TETRAPYLON, "design", "privileges", expect=(0, 3))


def trained(run: Run) -> None:
    """Have the fictitious persons take what their roles ask for; the developer needs two attempts at one module."""
    run.chapter("Trained")
    run.step("Which module is for whom", TETRAPYLON, "design", "training", "list")
    for answers in sorted((DESK / "training").glob("*.answers.toml")):
        person, module, *attempt = answers.name.removesuffix(".answers.toml").split(".")
        command = ("design", "training", "take", module, "--by", person, "--answers", f"training/{answers.name}")
        run.step(f"{person} takes `{module}`", TETRAPYLON, *command, expect=(1,) if attempt == ["1"] else (0,), quiet=True)
    run.step(
        "The same module for a company's training system",
        TETRAPYLON,
        "design",
        "training",
        "export",
        "secure-coding",
        "--out",
        "secure-coding.zip",
    )
    run.step("Who holds what", TETRAPYLON, "design", "training", "status", expect=(0, 1))


def examined(run: Run) -> None:
    """Weigh both suppliers before anything is sent to them: what is measured, and what they answer under their own keys."""
    run.chapter("Examined")
    form = ("design", "suppliers", "questionnaire")
    run.step("Questions for each supplier, about these very models", TETRAPYLON, *form, "new", "--out", str(QUESTIONS))
    run.step("They answer (both are fictitious)", sys.executable, "supplier_answers.py", str(QUESTIONS))
    for supplier in ("acme-llm", "beta-llm"):
        mine = (f"{QUESTIONS}/{supplier}.json", "--key", f"{QUESTIONS}/{supplier}.pem", "--make-key")
        run.step(f"`{supplier}` signs with its own key", TETRAPYLON, *form, "sign", *mine)
        theirs = (f"{QUESTIONS}/{supplier}.signed.json", "--key", f"{QUESTIONS}/{supplier}.pub")
        run.step("Take the answers in", TETRAPYLON, *form, "import", *theirs)
    run.step("Examine suppliers, libraries and files; evidence beats answers", TETRAPYLON, "design", "suppliers", "check", expect=(0, 3))


def developed(run: Run) -> None:
    """See what the system is made of, and what is owed."""
    run.chapter("Developed")
    run.step("Compare the inventory with what is there", TETRAPYLON, "develop", "inventory")
    places = ("deploy", "access", "places")
    run.step("Who can reach files, keys, pipelines and the other environment: one account holds both", TETRAPYLON, *places, expect=(1,))
    run.step("What is owed: debt that was found and taken on", TETRAPYLON, "develop", "debt", expect=(0, 1, 3))
    run.step("Look at a picture and a text before a model does", TETRAPYLON, "inspect", "--text", "prompts/assistant.md")


def served(run: Run) -> None:
    """Serve it behind the guarded door, work with it, attack it, and decide what is held."""
    run.chapter("Served")
    keys = {KEY: key(run, "teller"), "SERVICE_KEY": key(run, "assistant-service")}
    with ExitStack() as servers:
        assistants(run, servers)
        examined(run)
        servers.enter_context(run.beside("The guarded door", TETRAPYLON, "serve", "--listen", "127.0.0.1:8700"))
        run.step("A working day at the door", sys.executable, "teller.py", "--url", DOOR, env=keys)
        decided(run)
        run.step("Ask the door for everything, as those who may not", TETRAPYLON, "deploy", "access", "probe", "--url", DOOR)
        attacked(run, keys)
        run.step("Stop every answer within a second", TETRAPYLON, "operate", "kill", "--reason", "a drill", "--by", "operator-1")
        run.step("Answer again", TETRAPYLON, "operate", "kill", "--lift", "--reason", "the drill is over", "--by", "operator-1")
    recorded(run)
    for each in ("teller", "assistant-service"):
        anew(run, each)


def anew(run: Run, principal: str) -> None:
    """Give a principal a new key: its holder read the terms with the limits that were found, and the old key ends."""
    run.step("The keys in force", TETRAPYLON, "deploy", "access", "key", "list", "--json", quiet=True)
    old = [each["id"] for each in json.loads(run.said)["keys"] if each["principal"] == principal and each["standing"] == "valid"]
    for each in old:
        run.step(f"The old key of `{principal}` ends", TETRAPYLON, "deploy", "access", "key", "revoke", each)
    key(run, principal)


def key(run: Run, principal: str) -> str:
    """Make an API key whose holder acknowledged the terms."""
    command = ("deploy", "access", "key", "create", "--principal", principal, "--accept-terms", "--json")
    run.step(f"A key for `{principal}`, who read the terms", TETRAPYLON, *command, quiet=True)
    return str(json.loads(run.said)["key"])


def assistants(run: Run, servers: ExitStack) -> None:
    """Start both scripted assistants."""
    for port, variant in (("8600", "a"), ("8601", "b")):
        servers.enter_context(
            run.beside(f"Assistant {variant} (scripted)", sys.executable, "assistant.py", "--port", port, "--variant", variant)
        )


def decided(run: Run) -> None:
    """Have a named person decide on each refund that is held."""
    run.step("What waits for a person", TETRAPYLON, "operate", "decisions", "list", "--json", quiet=True, expect=(0, 3))
    for each in json.loads(run.said)["decisions"]:
        command = ("operate", "decisions", "approve", each["id"], "--person", "operator-1", "--reason", "the drawer was charged twice")
        run.step("A named person decides on a held refund", TETRAPYLON, *command)


def attacked(run: Run, keys: dict[str, str]) -> None:
    """Measure the models and guards, then attack the assistant without and with the guards before it."""
    run.chapter("Attacked")
    run.step("Measure each model on its task, beside a simpler one", TETRAPYLON, "bench")
    run.step("Measure what the guards tell apart", TETRAPYLON, "operate", "guards", "measure")
    shutil.copytree(DESK, STAGING)
    serve = ("-C", str(STAGING), "serve", "--listen", "127.0.0.1:8701")
    with run.beside("The same door before a copy, so that attacks hold nothing of the real one's", TETRAPYLON, *serve):
        twin = ("--twin", "http://127.0.0.1:8701/v1", "--twin-key-env", KEY)
        run.step("Attack the assistants and the reader, then again through the guards", TETRAPYLON, "redteam", *twin, expect=(1,), env=keys)


def recorded(run: Run) -> None:
    """Check what was recorded, and have it read."""
    who = ("--by", "operator-1", "--why", "demonstration")
    run.step("Anchor the journal in the evidence log", TETRAPYLON, "operate", "journal", "anchor")
    run.step("Verify the journal: nothing lost, nothing changed", TETRAPYLON, "operate", "journal", "verify", expect=(0, 3))
    run.step("Search it, on the record", TETRAPYLON, "operate", "journal", "search", "--kind", "hold", *who)
    out = ("--tenant", "default", "--to", str(BUILD / "journal.jsonl"))
    run.step("Give a tenant its entries, with proofs that need no key", TETRAPYLON, "operate", "journal", "export", *out, *who)


def failed_over(run: Run) -> None:
    """End one supplier's process, then have it fail its examination: each time the alternate answers, and the time is taken."""
    run.chapter("Failed over")
    run.step("Which model has which alternate, and whether it is held to the same", TETRAPYLON, "develop", "failover", "plan")
    start = [("assistant", "assistant.py --port 8600"), ("assistant-b", "assistant.py --port 8601 --variant b")]
    parts = [each for name, command in start for each in ("--start", f"{name}={sys.executable} {command}")]
    run.step("Drill it", TETRAPYLON, "develop", "failover", "drill", *parts)


def watched(run: Run) -> None:
    """Learn what is normal, watch, and see that the detectors see."""
    run.chapter("Watched")
    run.step("An ordinary week of traffic", sys.executable, "traffic.py", "--out", "events.jsonl")
    run.step("Learn what is normal for this release", TETRAPYLON, "operate", "monitor", "baseline", "--from", "events.jsonl")
    run.step("Compare what happens with it", TETRAPYLON, "operate", "monitor", "window", "--from", "events.jsonl")
    run.step("Drill the detectors: attack, drift and silence", TETRAPYLON, "operate", "monitor", "drill")


def broken(run: Run) -> None:
    """Break it on purpose, see it noticed, contained and restored; restore it from a backup out of its reach."""
    run.chapter("Broken and restored")
    for playbook in PLAYBOOKS:
        run.step(f"Drill `{playbook}`", TETRAPYLON, "deploy", "incident", "drill", playbook, "--by", "operator-1")
    run.step("Write an encrypted backup out of its reach", TETRAPYLON, "deploy", "backup", "create", "--to", str(BACKUPS))
    drill = (str(BACKUPS), "--identity", str(IDENTITY), "--running-as", "nobody")
    run.step(
        "Try to reach it as the system, restore it, compare every digest", TETRAPYLON, "deploy", "backup", "drill", *drill, expect=(0, 3)
    )
    run.step("Rehearse the system's end on a copy", TETRAPYLON, "develop", "decommission", "rehearse")


def updated(run: Run) -> None:
    """Offer the release, install it with some callers first, and attack the channel."""
    run.chapter("Updated")
    run.step("Update, go back, and attack the channel with the real client", TETRAPYLON, "operate", "update", "drill")
    run.step(
        "Offer this release as a preview",
        TETRAPYLON,
        "operate",
        "update",
        "publish",
        "--channel",
        "preview",
        "--out",
        str(BUILD / "channel"),
    )
    where = (
        "--from",
        str(BUILD / "channel"),
        "--channel",
        "preview",
        "--into",
        str(INSTALLED),
        "--root",
        str(BUILD / "customer" / "root.json"),
    )
    run.step("What the customer is offered, and its known limits", TETRAPYLON, "operate", "update", "preview", *where[:2], *where[4:])
    run.step("The customer installs it", TETRAPYLON, "operate", "update", "apply", *where)


def signed(run: Run) -> None:
    """Have the fictitious persons state what no machine can measure; the keys are demonstration keys."""
    run.chapter("Signed")
    for each in tomllib.loads((DESK / "statements.toml").read_text("utf-8"))["statement"]:
        said = ("--person", each["person"], "--statement", each["statement"])
        run.step(f"A person's word on {each['practice']}", TETRAPYLON, "attest", each["practice"], *said)


def explained(run: Run) -> None:
    """Publish what was learnt, take in a report, and tell people on one page."""
    run.chapter("Explained")
    run.step("Publish advisories (CSAF and VEX)", TETRAPYLON, "operate", "advisory", "publish")
    run.step("Hold the packages against others' advisories", TETRAPYLON, "develop", "advisories", "match", expect=(3,))
    report = DESK / "report-of-a-weakness.txt"
    report.write_text("The assistant tells every teller about every cheque. (A fictitious report.)\n", "utf-8")
    run.step("Take in a report of a weakness", TETRAPYLON, "operate", "intake", "add", report.name, "--reporter", "finder@example.org")
    run.step("Its clocks", TETRAPYLON, "operate", "intake", "list", expect=(0, 3))


def main() -> int:
    """Run all of it."""
    began, run = time.monotonic(), Run()
    begin(run)
    for chapter in (learnt, designed, trained, developed, served, failed_over, watched, broken, updated, explained, signed):
        chapter(run)
    run.chapter("Decided")
    run.step("Tell users anew: what the tests found is a limit", TETRAPYLON, "operate", "disclosure")
    run.step("Measure what all of this changed", TETRAPYLON, "assess", "--profile", "core", expect=(1,), quiet=True)
    run.step("Write the cards anew: what the tests found stands in them", TETRAPYLON, "develop", "record", quiet=True)
    crossing(run, 1, "--profile", "core")
    run.step("Write the report: one page for people", TETRAPYLON, "report", "--out", str(REPORT), "--open", "no")
    return finish(run, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
