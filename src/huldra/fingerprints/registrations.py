"""What other statements put into a module's value: registries that are filled by decorators, calls or assignments.

A table that is filled from afar has no syntax at its own place that says so, so the whole state is searched for it.
"""

from collections.abc import Iterator, Mapping

from huldra.facts.expressions import Attribute, Call, Name, dotted_name
from huldra.facts.statements import (
    Assign,
    ClassDefinition,
    ExpressionStatement,
    FileFacts,
    FunctionDefinition,
    Statement,
)
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.descendants import made_into_value
from huldra.fingerprints.module_names import ADDING_METHODS, Acted, acted_on, called_name, key_of_calls, owner_name
from huldra.fingerprints.resolve import Node
from huldra.project.symbols import ClassSymbol, FunctionSymbol, Symbol, ValueSymbol


def registered(code: Code, module: str, name: str) -> tuple[Node, ...]:
    """Return the definitions that statements outside a value's own put into it, sorted by where they stand."""
    key = (module, name)
    if key not in code.registrations:
        code.registrations[key] = tuple(dict.fromkeys(_found(code, module, name)))
    found = code.registrations[key]
    return tuple(node for node in found if isinstance(node, Node))


def _found(code: Code, module: str, name: str) -> Iterator[Node]:
    own_file = code.modules.file_of.get(module)
    own = None if own_file is None else code.facts.get(own_file)
    if own is None:
        return
    doors = registrars(own).get(name, frozenset())
    yield from made_into_value(code, module, name, doors)
    full = {f"{module}.{door}" for door in doors}
    files = {file for word in (name, *doors) for file in code.files_naming(word)}
    for file in sorted(files):
        there = code.modules.module_of.get(file)
        facts = None if there is None else code.facts.get(file)
        if there is None or facts is None:
            continue
        for piece in facts.pieces:
            for statement in piece.facts.statements:
                yield from _put_in(code, there, statement, module, name, full)


def _put_in(code: Code, there: str, statement: Statement, module: str, name: str, doors: set[str]) -> Iterator[Node]:
    """Yield what a top-level statement puts into the value: from another module, or through one of its doors."""
    keys = [
        dotted_name(acted.chain) or ""
        for acted in (acted_on(statement) if there != module else ())
        if _is_filled(code.symbols.resolve_expression(there, acted.chain), acted, module, name)
    ]
    is_through_door = False
    for node in _calls(statement):
        symbol = code.symbols.resolve_expression(there, node.function if isinstance(node, Call) else node)
        if isinstance(symbol, FunctionSymbol) and symbol.name in doors:
            is_through_door = True
    if not keys and not is_through_door:
        return
    yield from _contents(code, there, statement)
    if isinstance(statement, FunctionDefinition | ClassDefinition):
        return
    called = called_name(statement.value) if isinstance(statement, ExpressionStatement) else None
    if is_through_door and called is not None:
        keys.append(key_of_calls(called))
    # The statement itself counts too: what it puts in may have no name.
    yield from (Node("value", key, there) for key in keys)


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


def _calls(statement: Statement) -> Iterator[Call | Name | Attribute]:
    """Yield the decorators of a definition, and the calls of any other statement."""
    if isinstance(statement, FunctionDefinition | ClassDefinition):
        for decorator in statement.decorators:
            if isinstance(decorator, Call | Name | Attribute):
                yield decorator
        return
    for node in walk(statement, stop_at=(FunctionDefinition, ClassDefinition)):
        if isinstance(node, Call):
            yield node


def _contents(code: Code, there: str, statement: Statement) -> Iterator[Node]:
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


def registrars(facts: FileFacts) -> Mapping[str, frozenset[str]]:
    """Return, for each name of a module, the functions of that module that put a parameter of theirs into its value."""
    found: dict[str, set[str]] = {}
    for piece in facts.pieces:
        for statement in piece.facts.statements:
            if isinstance(statement, FunctionDefinition):
                for name in _filled_by(statement):
                    found.setdefault(name, set()).add(statement.name)
    return {name: frozenset(functions) for name, functions in found.items()}


def _filled_by(function: FunctionDefinition) -> Iterator[str]:
    parameters = {
        parameter.name
        for node in walk(function)
        if isinstance(node, FunctionDefinition)
        for parameter in node.parameters
    }
    for node in walk(function):
        match node:
            case Assign(targets=targets, value=Name(id=value)) if value in parameters:
                yield from (name for target in targets if (name := owner_name(target)) is not None)
            case Call(function=Attribute(name=method) as door, arguments=arguments) if method in ADDING_METHODS:
                given = {argument.value.id for argument in arguments if isinstance(argument.value, Name)}
                name = owner_name(door)
                if name is not None and name not in parameters and given & parameters:
                    yield name
            case _:
                pass
