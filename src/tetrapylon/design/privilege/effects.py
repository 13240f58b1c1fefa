"""What a function does to the world, by the calls in it, and how bad that is when a model decides about it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tetrapylon.outside.repository.handlers import Function, parameters
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.words import words
from tetrapylon.system.finding import Severity


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a function does."""

    what: str
    severity: Severity
    line: int


_EVALS = words("eval exec builtins.eval builtins.exec runpy.run_path runpy.run_module code.InteractiveInterpreter")
_SHELLS = words(
    "os.system os.popen subprocess.getoutput subprocess.getstatusoutput asyncio.create_subprocess_shell "
    "commands.getoutput pexpect.spawn pexpect.run"
)
_PROCESSES = words(
    "subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen "
    "asyncio.create_subprocess_exec os.execv os.spawnv"
)
_DELETES = words("os.remove os.unlink os.rmdir os.removedirs shutil.rmtree send2trash.send2trash")
_DELETING = words(
    "unlink rmtree delete_object delete_objects delete_one delete_many delete_collection drop drop_table "
    "delete_bucket delete_file delete_message terminate_instances"
)
_MAILS = words(
    "sendmail send_message send_email send_mail send_raw_email send_templated_email chat_postMessage chat_postmessage postMessage send_sms"
)
_PAYS = re.compile(
    r"stripe\.(?:\w+\.)*(?:create|capture|confirm|transfer)|(?:^|[._])(?:refund|charge|transfer_funds"
    r"|create_payment|make_payment|pay|payout|send_money|place_order|buy|withdraw)(?:$|_)",
    re.IGNORECASE,
)
_MOVES = words("shutil.move shutil.copy shutil.copyfile shutil.copytree os.rename os.replace")
_POSTS = words(
    "requests.post requests.put requests.patch requests.delete httpx.post httpx.put httpx.patch httpx.delete requests.request httpx.request"
)
_SQL = words("execute executescript executemany execute_sql read_sql read_sql_query exec_driver_sql")
_CHANGES = re.compile(
    r"\b(?:DELETE\s{1,9}FROM|DROP\s{1,9}\w|TRUNCATE\b|UPDATE\s{1,9}\w|INSERT\s{1,9}INTO|ALTER\s{1,9}TABLE)", re.IGNORECASE
)
_READS_ONLY = re.compile(
    r"search|serper|tavily|graphql|embed|rerank|query|lookup|translate|/v1/chat|/completions|predict|classif|validate|find", re.IGNORECASE
)
_READER = re.compile(
    r"^_?(?:get|search|find|lookup|look_up|list|fetch|read|query|check|count|describe|show|retrieve|classify"
    r"|predict|summari[sz]e|translate)(?:_|$)"
)
_CLIENT = re.compile(r"(?:^|_)(?:https?|client|session|api|s|c)$", re.IGNORECASE)
_DEEPEST = 2


def effects(code: PythonCode, function: Function, others: dict[str, Function], depth: int = 0) -> Iterator[Effect]:
    """Yield what a function does, in its own lines and in those of the functions of its file that it calls."""
    given = _derived(function)
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        effect = _effect(code, node, given, function.name)
        if effect:
            yield Effect(*effect, node.lineno)
        called = others.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if called is not None and called is not function and depth < _DEEPEST:
            yield from (Effect(each.what, each.severity, node.lineno) for each in effects(code, called, others, depth + 1))


def _derived(function: Function) -> frozenset[str]:
    """Return the names in a function that hold what it was called with, or something made of it."""
    names = {each.arg for each in parameters(function)} - {"self", "cls", "ctx", "context"}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _names(node.value) & names:
            names |= {each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)}
        elif isinstance(node, ast.For | ast.withitem):
            held, target = (node.iter, node.target) if isinstance(node, ast.For) else (node.context_expr, node.optional_vars)
            if target is not None and _names(held) & names:
                names |= _names(target)
    return frozenset(names)


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _effect(code: PythonCode, node: ast.Call, given: frozenset[str], within: str) -> tuple[str, Severity] | None:
    name = code.name_of(node.func)
    last = name.rpartition(".")[2]
    first = node.args[0] if node.args else next((each.value for each in node.keywords), None)
    chosen = first is not None and bool(_names(first) & given)
    return (
        _runs(name, node, first, chosen=chosen)
        or _records(code, last, first, chosen=chosen)
        or _sends(code, name, node, within)
        or _files(code, name, node, chosen=chosen)
    )


def _runs(name: str, node: ast.Call, first: ast.expr | None, *, chosen: bool) -> tuple[str, Severity] | None:
    if name in _EVALS:
        return ("runs code that the model writes", "critical") if chosen else None
    shell = name in _SHELLS or any(
        each.arg == "shell" and isinstance(each.value, ast.Constant) and each.value.value is True for each in node.keywords
    )
    if (shell and name.startswith(("os.", "subprocess.", "asyncio.", "commands.", "pexpect."))) or name in _SHELLS:
        return ("runs shell commands that the model writes", "critical") if chosen else None
    if name in _PROCESSES or name.endswith((".exec_command", ".exec_run")):
        fixed = (
            isinstance(first, ast.List)
            and bool(first.elts)
            and isinstance(first.elts[0], ast.Constant)
            and first.elts[0].value not in {"bash", "sh", "/bin/sh", "/bin/bash", "python", "python3"}
        )
        return ("runs programs", "medium" if fixed else "critical") if chosen else None
    return None


def _records(code: PythonCode, last: str, first: ast.expr | None, *, chosen: bool) -> tuple[str, Severity] | None:
    if last not in _SQL or first is None:
        return None
    inner = first.args[0] if isinstance(first, ast.Call) and first.args and code.name_of(first.func).rpartition(".")[2] == "text" else first
    text = code.string(inner)
    if chosen and not isinstance(inner, ast.Constant):
        return "runs SQL that the model writes", "high"
    return ("changes records of a database", "high") if text and _CHANGES.search(text) else None


def _sends(code: PythonCode, name: str, node: ast.Call, within: str) -> tuple[str, Severity] | None:
    last = name.rpartition(".")[2]
    if _PAYS.search(name) and not _READER.match(within):
        return "moves money", "high"
    if last in _MAILS:
        return "sends messages", "high"
    if name in _POSTS or (last in {"post", "put", "patch", "delete"} and _is_client(code, node)):
        where = code.string(node.args[0] if node.args else None) or ""
        if _READER.match(within) or _READS_ONLY.search(where):
            return None
        return "changes things at another service", "high" if last == "delete" else "medium"
    return None


def _is_client(code: PythonCode, node: ast.Call) -> bool:
    """Return whether a method is one of a client of HTTP: by what the value is called, in a file that imports one."""
    held = node.func.value if isinstance(node.func, ast.Attribute) else None
    name = held.attr if isinstance(held, ast.Attribute) else held.id if isinstance(held, ast.Name) else ""
    return not code.packages.isdisjoint({"httpx", "requests", "aiohttp"}) and _CLIENT.search(name) is not None


def _files(code: PythonCode, name: str, node: ast.Call, *, chosen: bool) -> tuple[str, Severity] | None:
    last = name.rpartition(".")[2]
    if name in _DELETES or (last in _DELETING and isinstance(node.func, ast.Attribute)):
        return "deletes", "high"
    if name == "open" or name.endswith(".open"):
        mode = next(
            (each.value for each in node.keywords if each.arg == "mode"),
            node.args[1] if len(node.args) > 1 else node.args[0] if name != "open" and node.args else None,
        )
        writes = (code.string(mode) or "r")[:1] in {"w", "a", "x"} if mode is not None else False
        return ("writes files", "high" if chosen else "medium") if writes else None
    if last in {"write_text", "write_bytes"}:
        held = node.func.value if isinstance(node.func, ast.Attribute) else node
        return "writes files", "high" if _names(held) else "medium"
    return ("moves files", "medium") if name in _MOVES else None
