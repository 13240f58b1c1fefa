"""Where the bytes of artefacts come from."""
