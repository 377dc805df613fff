"""The parts of a path as code puts it together, and what the first of them may be."""

from huldra.facts import expressions as e
from huldra.fingerprints.name_patterns import is_constant, last_name, renamed
from huldra.formats.dialect import DIALECTS

_JOINS = frozenset({"joinpath", "join", "Path", "PurePath", "PosixPath"})
"""The last names of calls whose arguments are the parts of one path."""
_ABOVE = frozenset({"parent", "parents", "__file__"})
_RUN_DIRECTORIES = frozenset({"raw_dir", *(f"{dialect.name}_dir" for dialect in DIALECTS)})


def is_joined(node: e.Node) -> bool:
    """Whether a call gives a path that is put together of parts, or of another path."""
    return isinstance(node, e.Call) and (last_name(node.function) in _JOINS or renamed(node) is not None)


def parts_of(node: e.Node) -> list[e.Node]:
    """Return what a path is joined from, in order; one that is not joined is its only part."""
    match node:
        case e.Binary(operator="/", left=left, right=right):
            return [*parts_of(left), *parts_of(right)]
        case e.Call(function=function, arguments=arguments) if last_name(function) in _JOINS:
            receiver = receiver_of(function) if last_name(function) == "joinpath" else None
            values = [value for argument in arguments for value in parts_of(argument.value)]
            return values if receiver is None else [*parts_of(receiver), *values]
        case e.Call() if (found := renamed(node)) is not None:
            inner, last = found
            return [*parts_of(inner)[:-1], last(parts_of(inner)[-1])]
        case _:
            return [node]


def receiver_of(function: e.Expression) -> e.Expression:
    """Return what a method is of; a function itself."""
    return function.value if isinstance(function, e.Attribute) else function


def may_be_given(node: e.Node) -> bool:
    """Whether a field may say which directory a value is, or a caller: it is no constant, nor found by `__file__`."""
    while isinstance(node, e.Subscript):
        node = node.value
    return isinstance(node, e.Name | e.Attribute) and not is_constant(node) and last_name(node) not in _ABOVE


def is_run_directory(node: e.Node) -> bool:
    """Whether a path is the directory of a run."""
    while isinstance(node, e.Call):
        node = node.function
    name = node.name if isinstance(node, e.Attribute) else node.id if isinstance(node, e.Name) else ""
    return name in _RUN_DIRECTORIES
