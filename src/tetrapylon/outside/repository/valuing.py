"""What an expression holds, by what its names hold: the half of the reading of a file that gives values.

What a name holds is a set of words: an origin (`model`), what an object gives when it is asked (`=llm`), a parameter of the
function at hand (`<name`), or a template that others' text was put into (`@12`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, get_args

from tetrapylon.outside.repository.cleaning import checked, cleans, harmless, mixes, passes
from tetrapylon.outside.repository.handlers import Function, callbacks_of, parameters
from tetrapylon.outside.repository.origins import WEB, Origin, asked, is_asked_by_name, is_request_part, origin_of_call, tag_of_call
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.templates import Hole, holes_of
from tetrapylon.outside.repository.words import words

Held = frozenset[str]
Names = dict[str, Held]
NONE: Held = frozenset()

ORIGINS: Held = frozenset(get_args(Origin))

_PERSON: Held = frozenset({"person"})
_OTHERS: Held = frozenset({"person", "fetched", "retrieved"})
_GROWERS = words("append extend update add insert appendleft setdefault put write")
_COMMON = words("get items keys values append format join split strip read write close open copy update pop")


@dataclass(eq=False)
class Known:
    """What is known of one function so far."""

    node: Function
    outer: Names
    sent: frozenset[str]
    given: Names = field(default_factory=dict)
    returns: Held = NONE
    callers: list[Known | None] = field(default_factory=list)
    stale: bool = True
    reads: set[str] = field(default_factory=set)
    """The fields of `self` that it reads."""


class Values:
    """Reads expressions; what they hold is in `held`, the templates in `templates`, those that reached a model in `reached`.

    What functions of other files are called with is in `handed`.
    """

    def __init__(self, code: PythonCode, known: Mapping[str, Held], before: Mapping[str, Held], given: Mapping[str, Names]) -> None:
        self.code = code
        self.held: dict[int, Held] = {}
        self.templates: dict[str, tuple[ast.expr, tuple[Hole, ...]]] = {}
        self.reached: set[str] = set()
        self.functions: dict[int, Known] = {}
        self.left: Names = dict(before)
        self.handed: dict[str, Names] = {}
        self._elsewhere = known
        self._methods = {name.rpartition(".")[2]: name for name in known}
        self._given = given
        self._named: dict[str, list[Known]] = {}
        self._names = {id(each.node): each.name for each in code.calls}
        self._packages = code.packages
        self._web = not WEB.isdisjoint(code.packages)
        self._callbacks = callbacks_of(code)
        self._fields: Names = {}
        self._at: Known | None = None
        self._stale = False

    def value(self, node: ast.expr | None, names: Names) -> Held:
        """Return what an expression holds, and keep it."""
        if node is None or type(node) is ast.Constant:
            return NONE
        how = self._how.get(type(node))
        held = how(self, node, names) if how else self._all(node, names)
        if held:
            self.held[id(node)] = self.held.get(id(node), NONE) | held
        return held

    def _name(self, node: ast.Name, names: Names) -> Held:
        return names.get(node.id, NONE)

    def _attribute(self, node: ast.Attribute, names: Names) -> Held:
        if self._web and is_request_part(node):
            return _PERSON
        field_name = _field(node)
        if field_name:
            if self._at:
                self._at.reads.add(field_name)
            return self._fields.get(field_name, NONE)
        held = self.value(node.value, names)
        return NONE if harmless(node.attr) else _texts(held)

    def _subscript(self, node: ast.Subscript, names: Names) -> Held:
        held = self.value(node.value, names)
        if isinstance(node.slice, ast.Constant):
            return NONE if harmless(node.slice.value) else held
        self.value(node.slice, names)
        return held

    def _all(self, node: ast.expr, names: Names) -> Held:
        held = NONE
        for each in ast.iter_child_nodes(node):
            if isinstance(each, ast.expr):
                held |= self.value(each, names)
        return held

    def _several(self, node: ast.List | ast.Tuple | ast.Set, names: Names) -> Held:
        held = NONE
        for each in node.elts:
            held |= self.value(each, names)
        return held

    def _dict(self, node: ast.Dict, names: Names) -> Held:
        held = NONE
        for each in node.values:
            held |= self.value(each, names)
        return held

    def _text(self, node: ast.JoinedStr, names: Names) -> Held:
        held = NONE
        for each in node.values:
            if isinstance(each, ast.FormattedValue):
                held |= self.value(each.value, names)
        return self._template(node, held)

    def _operation(self, node: ast.BinOp, names: Names) -> Held:
        return self._template(node, self.value(node.left, names) | self.value(node.right, names))

    def _template(self, node: ast.expr, held: Held) -> Held:
        """Mark the text where others' text was put into instructions."""
        if held.isdisjoint(_OTHERS):
            return held
        holes = holes_of(node)
        if not holes:
            return held
        mark = f"@{id(node)}"
        self.templates[mark] = (node, holes)
        return frozenset(each for each in held if each[0] != "@") | {mark}

    def _nothing(self, node: ast.expr, names: Names) -> Held:
        self._all(node, names)
        return NONE

    def _if_else(self, node: ast.IfExp, names: Names) -> Held:
        self.value(node.test, names)
        yes, no = checked(node.test)
        return self.value(node.body, _without(names, yes)) | self.value(node.orelse, _without(names, no))

    def _walrus(self, node: ast.NamedExpr, names: Names) -> Held:
        held = self.value(node.value, names)
        names[node.target.id] = held
        return held

    def _lambda(self, node: ast.Lambda, names: Names) -> Held:
        self.value(node.body, _without(names, frozenset(each.arg for each in parameters(node))))
        return NONE

    def _yield(self, node: ast.Yield | ast.YieldFrom, names: Names) -> Held:
        self._returned(self.value(node.value, names))
        return NONE

    def _returned(self, held: Held) -> None:
        if self._at:
            self._at.returns |= held

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, names: Names) -> Held:
        inner = dict(names)
        for each in node.generators:
            self._bind(each.target, self.value(each.iter, inner), inner)
            for test in each.ifs:
                self.value(test, inner)
                inner.update(dict.fromkeys(checked(test)[0], NONE))
        if isinstance(node, ast.DictComp):
            return self.value(node.key, inner) | self.value(node.value, inner)
        return self.value(node.elt, inner)

    # Calls

    def _call(self, node: ast.Call, names: Names) -> Held:
        name = self._names.get(id(node), "?")
        func = node.func
        receiver = self.value(func.value, names) if isinstance(func, ast.Attribute) else self.value(func, names)
        given = [self.value(each, names) for each in node.args]
        named = {each.arg or "**": self.value(each.value, names) for each in node.keywords}
        everything = NONE.union(*given, *named.values())
        if isinstance(func, ast.Attribute):
            if func.attr in _GROWERS:
                self._grow(func.value, everything, names)
            if self._web and is_request_part(func):
                return _PERSON
        return self._brought(name, node, receiver, everything) or self._handed(name, node, receiver, given, named)

    def _brought(self, name: str, node: ast.Call, receiver: Held, everything: Held) -> Held:
        """Return what a call brings in from outside."""
        method = name.rpartition(".")[2] if isinstance(node.func, ast.Attribute) else "__call__"
        origin = origin_of_call(name, node, self._packages) or asked(receiver, method)
        if origin is None and isinstance(node.func, ast.Attribute) and is_asked_by_name(_spelt(node.func.value), method, self._packages):
            origin = "model"
        if origin == "model":
            self.reached.update(each for each in everything if each[0] == "@")
        if origin:
            return frozenset({origin})
        tag = tag_of_call(name, node)
        return frozenset({tag}) if tag else NONE

    def _handed(self, name: str, node: ast.Call, receiver: Held, given: list[Held], named: Names) -> Held:
        """Return what a call makes of its arguments."""
        everything = NONE.union(*given, *named.values())
        elsewhere = self._elsewhere_name(name)
        if elsewhere in self._elsewhere:
            self._hand(elsewhere, given, named)
            self.reached.update(each for each in everything if each[0] == "@" and "model" in self._elsewhere[elsewhere])
            return self._elsewhere[elsewhere]
        if cleans(name):
            return NONE
        known = self._callees(node.func)
        if known:
            return NONE.union(*(self._into(each, node, given, named) for each in known))
        if everything and elsewhere:
            self._hand(elsewhere, given, named)
        if name == "?.json" and receiver == {"fetched"}:
            return NONE
        if isinstance(node.func, ast.Attribute) and (receiver or mixes(node.func.attr)):
            held = receiver | everything if mixes(node.func.attr) else receiver
            return self._template(node, held) if node.func.attr == "format" else held
        return everything if passes(name) else NONE

    def _elsewhere_name(self, name: str) -> str:
        """Return `module.function` for what may be a function of another file; a method by its own word alone."""
        if "." not in name:
            return ""
        words = name.rsplit(".", 2)
        if name[0] != "?":
            return ".".join(words[-2:])
        return self._methods.get(words[-1], "") if words[-1] not in _COMMON else ""

    def _hand(self, name: str, given: list[Held], named: Names) -> None:
        """Keep what a function of another file is called with, by place or name."""
        kept = self.handed.setdefault(name, {})
        for key, held in (*((str(place), each) for place, each in enumerate(given)), *named.items()):
            kept[key] = kept.get(key, NONE) | (held & ORIGINS)

    def _callees(self, func: ast.expr) -> list[Known]:
        if isinstance(func, ast.Name):
            return self._named.get(func.id, []) if func.id not in self.code.imports else []
        if isinstance(func, ast.Attribute) and func.attr in self._named:
            mine = isinstance(func.value, ast.Name) and func.value.id in {"self", "cls"}
            return self._named[func.attr] if mine or func.attr not in _COMMON else []
        return []

    def _into(self, known: Known, node: ast.Call, given: list[Held], named: Names) -> Held:
        """Hand the arguments over to a function of this file, and return what comes back."""
        if self._at not in known.callers:
            known.callers.append(self._at)
        names = [each.arg for each in (*known.node.args.posonlyargs, *known.node.args.args)]
        if names[:1] in (["self"], ["cls"]) and isinstance(node.func, ast.Attribute):
            names = names[1:]
        handed = {**dict(zip(names, given, strict=False)), **named}
        for name, held in handed.items():
            kept = frozenset(each for each in held if each[0] != "<")
            if kept - known.given.get(name, NONE):
                known.given[name] = known.given.get(name, NONE) | kept
                known.stale = True
        back = NONE
        for each in known.returns:
            back |= handed.get(each[1:], NONE) if each[0] == "<" else frozenset({each})
        return back

    def _bind(self, target: ast.expr, held: Held, names: Names, value: ast.expr | None = None) -> None:
        if isinstance(target, ast.Name):
            names[target.id] = held
        elif isinstance(target, ast.Tuple | ast.List):
            parts = (
                value.elts if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts) else [None] * len(target.elts)
            )
            for each, part in zip(target.elts, parts, strict=True):
                self._bind(each, held if part is None else self.value(part, names), names, part)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, held, names)
        else:
            self._grow(target, held, names)

    def _grow(self, target: ast.expr, held: Held, names: Names) -> None:
        """Add to what is held by a name, a field of `self`, or whatever an entry or an attribute is of."""
        if not held:
            return
        field_name = _field(target)
        if field_name:
            self._fields[field_name] = self._fields.get(field_name, NONE) | frozenset(each for each in held if each[0] != "<")
        elif isinstance(target, ast.Name):
            names[target.id] = names.get(target.id, NONE) | held
        elif isinstance(target, ast.Subscript | ast.Attribute):
            self._grow(target.value, held, names)

    _how: ClassVar[dict[type[ast.expr], Callable[..., Held]]] = {
        ast.Name: _name,
        ast.Attribute: _attribute,
        ast.Subscript: _subscript,
        ast.List: _several,
        ast.Tuple: _several,
        ast.Set: _several,
        ast.Dict: _dict,
        ast.JoinedStr: _text,
        ast.BinOp: _operation,
        ast.Compare: _nothing,
        ast.IfExp: _if_else,
        ast.NamedExpr: _walrus,
        ast.Lambda: _lambda,
        ast.Yield: _yield,
        ast.YieldFrom: _yield,
        ast.Call: _call,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.DictComp: _comprehension,
    }


def _without(names: Names, clean: frozenset[str]) -> Names:
    return {**names, **dict.fromkeys(clean, NONE)} if clean else names


def _texts(held: Held) -> Held:
    return frozenset(each for each in held if each[0] != "=") if held else NONE


def _field(node: ast.expr) -> str:
    """Return `self.name` where an expression is a field of `self`, or an entry of Streamlit's session."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        return node.attr
    return ""


def _spelt(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
