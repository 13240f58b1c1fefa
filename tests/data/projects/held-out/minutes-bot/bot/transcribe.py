from pathlib import Path

from faster_whisper import WhisperModel
from faster_whisper.utils import download_model

from bot.config import Config


class Transcriber:
    def __init__(self, config: Config) -> None:
        folder = download_model(config.whisper, revision=config.whisper_revision)
        self.model = WhisperModel(folder, device=config.device, compute_type="int8")

    def __call__(self, path: Path) -> str:
        segments, info = self.model.transcribe(str(path), vad_filter=True, beam_size=5)
        return "\n".join(f"[{each.start:7.1f}] {each.text.strip()}" for each in segments)
