"""Document models, data and prompts with cards and bills of materials."""
