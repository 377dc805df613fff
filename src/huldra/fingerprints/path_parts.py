"""The parts of a path as code puts it together, and what the first of them may be."""

from collections.abc import Iterator

from msgspec import Struct

from huldra.facts import expressions as e
from huldra.facts.walk import walk
from huldra.fingerprints.name_patterns import (
    STEM,
    has_suffix,
    is_constant,
    is_own_file,
    last_name,
    named_after_file,
    pattern_of,
    text_of,
    without_suffix,
)
from huldra.formats.dialect import DIALECTS

_AS_TEXT = frozenset({"str", "fspath", "as_posix"})
"""The last names of calls that give a path as a text."""
_JOINS = frozenset({"joinpath", "join", "Path", "PurePath", "PosixPath"})
"""The last names of calls whose arguments are the parts of one path."""
_ABOVE = frozenset({"parent", "parents", "__file__"})
_NOT_JOINING = frozenset({"files", "get", "getenv", "getattr", "pop", "setdefault", "add_argument", "replace", "sub"})
"""The last names of calls that are given names of packages, keys and defaults, or what takes the place of another."""
_RUN_DIRECTORIES = frozenset({"raw_dir", *(f"{dialect.name}_dir" for dialect in DIALECTS)})


def is_joined(node: e.Node) -> bool:
    """Whether a call gives a path that is put together of parts, or of another path."""
    if not isinstance(node, e.Call):
        return False
    is_after_file = named_after_file(node) not in {None, STEM}
    return is_after_file or last_name(node.function) in _JOINS or _renaming(node) is not None


def parts_of(node: e.Node) -> list[e.Node]:
    """Return what a path is joined from, in order; one that is not joined is its only part."""
    match node:
        case e.Binary(operator="/", left=left, right=right):
            return [*parts_of(left), *parts_of(right)]
        case e.Call(function=function, arguments=arguments) if last_name(function) in _JOINS:
            receiver = receiver_of(function) if last_name(function) == "joinpath" else None
            values = [value for argument in arguments for value in parts_of(argument.value)]
            return values if receiver is None else [*parts_of(receiver), *values]
        case e.Call() if (renaming := _renaming(node)) is not None:
            return _renamed(parts_of(renaming.path), renaming)
        case _:
            return [node]


def below_constant(node: e.Expression) -> e.Expression | None:
    """Return what a text says below a directory that code says: of `f"{ROOT}/{kind}.txt"` the last part."""
    match list(_added(node)):
        case [e.Interpolation(value=first, conversion="" | "s", spec=None, debug=""), slash, *rest]:
            pass
        case [first, slash, *rest]:
            pass
        case _:
            return None
    while isinstance(first, e.Call) and last_name(first.function) in _AS_TEXT and len(first.arguments) == 1:
        first = first.arguments[0].value
    text = text_of(slash) or ""
    if not text.startswith("/") or text_of(first) is not None or not _is_constant_directory(first):
        return None
    below: e.Expression = e.Literal(repr(text.lstrip("/")), first.at)
    for part in rest:
        below = e.Binary("+", below, _as_expression(part), below.at)
    return below


def _is_constant_directory(node: e.Node) -> bool:
    """Whether it is said in code which directory a value is: by a constant, or by `__file__`."""
    if is_constant(node) or named_after_file(node) is not None:
        return is_constant(node)
    return any(isinstance(inner, e.Name) and inner.id == "__file__" for inner in walk(node))


def _added(node: e.Interpolation | e.Expression) -> Iterator[e.Interpolation | e.Expression]:
    """Yield what a text is put together from, one after the other."""
    match node:
        case e.Binary(operator="+", left=left, right=right):
            yield from _added(left)
            yield from _added(right)
        case e.FormattedString(parts=parts) | e.Concatenation(parts=parts):
            for part in parts:
                yield from _added(part)
        case _:
            yield node


def _as_expression(part: e.Interpolation | e.Expression) -> e.Expression:
    """Return a part of a text as an expression: what stands in braces as an f-string of its own."""
    if isinstance(part, e.Interpolation | e.Literal):
        return e.FormattedString((part,), is_template=False, at=part.at)
    return part


class _Renaming(Struct, frozen=True):
    """A path of which the last name gets another suffix, or, without one, becomes another."""

    path: e.Expression
    value: e.Expression
    suffix: str | None


def _renaming(node: e.Call) -> _Renaming | None:
    match node:
        case e.Call(
            function=e.Attribute(value=path, name="with_suffix" | "with_name" as method),
            arguments=(e.Argument(value=value, star=""),),
        ):
            suffix = text_of(value) if method == "with_suffix" else None
            return None if method == "with_suffix" and suffix is None else _Renaming(path, value, suffix)
        case _:
            return None


def _renamed(parts: list[e.Node], renaming: _Renaming) -> list[e.Node]:
    value, suffix = renaming.value, renaming.suffix
    if not parts:
        return [value]
    *above, last = parts
    text = text_of(last)
    if suffix is not None:
        return [*above, _with_suffix(last, text, suffix, value)]
    if text is not None:
        directory = text.rstrip("/").rpartition("/")[0]
        return [*above, *((e.Literal(repr(directory), value.at),) if directory else ()), value]
    # What gives the path may say more, and is looked into.
    return [*above, value] if above else [e.Attribute(renaming.path, "parent", value.at), value]


def _with_suffix(last: e.Node, text: str | None, suffix: str, value: e.Expression) -> e.Node:
    if text is not None:
        return e.Literal(repr(without_suffix(text) + suffix), value.at)
    if not isinstance(last, e.Name | e.Attribute | e.Subscript | e.Call | e.Binary | e.FormattedString):
        return last
    return e.Binary("+", e.Attribute(last, "stem", value.at) if is_own_file(last) else last, value, value.at)


def handed_file(node: e.Node) -> list[e.Node]:
    """Return the parts of a name that a function is given, which may join them: `asset("labels", f"{kind}.txt")`."""
    parts = _handed(node)
    return parts if len(parts) > 1 and _is_file(parts[-1]) else []


def handed_directory(node: e.Node) -> list[e.Node]:
    """Return the parts of a directory that a function is given, which may join them: `asset("labels", kind)`."""
    parts = _handed(node)
    return parts if parts and not _is_file(parts[-1]) else []


def _handed(node: e.Node) -> list[e.Node]:
    """Return what a function is given from the first text on, up to what looks like the name of a file."""
    if not isinstance(node, e.Call) or is_joined(node) or is_run_directory(node):
        return []
    given: list[e.Node] = []
    positional = [argument for argument in node.arguments if argument.name is None and argument.star != "**"]
    for argument in () if last_name(node.function) in _NOT_JOINING else positional:
        if given or text_of(argument.value) is not None:
            if argument.star or pattern_of(argument.value) is None:
                return []  # what stands between is not known
            given.append(argument.value)
            if _is_file(argument.value):
                return given
    return [*given, *_named_file(node)]


def _named_file(node: e.Call) -> list[e.Node]:
    """Return the texts that a function is given by keyword up to the name of a file; nothing without one."""
    texts: list[e.Node] = []
    for argument in () if last_name(node.function) in _NOT_JOINING else node.arguments:
        if argument.name is not None and (text_of(argument.value) is not None or _is_file(argument.value)):
            texts.append(argument.value)
            if _is_file(argument.value):
                return texts
    return []


def _is_file(node: e.Node) -> bool:
    return has_suffix(pattern_of(node) or "")


def is_below_handed(parts: list[e.Node]) -> bool:
    """Whether a path is certainly one that begins in what a function gives, and no quotient: a text is its end."""
    last = parts[-1]
    return bool(parts[1:] and handed_directory(parts[0])) and (text_of(last) is not None or _is_file(last))


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
