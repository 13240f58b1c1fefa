"""Model the threats early and train the people."""
