import os

MODEL_DIR = os.environ.get("SEAL_MODEL_DIR", "models")
MODEL_FILE = "seal.onnx"
MODEL_PATH = os.path.join(MODEL_DIR, MODEL_FILE)
INPUT_SIZE = (224, 224)
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
LABELS = ("intact", "broken", "missing")
