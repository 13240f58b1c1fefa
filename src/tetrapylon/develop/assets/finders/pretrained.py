"""Models that are loaded by a name of a hub or from a folder: `from_pretrained`, `pipeline`, `SentenceTransformer` and the like.

*What it does*: resolves the name that is given to the loaders of transformers, diffusers, sentence-transformers, timm, spaCy, torch.hub,
Ultralytics, Whisper, Keras, torchvision and others. *Why it matters*: whoever can change what lies under that name changes the system.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from tetrapylon.develop.assets.names import is_model_path
from tetrapylon.develop.assets.seeing import component, imports_any, path_id
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.values import Text, values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component


class _Loader(NamedTuple):
    package: str
    """The first word of the callee, or of what the file imports where the callee hangs on a value."""

    names: tuple[str, ...]
    position: int = 0


_LOADERS: dict[str, tuple[_Loader, ...]] = {
    "SentenceTransformer": (_Loader("sentence_transformers", ("model_name_or_path",)),),
    "CrossEncoder": (_Loader("sentence_transformers", ("model_name", "model_name_or_path")),),
    "SparseEncoder": (_Loader("sentence_transformers", ("model_name_or_path",)),),
    "SentenceTransformerEmbeddingFunction": (_Loader("chromadb", ("model_name",)),),
    "hf_hub_download": (_Loader("huggingface_hub", ("repo_id",)),),
    "snapshot_download": (_Loader("huggingface_hub", ("repo_id",)), _Loader("modelscope", ("model_id",))),
    "create_model": (_Loader("timm", ("model_name",)),),
    "create_model_and_transforms": (_Loader("open_clip", ("model_name",)),),
    "TextEmbedding": (_Loader("fastembed", ("model_name",)),),
    "SparseTextEmbedding": (_Loader("fastembed", ("model_name",)),),
    "TextCrossEncoder": (_Loader("fastembed", ("model_name",)),),
    "FlagModel": (_Loader("FlagEmbedding", ("model_name_or_path",)),),
    "BGEM3FlagModel": (_Loader("FlagEmbedding", ("model_name_or_path",)),),
    "FlagReranker": (_Loader("FlagEmbedding", ("model_name_or_path",)),),
    "YOLO": (_Loader("ultralytics", ("model",)),),
    "RTDETR": (_Loader("ultralytics", ("model",)),),
    "SAM": (_Loader("ultralytics", ("model",)),),
    "load_model": (_Loader("whisper", ("name",)), _Loader("faster_whisper", ("name",)), _Loader("fasttext", ("path",)),
                   _Loader("whisperx", ("name",)), _Loader("flair", ("model",))),
    "WhisperModel": (_Loader("faster_whisper", ("model_size_or_path",)),),
    "InstructorEmbedding": (_Loader("InstructorEmbedding", ("model",)),),
    "INSTRUCTOR": (_Loader("InstructorEmbedding", ("model_name_or_path",)),),
    "KeyBERT": (_Loader("keybert", ("model",)),),
    "LLM": (_Loader("vllm", ("model",)),),
    "AsyncEngineArgs": (_Loader("vllm", ("model",)),),
    "EngineArgs": (_Loader("vllm", ("model",)),),
    "Llama": (_Loader("llama_cpp", ("model_path",)),),
    "LlamaCpp": (_Loader("langchain", ("model_path",)), _Loader("langchain_community", ("model_path",))),
    "GPT4All": (_Loader("gpt4all", ("model_name",)), _Loader("langchain_community", ("model",))),
    "CTransformers": (_Loader("langchain_community", ("model",)), _Loader("ctransformers", ("model",))),
    "HuggingFaceEmbeddings": (_Loader("langchain", ("model_name", "model")),),
    "HuggingFaceBgeEmbeddings": (_Loader("langchain", ("model_name",)),),
    "HuggingFaceInstructEmbeddings": (_Loader("langchain", ("model_name",)),),
    "HuggingFaceCrossEncoder": (_Loader("langchain", ("model_name",)),),
    "SentenceTransformerEmbeddings": (_Loader("langchain", ("model_name",)),),
    "FastEmbedEmbeddings": (_Loader("langchain", ("model_name",)),),
    "FastEmbedEmbedding": (_Loader("llama_index", ("model_name",)),),
    "HuggingFaceEmbedding": (_Loader("llama_index", ("model_name",)),),
    "HuggingFaceLLM": (_Loader("llama_index", ("model_name",)),),
    "SentenceTransformerRerank": (_Loader("llama_index", ("model",)),),
    "LlamaCPP": (_Loader("llama_index", ("model_path", "model_url")),),
    "from_model_id": (_Loader("langchain", ("model_id",)),),
    "SentenceTransformersTextEmbedder": (_Loader("haystack", ("model",)),),
    "SentenceTransformersDocumentEmbedder": (_Loader("haystack", ("model",)),),
    "TransformersModel": (_Loader("smolagents", ("model_id",)),),
    "VLLMModel": (_Loader("smolagents", ("model_id",)),),
    "EncoderClassifier": (_Loader("speechbrain", ("source",)),),
    "from_hparams": (_Loader("speechbrain", ("source",)),),
    "PaddleOCR": (_Loader("paddleocr", ("ocr_version",)),),
    "FastLanguageModel": (_Loader("unsloth", ("model_name",)),),
    "AutoModel": (_Loader("funasr", ("model",)),),
    "get_peft_model": (),
}  # fmt: skip
_PRETRAINED_NAMES = """
transformers diffusers peft optimum sentence_transformers trl unsloth auto_gptq awq huggingface_hub timm open_clip fastai
speechbrain setfit span_marker adapters nemo audiocraft parler_tts TTS tokenizers gliner ctransformers modelscope torch
open_clip_torch colpali_engine llmlingua pyannote mlx_lm mlx_vlm keras_nlp keras_hub monai segment_anything segment_anything_hf
paddlenlp simpletransformers
"""
_PRETRAINED = tuple(_PRETRAINED_NAMES.split())
_ARGUMENTS = ("pretrained_model_name_or_path", "model_name", "model_id", "model_name_or_path", "repo_id", "preset", "checkpoint_path")


def find(repository: Repository) -> Iterator[Component]:
    """Yield the models that are loaded."""
    for code, call in repository.calls_of(
        "from_pretrained", "pipeline", "load_adapter", "from_single_file", "from_preset", "load_lora_weights", "load_ip_adapter"
    ):
        if imports_any(code, *_PRETRAINED) or call.name.startswith(tuple(_PRETRAINED)):
            yield from _pretrained(repository, code, call)
    for code, call in repository.calls_of(*_LOADERS):
        yield from _loaded(repository, code, call)
    for code, call in repository.calls_of(
        "hub.load", "spacy.load", "clip.load", "from_pretrained_keras", "nlp.load", "en_core_web_sm.load"
    ):
        yield from _other(repository, code, call)
    yield from _zoo(repository)


def _pretrained(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    owner, word = call.name.split(".")[-2:] if "." in call.name else ("", call.name)
    if word == "pipeline":
        if not call.name.startswith(("transformers.", "optimum.")) and call.name != "pipeline":
            return
        yield from _pipeline(repository, code, call)
        return
    if call.name.startswith(("vertexai.", "google.")):
        return
    position = 1 if owner.startswith(("Peft", "AutoPeft")) and owner != "PeftConfig" and "Auto" not in owner else 0
    node = next((found for each in (("model_id",) if position else _ARGUMENTS) if (found := call.argument(each)) is not None), None)
    yield from _named(repository, code, call, node if node is not None else call.argument("", position), f"`{owner or '?'}.{word}`")


def _pipeline(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    node = call.argument("model", 1)
    if node is not None and (isinstance(node, ast.Constant) or values_of(repository).texts(code, node)):
        yield from _named(repository, code, call, node, "`pipeline` of transformers")
    elif node is None:
        task = values_of(repository).text(code, call.argument("task", 0))
        if task:
            yield component("model", task, call.at, "`pipeline` of transformers with its default model", library="transformers")


def _loaded(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    word = call.name.rpartition(".")[2]
    for loader in _LOADERS.get(word, ()):
        if call.name.startswith(loader.package) or (call.name.startswith("?") and imports_any(code, loader.package)):
            node = next((found for each in loader.names if (found := call.argument(each)) is not None), call.argument("", loader.position))
            file = values_of(repository).text(code, call.argument("filename")) if word == "hf_hub_download" else None
            yield from _named(repository, code, call, node, f"`{word}` of {loader.package}", file)
            return


def _other(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    if not call.name.startswith(("torch.hub.", "spacy.", "clip.", "tensorflow_hub", "huggingface_hub")):
        return
    package = call.name.partition(".")[0]
    first, second = (values_of(repository).text(code, call.argument(name, each)) for each, name in enumerate(("repo_or_dir", "model")))
    if package == "torch" and first:
        name = f"{first}:{second}" if second else first
        yield component("model", name, call.at, "`torch.hub.load`", revision=first.partition(":")[2], library="torch")
    else:
        yield from _named(repository, code, call, call.argument("name", 0), f"`{call.name}`")


def _named(
    repository: Repository, code: PythonCode, call: Call, node: ast.AST | None, how: str, file: str | None = None
) -> Iterator[Component]:
    found = [each for each in values_of(repository).texts(code, node) if _is_name(each)]
    revision = values_of(repository).text(code, call.argument("revision"))
    remote = call.argument("trust_remote_code")
    trusts = "true" if isinstance(remote, ast.Constant) and remote.value is True else None
    library = call.name.partition(".")[0].strip("?")
    for text, _ in found:
        name = path_id(repository, text, code.path) if is_model_path(text) or text.startswith(("./", "../")) else text
        yield component("model", name, call.at, how, revision=revision, remote_code=trusts, file=file, library=library)
    if node is not None and not found:
        yield component("model", ast.unparse(node)[:80], call.at, how, revision=revision, remote_code=trusts, library=library, named="no")


def _is_name(text: Text) -> bool:
    return 0 < len(text.text) < 200 and "\n" not in text.text and " " not in text.text.strip()  # noqa: PLR2004 - longer than a path


def _zoo(repository: Repository) -> Iterator[Component]:
    """Yield the models of torchvision and Keras that are called by their class and come with weights."""
    for code in repository.python:
        if not code.packages & {"torchvision", "keras", "tensorflow", "torchaudio", "segmentation_models_pytorch", "timm"}:
            continue
        for call in code.calls:
            words = call.name.split(".")
            if words[0] == "torchvision" and "models" in words and words[-1] not in {"get_model", "get_weight"} and _weighted(call):
                yield component("model", words[-1], call.at, "model of torchvision with weights", library="torchvision")
            elif words[0] in {"keras", "tensorflow"} and "applications" in words and words[-1][:1].isupper():
                weights = call.argument("weights")
                if not (isinstance(weights, ast.Constant) and weights.value is None):
                    yield component("model", words[-1], call.at, "model of `keras.applications`", library="keras")
            elif words[0] == "segmentation_models_pytorch" and call.argument("encoder_name") is not None:
                name = values_of(repository).text(code, call.argument("encoder_name")) or "encoder"
                yield component("model", f"{words[-1]} {name}", call.at, "model of segmentation_models_pytorch", library=words[0])


def _weighted(call: Call) -> bool:
    for each in ("weights", "pretrained", "weights_backbone"):
        node = call.argument(each)
        if node is not None and not (isinstance(node, ast.Constant) and node.value in {None, False}):
            return True
    return bool(call.node.args) and isinstance(call.node.args[0], ast.Constant) and call.node.args[0].value is True


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "a constant": (
        {"a.py": "from transformers import AutoModel\nNAME = 'bert-base-uncased'\nAutoModel.from_pretrained(NAME, revision='abc')\n"},
        {("model", "bert-base-uncased")},
    ),
    "a setting": (
        {
            "app/settings.py": "class Settings(BaseSettings):\n    model: str = 'a/b'\n",
            "app/use.py": "from transformers import pipeline\nfrom app.settings import Settings\npipeline('ner', model=Settings().model)\n",
        },
        {("model", "a/b")},
    ),
    "a key of YAML": (
        {
            "a.py": "from transformers import AutoModel\ncfg = yaml.safe_load(open('c.yaml'))\n"
            "AutoModel.from_pretrained(cfg['base']['name'])\n",
            "c.yaml": "base:\n  name: org/base\n",
        },
        {("model", "org/base")},
    ),
    "an argument": (
        {
            "a.py": "from sentence_transformers import SentenceTransformer\nparser.add_argument('--model', default='all-MiniLM-L6-v2')\n"
            "args = parser.parse_args()\nSentenceTransformer(args.model)\n"
        },
        {("model", "all-MiniLM-L6-v2")},
    ),
    "an adapter": (
        {"a.py": "from peft import PeftModel\nPeftModel.from_pretrained(base, 'me/adapter')\n"},
        {("model", "me/adapter")},
    ),
    "others": (
        {
            "a.py": "import torch, spacy, whisper, timm\nfrom ultralytics import YOLO\nfrom torchvision import models\n"
            "from tensorflow import keras\n"
            "torch.hub.load('pytorch/vision:v0.10.0', 'resnet18')\nspacy.load('en_core_web_sm')\nwhisper.load_model('base')\n"
            "timm.create_model('vit_base', pretrained=True)\nYOLO('yolov8n.pt')\nmodels.resnet50(weights='DEFAULT')\n"
            "keras.applications.MobileNetV2(weights='imagenet')\nmodels.resnet18()\n"
        },
        {
            ("model", "pytorch/vision:v0.10.0:resnet18"),
            ("model", "en_core_web_sm"),
            ("model", "base"),
            ("model", "vit_base"),
            ("model", "yolov8n.pt"),
            ("model", "resnet50"),
            ("model", "MobileNetV2"),
        },
    ),
    "not ours": (
        {
            "a.py": "from shapes import Model\nModel.from_pretrained('x')\npipeline('a', model='b')\nload_model('c')\nLLM('d')\n"
            "class YOLO: ...\n"
        },
        set(),
    ),
}
