"""What text passes through unchanged, and what takes its danger away.

*What it does*: says of a function whether it hands its arguments on or makes them harmless, and of a condition which names
it has checked.
*Why it matters*: a program that checks is not to be called dangerous; one that only moves text about is.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from tetrapylon.outside.repository.words import words

_CLEANS = words(
    "int float bool len hash isinstance type ord round abs min max sum any all id range ast.literal_eval shlex.quote html.escape"
    " markupsafe.escape flask.escape bleach.clean nh3.clean os.path.basename werkzeug.utils.secure_filename secure_filename uuid.UUID"
    " urllib.parse.quote urllib.parse.quote_plus hashlib.sha256 hashlib.md5 torch.tensor numpy.array re.escape"
)
_CLEANING = re.compile(
    r"(?:^|_)(?:sanit\w*|escape\w*|clean\w*|redact\w*|mask\w*|quote\w*|anonymi[sz]e\w*|scrub\w*|pseudonymi[sz]e\w*)(?:_|$)", re.IGNORECASE
)
_CHECKING = re.compile(
    r"(?:^|_)(?:validate|check|ensure|assert|verify|require|is_(?:safe|valid|allowed|permitted|read_?only|inside"
    r"|within)|allowed|permitted|approve[sd]?|confirm(?:ed)?)(?:_|$)",
    re.IGNORECASE,
)
_CHECKS_TEXT = words("match fullmatch isdigit isalnum isidentifier isnumeric isdecimal is_relative_to issubset")
_PASSES = words(
    "str repr list dict tuple set sorted reversed zip map filter enumerate iter next json.loads json.dumps orjson.loads"
    " textwrap.dedent textwrap.fill pathlib.Path os.path.join os.fspath base64.b64decode html.unescape "
    "urllib.parse.unquote urllib.parse.urljoin"
    " re.sub re.findall re.search re.match re.fullmatch re.split markdown.markdown markdown2.markdown "
    "bs4.BeautifulSoup io.StringIO io.BytesIO"
    " copy.copy copy.deepcopy dataclasses.asdict dataclasses.replace typing.cast cast asyncio.wait_for "
    "asyncio.gather asyncio.to_thread yaml.safe_load"
    " pypdf.PdfReader PyPDF2.PdfReader docx.Document getattr streamlit.write_stream"
)
_PASSING = words("decode batch_decode model_validate_json model_validate parse_raw parse_obj parse from_text")
_HARMLESS_METHODS = words(
    "startswith endswith isdigit isalpha isalnum isidentifier isnumeric count find index rfind is_dir exists keys bit_length isoformat"
    " raise_for_status close flush seek tell"
)
_HARMLESS = words(
    "usage status_code created finish_reason stop_reason total_tokens prompt_tokens completion_tokens "
    "input_tokens output_tokens shape dtype"
    " content_type role score label done index created_at updated_at timestamp elapsed ok size"
)
_MIXES = words("format join replace format_map get pop")


@lru_cache(maxsize=8192)
def cleans(name: str) -> bool:
    """Return whether a function makes what it is given harmless."""
    last = name.rpartition(".")[2]
    return name in _CLEANS or last in _HARMLESS_METHODS or _CLEANING.search(last) is not None


@lru_cache(maxsize=8192)
def passes(name: str) -> bool:
    """Return whether a function gives back what its arguments hold: a known one does, and so does whatever makes an object."""
    last = name.rpartition(".")[2]
    return name in _PASSES or last in _PASSING or (last[:1].isupper() and not last.isupper())


def mixes(method: str) -> bool:
    """Return whether a method of text puts its arguments into what it gives."""
    return method in _MIXES


def harmless(name: object) -> bool:
    """Return whether an attribute, or an entry by its key, says something about a text rather than the text."""
    return name in _HARMLESS


def leaves(body: list[ast.stmt]) -> bool:
    """Return whether what comes after these statements is not reached through them."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        func = last.value.func
        return (func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")) in {"exit", "abort", "stop", "_exit", "quit"}
    return isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break)


def checking(node: ast.expr) -> frozenset[str]:
    """Return the names that a call checks: `validate(query)`."""
    if not isinstance(node, ast.Call):
        return frozenset()
    func = node.func
    last = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    if last not in _CHECKS_TEXT and not _CHECKING.search(last):
        return frozenset()
    held = [*node.args, *([func.value] if isinstance(func, ast.Attribute) and last in _CHECKS_TEXT else ())]
    return frozenset(each.id for each in held if isinstance(each, ast.Name))


def checked(test: ast.expr) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that are known to be harmless where a condition holds, and where it does not."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        sure, unsure = checked(test.operand)
        return unsure, sure
    if isinstance(test, ast.BoolOp):
        return _several(test)
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.left, ast.Name):
        return _compared(test.left.id, test.ops[0], test.comparators[0])
    return checking(test), frozenset()


def _several(test: ast.BoolOp) -> tuple[frozenset[str], frozenset[str]]:
    """All of an `and` hold where it holds; none of an `or` holds where it does not."""
    found = [checked(each) for each in test.values]
    if isinstance(test.op, ast.And):
        return frozenset().union(*(each for each, _ in found)), frozenset()
    return frozenset(), frozenset().union(*(each for _, each in found))


def _compared(name: str, how: ast.cmpop, other: ast.expr) -> tuple[frozenset[str], frozenset[str]]:
    fixed = isinstance(other, ast.Constant) and other.value not in {None, ""}
    if isinstance(how, ast.In) and not isinstance(other, ast.Constant):
        return frozenset({name}), frozenset()
    if isinstance(how, ast.NotIn) and not isinstance(other, ast.Constant):
        return frozenset(), frozenset({name})
    if isinstance(how, ast.Eq) and fixed:
        return frozenset({name}), frozenset()
    return (frozenset(), frozenset({name})) if isinstance(how, ast.NotEq) and fixed else (frozenset(), frozenset())
