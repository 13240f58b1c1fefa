"""What notices an incident while the system runs: one file each."""
