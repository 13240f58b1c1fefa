"""Commands that stand under a pillar of the guidance: one folder, one pillar."""
