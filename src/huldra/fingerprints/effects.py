"""What importing a module does to a package outside the project: `random.seed(0)`, `torch.backends.x.y = True`.

Nothing reads such a statement by name; it belongs to whatever uses the package.
"""

from collections.abc import Iterable, Iterator

from huldra.facts.expressions import Argument, Attribute, Call, Expression, Literal, Name, Node, Subscript
from huldra.facts.statements import (
    Assign,
    AugmentedAssign,
    ClassDefinition,
    ExpressionStatement,
    FunctionDefinition,
    If,
    Statement,
)
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.module_names import PlacedStatement, is_main_guard
from huldra.fingerprints.scopes import OTHER_SCOPES
from huldra.project.bindings import is_type_checking
from huldra.project.imported import imported_modules, with_parents
from huldra.project.places import Origin
from huldra.project.symbols import ExternalSymbol, FunctionSymbol

_IDLE = frozenset({"sys", "logging", "warnings", "builtins", "typing", "atexit", "signal", "faulthandler"})
"""Packages that can be told things which no result depends on, or that are read for other things than they are told."""
_BUILTINS = "builtins"
_SET = "="
"""Stands behind the name of a builtin that is bound anew: to call one changes none."""
_ENCODING = frozenset(
    {"encode", "decode", "read_text", "write_text", "builtins.open", "builtins.str", "builtins.bytes"}
)
"""What asks `codecs` for an encoding or for who handles its errors, and does not name it."""
_ENVIRONMENT = ("os.environ", "os.getenv", "os.putenv")


def effects_on(code: Code, module: str, package: str) -> tuple[PlacedStatement, ...]:
    """Return the top-level statements of a module that act on a package outside the project, in order."""
    is_meant = _is_set if package == _BUILTINS else bool
    return tuple(
        placed for placed, acted in _effects(code, module) if any(_package(n) == package and is_meant(n) for n in acted)
    )


def packages_acted_on(code: Code, module: str, names: Iterable[str]) -> frozenset[str]:
    """Return the packages that importing a module acts on, of those that names (`numpy.random.rand`) are read of.

    Among the names may be those of attributes of any value, such as `encode`.
    """
    read = frozenset(names)
    packages = {_package(name) for name in read if "." in name} - _IDLE
    packages |= frozenset() if read.isdisjoint(_ENCODING) else {"codecs"}
    reads_environment = any(name.startswith(_ENVIRONMENT) for name in read)
    acted_on = {name for _, acted in _effects(code, module) for name in acted}
    found = {name for name in acted_on if _package(name) in packages or (_is_set(name) and name[:-1] in read)}
    return frozenset(
        _package(name)
        for name in found
        if _package(name) != "os" or (reads_environment and name.startswith(_ENVIRONMENT))
    )


def loaded_beside(code: Code, files: Iterable[str]) -> tuple[str, ...]:
    """Return the modules of some files, their packages, and what they import themselves, sorted."""
    modules = {module for file in files if (module := code.modules.module_of.get(file)) is not None}
    found = {name for module in modules for name in _loaded_beside(code, module)}
    return tuple(sorted(found & code.modules.file_of.keys()))


def _loaded_beside(code: Code, module: str) -> Iterator[str]:
    yield from with_parents(module)
    facts = code.facts.get(code.modules.file_of.get(module, ""))
    if facts is not None:
        yield from (name for name, when in imported_modules(code.modules, module, facts) if when != "typing")


def _is_set(name: str) -> bool:
    return name.endswith(_SET)


def _package(name: str) -> str:
    return name.partition(".")[0]


def _effects(code: Code, module: str) -> tuple[tuple[PlacedStatement, frozenset[str]], ...]:
    """Return the statements of a module that act on something outside the project, with the names of that."""
    if module not in code.effects:
        file = code.modules.file_of.get(module)
        facts = None if file is None else code.facts.get(file)
        code.effects[module] = tuple(
            ((statement, Origin(file or "", piece.first_line)), acted)
            for piece in (() if facts is None else facts.pieces)
            for statement in piece.facts.statements
            if (acted := frozenset(_acted_on(code, module, statement)))
        )
    return code.effects[module]


def _acted_on(code: Code, module: str, statement: Statement) -> Iterator[str]:
    if isinstance(statement, FunctionDefinition | ClassDefinition):
        return
    if isinstance(statement, If) and (is_main_guard(statement.test) or is_type_checking(statement.test)):
        return
    yield from _acted_on_by(code, module, walk(statement, stop_at=OTHER_SCOPES), called=True)


def _acted_on_by(code: Code, module: str, nodes: Iterable[Node], *, called: bool) -> Iterator[str]:
    """Yield what statements act on; with `called` what functions of the project do that they call counts too."""
    for node in nodes:
        match node:
            case ExpressionStatement(value=Call(function=function)):
                symbol = code.symbols.resolve_expression(module, function)
                if isinstance(symbol, ExternalSymbol):
                    yield symbol.name
                    yield from _builtin_set(code, module, node.value)
                elif isinstance(symbol, FunctionSymbol) and called:
                    where, _, name = symbol.name.rpartition(".")
                    for definition, _ in code.module_statements(where, name):
                        yield from _acted_on_by(code, where, walk(definition), called=False)
            case Assign(targets=targets):
                yield from (name for target in targets for name in _outside(code, module, target))
            case AugmentedAssign(target=target):
                yield from _outside(code, module, target)
            case _:
                continue


def _outside(code: Code, module: str, target: Expression) -> Iterator[str]:
    """Yield the name outside the project that an assignment goes to; a plain name is bound, not acted on.

    `decimal.getcontext().prec = 5` acts on what a call outside gives.
    """
    value = target
    while isinstance(value, Subscript):
        value = value.value
    if isinstance(value, Attribute):
        given = value.value
        symbol = code.symbols.resolve_expression(module, given.function if isinstance(given, Call) else value)
        if isinstance(symbol, ExternalSymbol):
            yield f"{symbol.name}{_SET}" if _package(symbol.name) == _BUILTINS else symbol.name


def _builtin_set(code: Code, module: str, call: Expression) -> Iterator[str]:
    """Yield the builtin that `setattr(builtins, "round", int)` binds anew."""
    match call:
        case Call(
            function=Name(id="setattr"), arguments=(Argument(value=owner), Argument(value=Literal(source=text)), _)
        ):
            symbol = code.symbols.resolve_expression(module, owner)
            if isinstance(symbol, ExternalSymbol) and symbol.name == _BUILTINS:
                yield f"{_BUILTINS}.{literal_form(text)[5:-1]}{_SET}"
        case _:
            return
