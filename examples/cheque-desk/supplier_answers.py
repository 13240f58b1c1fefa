"""The two makers of language models answer the questionnaire: played here, for both are fictitious.

Run it with the folder that `tetrapylon design suppliers questionnaire new --out FOLDER` wrote; it fills in the answers.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

NO = {"acme-llm": {"snapshots"}, "beta-llm": {"snapshots", "subcontractors"}}
"""What a supplier answers with no; everything else is yes."""


def main(folder: Path) -> None:
    """Fill in every questionnaire in the folder."""
    for path in sorted(folder.glob("*.json")):
        form = json.loads(path.read_text("utf-8"))
        if not path.name.endswith(".signed.json"):
            for each in form["answers"]:
                each["answer"] = "no" if each["question"] in NO.get(form["supplier"], ()) else "yes"
            path.write_text(json.dumps(form, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
