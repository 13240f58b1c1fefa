"""Search and answers over framework contracts."""
