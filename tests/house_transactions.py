"""A rule of the house: what is handed a transaction (`tx`) reaches nothing that opens another one.

It is handed the office as `Inside`, the type that opens none; so mypy refuses what it calls. What
mypy cannot see is read here: a function within a use case takes the whole office from around it.

Names are followed through the imports of the rooms that use the office's database. What opens a
transaction is `….transact(…)` and whatever refers to it, however far away.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
OPENS = "transact"


@dataclass
class _Place:
    """A function: where it stands, whether it has `tx`, and the names that its body refers to."""

    module: str
    line: int
    name: str
    inside: bool
    whole: bool
    refers: set[str] = field(default_factory=set)


def nested(sources: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield module and fault of every function with `tx` that reaches a second transaction.

    Args:
        sources: module name → its text.
    """
    places = [place for module, text in sources.items() for place in _places(module, text)]
    opening = {OPENS}
    while True:
        more = {
            f"{place.module}.{place.name}"
            for place in places
            if not place.inside and place.refers & opening
        } - opening
        if not more:
            break
        opening |= more
    for place in places:
        if place.whole:
            yield place.module, f"line {place.line}: {place.name} has `tx` and a whole `Office`"
        if place.inside and (reached := sorted(place.refers & opening)):
            yield (
                place.module,
                (f"line {place.line}: {place.name} has `tx` and opens another by {reached[0]}"),
            )


def _places(module: str, text: str) -> Iterator[_Place]:
    tree = ast.parse(text)
    known = _names(module, tree)
    for node in ast.walk(tree):
        if isinstance(node, Function):
            place = _Place(
                module, node.lineno, getattr(node, "name", "lambda"), _has_tx(node), _whole(node)
            )
            place.refers = {name for part in _own(node) for name in _referred(part, known)}
            yield place


def _names(module: str, tree: ast.Module) -> dict[str, str]:
    """Return what the names of a module stand for: its functions, and what it imports."""
    known = {
        node.name: f"{module}.{node.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            known |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return known


def _own(function: Function) -> Iterator[ast.AST]:
    """Yield the parts of a function's body; what has a `tx` of its own is a place of its own."""
    waiting: list[ast.AST] = [function.body] if isinstance(function, ast.Lambda) else []
    waiting += [] if isinstance(function, ast.Lambda) else function.body
    while waiting:
        part = waiting.pop()
        if isinstance(part, Function) and _has_tx(part):
            continue
        yield part
        waiting += ast.iter_child_nodes(part)


def _referred(part: ast.AST, known: Mapping[str, str]) -> Iterator[str]:
    if isinstance(part, ast.Name):
        yield known.get(part.id, part.id)
    elif isinstance(part, ast.Attribute):
        if part.attr == OPENS:
            yield OPENS
        elif isinstance(part.value, ast.Name) and part.value.id in known:
            yield f"{known[part.value.id]}.{part.attr}"


def _has_tx(function: Function) -> bool:
    given = function.args
    return any(one.arg == "tx" for one in [*given.posonlyargs, *given.args, *given.kwonlyargs])


def _whole(function: Function) -> bool:
    """Tell whether somebody inside a transaction, always, is given what opens another one."""
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    types = {one.arg: ast.unparse(one.annotation) for one in every if one.annotation}
    return types.get("tx") == "Transaction" and "Office" in types.values()
