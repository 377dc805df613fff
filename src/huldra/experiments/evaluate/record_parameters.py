"""How the constructor of a dataclass takes its fields: by position, by name only, or not at all."""

from collections.abc import Mapping
from typing import Literal

from huldra.experiments.evaluate.machine import CallArguments, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import AbstractValue, ClassObject
from huldra.facts.expressions import Call, Constant, Expression, Subscript
from huldra.project.classes import ClassInfo
from huldra.project.symbols import ExternalSymbol

Kind = Literal["positional", "keyword", "unset", "init_only", "marker"]
"""The constructor does not take what is `unset`, and gives what is `init_only` to `__post_init__`, not keeping it."""
Fields = Mapping[str, tuple[ClassInfo, Expression]]
_WORDS: Mapping[str, bool] = {"True": True, "False": False}
_MARKS: Mapping[str, Kind] = {"dataclasses.InitVar": "init_only", "dataclasses.KW_ONLY": "marker"}
_FOLLOWED = frozenset({"frozen", "slots", "order", "eq", "repr", "unsafe_hash", "kw_only", "match_args"})


class NotFollowed(Exception):  # noqa: N818  an answer, not an error
    """Why the constructor of a record may not simply take its annotated names."""


def decorator_options(machine: Machine, info: ClassInfo, name: str) -> Mapping[str, bool | None] | None:
    """Return the options of a decorator of a class as written, None for one that is no constant; None without it."""
    for decorator in info.definition.decorators:
        target = decorator.function if isinstance(decorator, Call) else decorator
        symbol = machine.project.symbols.resolve_expression(info.module, target)
        if isinstance(symbol, ExternalSymbol) and symbol.name == name:
            arguments = decorator.arguments if isinstance(decorator, Call) else ()
            return {argument.name or "": _word(argument.value) for argument in arguments}
    return None


def is_read_by_descriptor(machine: Machine, owner: ClassObject, name: str) -> bool:
    """Whether a class gives for a name what its instances are read by, and not the default that its body says.

    So it is with the fields of named tuples, and of dataclasses with slots.
    """
    info = owner.info
    if info.name not in machine.project.classes:
        fields = owner.members.names.get("_fields")  # of what `namedtuple(…)` has made
        return isinstance(fields, tuple) and name in fields
    if name not in machine.project.tables.body(info.name).annotated:
        return False
    has_slots = (decorator_options(machine, info, "dataclasses.dataclass") or {}).get("slots", False)
    return has_slots is not False or info.order[1:2] == ("typing.NamedTuple",)


def _word(value: Expression) -> bool | None:
    return _WORDS.get(value.word) if isinstance(value, Constant) else None


def field_option(machine: Machine, owner: ClassInfo, name: str, option: str, *, default: bool | None) -> bool | None:
    """Return what `field(…)` says of a field; None where that is no constant."""
    member = machine.project.tables.body(owner.name).members.get(name)
    arguments = member.value.arguments if member is not None and isinstance(member.value, Call) else ()
    return next((_word(argument.value) for argument in arguments if argument.name == option), default)


def field_kinds(machine: Machine, record: ClassInfo, fields: Fields) -> dict[str, Kind]:
    """Return how the constructor of a dataclass or named tuple takes each of its annotated names, in order.

    Raises:
        NotFollowed: that cannot be told.
    """
    options = decorator_options(machine, record, "dataclasses.dataclass") or {}
    if options.keys() - _FOLLOWED:
        raise NotFollowed(f"an instance of {record.name}, whose decorator has options that are not followed")
    return {name: _kind(machine, record, owner, name) for name, (owner, _) in fields.items()}


def _kind(machine: Machine, record: ClassInfo, owner: ClassInfo, name: str) -> Kind:
    annotated = machine.project.tables.body(owner.name).annotated
    marks: dict[str, Kind | None] = {
        other: _mark(machine, owner, field.annotation) for other, field in annotated.items()
    }
    mark = marks.get(name)
    if mark == "marker":
        return "marker"
    names = list(annotated)
    is_after_marker = any(marks[other] == "marker" for other in names[: names.index(name)])
    whole = (decorator_options(machine, owner, "dataclasses.dataclass") or {}).get("kw_only", False)
    by_name = field_option(machine, owner, name, "kw_only", default=is_after_marker or whole)
    is_taken = field_option(machine, owner, name, "init", default=True)
    if by_name is None or is_taken is None:
        raise NotFollowed(f"an instance of {record.name}, whose field {name!r} has options that are not followed")
    if not is_taken:
        return "unset"
    if mark is not None and by_name:
        raise NotFollowed(f"an instance of {record.name}, whose field {name!r} is none")
    if mark is not None:
        return "init_only"
    return "keyword" if by_name else "positional"


def _mark(machine: Machine, owner: ClassInfo, annotation: Expression) -> Kind | None:
    target = annotation.value if isinstance(annotation, Subscript) else annotation
    symbol = machine.project.symbols.resolve_expression(owner.module, target, owner.enclosing)
    return _MARKS.get(symbol.name) if isinstance(symbol, ExternalSymbol) else None


def bind_fields(kinds: Mapping[str, Kind], arguments: CallArguments) -> dict[str, AbstractValue]:
    """Return the arguments of a constructor by field.

    Raises:
        Raised: TypeError, when they do not fit.
    """
    by_position = [name for name, kind in kinds.items() if kind in {"positional", "init_only"}]
    given = dict(zip(by_position, arguments.positional, strict=False))
    for name, value in arguments.keywords.items():
        if kinds.get(name, "marker") in {"marker", "unset"} or name in given:
            raise Raised("TypeError", f"unexpected argument {name!r}", arguments.place)
        given[name] = value
    if len(arguments.positional) > len(by_position):
        raise Raised("TypeError", "too many positional arguments", arguments.place)
    return given
