"""Models are of formats that cannot run code when they are loaded, and a locked library loads them so.

What it does: recognises each model file by its content, looks for a locked library that loads this format as data alone
(`libraries.toml`), and for calls in code that load what can run code.
Why it matters: a pickle runs whatever its maker put into it, before anybody can look at it.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, some, unknown
from tetrapylon.design.suppliers.libraries import loads_safely
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"lock", "model-file"})
WEIGHT = 3
SIGNAL = False
QUESTION: str | None = None

_LOCK = "onnxruntime==1.32.0\nsafetensors==0.8.0\n"
_ONNX = {"id": "reader", "format": "onnx", "runs_code": "", "signed": True, "supplied": False}
_PICKLE = {**_ONNX, "format": "pickle", "runs_code": "it is a pickle"}
GOOD: dict[str, dict[str, Json]] = {"data alone": {"kind": "lock", "lock": _LOCK, "files": [_ONNX, {**_ONNX, "format": "safetensors"}]}}
BAD: dict[str, dict[str, Json]] = {
    "a pickle": {"kind": "lock", "lock": _LOCK, "files": [_PICKLE]},
    "a pickle from a supplier": {"kind": "model-file", "lock": _LOCK, "files": [_PICKLE]},
    "a call": {"kind": "lock", "lock": _LOCK, "files": [_ONNX], "unsafe_calls": ["load.py:3"]},
}
OPEN: dict[str, dict[str, Json]] = {
    "a format that is not known": {"kind": "lock", "lock": _LOCK, "files": [{**_ONNX, "format": None}]},
    "no library for it": {"kind": "lock", "lock": "numpy==2.4.6\n", "files": [_ONNX]},
    "no model": {"kind": "lock", "lock": _LOCK},
    "no lock": {"kind": "lock", "files": [_ONNX]},
    "an old library": {"kind": "lock", "lock": "onnxruntime==1.2.0\n", "files": [_ONNX]},
}


def look(case: Case) -> Outcome:
    """Return whether every model is loaded as data alone."""
    runs = [each.id for each in case.files if each.runs_code]
    if runs or case.unsafe_calls:
        what = f"{some(runs)} can run code when it is loaded" if runs else f"{some(list(case.unsafe_calls))} loads what can run code"
        return bad(what, len(runs) + len(case.unsafe_calls))
    packages = {each.name: each.version or "" for each in case.lock.packages} if case.lock else {}
    left = [each.id for each in case.files if each.format is None or not loads_safely(each.format, packages)]
    if left or not case.files:
        return unknown(f"no locked library is known to load {some(left)} as data alone" if left else "there is no model file to look at")
    return good("every model file is loaded as data alone")
