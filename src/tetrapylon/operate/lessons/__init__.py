"""Share lessons: bulletins, disclosure, advisories."""
