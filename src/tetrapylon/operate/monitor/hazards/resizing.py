"""Images that are made smaller before a model sees them, in a way that lets a hidden picture through.

*What it does*: finds downscaling that looks at a few pixels and skips the rest (`cv2.resize` as it comes, nearest neighbour,
`antialias=False`, `tf.image.resize` without `antialias=True`) where images go into a model.
*Why it matters*: an attacker sets just those pixels: a person sees one picture, the model another (image-scaling attacks).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.repository.words import words
from tetrapylon.system.finding import Finding, Rule

RULE = Rule(
    "exploitable-resize",
    "medium",
    "an image is made smaller by skipping pixels before a model sees it",
    "Whoever sets the few pixels that are kept shows the model another picture than people see.",
    "img = cv2.resize(img, size, interpolation=cv2.INTER_AREA)",
)
RULES = (RULE,)

_MODELS = words(
    "torch torchvision onnxruntime tensorflow keras tflite_runtime ai_edge_litert openvino ultralytics timm "
    "transformers clip open_clip jax flax"
    " paddle mxnet tensorrt onnx facenet_pytorch insightface deepface face_recognition mediapipe easyocr "
    "paddleocr sklearn skl2onnx mlflow tritonclient"
)
_NOT_FED = re.compile(
    r"(?:^|_)(?:masks?|heat_?maps?|cam|labels?|seg\w*|depth|saliency|attn|attention|vis|viz|visuali[sz]\w*|display"
    r"|shown?|thumb\w*|preview|icon|logo|avatar|overlay|result|output|out|plot|canvas|bg|background|gt|pred\w*"
    r"|anomaly_map|flow|logits)(?:_|$)",
    re.IGNORECASE,
)
_INPUT = re.compile(r"(?:^|_)(?:img|imgs|images?|inputs?|frames?|pixels?|pixel_values|photo|crops?|pictures?)(?:_|$)", re.IGNORECASE)
_KERNELS = {"INTER_AREA", "INTER_NEAREST", "INTER_LINEAR", "INTER_CUBIC", "INTER_LANCZOS4", "INTER_NEAREST_EXACT", "INTER_LINEAR_EXACT"}
_FED = re.compile(
    r"(?:^|/|_)(?:pre_?process\w*|transforms?|infer\w*|predict\w*|detect\w*|classif\w*|datasets?|dataloader|vision"
    r"|model\w*|pipeline|serve|app|main|api|utils?)\.py$"
)
_BROWSER = re.compile(r"\.(?:resizeNearestNeighbor|resizeBilinear)\(|kernel:[ \t]*[\"'](?:nearest)[\"']")
_CALLS = ("cv2.resize", "resize", "Resize", "RandomResizedCrop", "tensorflow.image.resize", "interpolate", "load_img")
_FIXES = {
    "pil": "img = img.resize(size, Image.Resampling.LANCZOS)",
    "torchvision": "transforms.Resize(size, antialias=True)",
    "tensorflow": "img = tf.image.resize(img, size, antialias=True)",
    "torch": 'x = F.interpolate(x, size=size, mode="bilinear", antialias=True)',
    "keras": 'img = load_img(path, target_size=size, interpolation="lanczos")',
    "skimage": "img = resize(img, size, anti_aliasing=True)",
}


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each such resizing in code that has to do with a model."""
    with_models = [each for each in repository.python if not each.packages.isdisjoint(_MODELS)]
    stems = {_stem(each) for each in with_models}
    imported = {word for each in with_models for full in each.imports.values() for word in full.rsplit(".", 2)[-2:]}
    for code, call in repository.calls_of(*_CALLS) if with_models else ():
        near = not code.packages.isdisjoint(_MODELS) or _stem(code) in imported or _FED.search(code.path) is not None
        near = near or any(word in stems for full in code.imports.values() for word in full.rsplit(".", 2)[-2:])
        what = _what(code, call) if near else None
        if what and not _is_not_fed(code, call):
            yield RULE.at(call.at, f"{what[0]} skips pixels before a model sees the image", fix=_FIXES.get(what[1], ""))
    for file in repository.of("javascript"):
        if "tfjs" in file.text or "onnxruntime" in file.text:
            for place, match in live_matches(file, _BROWSER, "resize", "kernel:"):
                yield RULE.at(
                    place,
                    f"`{match[0].strip('.(')}` skips pixels before a model sees the image",
                    fix="resize with an area filter, or blur before",
                )


def _stem(code: PythonCode) -> str:
    return code.path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]


def _what(code: PythonCode, call: Call) -> tuple[str, str] | None:
    """Return what skips pixels, and the library that it belongs to."""
    if call.name == "cv2.resize":
        return _cv2(code, call)
    if call.name.startswith("tensorflow.image."):
        return (
            None
            if _is(call.argument("antialias"), value=True) or _kernel(code, call.argument("method", 2)) in {"AREA", "area"}
            else ("`tf.image.resize`", "tensorflow")
        )
    if call.name.endswith("interpolate"):
        return _interpolate(code, call)
    if call.name.endswith("load_img"):
        kernel = code.string(call.argument("interpolation")) or "nearest"
        return ("`load_img` with nearest neighbour", "keras") if call.argument("target_size") is not None and kernel == "nearest" else None
    if call.name.startswith("skimage."):
        return ("`resize` with `anti_aliasing=False`", "skimage") if _is(call.argument("anti_aliasing"), value=False) else None
    return _other(code, call)


def _other(code: PythonCode, call: Call) -> tuple[str, str] | None:
    """Look at what PIL and torchvision call resize."""
    last = call.name.rpartition(".")[2]
    torchvision = call.name.startswith("torchvision.") or last in {"Resize", "RandomResizedCrop"}
    if torchvision and _is(call.argument("antialias"), value=False):
        return f"`{last}` with `antialias=False`", "torchvision"
    kernel = _kernel(code, call.argument("interpolation", 1) if torchvision else call.argument("resample", 1))
    if kernel in {"NEAREST", "NEAREST_EXACT"} and (torchvision or call.name == "?.resize"):
        return f"`{last}` with nearest neighbour", "torchvision" if torchvision else "pil"
    return None


def _cv2(code: PythonCode, call: Call) -> tuple[str, str] | None:
    scale = call.argument("fx", 3)
    if isinstance(scale, ast.Constant) and isinstance(scale.value, int | float) and scale.value >= 1:
        return None
    given = call.argument("interpolation", 5)
    kernel = "INTER_LINEAR" if given is None else _kernel(code, given)
    return (
        None
        if kernel not in _KERNELS or kernel == "INTER_AREA"
        else (f"`cv2.resize` with `{kernel}`{'' if given else ' (the default)'}", "cv2")
    )


def _interpolate(code: PythonCode, call: Call) -> tuple[str, str] | None:
    if not call.name.startswith("torch.nn.functional") or _is(call.argument("antialias"), value=True):
        return None
    scale = call.argument("scale_factor", 2)
    first = call.argument("input", 0)
    fed = isinstance(first, ast.Name) and _INPUT.search(first.id) is not None
    grows = isinstance(scale, ast.Constant) and isinstance(scale.value, int | float) and scale.value >= 1
    return (
        ("`F.interpolate` without `antialias`", "torch")
        if fed and not grows and (code.string(call.argument("mode")) or "nearest") != "area"
        else None
    )


def _kernel(code: PythonCode, node: ast.expr | None) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return (code.imports.get(node.id, node.id).rpartition(".")[2]) if isinstance(node, ast.Name) else code.string(node) or ""


def _is_not_fed(code: PythonCode, call: Call) -> bool:
    """Return whether what is resized, or what it is then called, says that a person looks at it, or that it is no image."""
    first = call.argument("src", 0)
    held = first if first is not None and call.name != "?.resize" else getattr(call.node.func, "value", None)
    names = [each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in (held,)]
    names.append(_targets(code).get(id(call.node), ""))
    names.append(code.path.rpartition("/")[2].removesuffix(".py"))
    return any(_NOT_FED.search(each) for each in names)


def _targets(code: PythonCode) -> Mapping[int, str]:
    """Return the names that calls are given to."""
    found: dict[int, str] = {}
    for node in code.nodes.get(ast.Assign, ()):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[id(node.value)] = node.targets[0].id
    return found


def _is(node: ast.expr | None, *, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


_TORCH = "import cv2, torch\nfrom PIL import Image\n"

GOOD = {
    "area": {
        "app.py": f"{_TORCH}x = cv2.resize(img, (224, 224), interpolation=cv2.INTER_AREA)\n"
        f"y = cv2.resize(img, size, None, 0, 0, cv2.INTER_AREA)\n"
    },
    "a thumbnail of a web page": {"thumbs.py": "import cv2\nfrom flask import Flask\nsmall = cv2.resize(img, (64, 64))\n"},
    "a thumbnail beside a model": {"app.py": f"{_TORCH}thumb = cv2.resize(img, (64, 64))\n"},
    "larger": {"app.py": f"{_TORCH}x = cv2.resize(img, None, fx=2, fy=2)\n"},
    "a heat map": {"cam.py": f"{_TORCH}heatmap = cv2.resize(heatmap, (w, h))\nmask = mask.resize(size, Image.NEAREST)\n"},
    "PIL as it comes": {"app.py": f"{_TORCH}x = img.resize((224, 224))\ny = img.resize((224, 224), Image.LANCZOS)\n"},
    "antialias": {
        "app.py": "import tensorflow as tf\nfrom torchvision import transforms\nimport torch.nn.functional as F\n"
        "x = tf.image.resize(x, s, antialias=True)\n"
        "t = transforms.Resize(256)\nfeatures = F.interpolate(features, scale_factor=2)\n"
        "y = F.interpolate(images, size=s, mode='bilinear', antialias=True)\n"
    },
}
BAD = {
    "exploitable-resize: cv2 as it comes": {"app.py": f"{_TORCH}img = cv2.resize(img, (224, 224))\nout = model(torch.from_numpy(img))\n"},
    "exploitable-resize: cv2 by name": {
        "preprocess.py": "from cv2 import resize, INTER_NEAREST\n\ndef prepare(image):\n"
        "    return resize(image, (32, 32), interpolation=INTER_NEAREST)\n",
        "infer.py": "import onnxruntime\n",
    },
    "exploitable-resize: beside the model": {
        "service/batch.py": "import cv2\nfrom .infer import Inspector\nimage = cv2.resize(cv2.imread(path), SIZE)\n",
        "service/infer.py": "import onnxruntime\n",
    },
    "exploitable-resize: cv2 with Lanczos": {
        "app.py": "import cv2, keras\nx = cv2.resize(frame, (300, 300), interpolation=cv2.INTER_LANCZOS4)\n"
    },
    "exploitable-resize: PIL": {
        "app.py": f"{_TORCH}img = img.resize((224, 224), Image.NEAREST)\nimg2 = img.resize((2, 2), resample=Image.Resampling.NEAREST)\n"
    },
    "exploitable-resize: torchvision": {
        "app.py": "from torchvision import transforms\nt = transforms.Compose([transforms.Resize((224, 224), antialias=False)])\n"
    },
    "exploitable-resize: torchvision, nearest": {
        "app.py": "from torchvision.transforms import Resize, InterpolationMode\nt = Resize(224, interpolation=InterpolationMode.NEAREST)\n"
    },
    "exploitable-resize: tensorflow": {"app.py": "import tensorflow as tf\nx = tf.image.resize(image, (224, 224))\n"},
    "exploitable-resize: keras": {
        "app.py": "from tensorflow.keras.preprocessing.image import load_img\nimg = load_img(path, target_size=(224, 224))\n"
    },
    "exploitable-resize: torch": {
        "app.py": "import torch.nn.functional as F\nx = F.interpolate(images, size=(224, 224), mode='bilinear')\n"
    },
    "exploitable-resize: a browser": {
        "app.ts": 'import * as tf from "@tensorflow/tfjs";\nconst x = tf.image.resizeBilinear(pixels, [224, 224]);\n'
    },
}
