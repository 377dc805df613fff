"""Edits of a generated project: those that change what a part means, and those that change only how it is written."""

import ast
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.harness.code_projects import LIBRARY_MODULES, Part, Project, Use, moved, render

Files = dict[str, str]
_OPERATORS = {"+": "-", "-": "*", "*": "+"}


def meaning_changes(project: Project) -> Iterator[tuple[str, str, Project]]:
    """Yield the kind of each edit, the part that it changes, and the project afterwards."""
    for part in project.parts.values():
        for kind, changed in _changes(project, part):
            yield kind, part.name, project.with_part(changed)


def _changes(project: Project, part: Part) -> Iterator[tuple[str, Part]]:
    yield "constant", replace(part, number=part.number + 1)
    if part.kind == "constant":
        return
    yield "operator", replace(part, operator=_OPERATORS[part.operator])
    if part.name.startswith("wrap_"):
        return
    yield "default", replace(part, default=part.default + 1)
    yield "condition", replace(part, has_condition=not part.has_condition)
    if part.uses:
        yield "call removed", replace(part, uses=part.uses[1:])
        first = part.uses[0]
        if first.style == "keyword":
            yield "keyword", replace(part, uses=(Use(first.target, "call"), *part.uses[1:]))
        others = _interchangeable(project, part)
        if others:
            yield "call target", replace(part, uses=(Use(others[0], first.style), *part.uses[1:]))
    if part.decorator is not None:
        yield "decorator", replace(part, decorator=None)
    if part.base is not None:
        yield "base class", replace(part, base=None)


def _interchangeable(project: Project, part: Part) -> list[str]:
    """Return the parts that could stand where the first use of a part stands, without a circle."""
    first = project.parts[part.uses[0].target]
    names = list(project.parts)
    earlier = names[: names.index(part.name)]
    used = {use.target for use in (*part.uses, *part.method_uses)}
    return [
        name
        for name in earlier
        if project.parts[name].kind == first.kind and name not in used and not name.startswith("wrap_")
    ]


def rewritings(project: Project, rng: random.Random) -> Iterator[tuple[str, Files]]:
    """Yield the kind of each edit that means nothing, and the files afterwards."""
    files = render(project)
    for kind, edit in _TEXT_EDITS.items():
        yield kind, {name: edit(text) for name, text in files.items()}
    functions = [
        part for part in project.parts.values() if part.kind == "function" and not part.name.startswith("wrap_")
    ]
    for part in rng.sample(functions, min(3, len(functions))):
        yield f"local of {part.name}", render(project.with_part(replace(part, local="renamed_total")))
    library = [part for part in project.parts.values() if part.module in LIBRARY_MODULES]
    for part in rng.sample(library, min(3, len(library))):
        others = [module for module in LIBRARY_MODULES if module != part.module]
        yield f"{part.name} moved", render(moved(project, part.name, rng.choice(others)))
    for part in rng.sample(list(project.parts.values()), 3):
        style = "alias" if part.imports != "alias" else "module"
        yield f"imports of {part.name}", render(project.with_part(replace(part, imports=style)))


def _reparsed(text: str) -> str:
    return ast.unparse(ast.parse(text)) + "\n"


def _commented(text: str) -> str:
    return re.sub(r"(?m)^( *)(def .*|class .*):$", r"\1# above\n\1\2:  # beside", text)


def _documented(text: str) -> str:
    return re.sub(r"(?m)^( *)(def .*|class .*):$", r'\1\2:\n\1    """Says what it does."""', text)


def _annotated(text: str) -> str:
    """Annotate what has no decorator: a decorator may well look at annotations."""
    return re.sub(r"(?m)(?<=\n\n)def (\w+)\(x, ", r"def \1(x: 'int', ", text)


def _spelled(text: str) -> str:
    return re.sub(r"\b(\d)(\d{3})\b", r"\1_\2", text)


def _parenthesised(text: str) -> str:
    return re.sub(r"(?m)^( +)return (.+)$", r"\1return (\n\1    \2\n\1)", text)


def _reordered_imports(text: str) -> str:
    lines = text.splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from ")) and "*" not in line]
    others = [line for line in lines if line not in imports]
    stars = [line for line in others if line.startswith("from ")]
    rest = [line for line in others if line not in stars]
    return "\n".join([*stars, *reversed(imports), *rest]) + "\n"


def _with_strangers(text: str) -> str:
    return f"{text}\n\ndef stranger(x):\n    return x * 31337\n\n\nSTRANGE = 31337\n"


_TEXT_EDITS: dict[str, Callable[[str], str]] = {
    "reformatted": _reparsed,
    "comments": _commented,
    "docstrings": _documented,
    "annotations": _annotated,
    "number spelling": _spelled,
    "parentheses": _parenthesised,
    "import order": _reordered_imports,
    "unrelated definitions": _with_strangers,
}
