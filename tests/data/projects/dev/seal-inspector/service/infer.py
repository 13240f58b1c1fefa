import numpy as np
import onnxruntime as ort

from .config import LABELS, MODEL_PATH


class Inspector:
    def __init__(self, path=MODEL_PATH):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 2
        self.session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name

    def __call__(self, tensor):
        (logits,) = self.session.run(None, {self.input: tensor})
        logits = logits[0] - logits[0].max()
        p = np.exp(logits) / np.exp(logits).sum()
        best = int(p.argmax())
        return LABELS[best], float(p[best])
