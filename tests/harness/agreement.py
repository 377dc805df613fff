"""Where the engine's answer for a case and what real Python does with it contradict each other."""

import ast
from collections.abc import Iterator

from tests.harness.answers import Analysis
from tests.harness.real_python import RealRun


def contradictions(analysis: Analysis, run: RealRun) -> Iterator[str]:
    """Yield what Python built and the engine neither predicts nor doubts, and what it promises in vain."""
    found = analysis.found
    real = {key for key, _, _ in run.built}
    doubted = {site.class_name for site in found.dynamic}
    for key, file, line in sorted(set(run.built)):
        name = key.partition("/")[0]
        if key not in found.by_key and name not in doubted:
            at_main = any(problem.code in {"HUL101", "HUL102"} for problem in found.problems)
            if not at_main:
                yield f"{file}:{line} builds {key}, which is not predicted"
    if run.error is not None:
        return
    texts = analysis.case.files
    functions = {file: list(_functions(text)) for file, text in texts.items()}
    for key, experiment in found.by_key.items():
        for site in experiment.sites:
            inside = [first for first, last in functions[site.place.file] if first <= site.place.line <= last]
            reached = all((site.place.file, first) in run.entered for first in inside)
            reached = reached and not any(f <= site.place.line <= t for f, t in _generators(texts[site.place.file]))
            in_main = any(f <= site.place.line <= t for f, t in _main_blocks(texts[site.place.file]))
            if reached and not site.is_conditional and not in_main and key not in real:
                yield f"{site.place.file}:{site.place.line} is said to build {key}, and does not"


def _functions(text: str) -> Iterator[tuple[int, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
            yield min([node.lineno, *(d.lineno for d in decorators)]), node.end_lineno or node.lineno


def _generators(text: str) -> Iterator[tuple[int, int]]:
    """Generators say that they are entered when they are made, before any of their code runs."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and any(isinstance(n, ast.Yield | ast.YieldFrom) for n in ast.walk(node)):
            yield node.lineno, node.end_lineno or node.lineno


def _main_blocks(text: str) -> Iterator[tuple[int, int]]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test):
            yield node.lineno, node.end_lineno or node.lineno
