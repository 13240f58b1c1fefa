"""One versioned file for each framework that a practice maps to."""
