"""The rules of the text guard, as data: one file for each class."""
