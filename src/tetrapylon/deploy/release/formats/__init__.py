"""Forms in which a result is printed."""
