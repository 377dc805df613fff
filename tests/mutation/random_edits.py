"""Random small edits of Python text that mostly change what it means. Knows nothing of what the code is for."""

import ast
import random
from collections.abc import Callable

_OPERATORS: tuple[type[ast.operator], ...] = (ast.Add, ast.Sub, ast.Mult)
_COMPARISONS: tuple[type[ast.cmpop], ...] = (ast.Lt, ast.GtE, ast.Eq, ast.NotEq)


def edited(text: str, chance: random.Random) -> tuple[str, str] | None:
    """Return the text with one edit, laid out anew, and the edit in words; None if there is nothing to edit."""
    tree = ast.parse(text)
    edits = [edit for node in ast.walk(tree) for edit in _edits(node)]
    if not edits:
        return None
    line, words, edit = chance.choice(edits)
    edit()
    return ast.unparse(ast.fix_missing_locations(tree)), f"line {line}: {words}"


_Edit = tuple[int, str, Callable[[], None]]


def _edits(node: ast.AST) -> list[_Edit]:
    found: list[_Edit] = []
    line = getattr(node, "lineno", 0)

    def add(words: str, edit: Callable[[], None]) -> None:
        found.append((line, words, edit))

    match node:
        case ast.Constant(value=bool() as value):
            add(f"{value} negated", lambda: setattr(node, "value", not value))
        case ast.Constant(value=int() as value):
            add(f"{value} + 1", lambda: setattr(node, "value", value + 1))
        case ast.Constant(value=str() as value):
            add(f"{value!r} made longer", lambda: setattr(node, "value", value + "q"))
        case ast.BinOp(op=op):
            other = next(kind for kind in _OPERATORS if not isinstance(op, kind))
            add("another operator", lambda: setattr(node, "op", other()))
        case ast.Compare(ops=[op]):
            other_comparison = next(kind for kind in _COMPARISONS if not isinstance(op, kind))
            add("another comparison", lambda: setattr(node, "ops", [other_comparison()]))
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            add("condition negated", lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), test)))
        case ast.Return(value=ast.expr() as value):
            add("returns a tuple", lambda: setattr(node, "value", ast.Tuple([value], ast.Load())))
        case ast.Call(args=[first, second, *rest]):
            add("arguments swapped", lambda: setattr(node, "args", [second, first, *rest]))
        case _:
            pass
    match node:
        case ast.FunctionDef(decorator_list=[_, *others]):
            add("a decorator less", lambda: setattr(node, "decorator_list", others))
        case ast.ClassDef(bases=[first, second, *others]):
            add("bases swapped", lambda: setattr(node, "bases", [second, first, *others]))
        case _:
            pass
    body: list[ast.stmt] = getattr(node, "body", [])
    for index, statement in enumerate(body if isinstance(body, list) else []):
        if not isinstance(statement, ast.Pass):
            found.append((statement.lineno, "statement left out", _replace(body, index)))
    return found


def _replace(body: list[ast.stmt], index: int) -> Callable[[], None]:
    def edit() -> None:
        body[index] = ast.Pass()

    return edit
