"""Training: fits of estimators, trainers, loops of PyTorch, jobs of fine-tuning.

*What it does*: follows what `.fit` is called on back to what made it, so that only estimators count; knows the trainers of
transformers, TRL, Lightning, Keras, XGBoost and others.
*Why it matters*: where a model is made is where its integrity begins, and what has to be recorded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.develop.assets.makers import made_names, makers_of
from tetrapylon.develop.assets.seeing import component, imports_any
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_TRAINERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("Trainer", "Seq2SeqTrainer"), ("transformers", "lightning", "pytorch_lightning", "setfit", "rasa", "adapters",
        "accelerate")),
    **dict.fromkeys(("SFTTrainer", "DPOTrainer", "PPOTrainer", "RewardTrainer", "ORPOTrainer", "KTOTrainer", "GRPOTrainer", "CPOTrainer"),
        ("trl",)),
    **dict.fromkeys(("SentenceTransformerTrainer", "CrossEncoderTrainer"), ("sentence_transformers",)),
    "SetFitTrainer": ("setfit",), "UnslothTrainer": ("unsloth",), "AutoTrain": ("autotrain",), "DreamBoothTrainer": ("diffusers",),
    "Estimator": ("sagemaker",), "HuggingFace": ("sagemaker",), "PyTorch": ("sagemaker",), "TorchTrainer": ("ray",),
    "XGBoostTrainer": ("ray",),
    "CustomTrainingJob": ("google",), "BootstrapFewShot": ("dspy",), "MIPROv2": ("dspy",), "TabularPredictor": ("autogluon",),
}  # fmt: skip
_FITTED = (
    "sklearn.linear_model.", "sklearn.ensemble.", "sklearn.svm.", "sklearn.tree.", "sklearn.neighbors.", "sklearn.naive_bayes.",
    "sklearn.neural_network.",
    "sklearn.cluster.", "sklearn.mixture.", "sklearn.gaussian_process.", "sklearn.pipeline.", "sklearn.model_selection.",
    "sklearn.discriminant_analysis.",
    "sklearn.isotonic.", "sklearn.semi_supervised.", "sklearn.multiclass.", "sklearn.multioutput.", "sklearn.calibration.",
    "sklearn.dummy.", "xgboost.", "lightgbm.",
    "catboost.", "imblearn.pipeline.", "imblearn.ensemble.", "keras.", "tensorflow.keras.", "tensorflow.", "prophet.", "surprise.",
    "implicit.", "hmmlearn.",
    "lightfm.", "pyod.", "tpot.", "autosklearn.", "flaml.", "sktime.", "lifelines.", "statsmodels.", "setfit.", "sentence_transformers.",
    "interpret.", "skorch.",
    "lightning.", "pytorch_lightning.", "autogluon.", "umap.", "hdbscan.", "bertopic.", "sklearn_crfsuite.", "pmdarima.", "darts.",
    "neuralprophet.", "fastai.",
    "pyspark.ml.classification.", "pyspark.ml.regression.", "pyspark.ml.clustering.", "pyspark.ml.Pipeline", "cuml.", "river.",
    "ngboost.", "sagemaker.", "tabpfn.",
)  # fmt: skip
_USUAL = re.compile(
    r"(?:^|_)(?:model|clf|classifier|regressor|estimator|pipe|pipeline|reg|gs|grid|grid_search|search|forest|rf|xgb|lgbm|lgb|svc|svm|logreg|lr|knn|gb|net|learner|mlp|nn)(?:_|$|\d)",
    re.IGNORECASE,
)
_FITTERS = ("fit", "fit_predict", "partial_fit", "fit_one_cycle", "fine_tune", "learn", "train_on_batch", "fit_generator", "learn_one")
_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "train": ("xgboost", "lightgbm", "ultralytics", "fasttext", "spacy", "mlx_lm"), "cv": ("xgboost", "lightgbm"),
    "train_supervised": ("fasttext",),
    "train_unsupervised": ("fasttext",), "OLS": ("statsmodels",), "ols": ("statsmodels",), "logit": ("statsmodels",),
    "compare_models": ("pycaret",), "create_model": ("pycaret",),
}  # fmt: skip
_LAUNCH = re.compile(
    r"\b(?:accelerate[ \t]+launch|torchrun|deepspeed|axolotl[ \t]+train|llamafactory-cli[ \t]+train"
    r"|spacy[ \t]+train|rasa[ \t]+train|autotrain[ \t]+\w+)\b[^\n]{0,200}"
)
_JOBS = (
    "fine_tuning.jobs.create",
    "fine_tunes.create",
    "FineTune.create",
    "fine_tuning.create",
    "create_model_customization_job",
    "tunings.tune",
)


def find(repository: Repository) -> Iterator[Component]:
    """Yield what trains, one for each file and kind."""
    for code in repository.python:
        yield from _fits(repository, code)
        yield from _loops(code)
    for _, call in repository.calls_of(*_TRAINERS):
        word = call.name.rpartition(".")[2]
        if call.name.startswith(_TRAINERS[word]) and call.name.partition(".")[0] in _TRAINERS[word]:
            yield component("training", word, call.at, f"`{word}` of {call.name.partition('.')[0]}")
    for code, call in repository.calls_of(*_FUNCTIONS):
        word = call.name.rpartition(".")[2]
        if call.name.startswith(tuple(f"{each}." for each in _FUNCTIONS[word])) or (word == "train" and _is_yolo(repository, code, call)):
            yield component(
                "training",
                f"{call.name.partition('.')[0].replace('?', 'ultralytics')}.{word}",
                call.at,
                f"`{call.name.removeprefix('?.')}`",
            )
    for _, call in repository.calls_of(*_JOBS):
        yield component("training", "fine-tuning job", call.at, f"`{call.name.removeprefix('?.')}`")
    for file in repository.of("shell", "ci", "dockerfile", "compose"):
        for at, match in file.matches_in_code(_LAUNCH):
            yield component("training", " ".join(match[0].split()[:3])[:60], at, "command that trains")


def _is_yolo(repository: Repository, code: PythonCode, call: Call) -> bool:
    node = call.node.func
    return isinstance(node, ast.Attribute) and any(each.startswith("ultralytics.") for each in made_names(repository, code, node.value))


def _fits(repository: Repository, code: PythonCode) -> Iterator[Component]:
    seen: set[str] = set()
    for call in code.calls_of(*_FITTERS):
        function = call.node.func
        if not isinstance(function, ast.Attribute) or not (call.node.args or call.node.keywords):
            continue
        name = _estimator(repository, code, function.value, function.attr)
        if name and name not in seen:
            seen.add(name)
            yield component("training", name, call.at, f"`.{function.attr}` of an estimator")
            return


def _estimator(repository: Repository, code: PythonCode, node: ast.expr, how: str) -> str | None:
    """Return the name of the estimator that an expression is, or of the file if it can only be one."""
    found = list(makers_of(repository, code, node))
    names = [(where, call, where.name_of(call.func)) for where, call in found]
    for where, call, full in names:
        if full.startswith(_FITTED) or (how == "learn" and full.startswith("stable_baselines3.")):
            return _last(where, call) or full.rpartition(".")[2]
    unknown = not names or all(full.startswith("?") or "." not in full for _, _, full in names)
    called = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    if unknown and how.startswith(("fit", "partial_fit")) and _USUAL.search(called) and _imports_estimators(code):
        return code.path.rpartition("/")[2]
    return None


def _last(code: PythonCode, call: ast.Call) -> str | None:
    """Return the estimator at the end of a pipeline or within a search, if it is one of ours."""
    inner = [each for each in ast.walk(call) if isinstance(each, ast.Call) and each is not call]
    known = [code.name_of(each.func) for each in inner]
    estimators = [
        each.rpartition(".")[2]
        for each in known
        if each.startswith(_FITTED) and not each.startswith(("sklearn.pipeline.", "sklearn.model_selection."))
    ]
    own = code.name_of(call.func)
    return (
        estimators[-1] if estimators and own.startswith(("sklearn.pipeline.", "sklearn.model_selection.", "imblearn.pipeline.")) else None
    )


def _imports_estimators(code: PythonCode) -> bool:
    return any(f"{full}.".startswith(_FITTED) or full.startswith(_FITTED) for full in code.imports.values()) or imports_any(
        code, "sklearn", "keras", "tensorflow", "fastai"
    )


def _loops(code: PythonCode) -> Iterator[Component]:
    """Yield the loops of PyTorch: a loss goes backward and an optimiser steps."""
    if "torch" not in code.packages and not imports_any(code, "accelerate", "jax", "lightning", "pytorch_lightning"):
        return
    backward = next(iter(code.calls_of("backward")), None)
    if backward is not None and next(iter(code.calls_of("step")), None) is not None:
        yield component("training", code.path, backward.at, "loop with `backward` and `step`")
    for node in code.nodes.get(ast.ClassDef, ()):
        if isinstance(node, ast.ClassDef) and any(isinstance(each, ast.FunctionDef) and each.name == "training_step" for each in node.body):
            yield component("training", node.name, code.at(node), "`training_step` of Lightning")


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "estimators": (
        {
            "a.py": "from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\n"
            "from sklearn.ensemble import RandomForestClassifier\n"
            "clf = make_pipeline(StandardScaler(), RandomForestClassifier())\nclf.fit(X, y)\n",
            "b.py": "from sklearn.linear_model import Ridge\ndef make():\n    return Ridge()\nmake().fit(X, y)\n",
        },
        {("training", "RandomForestClassifier"), ("training", "Ridge")},
    ),
    "trainers, loops and jobs": (
        {
            "a.py": "from trl import SFTTrainer\nt = SFTTrainer(model=m)\nt.train()\n",
            "b.py": "import torch\nfor x in d:\n    loss.backward()\n    opt.step()\n",
            "c.py": "from openai import OpenAI\nOpenAI().fine_tuning.jobs.create(training_file=f, model='gpt-4o-mini')\n",
            "d.py": "from tensorflow import keras\nmodel = keras.Sequential([])\nmodel.fit(x, y, epochs=3)\n",
        },
        {("training", "SFTTrainer"), ("training", "b.py"), ("training", "fine-tuning job"), ("training", "Sequential")},
    ),
    "others": (
        {
            "a.py": "from club import Fleet\nFleet(boats).fit(4)\nfrom sklearn.preprocessing import StandardScaler\n"
            "scaler = StandardScaler()\nscaler.fit(X)\n",
            "b.py": "from gym import Trainer\nTrainer('Ines').train()\nsuit.fit(body)\n",
        },
        set(),
    ),
}
