"""The sections of the page: one file, one section."""
