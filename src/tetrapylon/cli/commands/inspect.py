"""Look at images and text before a model does: hidden pictures, unfamiliar inputs, invisible and encoded text."""

from __future__ import annotations

import json
import sys

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import speaks_unicode


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--preprocess", metavar="TEXT", help="The model's resize, such as `resize 224x224 cv2 linear`.")
@click.option("--model", metavar="ID", help="Take the resize from what the manifest declares for this model.")
@click.option("--text", is_flag=True, help="Read every file as text.")
@common_options
def command(*, paths: tuple[str, ...], preprocess: str | None, model: str | None, text: bool, directory: str | None, as_json: bool) -> int:
    """Look at images and text before a model does: hidden pictures, invisible and encoded text.

    Prints one line for each file, with `--json` one object for each. Ends with 1 if one is suspect, with 3 if one could not be
    judged. Without a resize only what needs none is looked for.
    """
    from tetrapylon.app.inspecting import ending, inspect, wanted_resize
    from tetrapylon.kernel.text import printable_json, printable_lines

    found = []
    for each in inspect(paths, wanted_resize(preprocess, model, directory), text=text):
        found.append(each)
        said = "not judged" if each.score is None else f"{each.verdict:<8} {each.score:.2f}"
        line = (
            printable_json(json.dumps(each.as_json(), ensure_ascii=not speaks_unicode()))
            if as_json
            else printable_lines(f"{said:<14} {each.item}  {each.why}")
        )
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return ending(found)
