"""Web pages that read posture, ledger and journal."""
