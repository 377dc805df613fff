"""What a file's text already binds at its top, and where imports and new statements belong in it. Knows no project."""

import ast
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

_MAIN = "__name__"
_HOW_TO_READ = re.compile(r"#!|#.*coding[:=]")
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Layout(Struct, frozen=True):
    """A file as new code sees it.

    Attributes:
        bound: The names that its top level binds, on whatever branch, wherever, and those that it deletes.
        usable: Those of them that can be had where new statements go.
        late: Those that are bound later only, or for type checkers only: an import may bind them before.
        is_relative: Whether all of its imports from its own package are relative.
        imports_after: The line (from 0) before which new imports go.
        code_before: The line (from 0) before which new statements go: its end, or its `if __name__ == "__main__"`.
        lines: Its lines with their ends.
        newline: What ends its lines.
        mark: The mark of UTF-8 that it begins with, which is none of its lines.
    """

    bound: frozenset[str]
    usable: frozenset[str]
    late: frozenset[str]
    is_relative: bool
    imports_after: int
    code_before: int
    lines: tuple[str, ...]
    newline: str
    mark: str = ""


_NO_NAMES = frozenset[str]()
EMPTY = Layout(
    _NO_NAMES, _NO_NAMES, _NO_NAMES, is_relative=False, imports_after=0, code_before=0, lines=(), newline="\n"
)
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
    lines = tuple(line for line in re.split(r"(?<=\n)", text.removeprefix(_MARK)) if line)
    before = _main_guard(tree.body, lines)
    bound = frozenset(_bound(tree.body))
    usable = frozenset(_bound([_at_run_time(node) for node in tree.body if node.lineno <= before]))
    deleted = frozenset(_deleted(tree.body))
    return Layout(
        bound=bound | deleted,
        usable=usable - deleted,
        late=bound - usable - deleted,
        is_relative=_is_relative(tree.body),
        imports_after=_imports_end(tree.body, lines),
        code_before=before,
        lines=lines,
        newline="\r\n" if "\r\n" in text else "\n",
        mark=_MARK if text.startswith(_MARK) else "",
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


def _deleted(body: list[ast.stmt]) -> Iterator[str]:
    """The names that a `del` takes away, on whatever branch of the top level."""
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = (each for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Del))
            yield from (each.id for each in inner)


def _at_run_time(node: ast.stmt) -> ast.stmt:
    """A statement without what is there for type checkers only."""
    if not isinstance(node, ast.If):
        return node
    name = node.test.attr if isinstance(node.test, ast.Attribute) else getattr(node.test, "id", None)
    return ast.If(node.test, node.orelse or [ast.Pass()], []) if name == "TYPE_CHECKING" else node


def _imports_end(body: list[ast.stmt], lines: Sequence[str]) -> int:
    """The line after the last import of the head of the file; after its docstring or its first comments without one."""
    end = 0
    for index, node in enumerate(body):
        is_docstring = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_docstring and not isinstance(node, ast.Import | ast.ImportFrom):
            break
        end = node.end_lineno or end
    for node in body:
        if node.lineno <= end:  # what begins on a line of theirs, and ends on another: `import os; X = [`
            end = max(end, node.end_lineno or end)
    return end or _head_comments(lines)


def _head_comments(lines: Sequence[str]) -> int:
    """How many lines a file begins with that say how it is run and read, or to whom it belongs."""
    count = next((index for index, line in enumerate(lines) if not line.startswith("#")), len(lines))
    if count < len(lines) and lines[count].strip():  # the comment of what follows
        count = next((index for index, line in enumerate(lines[:2]) if not _HOW_TO_READ.match(line)), 2)
    return min(count, len(lines))


def _main_guard(body: list[ast.stmt], lines: Sequence[str]) -> int:
    """The line before which new statements go: what a script does, with its comments, if no definition follows it."""
    for index, node in enumerate(body):
        if isinstance(node, ast.If) and _is_main(node.test) and not any(_bound(body[index + 1 :])):
            above = 0 if index == 0 else body[index - 1].end_lineno or 0
            line = node.lineno - 1
            while line > above and lines[line - 1].startswith("#"):
                line -= 1
            return line
    return len(lines)


def _is_main(test: ast.expr) -> bool:
    """Whether a condition asks for the name that a module has as a script."""
    compared = [node for node in ast.walk(test) if isinstance(node, ast.Compare)]
    equal = [node for node in compared if isinstance(node.ops[0], ast.Eq)]
    return any(isinstance(n, ast.Name) and n.id == _MAIN for node in equal for n in ast.walk(node))
