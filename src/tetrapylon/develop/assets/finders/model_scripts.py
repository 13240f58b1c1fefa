"""Models that scripts run themselves: ONNX Runtime, TensorFlow.js, MediaPipe, Transformers.js, WebLLM, node-llama-cpp.

*What it does*: looks, in scripts that import such a package, for the file, the address or the name that a model is loaded by.
*Why it matters*: a model that runs in the browser or in Node is served to everybody, and is fetched anew each time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.assets.addresses import called, is_model_file, is_model_url
from tetrapylon.develop.assets.javascript import imports_any, imports_of, texts_of
from tetrapylon.develop.assets.seeing import component, path_id
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Place

_ARGUMENT = r"\(\s*(?P<value>[^,;\n)]{1,200})"
_LOADS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("onnxruntime-web", "onnxruntime-node", "onnxruntime-react-native"), re.compile(rf"\bInferenceSession\.create{_ARGUMENT}")),
    (("@tensorflow/tfjs", "@tensorflow/tfjs-node", "@tensorflow/tfjs-core", "@tensorflow/tfjs-converter"),
     re.compile(rf"\b(?:loadLayersModel|loadGraphModel|loadTFLiteModel){_ARGUMENT}")),
    (("@mediapipe/tasks-vision", "@mediapipe/tasks-text", "@mediapipe/tasks-audio", "@mediapipe/tasks-genai"),
     re.compile(r"\bmodelAssetPath\s*:\s*(?P<value>[^,;\n}]{1,200})")),
    (("@xenova/transformers", "@huggingface/transformers"), re.compile(r"\bpipeline\(\s*[^,;\n)]{1,80},\s*(?P<value>[^,;\n)]{1,120})")),
    (("@xenova/transformers", "@huggingface/transformers"), re.compile(rf"\bfrom_pretrained{_ARGUMENT}")),
    (("@mlc-ai/web-llm",), re.compile(rf"\b(?:CreateMLCEngine|CreateWebWorkerMLCEngine|reload){_ARGUMENT}")),
    (("node-llama-cpp",), re.compile(r"\bmodelPath\s*:\s*(?P<value>[^,;\n}]{1,200})")),
    (("face-api.js", "@vladmandic/face-api"), re.compile(r"\bnets\.(?P<value>\w+)\.load")),
)  # fmt: skip
_READY = "@tensorflow-models/"


def find(repository: Repository) -> Iterator[Component]:
    """Yield the models that scripts load."""
    for file in repository.of("javascript"):
        for package in sorted(imports_of(file)):
            if package.startswith(_READY):
                offset = max(file.code.find(package), 0)
                yield component("model", package.removeprefix(_READY), file.at(offset), f"import of `{package}`", library=package)
        for packages, pattern in _LOADS:
            if imports_any(file, *packages):
                for at, match in file.matches_in_code(pattern):
                    yield from _loaded(repository, file, at, match["value"], packages[0])


def _loaded(repository: Repository, file: TextFile, at: Place, value: str, library: str) -> Iterator[Component]:
    texts = [value] if value.isidentifier() and library.startswith("face-api") else texts_of(repository, file, value)
    for text in texts:
        if not text or set(text) & set(" \n$"):
            continue
        name = text
        if "://" in text:
            name = called(text) if is_model_url(text) else text
        elif is_model_file(text) or text.endswith(".json"):
            name = path_id(repository, text.removeprefix("/"), file.path)
        yield component("model", name, at, f"loaded by {library}", library=library, url=text if "://" in text else None)


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "ONNX, TensorFlow.js and others": (
        {
            "a.ts": "import * as ort from 'onnxruntime-web';\nconst MODEL = './models/net.onnx';\n"
            "await ort.InferenceSession.create(MODEL);\n",
            "b.js": "import * as tf from '@tensorflow/tfjs';\nimport * as coco from '@tensorflow-models/coco-ssd';\n"
            "await tf.loadGraphModel('/m/model.json');\n",
            "c.js": "import { pipeline } from '@xenova/transformers';\nconst NAME = 'quay/embed';\n"
            "await pipeline('feature-extraction', NAME);\n",
        },
        {("model", "models/net.onnx"), ("model", "coco-ssd"), ("model", "m/model.json"), ("model", "quay/embed")},
    ),
    "others": ({"a.js": "import { pipeline } from 'stream';\npipeline('a', 'b/c');\nInferenceSession.create('x.onnx');\n"}, set()),
}
