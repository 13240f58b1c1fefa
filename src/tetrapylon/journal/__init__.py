"""The sealed record of runtime traffic."""
