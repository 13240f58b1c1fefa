"""Failing over: what is planned, what the evidence demands, switching and going back, and the drill."""
