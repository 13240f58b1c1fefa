"""The pure half that decides: fold, gate, passport, verify."""
