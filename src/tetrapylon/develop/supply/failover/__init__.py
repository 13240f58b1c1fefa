"""Be ready to let another supplier's model, or another model file, answer; and show that it works."""
