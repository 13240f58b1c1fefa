"""The record of what passed through, as an asset that is protected."""
