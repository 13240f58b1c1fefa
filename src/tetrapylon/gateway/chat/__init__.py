"""OpenAI's chat completions: read strictly, guarded both ways, streamed without letting a match across chunks out."""
