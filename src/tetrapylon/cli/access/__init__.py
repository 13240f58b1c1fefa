"""Commands on access to the running system: one file each."""
