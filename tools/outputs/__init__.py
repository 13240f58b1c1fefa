"""The JSON Schemas of what commands print with `--json`: one file, one schema id."""
