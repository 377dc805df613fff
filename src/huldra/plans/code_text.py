"""What a file's text already binds at its top, and where imports and new statements belong in it. Knows no project."""

import ast
import re
from collections.abc import Iterator

from msgspec import Struct

_MAIN = "__name__"
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Layout(Struct, frozen=True):
    """A file as new code sees it.

    Attributes:
        bound: The names that its top level binds, on whatever branch.
        is_relative: Whether all of its imports from its own package are relative.
        imports_after: The line (from 0) before which new imports go.
        code_before: The line (from 0) before which new statements go: its end, or its `if __name__ == "__main__"`.
        lines: Its lines with their ends.
        newline: What ends its lines.
    """

    bound: frozenset[str]
    is_relative: bool
    imports_after: int
    code_before: int
    lines: tuple[str, ...]
    newline: str


EMPTY = Layout(frozenset(), is_relative=False, imports_after=0, code_before=0, lines=(), newline="\n")
"""Of a file that is not there yet."""


def read_layout(text: str) -> Layout | SyntaxError:
    """Return the layout of a text, or what is wrong with it."""
    plain = text.replace("\r\n", "\n").removeprefix(_MARK)
    if "\r" in plain:
        return SyntaxError("its lines end as on no system of today (CR)")
    try:
        tree = ast.parse(plain)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError) as error:
        return SyntaxError(str(error))
    lines = tuple(line for line in re.split(r"(?<=\n)", text) if line)
    return Layout(
        bound=frozenset(_bound(tree.body)),
        is_relative=_is_relative(tree.body),
        imports_after=_imports_end(tree.body),
        code_before=_main_guard(tree.body, len(lines)),
        lines=lines,
        newline="\r\n" if "\r\n" in text else "\n",
    )


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """The names that statements bind, without what they bind inside functions and classes."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
                continue
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                continue
            case ast.Import() | ast.ImportFrom():
                yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
            case ast.Name(id=name, ctx=ast.Store()) | ast.ExceptHandler(name=str(name)):
                yield name
            case _:
                pass
        waiting.extend(ast.iter_child_nodes(node))


def _is_relative(body: list[ast.stmt]) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.level > 0 for node in body)


def _imports_end(body: list[ast.stmt]) -> int:
    """The line after the last import of the head of the file; after its docstring where there is none."""
    end = 0
    for index, node in enumerate(body):
        is_docstring = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_docstring and not isinstance(node, ast.Import | ast.ImportFrom):
            break
        end = node.end_lineno or end
    return end


def _main_guard(body: list[ast.stmt], count: int) -> int:
    for node in body:
        if isinstance(node, ast.If) and any(isinstance(n, ast.Name) and n.id == _MAIN for n in ast.walk(node.test)):
            return node.lineno - 1
    return count
