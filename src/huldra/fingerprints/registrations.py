"""What other statements put into a module's value: registries that are filled by decorators, calls or assignments.

A table that is filled from afar has no syntax at its own place that says so, so the whole state is searched for it.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from msgspec import Struct

from huldra.facts.expressions import Attribute, Call, Expression, Literal, Name, Subscript, dotted_name
from huldra.facts.expressions import Node as Part
from huldra.facts.statements import (
    AnnotatedAssign,
    Assign,
    ClassDefinition,
    ExpressionStatement,
    FunctionDefinition,
    Statement,
)
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.descendants import made_into_value
from huldra.fingerprints.doors import door_called, doors_of
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.module_names import Acted, acted_on, called_name, key_of_calls, own_statements
from huldra.fingerprints.resolve import Node
from huldra.fingerprints.scopes import OTHER_SCOPES
from huldra.fingerprints.sketches import decorators_of, sketches_of
from huldra.formats.names import short_name
from huldra.project.symbols import ClassSymbol, FunctionSymbol, Symbol, ValueSymbol

_HOOK = "__init_subclass__"


class Registered(Struct, frozen=True):
    """What is put into a table, and under which keys; none where they are not known."""

    node: Node
    keys: tuple[str, ...] = ()


class _By(Struct, frozen=True):
    """A statement that puts something in."""

    statement: Statement


def registered(code: Code, module: str, name: str) -> tuple[Registered, ...]:
    """Return the definitions that statements outside a value's own put into it, sorted by where they stand."""
    return tuple(each for each in _kept(code, module, name) if isinstance(each, Registered))


def registered_statements(code: Code, module: str, name: str) -> tuple[Statement, ...]:
    """Return the statements that do so."""
    return tuple(each.statement for each in _kept(code, module, name) if isinstance(each, _By))


def _kept(code: Code, module: str, name: str) -> tuple[object, ...]:
    key = (module, name)
    if key not in code.registrations:
        found = tuple(_found(code, module, name))
        statements = (each for each in found if isinstance(each, _By))
        code.registrations[key] = (*_together(e for e in found if isinstance(e, Registered)), *statements)
    return code.registrations[key]


def keys_of_decorated(definition: FunctionDefinition | ClassDefinition) -> tuple[str, ...]:
    """Return under which keys its decorators may put in a definition."""
    return _keys_of_decorators(decorators_of(definition), definition.name)


def made(code: Code, nodes: Iterable[Node]) -> tuple[Registered, ...]:
    """Return classes that come into a table by being made: under their names, or what their bodies say."""
    return tuple(Registered(node, (short_name(node.name), *_keys_of_class(code, node.name))) for node in nodes)


def _keys_of_class(code: Code, class_name: str) -> tuple[str, ...]:
    """Return the texts of a class that a hook of an ancestor asks for: `"a"` of `name = "a"`, for `TABLE[cls.name]`."""
    info = code.class_info(class_name)
    bodies = [found.definition.body for each in info.order if (found := code.class_info(each))] if info else []
    hooks = [item for body in bodies for item in body if isinstance(item, FunctionDefinition) and item.name == _HOOK]
    indices = [node.index for hook in hooks for node in walk(hook) if isinstance(node, Subscript)]
    asked = {inner.name for index in indices for inner in walk(index) if isinstance(inner, Attribute)}
    values = [argument.value for argument in (info.keywords if info else ())]
    for item in bodies[0] if bodies else ():
        targets = (
            item.targets if isinstance(item, Assign) else (item.target,) if isinstance(item, AnnotatedAssign) else ()
        )
        if isinstance(item, Assign | AnnotatedAssign) and any(isinstance(t, Name) and t.id in asked for t in targets):
            values += [item.value] if item.value is not None else []
    return texts_in(values)


def texts_in(nodes: Iterable[Part]) -> tuple[str, ...]:
    """Return the texts that code spells, each once: among them are the keys of what it puts in."""
    parts = (part for node in nodes for part in walk(node) if isinstance(part, Literal))
    texts = (text[5:-1] for part in parts if (text := literal_form(part.source)).startswith("str '"))
    return tuple(dict.fromkeys(texts))


def _keys_of_decorators(decorators: Iterable[Expression], name: str) -> tuple[str, ...]:
    """Return under which keys decorators put in what they decorate: what they are given, or its name."""
    calls = [decorator for decorator in decorators if isinstance(decorator, Call)]
    given = [argument.value for call in calls for argument in call.arguments if argument.name is None]
    members = [dotted_name(value) or "" for value in given if _is_member(value)]
    keys = (*_texts_given(calls), *members)
    return keys or (() if given else (name,))


def _texts_given(calls: Iterable[Part]) -> tuple[str, ...]:
    """Return the texts that calls are given first, or else all in them: among them are the keys."""
    kept = tuple(calls)
    inner = (part for call in kept for part in walk(call) if isinstance(part, Call))
    first = [part.arguments[0].value for part in inner if part.arguments and part.arguments[0].name is None]
    return texts_in(value for value in first if isinstance(value, Literal)) or texts_in(kept)


def _is_member(value: Expression) -> bool:
    """Whether a value looks like the member of an enum, `Kind.TREE`, whose name says which key it is."""
    return isinstance(value, Attribute) and value.name.isupper() and not (dotted_name(value.value) or "").isupper()


def _together(found: Iterable[Registered]) -> Iterator[Registered]:
    """Bring what is put in at several places together; where one key is not known, none is."""
    keys: dict[Node, list[tuple[str, ...]]] = {}
    for each in found:
        keys.setdefault(each.node, []).append(each.keys)
    for node, several in keys.items():
        yield Registered(node, tuple(dict.fromkeys(key for each in several for key in each)) if all(several) else ())


def _found(code: Code, module: str, name: str) -> Iterator[Registered | _By]:
    if module not in code.modules.file_of:
        return
    doors = doors_of(code, module, name)
    yield from made(code, made_into_value(code, name, doors | {f"{module}.{name}"}))
    words = {name, *map(short_name, doors)}
    for file in sorted({file for word in words for file in code.files_naming(word)}):
        there = code.modules.module_of.get(file)
        for sketch in sketches_of(code, file) if there is not None else ():
            found = list(_put_in(code, there or "", sketch.statement, module, name))
            if not sketch.calls.isdisjoint(words):
                found += _put_through(code, there or "", sketch.statement, doors)
            yield from found
            if found:
                yield _By(sketch.statement)


def _put_in(code: Code, there: str, statement: Statement, module: str, name: str) -> Iterator[Registered]:
    """Yield what a top-level statement of another module puts into the value."""
    names = [
        dotted_name(acted.chain) or ""
        for acted in (
            acted_on(statement) if there != module or _stands_by_itself(code, statement, module, name) else ()
        )
        if _is_filled(code.symbols.resolve_expression(there, acted.chain), acted, module, name)
    ]
    if names:
        keys = _keys_set(statement)
        yield from (Registered(node, keys) for node in _contents(code, there, statement))
        if not isinstance(statement, FunctionDefinition | ClassDefinition):
            yield from (Registered(Node("value", each, there), keys) for each in names)


def _stands_by_itself(code: Code, statement: Statement, module: str, name: str) -> bool:
    """Whether a statement of the value's own module is none of those that make the value."""
    own = [each for each, _ in code.module_statements(module, name)]
    return any(each is statement for each in own) and all(each is not statement for each in own_statements(own, name))


def _keys_set(statement: Statement) -> tuple[str, ...]:
    """Return the keys under which a statement puts something in: `TABLE["a"] = 1`, `@TABLE.register("a")`."""
    match statement:
        case FunctionDefinition() | ClassDefinition():
            return _keys_of_decorators(decorators_of(statement), statement.name)
        case Assign(targets=targets) if all(_key(target) for target in targets):
            return tuple(_key(target) for target in targets)
        case _:
            return ()


def _key(target: Expression) -> str:
    match target:
        case Subscript(value=holder, index=Literal() as index) if dotted_name(holder):
            return next(iter(texts_in((index,))), "")
        case _:
            return ""


def _put_through(code: Code, there: str, statement: Statement, doors: AbstractSet[str]) -> Iterator[Registered]:
    """Yield what a top-level statement puts into a value through one of its doors."""
    for part in walk(statement, stop_at=OTHER_SCOPES):
        if isinstance(part, FunctionDefinition | ClassDefinition):
            called = [d for d in decorators_of(part) if door_called(code, there, d, doors)]
            if called:
                keys = _keys_of_decorators(called, part.name)
                yield from (Registered(node, keys) for node in _contents(code, there, part))
        elif isinstance(part, ExpressionStatement):
            called_by = called_name(part.value)
            if called_by is not None and door_called(code, there, part.value, doors):
                contents = tuple(_contents(code, there, statement))
                keys = _texts_given((part,)) or tuple(short_name(node.name) for node in contents)
                yield from (Registered(node, keys) for node in contents)
                # The statement itself counts too: what it puts in may have no name.
                yield Registered(Node("value", key_of_calls(called_by), there), keys)
        elif isinstance(part, Call) and door_called(code, there, part, doors):
            keys = _texts_given((part,))
            for argument in part.arguments:
                yield from (Registered(node, keys) for node in _contents(code, there, argument))


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
