"""What a manifest declares: the system's parts, its assets, its release digest and its settings."""
