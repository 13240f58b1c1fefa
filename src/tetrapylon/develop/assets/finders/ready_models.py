"""Models that come with a library: OCR, faces, speech, segmentation, word vectors, whose loaders are called by a short name or by none.

*What it does*: knows the loaders of libraries that fetch their own models, what these take by default, and arguments that speak of weights
whoever takes them. *Why it matters*: such a call fetches and runs weights that nobody in the project ever named.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from tetrapylon.develop.assets.addresses import is_model_file
from tetrapylon.develop.assets.ecosystem import learns, talks
from tetrapylon.develop.assets.seeing import component, imports_any, path_id
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component


class _Ready(NamedTuple):
    package: str
    names: tuple[str, ...] = ()
    """The arguments that name the model, as far as one does."""

    position: int | None = 0
    default: str = ""
    """What is taken where nothing is named; nothing is found then if this is empty."""

    short: bool = False
    """Whether the name says nothing without the library: `en`."""


_READY: dict[str, _Ready] = {
    "stanza.Pipeline": _Ready("stanza", ("lang",), 0, "stanza", short=True),
    "easyocr.Reader": _Ready("easyocr", ("lang_list",), 0, "easyocr", short=True),
    "PaddleOCR": _Ready("paddleocr", ("lang",), None, "paddleocr", short=True),
    "FaceAnalysis": _Ready("insightface", ("name",), 0, "buffalo_l"),
    "model_zoo.get_model": _Ready("insightface", ("name",), 0),
    "DeepFace.represent": _Ready("deepface", ("model_name",), None, "VGG-Face"),
    "DeepFace.verify": _Ready("deepface", ("model_name",), None, "VGG-Face"),
    "DeepFace.find": _Ready("deepface", ("model_name",), None, "VGG-Face"),
    "DeepFace.stream": _Ready("deepface", ("model_name",), None, "VGG-Face"),
    "DeepFace.build_model": _Ready("deepface", ("model_name",), 0),
    "DeepFace.analyze": _Ready("deepface", ("actions",), None, "deepface", short=True),
    "MTCNN": _Ready("facenet_pytorch", (), None, "MTCNN"),
    "mtcnn.MTCNN": _Ready("mtcnn", (), None, "MTCNN"),
    "InceptionResnetV1": _Ready("facenet_pytorch", ("pretrained",), 0),
    "face_encodings": _Ready("face_recognition", ("model",), None, "face_recognition", short=True),
    "face_locations": _Ready("face_recognition", ("model",), 2, "face_recognition", short=True),
    "shape_predictor": _Ready("dlib", ("filename",), 0),
    "face_recognition_model_v1": _Ready("dlib", ("filename",), 0),
    "cnn_face_detection_model_v1": _Ready("dlib", ("filename",), 0),
    "get_frontal_face_detector": _Ready("dlib", (), None, "dlib:frontal_face_detector"),
    "new_session": _Ready("rembg", ("model_name",), 0, "u2net"),
    "rembg.remove": _Ready("rembg", (), None, "u2net"),
    "vosk.Model": _Ready("vosk", ("model_path", "model_name", "lang"), 0),
    "TTS.api.TTS": _Ready("TTS", ("model_name", "model_path"), 0),
    "load_align_model": _Ready("whisperx", ("model_name", "language_code"), None, "whisperx:align", short=True),
    "DiarizationPipeline": _Ready("whisperx", ("model_name",), 0, "pyannote/speaker-diarization-3.1"),
    "recognize_whisper": _Ready("speech_recognition", ("model",), None, "base"),
    "spleeter.separator.Separator": _Ready("spleeter", ("params_descriptor",), 0),
    "demucs.pretrained.get_model": _Ready("demucs", ("name",), 0, "htdemucs"),
    "demucs.api.Separator": _Ready("demucs", ("model",), 0, "htdemucs"),
    "downloader.load": _Ready("gensim", ("name",), 0),
    "KeyedVectors.load_word2vec_format": _Ready("gensim", ("fname",), 0),
    "tensorflow_hub.load": _Ready("tensorflow_hub", ("handle",), 0),
    "KerasLayer": _Ready("tensorflow_hub", ("handle",), 0),
    "tensorflow_hub.Module": _Ready("tensorflow_hub", ("spec",), 0),
    "TextClassifier.load": _Ready("flair", ("model_path",), 0),
    "SequenceTagger.load": _Ready("flair", ("model_path",), 0),
    "TransformerWordEmbeddings": _Ready("flair", ("model",), 0),
    "cli.download": _Ready("spacy", ("model",), 0),
    "FastSAM": _Ready("ultralytics", ("model",), 0),
    "YOLOWorld": _Ready("ultralytics", ("model",), 0),
    "YOLOE": _Ready("ultralytics", ("model",), 0),
    "preload_models": _Ready("bark", (), None, "suno/bark"),
    "generate_audio": _Ready("bark", (), None, "suno/bark"),
    "BERTopic": _Ready("bertopic", ("embedding_model",), 99, "all-MiniLM-L6-v2"),
    "KeyBERT": _Ready("keybert", ("model",), 0, "all-MiniLM-L6-v2"),
    "TextEmbedding": _Ready("fastembed", ("model_name",), 0, "BAAI/bge-small-en-v1.5"),
    "HuggingFaceEmbeddings": _Ready("langchain", ("model_name", "model"), 0, "sentence-transformers/all-mpnet-base-v2"),
    "HuggingFaceInstructEmbeddings": _Ready("langchain", ("model_name",), 0, "hkunlp/instructor-large"),
    "HuggingFaceBgeEmbeddings": _Ready("langchain", ("model_name",), 0, "BAAI/bge-large-en"),
    "SentenceTransformerEmbeddings": _Ready("langchain", ("model_name",), 0, "sentence-transformers/all-mpnet-base-v2"),
    "DefaultEmbeddingFunction": _Ready("chromadb", (), None, "all-MiniLM-L6-v2"),
    "SentenceTransformerEmbeddingFunction": _Ready("chromadb", ("model_name",), 0, "all-MiniLM-L6-v2"),
    "Detector": _Ready("retinaface", (), None, "retinaface"),
    "RetinaFace.detect_faces": _Ready("retinaface", (), None, "retinaface"),
    "ocr_predictor": _Ready("doctr", ("det_arch",), 0, "doctr"),
    "SentimentAnalyzer": _Ready("pysentimiento", ("lang",), None, "pysentimiento"),
    "create_analyzer": _Ready("pysentimiento", ("task",), 0, "pysentimiento", short=True),
    "load_silero_vad": _Ready("silero_vad", (), None, "silero-vad"),
    "openwakeword.model.Model": _Ready("openwakeword", ("wakeword_models",), 0, "openwakeword"),
    "pvporcupine.create": _Ready("pvporcupine", ("keywords",), None, "porcupine", short=True),
    "GLiNER.from_pretrained": _Ready("gliner", (), 0),
    "build_sam": _Ready("segment_anything", ("checkpoint",), 0),
    "build_sam2": _Ready("sam2", ("ckpt_path",), 1),
}
"""Loaders by their name and, where that is too common, their package."""

_WEIGHTS = ("checkpoint", "checkpoint_path", "ckpt_path", "model_path", "weights", "weights_path", "model_asset_path", "model_file",
    "onnx_path", "model_weights",
            "pretrained_path", "pretrained_model_path", "weight_path")  # fmt: skip
_LONGEST = 150
_FEW = 4
_HUB = "https://tfhub.dev/"


def find(repository: Repository) -> Iterator[Component]:
    """Yield the models that come with libraries."""
    for code, call in repository.calls_of(*_READY):
        key = next(each for each in _READY if call.name == each or call.name.endswith(f".{each}"))
        ready = _READY[key]
        if call.name.startswith(ready.package) or (call.name.startswith("?") and imports_any(code, ready.package)):
            yield from _ready(repository, code, call, ready)
    for code in repository.python:
        if "mediapipe" in code.packages:
            yield from _solutions(code)
        if learns(code) or talks(code) or imports_any(code, "mediapipe", "cv2", "segment_anything", "sam2", "numpy"):
            yield from _weights(repository, code)


def _ready(repository: Repository, code: PythonCode, call: Call, ready: _Ready) -> Iterator[Component]:
    node = next((found for each in ready.names if (found := call.argument(each)) is not None), None)
    if node is None and ready.position is not None and ready.names:
        node = call.argument("", ready.position)
    word = call.name.rpartition(".")[2]
    known = [
        text.strip() for text, _ in values_of(repository).texts(code, node) if 0 < len(text.strip()) < _LONGEST and " " not in text.strip()
    ]
    if ready.short:
        name = f"{ready.package}:{'+'.join(known[:_FEW])}" if known else ready.default
        yield component("model", name, call.at, f"`{word}` of {ready.package}", library=ready.package)
        return
    for each in known:
        name = each.removeprefix(_HUB) if each.startswith(_HUB) else path_id(repository, each, code.path) if is_model_file(each) else each
        yield component("model", name, call.at, f"`{word}` of {ready.package}", library=ready.package, url=each if "://" in each else None)
    if node is None and ready.default:
        yield component("model", ready.default, call.at, f"`{word}` of {ready.package} with its default model", library=ready.package)


def _solutions(code: PythonCode) -> Iterator[Component]:
    """Yield the models of MediaPipe that are called by what they see."""
    for call in code.calls:
        words = call.name.split(".")
        if words[0] == "mediapipe" and "solutions" in words and words[-1][:1].isupper():
            yield component("model", f"mediapipe:{words[-2]}", call.at, "solution of MediaPipe", library="mediapipe")


def _weights(repository: Repository, code: PythonCode) -> Iterator[Component]:
    """Yield the files of models that are given to an argument which speaks of weights."""
    for node in code.nodes.get(ast.keyword, ()):
        if isinstance(node, ast.keyword) and node.arg in _WEIGHTS:
            for text, _ in values_of(repository).texts(code, node.value):
                if is_model_file(text) and "://" not in text and len(text) < _LONGEST and not set(text) & set(" \n*{"):
                    yield component("model", path_id(repository, text, code.path), code.at(node), f"argument `{node.arg}`", path=text)


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "OCR, faces and speech": (
        {
            "a.py": "import easyocr, stanza, vosk\nfrom insightface.app import FaceAnalysis\nfrom deepface import DeepFace\n"
            "from rembg import new_session\n"
            "from facenet_pytorch import MTCNN, InceptionResnetV1\nimport mediapipe as mp\n"
            "easyocr.Reader(['en', 'de'])\nstanza.Pipeline('fr')\nvosk.Model('vosk-model-small-it')\nFaceAnalysis()\n"
            "DeepFace.represent(img, model_name='Facenet512')\nnew_session('isnet')\nMTCNN()\nInceptionResnetV1(pretrained='vggface2')\n"
            "mp.solutions.hands.Hands()\n"
        },
        {
            ("model", "easyocr:en+de"),
            ("model", "stanza:fr"),
            ("model", "vosk-model-small-it"),
            ("model", "buffalo_l"),
            ("model", "Facenet512"),
            ("model", "isnet"),
            ("model", "MTCNN"),
            ("model", "vggface2"),
            ("model", "mediapipe:hands"),
        },
    ),
    "hubs of vectors, and defaults": (
        {
            "a.py": "import tensorflow_hub as hub\nimport gensim.downloader as api\n"
            "from langchain_huggingface import HuggingFaceEmbeddings\n"
            "hub.load('https://tfhub.dev/google/sentence/4')\napi.load('glove-100')\nHuggingFaceEmbeddings()\n"
        },
        {("model", "google/sentence/4"), ("model", "glove-100"), ("model", "sentence-transformers/all-mpnet-base-v2")},
    ),
    "an argument that speaks of weights": (
        {"a.py": "import torch\nfrom ours import Net\nNet(checkpoint='w/sam_b.pth')\nsegmenters['b'](weights='w/other.pt')\n"},
        {("model", "w/sam_b.pth"), ("model", "w/other.pt")},
    ),
    "others": (
        {"a.py": "from csv import reader\nreader.Reader(['en'])\nnew_session('db')\nremove('file')\nMTCNN()\nrun(weights=[1, 2])\n"},
        set(),
    ),
}
