"""What operators give on known values; Python's own operators decide, after a look at how large the result gets."""

import operator
from collections.abc import Callable, Iterable, Mapping

from huldra.experiments.evaluate.conversion import NotConvertible, from_python, to_python
from huldra.experiments.evaluate.machine import LimitReached, Machine, Raised
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    ListObject,
    Sentinel,
    SetObject,
    Unknown,
    as_key,
    type_name,
)
from huldra.formats.config_values import EnumValue, PathValue
from huldra.project.places import Place

_MAX_BITS = 200_000
_Function = Callable[..., object]


def _operators(names: Mapping[str, str]) -> Mapping[str, _Function]:
    """Return Python's operators by symbol; fetched by name, since their overloads fit no one type."""
    return {symbol: getattr(operator, name) for symbol, name in names.items()}


_ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow"}
_BITWISE = {"<<": "lshift", ">>": "rshift", "|": "or_", "&": "and_", "^": "xor", "@": "matmul"}
_BINARY = _operators(_ARITHMETIC | _BITWISE)
_COMPARE = _operators({"<": "lt", "<=": "le", ">": "gt", ">=": "ge"})
_UNARY = _operators({"-": "neg", "+": "pos", "~": "invert"})
_contains_item: _Function = operator.contains


def truth(value: AbstractValue) -> bool | Unknown:
    """Return whether a value counts as true."""
    match value:
        case Unknown():
            return value
        case ListObject() | DictObject() | SetObject():
            return value.unknown or bool(value.items)
        case EnumValue(is_plain=True, value=inner):
            return bool(inner)
        case External(name="typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING"):
            return False
        case External(name=name):
            return Unknown(f"the truth of {name}, which is outside the project")
        case InstanceObject(cls=cls):
            if any(name in cls.members.names for name in ("__bool__", "__len__")):
                return Unknown(f"the truth of a {cls.info.qualname}")
            return True
        case IteratorObject() | EnumValue() | PathValue() | Sentinel() | FunctionObject():
            return True
        case ConfigObject() | ClassObject():
            return True
        case None | bool() | int() | float() | complex() | str() | bytes() | range() | tuple():
            return bool(value)
        case _:
            return True


def binary(machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, place: Place) -> AbstractValue:
    """Return `left symbol right`; Unknown where either is, raise Raised where Python certainly would."""
    for side in (left, right):
        if isinstance(side, Unknown):
            return side
    special = _containers(machine, symbol, left, right)
    if special is not None:
        return special
    try:
        first, second = to_python(left), to_python(right)
    except NotConvertible as problem:
        return Unknown(problem.reason, place)
    _guard(symbol, first, second, place)
    return apply(lambda: _BINARY[symbol](first, second), place)


def apply(compute: Callable[[], object], place: Place) -> AbstractValue:
    """Return what a pure computation gives, or raise Raised with what it raises."""
    try:
        return from_python(compute())
    except NotConvertible as problem:
        return Unknown(problem.reason, place)
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Raised(type(error).__name__, str(error), place) from error
    except (MemoryError, RecursionError) as error:
        raise LimitReached(f"a value grew too large ({type(error).__name__})", place) from error


def _guard(symbol: str, left: object, right: object, place: Place) -> None:
    """Refuse results that would not fit: powers, shifts and repetitions."""
    size = 0
    if isinstance(left, int) and isinstance(right, int) and right > 0:
        size = {"**": left.bit_length() * right, "<<": left.bit_length() + right, "*": 0}.get(symbol, 0)
        size = max(size, left.bit_length() + right.bit_length() if symbol == "*" else 0)
    elif symbol == "*":
        sized, count = (left, right) if isinstance(right, int) else (right, left)
        if isinstance(sized, str | bytes) and isinstance(count, int):
            size = len(sized) * max(count, 0) // 8
    elif symbol == "%" and isinstance(left, str | bytes):
        digits = max((len(run) for run in _digit_runs(str(left))), default=0)
        size = _MAX_BITS + 1 if digits > 5 else 0
    if size > _MAX_BITS:
        raise LimitReached(f"the result of `{symbol}` is too large to follow", place)


def _digit_runs(text: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in text).split()


def _containers(machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue) -> AbstractValue:
    """Operators on containers keep their elements as they are; None for anything else."""
    match left, right:
        case ListObject(), ListObject() if symbol == "+":
            return ListObject([*left.items, *right.items], left.unknown or right.unknown)
        case ListObject(), int() if symbol == "*":
            if len(left.items) * max(right, 0) > machine.limits.sequence_length:
                return Unknown("a list that is too long to follow")
            return ListObject(left.items * right, left.unknown)
        case int(), ListObject() if symbol == "*":
            return _containers(machine, symbol, right, left)
        case DictObject(), DictObject() if symbol == "|":
            return DictObject(left.items | right.items, left.unknown or right.unknown, left.type_name)
        case SetObject(), SetObject() if symbol in {"|", "&", "-", "^"}:
            return _set_operation(symbol, left, right)
        case tuple(), tuple() if symbol == "+":
            return (*left, *right)
        case tuple(), int() if symbol == "*":
            if len(left) * max(right, 0) > machine.limits.sequence_length:
                return Unknown("a tuple that is too long to follow")
            return left * right
        case _:
            return None


def _set_operation(symbol: str, left: SetObject, right: SetObject) -> SetObject:
    mine, theirs = left.items.keys(), right.items.keys()
    if symbol == "|":
        keys = [*mine, *(key for key in theirs if key not in mine)]
    elif symbol == "&":
        keys = [key for key in mine if key in theirs]
    else:
        keys = [key for key in mine if key not in theirs]
        if symbol == "^":
            keys += [key for key in theirs if key not in mine]
    return SetObject(dict.fromkeys(keys), left.is_frozen, left.unknown or right.unknown)


def unary(symbol: str, value: AbstractValue, place: Place) -> AbstractValue:
    """Return `symbol value`."""
    if isinstance(value, Unknown):
        return value
    if symbol == "not":
        known = truth(value)
        return known if isinstance(known, Unknown) else not known
    try:
        operand = to_python(value)
    except NotConvertible as problem:
        return Unknown(problem.reason, place)
    return apply(lambda: _UNARY[symbol](operand), place)


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
            return _ordered(symbol, left, right, place)
    if isinstance(result, Unknown):
        return result
    return result is (symbol in {"is", "==", "in"})


def _ordered(symbol: str, left: AbstractValue, right: AbstractValue, place: Place) -> AbstractValue:
    if isinstance(left, SetObject) and isinstance(right, SetObject):
        unknown = left.unknown or right.unknown
        return unknown or bool(_COMPARE[symbol](left.items.keys(), right.items.keys()))
    try:
        first, second = to_python(left), to_python(right)
    except NotConvertible as problem:
        return Unknown(problem.reason, place)
    return apply(lambda: _COMPARE[symbol](first, second), place)


def _identical(left: AbstractValue, right: AbstractValue) -> bool | Unknown:
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
        case (ListObject(), ListObject()) | (tuple(), tuple()):
            return _equal_sequences(left, right)
        case DictObject(), DictObject():
            if left.unknown or right.unknown or left.items.keys() != right.items.keys():
                return left.unknown or right.unknown or False
            return _all(equal(value, right.items[key]) for key, value in left.items.items())
        case SetObject(), SetObject():
            return left.unknown or right.unknown or left.items.keys() == right.items.keys()
        case ConfigObject(), ConfigObject():
            if left.cls.name != right.cls.name:
                return False
            return left is right or _all(equal(value, right.raw[name]) for name, value in left.raw.items())
        case InstanceObject(), _:
            return True if left is right else Unknown(f"`==` on a {left.cls.info.qualname}")
        case External(), External():
            return True if left == right else Unknown(f"`==` between {left.name} and {right.name}")
        case (External(name=name), _) | (_, External(name=name)):
            return Unknown(f"`==` on {name}, which is outside the project")
        case EnumValue(), _ if left.is_plain and not isinstance(right, EnumValue):
            return left.value == right
        case _, EnumValue() if right.is_plain and not isinstance(left, EnumValue):
            return left == right.value
        case _:
            return left is right or left == right


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
        case DictObject() | SetObject():
            key = as_key(item)
            return container.unknown or (key if isinstance(key, Unknown) else key in container.items)
        case ListObject() | tuple():
            if isinstance(container, ListObject) and container.unknown is not None:
                return container.unknown
            items = container.items if isinstance(container, ListObject) else container
            found = [equal(item, other) for other in items]
            if any(result is True for result in found):
                return True
            return next((result for result in found if isinstance(result, Unknown)), False)
        case str() | bytes() | range():
            try:
                needle = to_python(item)
            except NotConvertible as problem:
                return Unknown(problem.reason, place)
            result = apply(lambda: _contains_item(container, needle), place)
            return result if isinstance(result, bool | Unknown) else Unknown("`in`", place)
        case _:
            return Unknown(f"`in` on a {type_name(container)}", place)
