"""Operators of the project's own classes: the special methods that they define, and those that decorators write.

NO_METHOD stands for what this module has nothing to say about: no operand has such a method.
"""

from collections.abc import Mapping

from huldra.experiments.evaluate.class_members import bind_member, look_up
from huldra.experiments.evaluate.conversion import NotConvertible, to_python
from huldra.experiments.evaluate.holders import MODEL, is_dataclass, is_named_tuple
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.operators import holds_enum
from huldra.experiments.evaluate.reachable import ARRAY, DEQUE, deque_items
from huldra.experiments.evaluate.record_comparisons import equal_models, equal_records, ordered_records
from huldra.experiments.evaluate.record_parameters import decorator_options
from huldra.experiments.evaluate.records import record_fields
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.spoiling import spoil
from huldra.experiments.evaluate.total_ordering import ORDERS, totally_ordered
from huldra.experiments.values import (
    NOT_IMPLEMENTED,
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    ListObject,
    Method,
    Partial,
    SetObject,
    Unknown,
    type_name,
)
from huldra.formats.config_values import EnumValue
from huldra.project.places import Place

BINARY_METHODS: Mapping[str, str] = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
    "@": "matmul",
    "<<": "lshift",
    ">>": "rshift",
    "|": "or",
    "&": "and",
    "^": "xor",
}
_COMPARISONS: Mapping[str, tuple[str, str]] = {
    "<": ("__lt__", "__gt__"),
    ">": ("__gt__", "__lt__"),
    "<=": ("__le__", "__ge__"),
    ">=": ("__ge__", "__le__"),
    "==": ("__eq__", "__eq__"),
    "!=": ("__ne__", "__ne__"),
}
_NO_OPERANDS = FunctionObject | BoundMethod | Partial | ClassObject | External | Method
_UNARY = {"-": "__neg__", "+": "__pos__", "~": "__invert__"}


class NoMethod:
    """There is no such method; None is what one may give."""


NO_METHOD = NoMethod()


def special_method(
    machine: Machine, value: AbstractValue, name: str, frame: Frame, place: Place
) -> AbstractValue | None:
    """Return a special method of an instance, looked up on its class as Python does; None where there is none."""
    if isinstance(value, InstanceObject) and "__class__" in value.attributes:
        return Unknown(f"{name} of a {type_name(value)}, whose class is set anew", place)
    found = look_up(machine, _order_of(machine, value), name)
    return None if found is None else bind_member(machine, found[0], value, frame, place)


def _order_of(machine: Machine, value: AbstractValue) -> tuple[str, ...]:
    """Return the classes in which the special methods of a value are looked up, those of the project among them."""
    if isinstance(value, InstanceObject | ConfigObject):
        return value.cls.info.order
    info = machine.project.classes.get(value.class_name) if isinstance(value, EnumValue) else None
    return () if info is None else info.order


def defines(machine: Machine, value: AbstractValue, *names: str) -> bool:
    """Whether the class of a config or of an enum member has one of some special methods, its own or inherited."""
    if not isinstance(value, ConfigObject | EnumValue):
        return False
    order = _order_of(machine, value)
    return any(look_up(machine, order, name) is not None for name in names)


def call_special(
    machine: Machine, value: AbstractValue, name: str, given: list[AbstractValue], frame: Frame, place: Place
) -> AbstractValue | NoMethod:
    """Return what a special method gives."""
    method = special_method(machine, value, name, frame, place)
    return NO_METHOD if method is None else machine.call_with(method, given, frame, place)


def binary_special(
    machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue | NoMethod:
    """Return `left symbol right` where one of them is an instance of a class of the project."""
    name = BINARY_METHODS[symbol]
    operators = f"__{name}__", f"__r{name}__"
    if not any(isinstance(side, InstanceObject) or defines(machine, side, *operators) for side in (left, right)):
        return NO_METHOD
    if _is_plain_first(machine, left, operators[0]) and not isinstance(right, InstanceObject | ConfigObject):
        return NO_METHOD
    if isinstance(left, str | bytes) and symbol == "%":
        return Unknown(f"the text of a {type_name(right)}", place)
    # Nothing of these is of a subclass of a class of the project: the method of what stands before them goes first.
    is_answered = isinstance(left, InstanceObject | ConfigObject) and isinstance(right, _NO_OPERANDS)
    for side in (left,) if is_answered else (left, right):
        if not _is_followed(side):
            return Unknown(f"`{symbol}` on a {type_name(side)}", place)
    tries = [(left, f"__{name}__", right), (right, f"__r{name}__", left)]
    if isinstance(left, InstanceObject | ConfigObject) and isinstance(right, InstanceObject | ConfigObject):
        if left.cls is right.cls:
            del tries[1]  # the reflected method of the same type is not tried
        elif left.cls.name in right.cls.info.order and _member(machine, left, f"__r{name}__") is not _member(
            machine, right, f"__r{name}__"
        ):
            tries.reverse()  # that of a subclass, if it is one of its own, goes first
    elif isinstance(right, EnumValue) and defines(machine, right, operators[1]):
        tries.reverse()  # a member may be of a subclass of the other's type
    result = _first_answer(machine, tries, frame, place)
    if isinstance(result, NoMethod) and is_answered:
        return Unknown(f"`{symbol}` on a {type_name(right)}", place)
    if isinstance(result, NoMethod) and any(isinstance(side, EnumValue) for side in (left, right)):
        return NO_METHOD  # what it is a member of may have the operator all the same
    if isinstance(result, NoMethod):
        raise Raised("TypeError", f"unsupported operand types for {symbol}", place)
    return result


def _is_plain_first(machine: Machine, left: AbstractValue, name: str) -> bool:
    """Whether a text or number that is an enum member answers first, as any text or number does."""
    return isinstance(left, EnumValue) and left.is_plain and not defines(machine, left, name)


def _member(machine: Machine, value: InstanceObject | ConfigObject, name: str) -> AbstractValue | None:
    found = look_up(machine, value.cls.info.order, name)
    return None if found is None else found[0]


def changed_in_place(
    machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue | NoMethod:
    """Return what `left.__iadd__(right)` gives, where there is such a method and it knows the operand."""
    if isinstance(left, InstanceObject) and left.cls.name in {DEQUE, ARRAY}:
        spoil(machine, [left], Unknown(f"`{symbol}=` on a {type_name(left)}", place))
        return left
    result = call_special(machine, left, f"__i{BINARY_METHODS[symbol]}__", [right], frame, place)
    return NO_METHOD if result == NOT_IMPLEMENTED else result


def unary_special(
    machine: Machine, symbol: str, value: AbstractValue, frame: Frame, place: Place
) -> AbstractValue | NoMethod:
    """Return `symbol value` for an instance of a class of the project."""
    is_own = isinstance(value, ConfigObject) or (isinstance(value, InstanceObject) and value.unknown is None)
    if not is_own or symbol not in _UNARY:
        return NO_METHOD
    result = call_special(machine, value, _UNARY[symbol], [], frame, place)
    if isinstance(result, NoMethod) and isinstance(value, InstanceObject) and not is_named_tuple(value.cls.info):
        raise Raised("TypeError", f"bad operand type for unary {symbol}", place)
    return result


def compare_special(
    machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue | NoMethod:
    """Return `left symbol right` for a comparison in which an instance of a class of the project takes part."""
    is_own = any(isinstance(side, InstanceObject | ConfigObject) for side in (left, right))
    if not is_own and not any(defines(machine, side, *_COMPARISONS[symbol]) for side in (left, right)):
        return NO_METHOD
    if not is_own and _is_plain_first(machine, left, _COMPARISONS[symbol][0]):
        return NO_METHOD
    mine, theirs = deque_items(left), deque_items(right)
    if mine is not None and theirs is not None:
        return machine.rules.compare(machine, symbol, mine, theirs, frame, place)
    if (mine or theirs) is not None and any(isinstance(side, ListObject | tuple) for side in (left, right)):
        return NO_METHOD if symbol not in {"==", "!="} else symbol == "!="
    for side in (left, right):
        if not _is_followed(side):
            return Unknown(f"`{symbol}` on a {type_name(side)}", place)
    result = _compared(machine, _COMPARISONS[symbol], left, right, frame, place)
    if isinstance(result, NoMethod) and symbol == "!=":
        result = _compared(machine, _COMPARISONS["=="], left, right, frame, place)
        if isinstance(result, bool):
            return not result
        if not isinstance(result, NoMethod):
            return Unknown("`!=` by an `__eq__` that gives no bool", place)
    if not isinstance(result, NoMethod):
        return result
    if any(isinstance(side, EnumValue) for side in (left, right)):
        return NO_METHOD
    if symbol in {"==", "!="}:
        return (left is right) is (symbol == "==")
    raise Raised("TypeError", f"{symbol} not supported between a {type_name(left)} and a {type_name(right)}", place)


def _compared(
    machine: Machine, names: tuple[str, str], left: AbstractValue, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue | NoMethod:
    tries = [(left, names[0], right), (right, names[1], left)]
    is_derived = isinstance(left, InstanceObject | ConfigObject) and _is_derived(right, left.cls)
    if is_derived or (isinstance(right, EnumValue) and defines(machine, right, names[1])):
        tries.reverse()  # the reflected method of a subclass goes first
    return _first_answer(machine, tries, frame, place)


def _is_derived(value: AbstractValue, cls: ClassObject) -> bool:
    is_own = isinstance(value, InstanceObject | ConfigObject)
    return is_own and value.cls is not cls and cls.name in value.cls.info.order


def _is_followed(value: AbstractValue) -> bool:
    """Whether the special methods of a value's type are known: the project's, or those of a plain type of Python's."""
    if isinstance(value, InstanceObject):
        return value.unknown is None and value.cls.name not in {DEQUE, ARRAY}
    if isinstance(value, ConfigObject):
        return not value.cls.info.unseen
    if isinstance(value, EnumValue):
        return True
    if isinstance(value, DictObject):
        return value.type_name == "dict"
    if value is None or isinstance(value, tuple | ListObject | SetObject):
        return True
    return isinstance(value, bool | int | float | complex | str | bytes | range)


def _first_answer(
    machine: Machine, tries: list[tuple[AbstractValue, str, AbstractValue]], frame: Frame, place: Place
) -> AbstractValue | NoMethod:
    """Return what the first of some methods gives that knows its operand."""
    for owner, name, other in tries:
        result = _answer(machine, owner, name, other, frame, place)
        if result != NOT_IMPLEMENTED:
            return result
    return NO_METHOD


def _answer(
    machine: Machine, owner: AbstractValue, name: str, other: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    if isinstance(owner, ConfigObject) and name == "__eq__":
        return _equal_configs(machine, owner, other, frame, place)
    if isinstance(owner, EnumValue):
        result = call_special(machine, owner, name, [other], frame, place)
        return NOT_IMPLEMENTED if isinstance(result, NoMethod) else result
    if not isinstance(owner, InstanceObject | ConfigObject):
        return NOT_IMPLEMENTED
    for ancestor in owner.cls.info.order:
        info = machine.project.classes.get(ancestor)
        cls = None if info is None else machine.class_object(ancestor)
        if cls is not None and name in cls.members.names:
            method = bind_member(machine, cls.members.names[name], owner, frame, place)
            return machine.call_with(method, [other], frame, place)
        if info is None:
            if ancestor in {"typing.NamedTuple", "collections.namedtuple"}:
                return Unknown(f"{name} of a {type_name(owner)}", place)
            if ancestor == MODEL and name == "__eq__" and isinstance(owner, InstanceObject):
                return equal_models(machine, owner, other, frame, place)
            continue
        if decorator_options(machine, info, "functools.total_ordering") is not None and name in ORDERS:
            if isinstance(owner, ConfigObject):
                return Unknown(f"an order of a {type_name(owner)} that a decorator completes", place)
            made = totally_ordered(machine, owner, info, name, other, frame, place)
            if made is not None:
                return made
        is_made = isinstance(owner, InstanceObject) and is_dataclass(machine, info)
        if isinstance(owner, InstanceObject) and is_made and name in {"__eq__", "__lt__", "__gt__", "__le__", "__ge__"}:
            options = decorator_options(machine, info, "dataclasses.dataclass") or {}
            if name == "__eq__" and options.get("eq", True) is True:
                return equal_records(machine, owner, other, frame, place)
            if name != "__eq__" and options.get("order", False) is not False:
                return ordered_records(machine, name, owner, other, frame, place)
            if None in options.values():
                return Unknown(f"{name} of a dataclass with options that are not followed", place)
    return NOT_IMPLEMENTED


def _equal_configs(
    machine: Machine, left: ConfigObject, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    """`__eq__` as every config class has it that does not define it itself: same class, fields that read the same."""
    own = left.cls.members.names.get("__eq__")
    if own is not None:
        return machine.call_with(bind_member(machine, own, left, frame, place), [right], frame, place)
    if not isinstance(right, ConfigObject) or right.cls.name != left.cls.name:
        return NOT_IMPLEMENTED
    doubt: Unknown | None = None
    for name in machine.project.tables.table(left.cls.name):
        mine, theirs = (machine.attribute(side, name, frame, place) for side in (left, right))
        result = machine.rules.compare(machine, "==", mine, theirs, frame, place)
        if result is False:
            return False
        if result is not True:
            doubt = doubt or (result if isinstance(result, Unknown) else Unknown("`==` that gives no bool", place))
    return doubt or True


def text_of(machine: Machine, value: AbstractValue, how: str, frame: Frame, place: Place) -> AbstractValue | None:
    """Return `str(value)` ("__str__") or `repr(value)` ("__repr__") of an instance of a class of the project."""
    if isinstance(value, ConfigObject):
        return _text_of_config(machine, value, how, frame, place)
    if not isinstance(value, InstanceObject):
        return None
    if value.unknown is not None:
        return value.unknown
    for ancestor in value.cls.info.order:
        info = machine.project.classes.get(ancestor)
        cls = None if info is None else machine.class_object(ancestor)
        for name in dict.fromkeys((how, "__repr__")):
            if cls is not None and name in cls.members.names and not _has_earlier(machine, value, how, name):
                return _checked_text(call_special(machine, value, name, [], frame, place), place)
        if info is not None and is_dataclass(machine, info):
            options = decorator_options(machine, info, "dataclasses.dataclass") or {}
            if options.get("repr", True) is True and not _has_earlier(machine, value, how, "__repr__"):
                return _record_text(machine, value, place)
    return Unknown(f"the text of a {type_name(value)}", place)


def _text_of_config(
    machine: Machine, value: ConfigObject, how: str, frame: Frame, place: Place
) -> AbstractValue | None:
    """The text of a config whose class says it itself; every config class is given a `__repr__` that has none."""
    found = look_up(machine, value.cls.info.order, "__str__") if how == "__str__" else None
    member = value.cls.members.names.get("__repr__") if found is None else found[0]
    if member is None or value.cls.info.unseen:
        return None
    return _checked_text(machine.call_with(bind_member(machine, member, value, frame, place), [], frame, place), place)


def _has_earlier(machine: Machine, value: InstanceObject, how: str, name: str) -> bool:
    """Whether `__str__` is defined farther away: it goes before a nearer `__repr__`."""
    if how != "__str__" or name != "__repr__":
        return False
    return look_up(machine, value.cls.info.order, "__str__") is not None


def _checked_text(result: AbstractValue | NoMethod, place: Place) -> AbstractValue:
    if isinstance(result, str | Unknown):
        return result
    raise Raised("TypeError", "__str__ returned non-string", place)


def _record_text(machine: Machine, value: InstanceObject, place: Place) -> AbstractValue:
    """`__repr__` as a dataclass has it."""
    fields = record_fields(machine, value, "repr")
    if fields is None or any(holds_enum(item) for item in fields.values()):
        return Unknown(f"the text of a {type_name(value)}", place)
    try:
        parts = [f"{name}={to_python(item)!r}" for name, item in fields.items()]
    except NotConvertible as problem:
        return Unknown(f"the text of {problem.reason}", place)
    return f"{value.cls.info.qualname}({', '.join(parts)})"
