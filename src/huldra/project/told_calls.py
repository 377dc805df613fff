"""What calls of other libraries give back of what they are given: `sorted(runs)`, `chz.replace(run, …)`."""

from collections.abc import Sequence

from huldra.project.told import (
    OUTSIDE,
    UNTOLD,
    ClassItself,
    Instance,
    Pair,
    Several,
    Told,
    agreed,
    is_outside,
    item_of,
)

REPLACING = frozenset({"chz.replace", "dataclasses.replace", "copy.replace"})
"""Functions that copy a config with other values for some fields, by the end of their dotted names."""
_COPYING = frozenset({"copy.copy", "copy.deepcopy"})
_COLLECTING = frozenset(
    f"builtins.{name}" for name in ("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "dict")
)
_CHOOSING = frozenset({"builtins.next", "builtins.min", "builtins.max", "random.choice"})
_HANDING_ON = frozenset(
    {"builtins", "itertools", "functools", "operator", "copy", "random", "collections", "contextlib", "concurrent"}
)
"""Packages whose functions give back what they are given, in one form or another."""
_SIMPLE = frozenset(
    f"builtins.{name}"
    for name in (
        *("len", "sum", "abs", "round", "range", "int", "float", "str", "bool", "bytes", "repr", "print", "isinstance"),
        *(
            "issubclass",
            "hash",
            "id",
            "open",
            "any",
            "all",
            "format",
            "ord",
            "chr",
            "pow",
            "divmod",
            "hasattr",
            "input",
        ),
    )
)


def is_replacing(name: str) -> bool:
    """Whether a function copies a config with other values: `chz.replace`, also as `huldra.chz.replace`."""
    return ".".join(name.split(".")[-2:]) in REPLACING


def call_of_library(name: str, arguments: Sequence[Told], class_name: str | None) -> Told:
    """Return what a call gives.

    Args:
        name: The function, by its dotted name.
        arguments: What is told of each argument.
        class_name: The class around the call, for `super()`.
    """
    first = arguments[0] if arguments else UNTOLD
    if is_replacing(name) or name in _COPYING:
        return first
    if name in _COLLECTING:
        return Several(item_of(first)) if arguments else Several(OUTSIDE)
    if name in _CHOOSING:
        return item_of(first) if len(arguments) == 1 or not isinstance(first, Instance) else agreed(arguments)
    if name == "builtins.enumerate":
        return Several(Pair((OUTSIDE, item_of(first))))
    if name == "builtins.zip":
        return Several(Pair(tuple(item_of(argument) for argument in arguments)))
    if name == "builtins.type" and isinstance(first, Instance):
        return ClassItself(first.class_names)
    if name == "builtins.super" and class_name is not None:
        return Instance(frozenset({class_name}))
    if name == "functools.partial" and isinstance(first, ClassItself):
        return first
    if name in _SIMPLE:
        return OUTSIDE
    if name.partition(".")[0] in _HANDING_ON:
        return OUTSIDE if arguments and all(is_outside(argument) for argument in arguments) else UNTOLD
    is_given = any(isinstance(argument, Instance | ClassItself | Several | Pair) for argument in arguments)
    return UNTOLD if is_given and not all(is_outside(argument) for argument in arguments) else OUTSIDE


def method_of_collection(told: Several, method: str) -> Told:
    """Return what a method of a list, set or dictionary gives."""
    match method:
        case "values" | "copy" | "union" | "intersection" | "difference":
            return told
        case "items":
            return Several(Pair((OUTSIDE, told.item)))
        case "get" | "pop" | "setdefault":
            return told.item
        case "keys" | "append" | "extend" | "add" | "sort" | "index" | "count" | "insert" | "update":
            return OUTSIDE
        case _:
            return UNTOLD
