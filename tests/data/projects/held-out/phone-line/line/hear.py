import torch
from transformers import Wav2Vec2ForCTC, Wav2Vec2Processor

from . import constants as c


class Ear:
    def __init__(self):
        self.processor = Wav2Vec2Processor.from_pretrained(c.ASR)
        self.net = Wav2Vec2ForCTC.from_pretrained(c.ASR)

    def __call__(self, samples):
        inputs = self.processor(samples, sampling_rate=16_000, return_tensors="pt", padding=True)
        with torch.no_grad():
            logits = self.net(inputs.input_values).logits
        return self.processor.batch_decode(logits.argmax(dim=-1))[0]
