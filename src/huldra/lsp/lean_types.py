"""Lets go of what the protocol's types hold only for who looks at them. Knows nothing of what they are for.

attrs gives the methods that it writes for a class a copy of all that the module of the class holds, so that annotations
can be looked up by name, and keeps the text of them for tracebacks: of the five hundred types of the protocol that is
eight megabytes, and a server asks for neither.
"""

import linecache
from collections.abc import Iterator
from types import CodeType, FunctionType

from lsprotocol import types

_WRITTEN_BY_ATTRS = "<attrs generated"
_ALWAYS = frozenset({"__builtins__", "__name__"})


def let_go_of_copies() -> None:
    """Effect: leave each of these methods the names that it uses. No other thread may use the types meanwhile."""
    for name in [name for name in linecache.cache if name.startswith(_WRITTEN_BY_ATTRS)]:
        del linecache.cache[name]
    held: dict[int, tuple[dict[str, object], set[str]]] = {}
    for function in _written_methods():
        names = held.setdefault(id(function.__globals__), (function.__globals__, set(_ALWAYS)))[1]
        names.update(*(code.co_names for code in _codes(function.__code__)))
    for number, (values, names) in held.items():
        if number != id(vars(types)):
            kept = {name: values[name] for name in names if name in values}
            values.clear()
            values.update(kept)


def _written_methods() -> Iterator[FunctionType]:
    for cls in vars(types).values():
        if isinstance(cls, type) and cls.__module__ == types.__name__:
            for method in vars(cls).values():
                if isinstance(method, FunctionType) and method.__code__.co_filename.startswith(_WRITTEN_BY_ATTRS):
                    yield method


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
