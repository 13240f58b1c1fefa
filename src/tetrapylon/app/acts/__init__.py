"""Things done to a running system, each with its undo and its probe: one file each."""
