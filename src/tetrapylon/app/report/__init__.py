"""The report: one page that says what is known about a system, and how to check it."""
