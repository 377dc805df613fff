"""A program made smaller while it still disagrees in the same way: statements are left out, expressions simplified."""

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from tests.agreement.compare import Disagreement, compare, predict
from tests.agreement.programs import MODULES, Program
from tests.agreement.running import Worker


def shrink(worker: Worker, program: Program, kind: str, patience: int = 400) -> Program:
    """Return a smaller program that shows the same kind of disagreement, and raises no more than it did."""
    error, undefined = _error(worker, program), _undefined(program.files)
    steps = 0
    progress = True
    while progress and steps < patience:
        progress = False
        for file in sorted(program.files):
            position = 0
            while steps < patience and file in program.files:
                smaller = _nth(_smaller(program.files[file]), position)
                if smaller is None:
                    break
                steps += 1
                candidate = _with_file(program, file, smaller)
                if _still(worker, candidate, kind, error, undefined):
                    program, progress = candidate, True
                else:
                    position += 1
    return program


def disagreements(worker: Worker, program: Program) -> tuple[Disagreement, ...]:
    """Return how a program's runs and its prediction disagree."""
    return compare(program, predict(program.files), worker.run(program, program.outcomes)).disagreements


def _with_file(program: Program, file: str, text: str) -> Program:
    files: Mapping[str, str] = {**program.files, file: text}
    if not text.strip():
        files = {name: kept for name, kept in files.items() if name != file}
    return replace(program, files=files, main=program.main if program.main in files else None)


def _error(worker: Worker, program: Program) -> str:
    return (worker.run(program, program.outcomes)[0].error or "").partition(":")[0]


def _still(worker: Worker, program: Program, kind: str, error: str, allowed: frozenset[str]) -> bool:
    try:
        undefined = _undefined(program.files)
    except SyntaxError:
        return False  # taking something away can leave what is no code, such as a slice outside brackets
    if not undefined <= allowed:
        return False  # a name that nothing binds any more would be another disagreement
    runs = worker.run(program, program.outcomes)
    now = (runs[0].error or "").partition(":")[0]
    if now not in {"", error}:
        return False
    return any(d.kind == kind for d in compare(program, predict(program.files), runs).disagreements)


def _undefined(files: Mapping[str, str]) -> frozenset[str]:
    """Return the names that some file reads and none binds."""
    read: set[str] = set()
    bound: set[str] = {*dir(builtins), "__name__"}
    for node in (node for text in files.values() for node in ast.walk(ast.parse(text))):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.alias(name=name, asname=other):
                bound.add(other or name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bound.add(name)
            case _:
                pass
    return frozenset(read - bound)


def _nth(options: Iterator[str], position: int) -> str | None:
    for number, option in enumerate(options):
        if number == position:
            return option
    return None


def _smaller(text: str) -> Iterator[str]:
    """Yield texts with a statement less, a compound statement replaced by its body, or an expression by a part."""
    tree = ast.parse(text)
    for block in _blocks(tree):
        size = len(block) // 2
        while size > 1:
            for start in range(0, len(block), size):
                removed = block[start : start + size]
                if len(removed) < len(block):
                    del block[start : start + size]
                    yield from _text(tree)
                    block[start:start] = removed
            size //= 2
        for index in range(len(block)):
            statement = block[index]
            nothing: list[ast.stmt] = [ast.Pass()] if block is not tree.body and len(block) == 1 else []
            if isinstance(statement, ast.Pass) and nothing:
                continue
            for instead in (nothing, *_bodies(statement)):
                block[index : index + 1] = instead
                yield from _text(tree)
                block[index : index + len(instead)] = [statement]
    yield from _simpler_expressions(tree)


def _text(tree: ast.Module) -> list[str]:
    """Return a tree's text; nothing for a tree that no text has."""
    try:
        return [ast.unparse(ast.fix_missing_locations(tree))]
    except ValueError:
        return []


def _blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            found = getattr(node, name, None)
            if isinstance(found, list) and found:
                yield found


def _bodies(statement: ast.stmt) -> list[list[ast.stmt]]:
    if isinstance(statement, ast.If | ast.For | ast.While | ast.Try):
        return [body for body in (statement.body, statement.orelse) if body]
    if isinstance(statement, ast.Match):
        return [case.body for case in statement.cases]
    return []


def _simpler_expressions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            for put, expression in _slots(node, name, value):
                for simpler in _parts(expression):
                    put(simpler)
                    try:
                        yield from _text(tree)
                    finally:
                        put(expression)
        if isinstance(node, ast.Call) and node.keywords:
            for index, keyword in enumerate(list(node.keywords)):
                del node.keywords[index]
                yield from _text(tree)
                node.keywords.insert(index, keyword)


def _slots(node: ast.AST, name: str, value: object) -> Iterator[tuple[Callable[[ast.expr], None], ast.expr]]:
    if isinstance(value, ast.expr):
        yield (lambda new: setattr(node, name, new)), value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, ast.expr):
                yield (lambda new, index=index: value.__setitem__(index, new)), item


def _is_of_module(expression: ast.expr) -> bool:
    """Whether a dotted name begins with a module that programs import, so that it may be one itself."""
    while isinstance(expression, ast.Attribute):
        expression = expression.value
    return isinstance(expression, ast.Name) and expression.id in {*MODULES, "huldra"}


def _parts(expression: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts that can stand for a whole and mean a value of some kind, not a function or class."""
    if isinstance(expression, ast.Constant | ast.Name | ast.Starred | ast.Attribute | ast.Lambda):
        return
    if not isinstance(getattr(expression, "ctx", ast.Load()), ast.Load):
        return
    for child in ast.iter_child_nodes(expression):
        is_function = isinstance(expression, ast.Call) and child is expression.func
        if isinstance(child, ast.Attribute) and is_function:
            if not _is_of_module(child.value):
                yield child.value
        elif isinstance(child, ast.expr) and not isinstance(child, ast.Starred) and not is_function:
            yield child
