"""The guards: one file looks at one thing, and none knows another."""
