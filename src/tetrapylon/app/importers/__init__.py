"""Files of other tools that a manifest can be drafted from: one file, one kind."""
