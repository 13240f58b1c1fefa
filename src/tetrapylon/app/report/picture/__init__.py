"""The data-flow picture: who sends what to whom across which boundary of trust, drawn the same way each time."""
