"""What comes into a table when a class is made: by `__init_subclass__`, by a metaclass, or through `__subclasses__()`.

A subclass says nothing at the table that it comes into, so the whole state is searched for subclasses.
"""

import builtins
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from huldra.facts.expressions import Attribute, Call, Expression, Name, Subscript
from huldra.facts.statements import Assign, ClassDefinition, FunctionDefinition
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.module_names import ADDING_METHODS, owner_name
from huldra.fingerprints.resolve import Node
from huldra.formats.names import short_name
from huldra.project.classes import ClassInfo
from huldra.project.symbols import ClassSymbol, FunctionSymbol, Symbol, ValueSymbol

SUBCLASSES = "__subclasses__"
_HOOK = "__init_subclass__"
_TYPE = "builtins.type"
_METACLASS_HOOKS = frozenset({"__new__", "__init__"})


def descendants(code: Code, class_name: str) -> tuple[Node, ...]:
    """Return the classes of the project that derive from a class, at any depth, by name."""
    found: dict[str, None] = {}
    waiting = [class_name]
    while waiting:
        parent = waiting.pop()
        for info in _classes_naming(code, parent.rpartition(".")[2]):
            if info.name != parent and parent in info.order and info.name not in found:
                found[info.name] = None
                waiting.append(info.name)
    return tuple(Node("class", name) for name in sorted(found))


def made_into_class(code: Code, class_name: str, tables: AbstractSet[str]) -> tuple[Node, ...]:
    """Return the classes that put themselves into a table of a class when they are made.

    Args:
        code: The state of the code.
        class_name: The class that has the tables, or inherits them.
        tables: The names of the attributes that are read of it.
    """
    info = code.class_info(class_name)
    found: dict[Node, None] = {}
    for ancestor in () if info is None else info.order:
        for names, parent in _hooks(code, ancestor):
            if names & tables:
                found |= dict.fromkeys((*parent, *descendants(code, ancestor)))
        made = code.class_info(ancestor)
        if made is not None and _TYPE in made.order and _filled(made.definition, _METACLASS_HOOKS) & tables:
            found |= dict.fromkeys(_made_by(code, ancestor))
    return tuple(found)


def made_into_value(code: Code, name: str, doors: AbstractSet[str]) -> tuple[Node, ...]:
    """Return the classes that put themselves into a module's value when they are made.

    `doors` are the full names of what fills it when it is called, the value itself among them.
    """
    found: dict[Node, None] = {}
    for word in dict.fromkeys((name, *(short_name(door) for door in sorted(doors)))):
        for info in _classes_naming(code, word):
            if not _is_one_of(code.symbols.resolve(info.module, word), doors):
                continue
            for names, parent in _hooks(code, info.name):
                if word in names:
                    found |= dict.fromkeys((*parent, *descendants(code, info.name)))
            if word in _filled(info.definition, _METACLASS_HOOKS):
                found |= dict.fromkeys(_made_by(code, info.name))
    return tuple(found)


def _is_one_of(symbol: Symbol, filled: AbstractSet[str]) -> bool:
    match symbol:
        case ValueSymbol(module=there, name=value):
            return f"{there}.{value}" in filled
        case FunctionSymbol(name=function):
            return function in filled
        case _:
            return False


def _hooks(code: Code, class_name: str) -> Iterator[tuple[frozenset[str], tuple[Node, ...]]]:
    """Yield the names that making a subclass of a class fills, with the class itself where its own making does too."""
    info = code.class_info(class_name)
    if info is None:
        return
    own = _filled(info.definition, frozenset({_HOOK}))
    if own:
        yield own, ()
    for keyword in info.keywords:
        if keyword.name == "metaclass":
            meta = code.symbols.resolve_expression(info.module, keyword.value, info.enclosing)
            made = code.class_info(meta.name) if isinstance(meta, ClassSymbol) else None
            if made is not None:
                yield _filled(made.definition, _METACLASS_HOOKS), (Node("class", class_name),)


def _made_by(code: Code, metaclass: str) -> Iterator[Node]:
    for info in _classes_naming(code, metaclass.rpartition(".")[2]):
        for keyword in info.keywords:
            if keyword.name == "metaclass":
                symbol = code.symbols.resolve_expression(info.module, keyword.value, info.enclosing)
                if isinstance(symbol, ClassSymbol) and symbol.name == metaclass:
                    yield Node("class", info.name)
                    yield from descendants(code, info.name)


def _classes_naming(code: Code, word: str) -> Iterator[ClassInfo]:
    """Yield the classes of the files whose text holds a word."""
    for file in sorted(code.files_naming(word)):
        yield from code.classes_of_file(file)


def _filled(definition: ClassDefinition, hooks: frozenset[str]) -> frozenset[str]:
    """Return the names, plain or of attributes, of what the hooks of a class put something into."""
    functions = [item for item in definition.body if isinstance(item, FunctionDefinition) and item.name in hooks]
    return frozenset(name for function in functions for name in _fills(function))


def _fills(function: FunctionDefinition) -> Iterator[str]:
    for node in walk(function):
        match node:
            case Assign(targets=targets):
                for target in targets:
                    if owner_name(target) is not None:
                        yield from _path(target)
            case Call(function=Attribute(value=holder, name=method)) if method in ADDING_METHODS:
                yield from _path(holder)
            case Call(function=Name(id=name)) if not hasattr(builtins, name):
                yield name  # a function of the project may do the filling
            case _:
                pass


def _path(target: Expression) -> Iterator[str]:
    """Yield the names along a target: `cls`, `kinds` of `cls.kinds[name]`."""
    match target:
        case Name(id=name):
            yield name
        case Attribute(value=value, name=name):
            yield name
            yield from _path(value)
        case Subscript(value=value):
            yield from _path(value)
        case _:
            pass
