"""What is wrong with a config's arguments although building it need not raise: types, and what goes without saying."""

from collections.abc import Mapping

from huldra.experiments.evaluate.default_values import plain_default
from huldra.experiments.evaluate.machine import CallArguments, Machine
from huldra.experiments.evaluate.text import literal_value
from huldra.experiments.value_identity import same_value
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    ListObject,
    SetObject,
    Unknown,
    type_name,
)
from huldra.facts.expressions import Binary, Constant, Expression, Literal, Subscript, TupleDisplay
from huldra.formats.config_values import EnumValue, PathValue
from huldra.project.classes import ClassInfo
from huldra.project.fields import FieldDeclaration
from huldra.project.link import Project
from huldra.project.places import Place
from huldra.project.symbols import ClassSymbol, ExternalSymbol

_TYPES: Mapping[str, tuple[type, ...]] = {
    "builtins.int": (int,),
    "builtins.float": (int, float),
    "builtins.complex": (int, float, complex),
    "builtins.str": (str,),
    "builtins.bytes": (bytes,),
    "builtins.bool": (bool,),
    "builtins.list": (ListObject,),
    "builtins.dict": (DictObject,),
    "builtins.set": (SetObject,),
    "builtins.frozenset": (SetObject, frozenset),
    "builtins.tuple": (tuple,),
    "pathlib.Path": (PathValue,),
}
_GENERIC = frozenset({"list", "dict", "set", "frozenset", "tuple"})
_ENUMS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum"})
_Scalar = bool | int | float | str | bytes | None


def judge_arguments(
    machine: Machine, cls: ClassObject, arguments: CallArguments, table: Mapping[str, FieldDeclaration]
) -> None:
    """Effect: report arguments that are certainly not what their field is annotated with, or equal its default."""
    for name, place in arguments.places.items():
        field = table.get(name)
        value = arguments.keywords.get(name)
        if field is None or not field.is_certain or isinstance(value, Unknown):
            continue
        default = plain_default(machine, field)
        _judge_type(machine, cls, field, value, default, place)
        if name in arguments.literals and same_value(value, default):
            message = f"{cls.info.qualname}: {name} is {value!r} by default, so this argument changes nothing"
            machine.report("HUL502", "hint", message, place)


def _judge_type(
    machine: Machine,
    cls: ClassObject,
    field: FieldDeclaration,
    value: AbstractValue,
    default: AbstractValue,
    place: Place,
) -> None:
    if field.annotation is None or field.munger is not None or field.converter is not None:
        return
    owner = machine.project.classes[field.owner]
    if _fits(machine.project, owner, field.annotation, value) is not False:
        return
    if _fits(machine.project, owner, field.annotation, default) is False:
        return  # the class itself does not take its annotation at its word
    shown = repr(value) if isinstance(value, _Scalar) else f"a {type_name(value)}"
    message = f"{cls.info.qualname}: {field.name} is annotated {field.annotation_text}, and this is {shown}"
    machine.report("HUL107", "warning", message, place)


def _fits(project: Project, owner: ClassInfo, annotation: Expression, value: AbstractValue) -> bool | None:
    """Return whether a value is of the annotated type, None where that cannot be told for certain."""
    match annotation:
        case Binary(operator="|", left=left, right=right):
            return _any_fits(project, owner, (left, right), value)
        case Constant(word="None"):
            return value is None
        case Subscript(value=outer, index=index):
            inside = index.items if isinstance(index, TupleDisplay) else (index,)
            return _fits_subscript(project, owner, outer, inside, value)
        case _:
            symbol = project.symbols.resolve_expression(owner.module, annotation, owner.enclosing)
            if isinstance(symbol, ExternalSymbol):
                return _fits_external(symbol.name, value)
            return _fits_class(project, symbol.name, value) if isinstance(symbol, ClassSymbol) else None


def _any_fits(project: Project, owner: ClassInfo, sides: tuple[Expression, ...], value: AbstractValue) -> bool | None:
    results = [_fits(project, owner, side, value) for side in sides]
    return True if True in results else None if None in results else False


def _fits_subscript(
    project: Project, owner: ClassInfo, outer: Expression, inside: tuple[Expression, ...], value: AbstractValue
) -> bool | None:
    symbol = project.symbols.resolve_expression(owner.module, outer, owner.enclosing)
    name = symbol.name if isinstance(symbol, ExternalSymbol) else ""
    if name == "typing.Literal" and all(isinstance(item, Literal | Constant) for item in inside):
        return _is_one_of(inside, value)
    if name == "typing.Optional":
        return True if value is None else _any_fits(project, owner, inside, value)
    if name == "typing.Union":
        return _any_fits(project, owner, inside, value)
    return _fits_external(name, value) if name.removeprefix("builtins.") in _GENERIC else None


def _is_one_of(items: tuple[Expression, ...], value: AbstractValue) -> bool | None:
    if not isinstance(value, _Scalar):
        return None
    try:
        choices = [literal_value(item.source) for item in items if isinstance(item, Literal)]
    except ValueError:
        return None
    words = {item.word for item in items if isinstance(item, Constant)}
    return repr(value) in words or any(same_value(value, choice) for choice in choices)


def _fits_external(name: str, value: AbstractValue) -> bool | None:
    types = _TYPES.get(name)
    if types is None or not _is_plain(value) or isinstance(value, EnumValue):
        return None
    return isinstance(value, types)


def _fits_class(project: Project, name: str, value: AbstractValue) -> bool | None:
    info = project.classes.get(name)
    if info is None or not _is_plain(value):
        return None
    if not _ENUMS.isdisjoint(info.order):
        return isinstance(value, EnumValue) and value.class_name == name
    if info.unseen or not project.tables.is_config_class(name):
        return None
    if isinstance(value, ConfigObject):
        return None if value.cls.info.unseen else name in value.cls.info.order
    return False


def _is_plain(value: AbstractValue) -> bool:
    """Whether the type of a value is beyond doubt."""
    if isinstance(value, DictObject):
        return value.type_name == "dict"
    kinds = (_Scalar, EnumValue, PathValue, ListObject, SetObject, frozenset, tuple, ConfigObject)
    return value is None or any(isinstance(value, kind) for kind in kinds)
