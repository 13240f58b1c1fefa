"""Ways to make a look at the system continuous: one file, one kind of scheduler."""
