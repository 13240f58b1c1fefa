"""A workflow for GitHub Actions: each day measure what is due, and keep the evidence that waits.

What it does: runs `tetrapylon assess --due` each day and on demand. Without keys it leaves drafts, which it keeps as a file of the run.
Why it matters: evidence that nobody renews goes stale, and a release that was fine can no longer be decided.
"""

from __future__ import annotations

from zlib import crc32


def files(system: str) -> dict[str, str]:
    """Return the workflow; the hour differs between systems."""
    seed = crc32(system.encode())
    return {
        f".github/workflows/tetrapylon-{system}.yml": f"""\
name: Evidence about {system}
on:
  schedule:
    - cron: "{seed % 60} {seed // 60 % 24} * * *"
  workflow_dispatch:
permissions:
  contents: read
jobs:
  assess:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - uses: actions/setup-python@0b93645e9fea7318ecaed2b359559ac225c90a2b # v5.3.0
        with:
          python-version: "3.12"
      - run: pip install tetrapylon
      - run: tetrapylon assess --due
      - if: always()
        uses: actions/upload-artifact@b4b15b8c7c6ac21ea08fcf65892d2ee8f75cf882 # v4.4.3
        with:
          name: tetrapylon-drafts
          path: .tetrapylon/draft
          include-hidden-files: true
          if-no-files-found: ignore
"""
    }
