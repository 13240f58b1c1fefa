"""The fifty minimum elements of the G7's "SBOM for AI" by cluster: where each is in a bill, or why it is not."""
