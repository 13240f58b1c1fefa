"""A job for GitLab CI: in scheduled pipelines measure what is due, and keep the evidence that waits.

What it does: runs `tetrapylon assess --due` in pipelines that a schedule starts. Without keys it leaves drafts, which it keeps.
Why it matters: evidence that nobody renews goes stale, and a release that was fine can no longer be decided.
"""

from __future__ import annotations


def files(system: str) -> dict[str, str]:
    """Return the job, to be included in `.gitlab-ci.yml`."""
    return {
        f"tetrapylon-{system}.gitlab-ci.yml": f"""\
# Include this from `.gitlab-ci.yml`, and add a schedule (Build > Pipeline schedules), once a day.
tetrapylon-{system}:
  image: python:3.12-slim
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  before_script:
    - pip install tetrapylon
  script:
    - tetrapylon assess --due
  artifacts:
    when: always
    paths:
      - .tetrapylon/draft
    expire_in: 30 days
"""
    }
