"""Random, legal programs of a few modules, written by decisions that come from Hypothesis or from a seed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.agreement.choices import Choices, drawn
from tests.agreement.scope import ClassInfo, Pen, Scope
from tests.agreement.write_definitions import write_enum, write_experiment, write_function
from tests.agreement.write_expressions import call, comprehension_of, expression, instance
from tests.agreement.write_holders import write_holder
from tests.agreement.write_lookups import write_lookup
from tests.agreement.write_research import write_research
from tests.agreement.write_statements import Lines, block, indented, statement

MODULES = (
    *("dataclasses", "enum", "functools", "itertools", "math", "operator", "os", "platform", "random", "sys", "time"),
    *("typing", "collections", "contextlib", "copy", "datetime", "decimal", "fractions", "json", "pydantic", "re"),
    *("string", "textwrap", "types", "concurrent.futures", "importlib", "multiprocessing.dummy", "threading"),
)
LAYOUTS = (
    ("alpha",),
    ("alpha", "beta"),
    ("alpha", "beta", "gamma"),
    ("pkg.__init__", "pkg.inner", "pkg.outer"),
    ("alpha", "pkg.__init__", "pkg.inner", "tail"),
)


_Known = tuple[str, Scope, Mapping[str, str]]
"""A module, what others may use of it, and the names that it gives by its own `__getattr__`."""


@dataclass(frozen=True, slots=True)
class Program:
    """The files of a program; `main` is the one that is also run as a script.

    `unknowns` says whether it asks anything that only a run can know; `bits` counts the conditions that do;
    `explores_all` that nothing else is unknown, so that the outcomes of those are all there are.
    """

    files: Mapping[str, str]
    main: str | None
    unknowns: bool
    bits: int = 0
    explores_all: bool = True

    @property
    def outcomes(self) -> list[int]:
        """The outcomes of the unknown conditions to try: all of them."""
        return list(range(1 << self.bits))


def write_program(choices: Choices, *, with_unknowns: bool = False) -> Program:
    """Return a program."""
    pen = Pen(choices, with_unknowns)
    modules = choices.pick(LAYOUTS)
    files: dict[str, str] = {}
    known: list[_Known] = []
    main = None
    for number, module in enumerate(modules):
        is_last = number == len(modules) - 1
        scope = Scope()
        imports = _imports(pen, module, known, scope)
        lines = _definitions(pen, scope, is_first=number == 0)
        own = scope.child()
        lazy, more = _lazy_names(pen)
        lines += more
        if is_last:
            tail = _main(pen, scope)
            if any(line.startswith("if __name__") for line in tail):
                main = _file(module)
            lines += tail
        if number == 0 and len(modules) > 1 and pen.choices.chance(15):
            lines.append(f"import {modules[1].removesuffix('.__init__')}")  # and that one imports this one
        files[_file(module)] = _text([*imports, "", *lines])
        known.append((module, own, lazy))
    is_unsure = bool(pen.used_bits) or pen.has_unknown_values
    return Program(files, main, is_unsure, len(pen.used_bits), not pen.has_unknown_values)


@st.composite
def programs(draw: st.DrawFn, *, with_unknowns: bool = False) -> Program:
    """Programs that shrink."""
    return write_program(drawn(draw), with_unknowns=with_unknowns)


def _text(lines: Lines) -> str:
    """Return a module's text, with the imports that it needs."""
    body = "\n".join(lines)
    needed = [f"import {name}" for name in MODULES if re.search(rf"\b{name}\.", body)]
    if re.search(r"\bPath\(", body):
        needed.append("from pathlib import Path")
    return "\n".join([*needed, "import huldra", "from huldra import Huldra", body]) + "\n"


def _file(module: str) -> str:
    return module.replace(".", "/") + ".py"


def _lazy_names(pen: Pen) -> tuple[dict[str, str], Lines]:
    """Names that a module gives to those who ask for them, and only then."""
    if not pen.choices.chance(12):
        return {}, []
    name, kind = pen.fresh("lazy"), pen.choices.pick(("int", "str"))
    value = expression(pen, Scope(), kind, 1)
    body = [f"if name == {name!r}:", f"    return {value}", "raise AttributeError(name)"]
    return {name: kind}, ["def __getattr__(name):", *indented(body), ""]


def _imports(pen: Pen, module: str, known: list[_Known], scope: Scope) -> Lines:
    """Import earlier modules' names, in one of the ways in which that is done."""
    lines: Lines = []
    for other, theirs, lazy in known:
        if pen.choices.chance(15) and len(known) > 1:
            continue
        wanted = [*theirs.names, *(f.name for f in theirs.functions), *theirs.classes, *theirs.enums]
        wanted = [name for name in dict.fromkeys(wanted) if name not in _visible(scope)]
        if not wanted:
            continue
        name = _import_name(pen, module, other)
        if pen.choices.chance(30):
            lines.append(f"from {name} import *")
        else:
            lines.append(f"from {name} import {', '.join(wanted)}")
        _take(scope, theirs)
        if lazy:
            lines.append(f"from {name} import {', '.join(lazy)}")
            scope.names.update(lazy)
    return lines


def _import_name(pen: Pen, module: str, other: str) -> str:
    package, _, last = other.rpartition(".")
    own_package = module.rpartition(".")[0]
    if package and package == own_package and pen.choices.chance(50):
        return "." if last == "__init__" else f".{last}"
    return package if last == "__init__" else other


def _visible(scope: Scope) -> set[str]:
    return {*scope.names, *(f.name for f in scope.functions), *scope.classes, *scope.enums}


def _take(scope: Scope, theirs: Scope) -> None:
    scope.names.update(theirs.names)
    scope.functions.extend(f for f in theirs.functions if f not in scope.functions)
    scope.classes.update(theirs.classes)
    scope.enums.extend(e for e in theirs.enums if e not in scope.enums)


def _definitions(pen: Pen, scope: Scope, *, is_first: bool) -> Lines:
    lines: Lines = []
    scope.may_build = False
    for _ in range(pen.choices.between(1, 3)):
        lines += statement(pen, scope, 0)
    if pen.choices.chance(40):
        lines += write_enum(pen, scope)
    if pen.choices.chance(40):
        lines += write_holder(pen, scope)
    scope.may_build = True
    for _ in range(pen.choices.between(1 if is_first else 0, 2)):
        lines += write_experiment(pen, scope)
    for _ in range(pen.choices.between(0, 2)):
        lines += write_function(pen, scope)
    while scope.experiments() and pen.choices.chance(40):
        lines += write_research(pen, scope)
    while scope.experiments() and pen.choices.chance(25):
        lines += write_lookup(pen, scope)
    if pen.choices.chance(40):
        lines += block(pen, scope, 2)
    return lines


def _collection(pen: Pen, scope: Scope) -> Lines:
    """A `HuldraList`, and something that walks over it."""
    cls: ClassInfo = pen.choices.pick(scope.experiments())
    name = pen.fresh("Sweep")
    quiet = scope.child()
    quiet.may_doubt = False
    body = [
        f"one = {instance(pen, quiet, cls, 1)}",
        f"many = {comprehension_of(pen, Scope(classes=scope.classes), cls)}",
    ]
    loop = pen.fresh("x")
    walk = [f"for {loop} in {pen.choices.pick((name, name + '.all()'))}:"]
    inner = scope.child(**{loop: cls.kind})
    walk += indented([instance(pen, inner, pen.choices.pick(scope.experiments()), 1)])
    return [f"class {name}(huldra.HuldraList):", *indented(body), "", *walk]


def _main(pen: Pen, scope: Scope) -> Lines:
    body: Lines = []
    if scope.experiments() and pen.choices.chance(15):
        body += _collection(pen, scope)
    if pen.choices.chance(15):
        return [*body, "if __name__ == '__main__':", *indented(block(pen, scope.child(), 4))]
    inner = scope.inside_function()
    lines = block(pen, inner, 6)
    for function in scope.functions:
        if pen.choices.chance(70):
            made = call(pen, inner, function, 1)
            lines.append(f"list({made})" if function.is_generator else made)
    return [*body, "def main():", *indented(lines), "", "main()"]
