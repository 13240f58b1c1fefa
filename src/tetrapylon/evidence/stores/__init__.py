"""Where the log is kept: one file for each medium."""
