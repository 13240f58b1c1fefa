"""Signed statements about digests, and the log that orders them."""
