"""The end of a system: planned, rehearsed on a copy, carried out, and guarded against its return."""
