"""What names of models say by themselves: whose API serves them, whether they are pinned, whether they lie on a hub or a disk."""

from __future__ import annotations

import re

_DATED = re.compile(r"(?:-\d{4}-\d{2}-\d{2}|[-@]\d{8}(?:-v\d+(?::\d+)?)?|-(?:0[1-9]|1[0-2])\d{2}(?=$|-preview|:)|-00\d)$")
_PATTERNS = {
    "openai": (
        r"(?:ft:)?(?:gpt-(?:3\.5|4|4o|4\.1|4\.5|5)[\w.:-]*|gpt-(?:image|realtime|audio)[\w.-]*|chatgpt-4o[\w-]*|o[134](?:-(?:mini"
        r"|preview|pro))?[\d-]*|text-embedding-(?:3-(?:small|large)|ada-002)|text-(?:davinci|curie|babbage|ada)-\d+"
        r"|(?:code-)?(?:davinci|babbage|cushman)-\d+|dall-e-[23]|whisper-1|tts-1(?:-hd)?|omni-moderation[\w-]*"
        r"|text-moderation[\w-]*|computer-use-preview|codex-mini[\w-]*)"
    ),
    "anthropic": r"claude-[\w.@:-]+",
    "google": (
        r"(?:models/|google/)?(?:gemini-[\w.-]+|text-embedding-00\d|gemini-embedding[\w-]*|textembedding-gecko[\w@-]*|(?:text|chat"
        r"|code|codechat)-(?:bison|unicorn)[\w@-]*|imagen-\d[\w.-]*|imagegeneration@\d+|veo-\d[\w.-]*|embedding-001"
        r"|learnlm-[\w.-]+)"
    ),
    "mistral": (
        r"(?:open-)?(?:mistral|mixtral|codestral|ministral|pixtral|magistral|devstral|voxtral)-(?:tiny|small|medium|large|nemo"
        r"|embed|saba|ocr|mamba|moderation|latest|7b|8b|3b|12b|8x7b|8x22b|\d{4})[\w.-]*"
    ),
    "cohere": (
        r"command(?:-r(?:-plus)?|-light|-nightly|-a)?(?:-[\w-]+)?|embed-(?:english|multilingual|v4)[\w.-]*|rerank-[\w.-]+"
        r"|c4ai-aya[\w-]+"
    ),
    "deepseek": r"deepseek-(?:chat|reasoner|coder)",
    "groq": r"llama-?3(?:\.\d)?-\d+b-(?:\d+|instant|versatile)[\w-]*|mixtral-8x7b-32768|gemma2?-\d+b-it|llama-guard-\d-8b",
    "bedrock": (
        r"(?:(?:us|eu|apac|global)\.)?(?:anthropic|amazon|meta|mistral|cohere|ai21|stability|deepseek)\.[\w.-]+(?::\d+)*"
        r"|arn:aws[\w-]*:bedrock:[\w:./-]+"
    ),
    "xai": r"grok-[\w.-]+",
    "perplexity": r"sonar(?:-pro|-reasoning|-deep-research)?[\w-]*|llama-3\.1-sonar[\w-]+",
    "voyage": r"voyage-[\w.-]+",
    "jina": r"jina-(?:embeddings|reranker|clip)-[\w.-]+",
    "alibaba": r"qwen-(?:turbo|plus|max|long|vl-max)[\w.-]*",
    "moonshot": r"moonshot-v1[\w-]*|kimi-[\w.-]+",
    "zhipu": r"glm-4[\w.-]*",
}
_HOSTED = tuple((provider, re.compile(rf"(?:{pattern})$")) for provider, pattern in _PATTERNS.items())
_PREFIXES = (
    "openai anthropic azure azure_ai bedrock vertex_ai vertex gemini google mistral cohere groq together together_ai fireworks fireworks_ai"
    " openrouter replicate ollama ollama_chat deepseek perplexity xai huggingface hosted_vllm vllm lm_studio sagemaker watsonx nvidia_nim"
    " google_genai google_vertexai google-gla google-vertex mistralai anthropic-messages cerebras sambanova databricks voyage meta-llama"
)
_ROUTED = re.compile(rf"(?P<provider>{'|'.join(_PREFIXES.split())})[/:](?P<name>[\w.:@/-]+)$")
_SURE = re.compile(
    r"(?:[a-z_-]+[/:])?(?:ft:)?(?:gpt-(?:3\.5|4|5)|chatgpt-4o|o[134]-(?:mini|preview|pro)|text-embedding-(?:3|ada)|text-davinci-|dall-e-|gpt-image-"
    r"|claude-(?:\d|instant|[a-z]+-\d)|(?:models/)?gemini-\d|(?:models/)?gemini-pro|textembedding-gecko|imagen-\d|deepseek-(?:chat|reasoner)"
    r"|(?:open-)?(?:mistral|mixtral|codestral|ministral|pixtral)-(?:tiny|small|medium|large|nemo|embed|8x)|command-r|embed-(?:english|multilingual)-v"
    r"|(?:(?:us|eu|apac|global)\.)?(?:anthropic\.claude|amazon\.(?:titan|nova)|meta\.llama|cohere\.(?:command|embed))|llama-?3(?:\.\d)?-\d+b-(?:8192|instant|versatile)"
    r"|grok-\d|voyage-\d|omni-moderation)[\w.:@/-]*$"
)
_HUB = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}$")
_SUFFIX = re.compile(
    r"\.(?:onnx|ort|safetensors|gguf|ggml|ggmlv3|pt|pth|th|weights|t7|pdparams|pdmodel|ptl|ckpt|pkl|pickle|joblib|h5|hdf5|keras|tflite|pb|mlmodel|mlpackage|bin|model|ubj|cbm|engine|trt|caffemodel|dill|nemo|mar|task)$",
    re.IGNORECASE,
)
MODEL_SUFFIXES = (
    ".onnx", ".ort", ".safetensors", ".gguf", ".ggml", ".pt", ".pth", ".ckpt", ".joblib", ".keras", ".tflite", ".mlmodel", ".ubj", ".cbm",
    ".engine", ".trt", ".caffemodel", ".nemo", ".mar",
)  # fmt: skip
"""Ends of names that models alone have."""

WORDS = ("gpt-", "claude-", "gemini-", "text-embedding-", "dall-e-", "mistral-", "command-r", "deepseek-", "titan-", "nova-", "llama",
         "mixtral",
         "grok-", "voyage-", "embed-", "o1-", "o3-", "o4-", "davinci", "imagen-", "gecko", "omni-moderation", "codestral", "pixtral",
         "ministral", "qwen", "gemma", "phi", "granite", "bge", "mistral")  # fmt: skip
"""Of every name that is surely one of a hosted model there is one of these in it."""


def provider_of(name: str) -> str:
    """Return whose API serves a model of this name, "" if the name does not tell."""
    for provider, pattern in _HOSTED:
        if pattern.match(name):
            return provider
    match = _ROUTED.match(name)
    return _plain(match["provider"]) if match else ""


def _plain(prefix: str) -> str:
    renamed = {"google_genai": "google", "google_vertexai": "google", "google-gla": "google", "google-vertex": "google",
        "vertex_ai": "google",
               "vertex": "google", "gemini": "google", "together_ai": "together", "fireworks_ai": "fireworks", "ollama_chat": "ollama",
               "hosted_vllm": "vllm", "mistralai": "mistral", "azure": "azure-openai", "azure_ai": "azure-openai"}  # fmt: skip
    return renamed.get(prefix, prefix)


def is_surely_hosted(name: str) -> bool:
    """Return whether a text can hardly be anything but the name of a hosted model."""
    return len(name) < 120 and _SURE.match(name) is not None  # noqa: PLR2004 - longer than any name


_TAGGED = re.compile(
    r"(?:(?:code)?llama|qwen|qwq|(?:code)?gemma|embeddinggemma|mi[sx]tral|phi|deepseek|granite|smollm|nomic-embed|mxbai-embed|bge|starcoder|command-r|llava"
    r"|gpt-oss|olmo|falcon|solar|yi|vicuna|orca|wizard\w*|dolphin\w*|tinyllama|minicpm\w*|devstral|codestral|magistral)[\w.-]{0,30}"
    r":(?:latest|e?\d+(?:\.\d+)?[bm]|\d+x\d+b|mini|medium|small|large|v\d[\w.]*)[\w.-]{0,40}$"
)


def is_tagged(name: str) -> bool:
    """Return whether a text is the name of a model with a tag, as Ollama writes it: `llama3.1:8b`."""
    return _TAGGED.match(name) is not None


def is_dated(name: str) -> bool:
    """Return whether a name is that of one snapshot, and not one that moves."""
    return _DATED.search(name) is not None


def is_hub_name(name: str) -> bool:
    """Return whether a text has the form `owner/name` of a hub and is no path of a file."""
    return _HUB.match(name) is not None and not _SUFFIX.search(name) and ".." not in name


def is_model_path(name: str) -> bool:
    """Return whether a text names a file of the kinds that models are kept in."""
    return _SUFFIX.search(name) is not None and " " not in name and "://" not in name and "*" not in name
