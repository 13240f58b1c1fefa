import os

TRIAGE_MODEL = "gpt-4.1-nano-2025-04-14"
WORK_MODEL = os.environ.get("CLERK_MODEL") or "gpt-4.1-2025-04-14"
