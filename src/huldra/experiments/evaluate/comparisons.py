"""What comparisons of two values give; unknown wherever Python's answer depends on what is not followed."""

import operator
from collections.abc import Container, Iterable

from huldra.experiments.evaluate.arrays import comparison
from huldra.experiments.evaluate.conversion import NotConvertible, to_python
from huldra.experiments.evaluate.operators import apply, as_set, holds_enum, operators_by_symbol, truth
from huldra.experiments.evaluate.reachable import NoKey, find_key
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.numpy_numbers import NumpyNumber
from huldra.experiments.value_identity import as_key
from huldra.experiments.values import (
    AbstractValue,
    ConfigObject,
    DictObject,
    DictView,
    External,
    FunctionObject,
    InstanceObject,
    ListObject,
    ModuleObject,
    Sentinel,
    SetObject,
    Unknown,
    type_name,
)
from huldra.formats.config_values import EnumValue
from huldra.project.places import Place

VERSION = External("sys.version_info")
_OLDEST = (3, 11)
"""The oldest Python that the library runs on: a check for it or for an older one is decided."""
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ORDERED_BY_NOTHING = (FunctionObject,)
"""What has no order, and leaves it to the other side to have one."""
_WITHOUT_CODE = (type(None), bool, int, float, complex, str, bytes, tuple, ListObject)
"""What has no order with those."""
_COMPARE = operators_by_symbol({"<": "lt", "<=": "le", ">": "gt", ">=": "ge"})


def compare(symbol: str, left: AbstractValue, right: AbstractValue, place: Place) -> AbstractValue:
    """Return `left symbol right` for one comparison."""
    for side in (left, right):
        if isinstance(side, Unknown):
            return side
    match symbol:
        case "is" | "is not":
            result = _identical(left, right)
        case "==" | "!=":
            result = equal(left, right)
        case "in" | "not in":
            result = _contains(right, left, place)
        case _:
            known = _by_version(symbol, left, right)
            return _ordered(symbol, left, right, place) if known is None else known
    if isinstance(result, Unknown):
        return result
    return result is (symbol in {"is", "==", "in"})


def _by_version(symbol: str, left: AbstractValue, right: AbstractValue) -> bool | None:
    """Return what a check of Python's version gives on every version that the library supports; None otherwise."""
    if right == VERSION:
        left, right, symbol = right, left, _MIRRORED[symbol]
    if left != VERSION or not isinstance(right, tuple) or not all(isinstance(part, int) for part in right):
        return None
    is_older = right[:2] < _OLDEST  # pyright: ignore[reportOperatorIssue]  numbers all of them, as was just seen
    if is_older or (right == _OLDEST and symbol in {">=", "<"}):
        return symbol in {">=", ">"}
    return None


def _ordered(symbol: str, left: AbstractValue, right: AbstractValue, place: Place) -> AbstractValue:
    if isinstance(left, SetObject) and isinstance(right, SetObject):
        unknown = left.unknown or right.unknown
        return unknown or bool(_COMPARE[symbol](left.items.keys(), right.items.keys()))
    if isinstance(left, DictView) or isinstance(right, DictView):
        return Unknown(f"`{symbol}` between a {type_name(left)} and a {type_name(right)}", place)
    if isinstance(left, _ORDERED_BY_NOTHING) and isinstance(right, (*_ORDERED_BY_NOTHING, *_WITHOUT_CODE)):
        raise Raised("TypeError", f"`{symbol}` between a {type_name(left)} and a {type_name(right)}", place)
    if isinstance(right, _ORDERED_BY_NOTHING) and isinstance(left, _WITHOUT_CODE):
        raise Raised("TypeError", f"`{symbol}` between a {type_name(left)} and a {type_name(right)}", place)
    try:
        first, second = to_python(left), to_python(right)
    except NotConvertible as problem:
        return Unknown(problem.reason, place)
    return apply(lambda: _COMPARE[symbol](first, second), place)


def _identical(left: AbstractValue, right: AbstractValue) -> bool | Unknown:
    for side in (left, right):
        if isinstance(side, External) and not side.name.startswith("builtins.") and left != right:
            return Unknown(f"`is` on {side.name}, which is outside the project")
    if isinstance(left, ModuleObject) and isinstance(right, ModuleObject):
        return left == right
    for constant in (None, True, False):
        if left is constant or right is constant:
            return left is right
    if isinstance(left, EnumValue | Sentinel | External) or isinstance(right, EnumValue | Sentinel | External):
        return left == right
    if isinstance(left, int | float | str | bytes | tuple) and type(left) is type(right):
        return Unknown("`is` on values that Python may or may not share")
    return left is right


def equal(left: AbstractValue, right: AbstractValue) -> bool | Unknown:
    """Return `left == right`."""
    match left, right:
        case (Unknown() as doubt, _) | (_, Unknown() as doubt):
            return doubt
        case (DictView(), _) | (_, DictView()):
            first, second = as_set(left), as_set(right)
            if first is None or second is None:
                return Unknown("`==` on the view of a dict")
            return equal(first, second)
        case DictObject(type_name="Counter"), DictObject(type_name="Counter"):
            return _equal_counts(left, right)
        case float(), float():
            return left == right
        case (NumpyNumber(), _) | (_, NumpyNumber()):
            result = comparison("==", left, right, None)
            return truth(result)
        case (ListObject(), ListObject()) | (tuple(), tuple()):
            return _equal_sequences(left, right)
        case DictObject(), DictObject():
            if left.unknown or right.unknown:
                return left.unknown or right.unknown or False
            if holds_enum(left) or holds_enum(right):
                return True if left is right else Unknown("`==` on dicts with enum members")
            if left.items.keys() != right.items.keys():
                return False
            if left.type_name == right.type_name == "OrderedDict" and [*left.items] != [*right.items]:
                return False  # only between two of them does the order count
            return _all(equal(value, right.items[key]) for key, value in left.items.items())
        case SetObject(), SetObject():
            if left.items.keys() != right.items.keys() and (holds_enum(left) or holds_enum(right)):
                return Unknown("`==` on sets of enum members")
            return left.unknown or right.unknown or left.items.keys() == right.items.keys()
        case ConfigObject(), ConfigObject():
            return _equal_configs(left, right)
        case (InstanceObject(cls=cls), _) | (_, InstanceObject(cls=cls)):
            return Unknown(f"`==` on a {cls.info.qualname}")
        case External(), External():
            return True if left == right else Unknown(f"`==` between {left.name} and {right.name}")
        case (External(name=name), _) | (_, External(name=name)):
            return Unknown(f"`==` on {name}, which is outside the project")
        case EnumValue(is_plain=True), EnumValue(is_plain=True):
            return left == right or left.value == right.value
        case EnumValue(), _ if left.is_plain and not isinstance(right, EnumValue):
            return left.value == right
        case _, EnumValue() if right.is_plain and not isinstance(left, EnumValue):
            return left == right.value
        case _:
            return left is right or left == right


def _equal_configs(left: ConfigObject, right: ConfigObject) -> bool | Unknown:
    """What differs as it was passed may read the same: whoever can call a munger has looked at that before."""
    if left.cls.name != right.cls.name:
        return False
    is_same = left is right or _all(equal(value, right.raw[name]) for name, value in left.raw.items()) is True
    return is_same or Unknown(f"`==` on a {left.cls.info.qualname} inside another value")


def _equal_counts(left: DictObject, right: DictObject) -> bool | Unknown:
    """What a Counter does not have it has no times."""
    keys = dict.fromkeys((*left.items, *right.items))
    counts = ((left.items.get(key, 0), right.items.get(key, 0)) for key in keys)
    return left.unknown or right.unknown or _all(equal(mine, theirs) for mine, theirs in counts)


def _equal_sequences(left: AbstractValue, right: AbstractValue) -> bool | Unknown:
    first = left.items if isinstance(left, ListObject) else left
    second = right.items if isinstance(right, ListObject) else right
    for side in (left, right):
        if isinstance(side, ListObject) and side.unknown is not None:
            return side.unknown
    if not isinstance(first, list | tuple) or not isinstance(second, list | tuple) or len(first) != len(second):
        return False
    return _all(equal(a, b) for a, b in zip(first, second, strict=True))


def _all(results: Iterable[bool | Unknown]) -> bool | Unknown:
    doubt: Unknown | None = None
    for result in results:
        if isinstance(result, Unknown):
            doubt = doubt or result
        elif not result:
            return False
    return doubt or True


def _contains(container: AbstractValue, item: AbstractValue, place: Place) -> bool | Unknown:
    match container:
        case DictObject() | SetObject() | DictView(kind="keys"):
            table = container.table if isinstance(container, DictView) else container
            key = as_key(item)
            if table.unknown is not None or isinstance(key, Unknown):
                return table.unknown or Unknown("an unknown key")
            return not isinstance(find_key(table.items, key), NoKey)
        case DictView(kind="values", table=table):
            return table.unknown or _contains(tuple(container.elements), item, place)
        case ListObject() | tuple():
            if isinstance(container, ListObject) and container.unknown is not None:
                return container.unknown
            items = container.items if isinstance(container, ListObject) else container
            found = [True if item is other else equal(item, other) for other in items]
            if any(result is True for result in found):
                return True
            return next((result for result in found if isinstance(result, Unknown)), False)
        case str() | bytes() | range():
            try:
                needle = to_python(item)
            except NotConvertible as problem:
                return Unknown(problem.reason, place)
            sequence: Container[object] = container
            result = apply(lambda: operator.contains(sequence, needle), place)
            return result if isinstance(result, bool | Unknown) else Unknown("`in`", place)
        case None | bool() | int() | float() | complex() | FunctionObject():
            raise Raised("TypeError", f"`in` on a {type_name(container)}, which holds nothing", place)
        case _:
            return Unknown(f"`in` on a {type_name(container)}", place)
