"""What other statements put into a module's value: registries that are filled by decorators, calls or assignments.

A table that is filled from afar has no syntax at its own place that says so, so the whole state is searched for it.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from huldra.facts.expressions import Call, Name, dotted_name
from huldra.facts.expressions import Node as Part
from huldra.facts.statements import ClassDefinition, ExpressionStatement, FunctionDefinition, Statement
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.descendants import made_into_value
from huldra.fingerprints.doors import door_called, doors_of
from huldra.fingerprints.module_names import Acted, acted_on, called_name, key_of_calls
from huldra.fingerprints.resolve import Node
from huldra.fingerprints.scopes import OTHER_SCOPES
from huldra.fingerprints.sketches import decorators_of, sketches_of
from huldra.formats.names import short_name
from huldra.project.symbols import ClassSymbol, FunctionSymbol, Symbol, ValueSymbol


def registered(code: Code, module: str, name: str) -> tuple[Node, ...]:
    """Return the definitions that statements outside a value's own put into it, sorted by where they stand."""
    key = (module, name)
    if key not in code.registrations:
        code.registrations[key] = tuple(dict.fromkeys(_found(code, module, name)))
    found = code.registrations[key]
    return tuple(node for node in found if isinstance(node, Node))


def _found(code: Code, module: str, name: str) -> Iterator[Node]:
    if module not in code.modules.file_of:
        return
    doors = doors_of(code, module, name)
    yield from made_into_value(code, name, doors | {f"{module}.{name}"})
    words = {name, *map(short_name, doors)}
    for file in sorted({file for word in words for file in code.files_naming(word)}):
        there = code.modules.module_of.get(file)
        for sketch in sketches_of(code, file) if there is not None else ():
            yield from _put_in(code, there or "", sketch.statement, module, name)
            if not sketch.calls.isdisjoint(words):
                yield from _put_through(code, there or "", sketch.statement, doors)


def _put_in(code: Code, there: str, statement: Statement, module: str, name: str) -> Iterator[Node]:
    """Yield what a top-level statement of another module puts into the value."""
    keys = [
        dotted_name(acted.chain) or ""
        for acted in (acted_on(statement) if there != module else ())
        if _is_filled(code.symbols.resolve_expression(there, acted.chain), acted, module, name)
    ]
    if keys:
        yield from _contents(code, there, statement)
        if not isinstance(statement, FunctionDefinition | ClassDefinition):
            yield from (Node("value", key, there) for key in keys)


def _put_through(code: Code, there: str, statement: Statement, doors: AbstractSet[str]) -> Iterator[Node]:
    """Yield what a top-level statement puts into a value through one of its doors."""
    for part in walk(statement, stop_at=OTHER_SCOPES):
        if isinstance(part, FunctionDefinition | ClassDefinition):
            if any(door_called(code, there, decorator, doors) for decorator in decorators_of(part)):
                yield from _contents(code, there, part)
        elif isinstance(part, ExpressionStatement):
            called = called_name(part.value)
            if called is not None and door_called(code, there, part.value, doors):
                yield from _contents(code, there, statement)
                # The statement itself counts too: what it puts in may have no name.
                yield Node("value", key_of_calls(called), there)
        elif isinstance(part, Call) and door_called(code, there, part, doors):
            for argument in part.arguments:
                yield from _contents(code, there, argument)


def _is_filled(symbol: Symbol, acted: Acted, module: str, name: str) -> bool:
    """Whether something is put into a value; where its name is bound anew is found by `written`."""
    if acted.how == "set" or (acted.how == "holder" and not isinstance(symbol, ValueSymbol)):
        return False
    match symbol:
        case ValueSymbol(module=there, name=value):
            return (there, value) == (module, name)
        case FunctionSymbol(name=full) | ClassSymbol(name=full):
            return full == f"{module}.{name}"
        case _:
            return False


def _contents(code: Code, there: str, statement: Part) -> Iterator[Node]:
    if isinstance(statement, FunctionDefinition):
        yield Node("function", statement.name, there)
        return
    if isinstance(statement, ClassDefinition):
        yield Node("class", f"{there}.{statement.name}")
        return
    for node in walk(statement):
        if isinstance(node, Name):
            match code.symbols.resolve(there, node.id):
                case FunctionSymbol(name=full):
                    module, _, function = full.rpartition(".")
                    yield Node("function", function, module)
                case ClassSymbol(name=full):
                    yield Node("class", full)
                case _:
                    pass
