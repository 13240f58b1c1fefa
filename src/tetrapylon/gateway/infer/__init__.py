"""The Open Inference Protocol v2 for model files: loaded from verified bytes, answered without scores."""
