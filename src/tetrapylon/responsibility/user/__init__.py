"""Users answer for what they put in and for what they decide on outputs."""
