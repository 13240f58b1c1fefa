"""Attack a model or an assistant, and say what was proven and what was not tried."""

from __future__ import annotations

from typing import Any

import click

from tetrapylon.cli.options import common_options, passphrase_option


@click.command()
@click.option("--target", "url", metavar="URL", help="Attack this endpoint, or `python:module:function`; no manifest is needed.")
@click.option("--model", metavar="NAME", help="The model at the endpoint; without `--target` the id of a model of the manifest.")
@click.option("--request", metavar="TEMPLATE", default="", help="""How to ask, such as 'POST /chat {"message":"{{prompt}}"}'.""")
@click.option("--answer", metavar="PATH", default="", help="Where the answer is in the response, such as `$.reply`.")
@click.option("--api-key-env", metavar="NAME", help="Take the key from this variable.")
@click.option("--header-env", metavar="HEADER=NAME", multiple=True, help="Send this header with the value of this variable.")
@click.option("--stream", is_flag=True, help="Ask for a stream, for targets that do nothing else.")
@click.option("--facts", metavar="FILE", help="What is there to be found: canaries, secrets, tenants, tools, budgets (TOML).")
@click.option("--questions", metavar="FILE", help="Harmless questions with what a useful answer holds (JSONL).")
@click.option("--system", "system_file", metavar="FILE", help="The system message that the application sends itself.")
@click.option("--try", "only_try", is_flag=True, help="Send one harmless prompt, show the parsed answer and an estimate, and stop.")
@click.option("--smoke", is_flag=True, help="A few prompts of each family; says so in the evidence and is never enough to pass.")
@click.option("--families", metavar="A,B", default="", help="Try these families alone.")
@click.option("--prompts", type=click.IntRange(1, 10_000), help="Distinct prompts of each family (60).")
@click.option("--tries", type=click.IntRange(1, 100), help="Tries of each prompt (1, or 3 where the target answers differently).")
@click.option("--limit", type=click.FloatRange(0.001, 0.5), help="The share of prompts that may succeed at most (the policy's, 0.05).")
@click.option("--seed", type=int, default=1, show_default=True, help="The seed that all prompts follow from.")
@click.option("--budget", metavar="TEXT", help="Stop at `requests=500,tokens=200000,seconds=600`, any of them.")
@click.option("--rate", type=click.FloatRange(0.01), help="Requests in a second at most.")
@click.option("--timeout", type=click.FloatRange(0.1, 600), default=60, show_default=True, help="Seconds to wait for one answer.")
@click.option("--resume", is_flag=True, help="Go on with a run that was ended or killed.")
@click.option("--guarded", is_flag=True, help="A filter in front of the model is part of the target: what it blocks is an answer.")
@click.option("--through", metavar="URL", help="Reach the models of the manifest through the system's own front door at this address.")
@click.option("--twin", metavar="URL", help="Attack again with a guard in front, at this address, and measure what it takes away.")
@click.option("--twin-key-env", metavar="NAME", help="Take the key for the guarded address from this variable.")
@click.option("--sarif", metavar="FILE", help="Write SARIF (`-` for stdout).")
@click.option("--junit", metavar="FILE", help="Write JUnit XML (`-` for stdout).")
@click.option("--html", metavar="FILE", help="Write a page (`-` for stdout).")
@click.option("--markdown", metavar="FILE", help="Write Markdown (`-` for stdout).")
@passphrase_option
@common_options
def command(*, directory: str | None, as_json: bool, passphrase_file: str | None, url: str | None, only_try: bool, **given: Any) -> int:
    """Attack a model or an assistant, and say what was proven and what was not tried.

    With a manifest, families are chosen from the declared threats and the result becomes evidence about the release. No prompt
    asks for anything harmful: success is a computed number, a canary or the call of a fake tool.
    """
    from tetrapylon.cli.attacking import on_project, show, show_try, standalone

    if url is None:
        return on_project(directory, passphrase_file, given, only_try=only_try, as_json=as_json)
    options = standalone(url, given)
    if only_try:
        return show_try(options, as_json=as_json)
    return show(options, given, as_json=as_json)
