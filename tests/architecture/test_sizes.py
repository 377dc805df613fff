"""Modules stay readable: at most 400 lines, functions at most 50 without their docstring, and each says what it is."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "huldra"
MODULES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN = {"core", "common", "utils", "helpers", "base", "manager"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert path.stem not in FORBIDDEN
    tree = ast.parse(text)
    header = ast.get_docstring(tree)
    assert header, "a module begins by saying what it holds"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert _length(node) <= 50, f"{node.name} has {_length(node)} lines"


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, decorators and docstring left out."""
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if is_docstring and isinstance(first.value.value, str) else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_every_module_is_looked_at() -> None:
    assert len(MODULES) > 60


def test_folders_are_the_stages() -> None:
    folders = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert not folders & FORBIDDEN
