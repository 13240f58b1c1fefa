"""Release only after red teaming and benchmarking."""
