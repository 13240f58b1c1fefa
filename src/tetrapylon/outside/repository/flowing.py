"""The reader behind the flow of text: one pass over the statements of a file, and again over functions that learnt something."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import ClassVar

from tetrapylon.outside.repository.cleaning import checked, checking, leaves
from tetrapylon.outside.repository.handlers import Function, parameters, sent_parameters
from tetrapylon.outside.repository.valuing import NONE, Held, Known, Names, Values

_PERSON: Held = frozenset({"person"})
_ROUNDS = 6


class Reader(Values):
    """Reads one file; what it finds is in `held`, `templates`, `reached`, `functions` and `left`."""

    def read(self) -> None:
        """Read the file, then its functions until nothing new is learnt."""
        self._block(self.code.tree.body, self.left)
        for _ in range(_ROUNDS):
            fields = dict(self._fields)
            for each in [each for each in self.functions.values() if each.stale]:
                self._function(each)
            if self._stale:
                self._stale = False
                self._block(self.code.tree.body, self.left)
            elif fields == self._fields and not any(each.stale for each in self.functions.values()):
                return
            if fields != self._fields:
                changed = {name for name, held in self._fields.items() if fields.get(name) != held}
                for each in self.functions.values():
                    each.stale = each.stale or not changed.isdisjoint(each.reads)

    def _function(self, known: Known) -> None:
        known.stale = False
        names = {name: frozenset(each for each in held if each[0] != "<") for name, held in known.outer.items() if held}
        for each in parameters(known.node):
            sent = _PERSON if each.arg in known.sent else NONE
            names[each.arg] = frozenset({f"<{each.arg}"}) | known.given.get(each.arg, NONE) | sent
        before, self._at = known.returns, known
        self._block(known.node.body, names)
        self._at = None
        if known.returns != before:
            self._stale = self._stale or None in known.callers
            for caller in known.callers:
                if caller:
                    caller.stale = True

    # Statements

    def _block(self, body: list[ast.stmt], names: Names) -> None:
        for each in body:
            how = self._statements.get(type(each))
            if how:
                how(self, each, names)

    def _define(self, node: Function, names: Names) -> None:
        for each in (*node.decorator_list, *node.args.defaults):
            self.value(each, names)
        if id(node) not in self.functions:
            known = Known(node, names, sent_parameters(node, self.code, self._callbacks))
            known.given = self._from_elsewhere(node)
            self.functions[id(node)] = known
            self._named.setdefault(node.name, []).append(known)

    def _from_elsewhere(self, node: Function) -> Names:
        """Return what other files call a function with, by the names of its parameters."""
        names = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
        handed = self._given.get(node.name, {}).items()
        return {names[int(key)] if key.isdecimal() else key: held for key, held in handed if not key.isdecimal() or int(key) < len(names)}

    def _class(self, node: ast.ClassDef, names: Names) -> None:
        self._block(node.body, names)

    def _assign(self, node: ast.Assign, names: Names) -> None:
        held = self.value(node.value, names)
        for target in node.targets:
            self._bind(target, held, names, node.value)

    def _ann_assign(self, node: ast.AnnAssign, names: Names) -> None:
        self._bind(node.target, self.value(node.value, names), names, node.value)

    def _aug_assign(self, node: ast.AugAssign, names: Names) -> None:
        self._grow(node.target, self.value(node.value, names), names)

    def _return(self, node: ast.Return, names: Names) -> None:
        self._returned(self.value(node.value, names))

    def _expression(self, node: ast.Expr, names: Names) -> None:
        self.value(node.value, names)
        for name in checking(node.value):
            names[name] = NONE

    def _if(self, node: ast.If, names: Names) -> None:
        self.value(node.test, names)
        yes, no = dict(names), dict(names)
        for branch, clean in zip((yes, no), checked(node.test), strict=True):
            branch.update(dict.fromkeys(clean, NONE))
        self._block(node.body, yes)
        self._block(node.orelse, no)
        if leaves(node.body):
            names.update(no)
        elif leaves(node.orelse):
            names.update(yes)
        else:
            names.update(_either(yes, no))

    def _for(self, node: ast.For | ast.AsyncFor, names: Names) -> None:
        self._bind(node.target, self.value(node.iter, names), names)
        self._repeated(node.body, node.orelse, names)

    def _while(self, node: ast.While, names: Names) -> None:
        self.value(node.test, names)
        self._repeated(node.body, node.orelse, names)

    def _repeated(self, body: list[ast.stmt], orelse: list[ast.stmt], names: Names) -> None:
        before = dict(names)
        self._block(body, names)
        if names != before:
            names.update(_either(before, names))
            self._block(body, names)
        names.update(_either(before, names))
        self._block(orelse, names)

    def _with(self, node: ast.With | ast.AsyncWith, names: Names) -> None:
        for each in node.items:
            held = self.value(each.context_expr, names)
            if each.optional_vars:
                self._bind(each.optional_vars, held, names)
        self._block(node.body, names)

    def _try(self, node: ast.Try, names: Names) -> None:
        before = dict(names)
        self._block(node.body, names)
        after = [names]
        for handler in node.handlers:
            branch = _either(before, names)
            self._block(handler.body, branch)
            if not leaves(handler.body):
                after.append(branch)
        for each in after[1:]:
            names.update(_either(names, each))
        self._block(node.orelse, names)
        self._block(node.finalbody, names)

    def _match(self, node: ast.Match, names: Names) -> None:
        self.value(node.subject, names)
        for case in node.cases:
            self._block(case.body, names)

    def _assert(self, node: ast.Assert, names: Names) -> None:
        self.value(node.test, names)
        names.update(dict.fromkeys(checked(node.test)[0], NONE))

    _statements: ClassVar[dict[type[ast.stmt], Callable[..., None]]] = {
        ast.FunctionDef: _define,
        ast.AsyncFunctionDef: _define,
        ast.ClassDef: _class,
        ast.Assign: _assign,
        ast.AnnAssign: _ann_assign,
        ast.AugAssign: _aug_assign,
        ast.Return: _return,
        ast.Expr: _expression,
        ast.If: _if,
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.While: _while,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.Try: _try,
        ast.TryStar: _try,
        ast.Match: _match,
        ast.Assert: _assert,
    }


def _either(one: Names, other: Names) -> Names:
    found = dict(one)
    for name, held in other.items():
        found[name] = found[name] | held if name in found else held
    return found
