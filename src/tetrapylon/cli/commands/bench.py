"""Measure models on their own task, beside a simpler model and the last release."""

from __future__ import annotations

from typing import Any

import click

from tetrapylon.cli.options import common_options, passphrase_option


@click.command()
@click.option("--target", "url", metavar="URL", help="Ask this endpoint, or `python:module:function`; no manifest is needed.")
@click.option("--model", metavar="NAME", help="The model at the endpoint; without `--target` the id of a model of the manifest.")
@click.option("--request", metavar="TEMPLATE", default="", help="""How to ask, such as 'POST /chat {"message":"{{prompt}}"}'.""")
@click.option("--answer", metavar="PATH", default="", help="Where the answer is in the response, such as `$.reply`.")
@click.option("--api-key-env", metavar="NAME", help="Take the key from this variable.")
@click.option("--header-env", metavar="HEADER=NAME", multiple=True, help="Send this header with the value of this variable.")
@click.option("--questions", metavar="FILE", help="Questions with what a useful answer holds (JSONL).")
@click.option("--system", "system_file", metavar="FILE", help="The system message that the application sends itself.")
@click.option("--at-least", "floor", type=click.FloatRange(0, 1), help="The share of right answers that is asked for (0.8).")
@click.option("--through", metavar="URL", help="Reach the models of the manifest through the system's own front door at this address.")
@click.option("--budget", metavar="TEXT", help="Stop at `requests=500,tokens=200000,seconds=600`, any of them.")
@click.option("--rate", type=click.FloatRange(0.01), help="Requests in a second at most.")
@click.option("--timeout", type=click.FloatRange(0.1, 600), default=60, show_default=True, help="Seconds to wait for one answer.")
@passphrase_option
@common_options
def command(*, directory: str | None, as_json: bool, passphrase_file: str | None, url: str | None, **given: Any) -> int:
    """Measure models on their own task, beside a simpler model and the last release.

    With a manifest, `release.toml` says which data and questions, and the result becomes evidence about the release.
    """
    from tetrapylon.cli.benching import on_project, on_target

    if url is None:
        return on_project(directory, passphrase_file, given, as_json=as_json)
    return on_target(url, given, as_json=as_json)
