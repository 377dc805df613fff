"""Whether a value fits an annotation, where that can be told."""

from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    InstanceObject,
    ListObject,
    SetObject,
    Unknown,
)
from huldra.facts.expressions import Binary, Constant, Expression, Subscript
from huldra.formats.config_values import EnumValue, PathValue
from huldra.project.classes import ClassInfo
from huldra.project.symbols import ClassSymbol, ExternalSymbol, SymbolTable

_CHECKS: dict[str, tuple[type, ...]] = {
    "builtins.int": (int,),
    "builtins.float": (int, float),
    "builtins.complex": (int, float, complex),
    "builtins.str": (str,),
    "builtins.bytes": (bytes,),
    "builtins.bool": (bool,),
    "builtins.list": (ListObject,),
    "builtins.dict": (DictObject,),
    "builtins.set": (SetObject,),
    "builtins.frozenset": (SetObject,),
    "builtins.tuple": (tuple,),
    "pathlib.Path": (PathValue,),
}


def fits_annotation(
    symbols: SymbolTable, owner: ClassInfo, annotation: Expression, value: AbstractValue
) -> bool | None:
    """Return whether a value fits an annotation of a class body; None where that cannot be told."""
    if isinstance(value, Unknown):
        return None
    match annotation:
        case Binary(operator="|", left=left, right=right):
            results = [fits_annotation(symbols, owner, side, value) for side in (left, right)]
            if True in results:
                return True
            return None if None in results else False
        case Constant(word="None"):
            return value is None
        case Subscript(value=outer, index=inner) if _is_optional(symbols, owner, outer):
            return True if value is None else fits_annotation(symbols, owner, inner, value)
        case Subscript(value=outer):
            # What is inside the brackets is not looked at: only the outer type can be told not to fit.
            return None if fits_annotation(symbols, owner, outer, value) is not False else False
        case _:
            return _fits_symbol(symbols, owner, annotation, value)


def _is_optional(symbols: SymbolTable, owner: ClassInfo, outer: Expression) -> bool:
    symbol = symbols.resolve_expression(owner.module, outer, owner.enclosing)
    return isinstance(symbol, ExternalSymbol) and symbol.name in {"typing.Optional", "typing_extensions.Optional"}


def _fits_symbol(symbols: SymbolTable, owner: ClassInfo, annotation: Expression, value: AbstractValue) -> bool | None:
    symbol = symbols.resolve_expression(owner.module, annotation, owner.enclosing)
    if isinstance(symbol, ExternalSymbol) and symbol.name in _CHECKS:
        if isinstance(value, EnumValue):
            return None
        return isinstance(value, _CHECKS[symbol.name])
    if isinstance(symbol, ExternalSymbol) and symbol.name in {"builtins.object", "typing.Any"}:
        return True
    if isinstance(symbol, ClassSymbol):
        if isinstance(value, ConfigObject | InstanceObject):
            return True if symbol.name in value.cls.info.order else (None if value.cls.info.unseen else False)
        if isinstance(value, EnumValue):
            return value.class_name == symbol.name
        return None if isinstance(value, ClassObject) else False
    return None
