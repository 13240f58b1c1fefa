"""Kinds of cards: one for models, one for data, one for prompts."""
