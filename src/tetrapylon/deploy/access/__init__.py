"""Strong access control; sensitive environments kept apart."""
