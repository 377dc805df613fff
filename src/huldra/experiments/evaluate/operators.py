"""What operators give on known values; Python's own operators decide, after a look at how large the result gets."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from huldra.experiments.evaluate.conversion import NotConvertible, from_python, to_python
from huldra.experiments.evaluate.exceptions import name_of_error
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.reachable import stored_key
from huldra.experiments.evaluate.signals import Raised, TooLarge
from huldra.experiments.numpy_numbers import NumpyNumber
from huldra.experiments.value_identity import as_key
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    Concrete,
    ConfigObject,
    DictObject,
    DictView,
    External,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    ListObject,
    Sentinel,
    SetObject,
    Unknown,
    type_name,
)
from huldra.formats.config_values import EnumValue, PathValue
from huldra.project.places import Place

_MAX_BITS = 200_000
_DICTS = frozenset({"dict", "defaultdict", "OrderedDict"})
"""The kinds of dicts that have no operator but `|`."""
_Function = Callable[..., object]


def operators_by_symbol(names: Mapping[str, str]) -> Mapping[str, _Function]:
    """Return Python's operators by symbol; fetched by name, since their overloads fit no one type."""
    return {symbol: getattr(operator, name) for symbol, name in names.items()}


_ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow"}
_BITWISE = {"<<": "lshift", ">>": "rshift", "|": "or_", "&": "and_", "^": "xor", "@": "matmul"}
_BINARY = operators_by_symbol(_ARITHMETIC | _BITWISE)
_UNARY = operators_by_symbol({"-": "neg", "+": "pos", "~": "invert"})


def truth(value: AbstractValue) -> bool | Unknown:
    """Return whether a value counts as true."""
    match value:
        case Unknown():
            return value
        case ListObject() | DictObject() | SetObject():
            return value.unknown or bool(value.items)
        case EnumValue(is_plain=True, value=inner):
            return bool(inner)
        case EnumValue(value=0 | None):
            return Unknown("the truth of an enum member, which is false for a flag without bits")
        case DictView(table=table):
            return table.unknown or bool(table.items)
        case External(name="typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING"):
            return False
        case External(name=name) if name.startswith("builtins."):
            return True  # its functions and classes; its constants stand for themselves
        case External(name=name):
            return Unknown(f"the truth of {name}, which is outside the project")
        case InstanceObject(cls=cls):
            if cls.is_ever_false:
                return Unknown(f"the truth of a {cls.info.qualname}")
            return True
        case IteratorObject() | EnumValue() | PathValue() | Sentinel() | FunctionObject():
            return True
        case ConfigObject(cls=cls) if cls.is_ever_false:
            return Unknown(f"the truth of a {cls.info.qualname}")
        case range():
            return value[:1] != range(0)
        case NumpyNumber(value=number):
            return bool(number)
        case tuple() | frozenset():
            return len(value) > 0
        case _ if isinstance(value, Concrete):
            return bool(value)
        case ConfigObject() | ClassObject():
            return True
        case _:
            return True


def binary(machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, place: Place) -> AbstractValue:
    """Return `left symbol right`; Unknown where either is, raise Raised where Python certainly would."""
    for side in (left, right):
        if isinstance(side, Unknown):
            return side
    if isinstance(left, DictView) or isinstance(right, DictView):
        return _view_operation(symbol, left, right, place)
    if isinstance(left, EnumValue) and isinstance(right, EnumValue | int) and symbol in {"|", "&", "^"}:
        return Unknown("an operation on enum members that is not followed", place)
    if isinstance(right, EnumValue) and symbol in {"|", "&", "^"}:
        return Unknown("an operation on enum members that is not followed", place)
    special = _containers(machine, symbol, left, right, place)
    if special is not None:
        return special
    try:
        first, second = to_python(left), to_python(right)
    except NotConvertible as problem:
        return Unknown(problem.reason, place)
    if _is_text_of_enum(symbol, left, right):
        return Unknown("the text of an enum member, which depends on Python's version", place)
    _guard(symbol, first, second, place)
    return apply(lambda: _BINARY[symbol](first, second), place)


def _is_text_of_enum(symbol: str, left: AbstractValue, right: AbstractValue) -> bool:
    """Whether `"%s" % (…)` would show an enum member."""
    return symbol == "%" and isinstance(left, str) and holds_enum(right)


def holds_enum(value: AbstractValue) -> bool:
    """Whether a value is an enum member or a container of one."""
    match value:
        case EnumValue():
            return True
        case tuple():
            return any(holds_enum(item) for item in value)
        case ListObject(items=items):
            return any(holds_enum(item) for item in items)
        case DictObject(items=table):
            return any(holds_enum(part) for pair in table.items() for part in pair)
        case SetObject(items=keys):
            return any(holds_enum(key) for key in keys)
        case _:
            return False


def _view_operation(symbol: str, left: AbstractValue, right: AbstractValue, place: Place) -> AbstractValue:
    """`table.keys() & wanted`: a set, with whatever can be gone through on the other side."""
    sides = [as_set(side) or _set_of(side) for side in (left, right)]
    first, second = sides
    if first is None or second is None or symbol not in {"|", "&", "-", "^"}:
        return Unknown("an operation on the view of a dict that is not followed", place)
    return _set_operation(symbol, first, second)


def _set_of(value: AbstractValue) -> SetObject | None:
    """Return the set of the elements of a sequence, each of which can be one of a set; None for anything else."""
    items: Iterable[AbstractValue] = ()
    match value:
        case ListObject(items=items) | (tuple() as items) | (str() as items):
            keys = [as_key(item) for item in items]
        case _:
            return None
    known = [key for key in keys if not isinstance(key, Unknown)]
    unknown = value.unknown if isinstance(value, ListObject) else None
    return SetObject(dict.fromkeys(known), unknown=unknown) if len(known) == len(keys) else None


def as_set(value: AbstractValue) -> SetObject | None:
    """Return a set, or the set that the view of a dict is like."""
    match value:
        case SetObject():
            return value
        case DictView(table=table, kind="keys"):
            return SetObject(dict.fromkeys(table.items), unknown=table.unknown)
        case DictView(table=table, kind="items"):
            keys = [as_key(pair) for pair in table.items.items()]
            known = [key for key in keys if not isinstance(key, Unknown)]
            return SetObject(dict.fromkeys(known), unknown=table.unknown) if len(known) == len(keys) else None
        case _:
            return None


def apply(compute: Callable[[], object], place: Place) -> AbstractValue:
    """Return what a pure computation gives, or raise Raised with what it raises."""
    try:
        return from_python(compute())
    except NotConvertible as problem:
        return Unknown(problem.reason, place)
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, SyntaxError, re.error) as error:
        raise Raised(name_of_error(type(error)), str(error), place) from error
    except (MemoryError, RecursionError) as error:
        raise TooLarge(f"a value grew too large ({type(error).__name__})", place) from error


def _guard(symbol: str, left: object, right: object, place: Place) -> None:
    """Refuse results that would not fit: powers, shifts and repetitions."""
    size = 0
    if isinstance(left, Fraction) or isinstance(right, Fraction):
        size = _MAX_BITS + 1 if symbol == "**" and isinstance(right, int) and abs(right) > 1000 else 0
    elif symbol == "+" and isinstance(left, str | bytes) and isinstance(right, str | bytes):
        size = (len(left) + len(right)) // 8
    elif isinstance(left, int) and isinstance(right, int) and right > 0:
        size = {"**": left.bit_length() * right, "<<": left.bit_length() + right, "*": 0}.get(symbol, 0)
        size = max(size, left.bit_length() + right.bit_length() if symbol == "*" else 0)
    elif symbol == "*":
        sized, count = (left, right) if isinstance(right, int) else (right, left)
        if isinstance(sized, str | bytes) and isinstance(count, int):
            size = len(sized) * max(count, 0) // 8
    elif symbol == "%" and isinstance(left, str | bytes):
        digits = max((len(run) for run in _digit_runs(str(left))), default=0)
        size = _MAX_BITS + 1 if digits > 5 or "*" in str(left) else 0
    if size > _MAX_BITS:
        raise TooLarge(f"the result of `{symbol}` is too large to follow", place)


def _digit_runs(text: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in text).split()


def extend(machine: Machine, target: ListObject, items: Sequence[AbstractValue], place: Place) -> None:
    """Effect: append items to a list, as long as it stays of a size that can be kept."""
    if len(target.items) + len(items) > machine.limits.sequence_length:
        raise TooLarge("a list grew too long to follow", place)
    machine.step(place, len(items) // 100)
    target.items.extend(items)


def _containers(
    machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, place: Place
) -> AbstractValue:
    """Operators on containers keep their elements as they are; None for anything else."""
    match left, right:
        case ListObject(), ListObject() if symbol == "+":
            result = ListObject(list(left.items), left.unknown or right.unknown)
            extend(machine, result, right.items, place)
            return result
        case ListObject(), int() if symbol == "*":
            if len(left.items) * max(right, 0) > machine.limits.sequence_length:
                raise TooLarge("a list that is too long to follow", place)
            return ListObject(left.items * right, left.unknown)
        case int(), ListObject() if symbol == "*":
            return _containers(machine, symbol, right, left, place)
        case DictObject(type_name="Counter"), _:
            return Unknown("an operation on a Counter that is not followed", place)
        case DictObject(type_name="dict"), DictObject(type_name="dict") if symbol == "|":
            joined = DictObject(dict(left.items), left.unknown or right.unknown, left.type_name)
            for key, value in right.items.items():
                joined.items[stored_key(joined.items, key)] = value
            return joined
        case DictObject(type_name="dict"), (None | bool() | int() | float() | str() | bytes() | tuple() | ListObject()):
            raise Raised("TypeError", f"`{symbol}` on a dict and a {type_name(right)}", place)
        case DictObject(type_name=mine), DictObject(type_name=theirs) if symbol != "|" and {mine, theirs} <= _DICTS:
            raise Raised("TypeError", f"`{symbol}` on a {mine} and a {theirs}", place)
        case DictObject(), _:
            return Unknown(f"`{symbol}` on a {type_name(left)} that is not followed", place)
        case SetObject(), SetObject() if symbol in {"|", "&", "-", "^"}:
            return _set_operation(symbol, left, right)
        case tuple(), tuple() if symbol == "+":
            if len(left) + len(right) > machine.limits.sequence_length:
                raise TooLarge("a tuple grew too long to follow", place)
            return (*left, *right)
        case tuple(), int() if symbol == "*":
            if len(left) * max(right, 0) > machine.limits.sequence_length:
                raise TooLarge("a tuple that is too long to follow", place)
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
    if isinstance(value, EnumValue) and symbol == "~":
        return Unknown("`~` of an enum member", place)
    try:
        operand = to_python(value)
    except NotConvertible as problem:
        return Unknown(problem.reason, place)
    return apply(lambda: _UNARY[symbol](operand), place)
