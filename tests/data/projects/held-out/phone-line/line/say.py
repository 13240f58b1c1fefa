import os
import tempfile

from TTS.api import TTS

from .constants import VOICE

_tts = TTS(VOICE)


def speak(text):
    path = os.path.join(tempfile.mkdtemp(), "answer.wav")
    _tts.tts_to_file(text=text, file_path=path)
    os.system(f"aplay -q {path} && echo '{text}' >> spoken.log")
    return path
