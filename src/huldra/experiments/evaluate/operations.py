"""Operators on values of any kind: Python's own first, then the special methods of the project's classes."""

from collections.abc import Iterator

from huldra.experiments.evaluate.arrays import arithmetic, comparison
from huldra.experiments.evaluate.chain_maps import LOOKS, chained_dict
from huldra.experiments.evaluate.comparisons import compare
from huldra.experiments.evaluate.costs import charge
from huldra.experiments.evaluate.flags import combine_flags, flag_truth, holds_flag, invert_flag
from huldra.experiments.evaluate.lazy import iter_of, read_on, remaining
from huldra.experiments.evaluate.library import join_path
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.operators import binary, holds_enum, truth, unary
from huldra.experiments.evaluate.reachable import ARRAY, DEQUE, deque_items
from huldra.experiments.evaluate.special_dicts import counter_operation
from huldra.experiments.evaluate.special_methods import (
    BINARY_METHODS,
    NoMethod,
    binary_special,
    call_special,
    compare_special,
    defines,
    unary_special,
)
from huldra.experiments.evaluate.unseen_calls import COMPARED, SHOWN, TRUTH, call_unseen
from huldra.experiments.numpy_numbers import NumpyNumber
from huldra.experiments.value_identity import may_be_class
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    ListObject,
    Partial,
    Unknown,
    type_name,
)
from huldra.facts.expressions import Expression
from huldra.formats.config_values import EnumValue, PathValue
from huldra.project.places import Place

UNION = External("types.UnionType")
"""What `int | str` is made with."""


def binary_values(
    machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    """Return `left symbol right`, the project's own operators included."""
    if isinstance(left, EnumValue) and isinstance(right, EnumValue):
        flags = combine_flags(machine, symbol, left, right)
        if flags is not None:
            return flags
    match symbol, left, right:
        case "/", PathValue(text=first), (PathValue(text=second) | str(second)):
            return join_path([first, second])
        case "/", str(first), PathValue(text=second):
            return join_path([first, second])
        case _:
            pass
    left, right = as_plain(left), as_plain(right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        _note_unseen(machine, symbol, left, right, frame, place)
        return left if isinstance(left, Unknown) else right
    if (
        isinstance(left, DictObject)
        and isinstance(right, DictObject)
        and left.type_name == right.type_name == "Counter"
    ):
        return counter_operation(symbol, left, right, place)
    charge(machine, (left, right), place)
    numbers = arithmetic(symbol, left, right, place)
    if numbers is not None:
        return numbers
    special = binary_special(machine, symbol, left, right, frame, place)
    if not isinstance(special, NoMethod):
        if isinstance(special, Unknown):
            _note_unseen(machine, symbol, left, right, frame, place)
        return special
    if symbol == "|" and _is_type(left) and _is_type(right):
        return Partial(UNION, (left, right), {})
    if isinstance(left, ConfigObject | ClassObject | External) or isinstance(right, ConfigObject):
        return Unknown(f"`{symbol}` on a {type_name(left)}", place)
    result = binary(machine, symbol, left, right, place)
    if isinstance(result, Unknown):
        _note_unseen(machine, symbol, left, right, frame, place)
    return result


def _note_unseen(
    machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, frame: Frame, place: Place
) -> None:
    """Effect: put in doubt what special methods change that an operator may call which is not followed."""
    name = BINARY_METHODS[symbol]
    is_text = symbol == "%" and isinstance(left, str | bytes)
    names = SHOWN if is_text else (f"__{name}__", f"__r{name}__", f"__i{name}__", "__index__")
    call_unseen(machine, (left, right), names, frame, place)


def _is_type(value: AbstractValue) -> bool:
    if isinstance(value, External):
        return may_be_class(value.name)
    return value is None or isinstance(value, ClassObject) or (isinstance(value, Partial) and value.function == UNION)


def as_plain(value: AbstractValue) -> AbstractValue:
    """Return a named tuple as the tuple that it is, unless its class has methods of its own."""
    if isinstance(value, InstanceObject) and value.unknown is None:
        items = value.attributes.get("*")
        if isinstance(items, tuple) and not any(
            name.startswith("__") and name not in _HARMLESS for name in value.cls.members.names
        ):
            return items
    return value


_HARMLESS = frozenset({"__doc__", "__slots__", "__module__", "__qualname__", "__annotations__", "__str__", "__repr__"})


def unary_value(machine: Machine, symbol: str, value: AbstractValue, frame: Frame, place: Place) -> AbstractValue:
    """Return `symbol value`."""
    if symbol == "not":
        known = truth_of(machine, value, frame, place)
        return known if isinstance(known, Unknown) else not known
    if isinstance(value, NumpyNumber) or (isinstance(value, InstanceObject) and value.cls.name == ARRAY):
        made = arithmetic("*", value, {"-": -1, "+": 1}[symbol], place) if symbol in {"-", "+"} else None
        return Unknown(f"`{symbol}` of what NumPy gave", place) if made is None else made
    special = unary_special(machine, symbol, value, frame, place)
    if isinstance(value, EnumValue) and symbol == "~" and isinstance(special, NoMethod) and not value.is_plain:
        return invert_flag(machine, value)
    return unary(symbol, value, place) if isinstance(special, NoMethod) else special


def truth_of(machine: Machine, value: AbstractValue, frame: Frame, place: Place) -> bool | Unknown:
    """Return whether a value counts as true; `__bool__` and `__len__` of the project's classes are called."""
    is_lost = isinstance(value, InstanceObject) and value.unknown is not None
    if isinstance(value, InstanceObject | ConfigObject) and value.cls.is_ever_false and not is_lost:
        for name in ("__bool__", "__len__"):
            result = call_special(machine, value, name, [], frame, place)
            if not isinstance(result, NoMethod):
                return truth(result) if isinstance(result, bool | int | Unknown) else Unknown("a truth", place)
    if is_lost or (isinstance(value, Unknown) and value.aliases):
        call_unseen(machine, [value], TRUTH, frame, place)
    if isinstance(value, EnumValue) and defines(machine, value, "__bool__"):
        result = call_special(machine, value, "__bool__", [], frame, place)
        return truth(result) if isinstance(result, bool | Unknown) else Unknown("a truth", place)
    if isinstance(value, EnumValue) and (has_bits := flag_truth(machine, value)) is not None:
        return has_bits
    if isinstance(value, InstanceObject) and value.cls.name == DEQUE:
        return truth(deque_items(value) or value.unknown or Unknown("the truth of a deque", place))
    if isinstance(value, InstanceObject) and value.cls.name == ARRAY:
        return Unknown("the truth of an array", place)
    return truth(chained_dict(value) or as_plain(value))


def test_truth(machine: Machine, test: Expression, frame: Frame) -> bool | Unknown:
    """Return whether a condition holds."""
    return truth_of(machine, machine.evaluate(test, frame), frame, frame.place(test.at))


def compare_values(
    machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    """Return `left symbol right` for one comparison."""
    result = _compared(machine, symbol, left, right, frame, place)
    if isinstance(result, Unknown) and symbol not in {"is", "is not"}:
        call_unseen(machine, (left, right), COMPARED, frame, place)
    return result


def _compared(
    machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    if symbol in {"is", "is not"} or isinstance(left, Unknown) or isinstance(right, Unknown):
        return compare(symbol, left, right, place)
    charge(machine, (right,) if isinstance(right, ListObject | tuple) else (), place)
    if symbol in {"in", "not in"}:
        found = _contains(machine, right, left, frame, place)
        return found if isinstance(found, Unknown) else found is (symbol == "in")
    charge(machine, (left,), place)
    left, right = as_plain(left), as_plain(right)
    if isinstance(left, NumpyNumber) or isinstance(right, NumpyNumber):
        return comparison(symbol, left, right, place)
    if any(isinstance(side, Partial) and side.function in LOOKS for side in (left, right)):
        return Unknown(f"`{symbol}` on a look through dicts", place)
    special = compare_special(machine, symbol, left, right, frame, place)
    if not isinstance(special, NoMethod):
        return special
    if symbol in {"==", "!="} and _is_sequence_of_own(left, right):
        same = _equal_sequences(machine, left, right, frame, place)
        return same if isinstance(same, Unknown) else same is (symbol == "==")
    if symbol in {"==", "!="} and isinstance(left, DictObject) and isinstance(right, DictObject):
        same = _equal_dicts(machine, left, right, frame, place)
        if same is not None:
            return same if isinstance(same, Unknown) else same is (symbol == "==")
    if symbol in {"<", ">", "<=", ">="} and _is_sequence_of_own(left, right):
        return _ordered_sequences(machine, symbol, left, right, frame, place)
    return compare(symbol, left, right, place)


def _items(value: AbstractValue) -> list[AbstractValue] | None:
    if isinstance(value, ListObject):
        return None if value.unknown is not None else value.items
    return list(value) if isinstance(value, tuple) else None


_COMPARED_ALONE = (
    *(InstanceObject, tuple, ListObject, DictObject, ClassObject, FunctionObject, ConfigObject, EnumValue),
    *(Partial, BoundMethod),
)


def _is_sequence_of_own(left: AbstractValue, right: AbstractValue) -> bool:
    """Whether two sequences of one kind hold what is compared by the code, or not at all where those before differ."""
    mine, theirs = _items(left), _items(right)
    if mine is None or theirs is None or isinstance(left, tuple) is not isinstance(right, tuple):
        return False
    return any(isinstance(item, _COMPARED_ALONE) for item in (*mine, *theirs))


def _equal_sequences(
    machine: Machine, left: AbstractValue, right: AbstractValue, frame: Frame, place: Place
) -> bool | Unknown:
    mine, theirs = _items(left) or [], _items(right) or []
    if len(mine) != len(theirs):
        return False
    for a, b in zip(mine, theirs, strict=True):
        same = is_equal(machine, a, b, frame, place)
        if same is not True:
            return same
    return True


def _equal_dicts(
    machine: Machine, left: DictObject, right: DictObject, frame: Frame, place: Place
) -> bool | Unknown | None:
    """Whether two dicts that hold what is compared by the code are equal; None for any others."""
    is_plain = all(table.unknown is None and table.type_name in {"dict", "defaultdict"} for table in (left, right))
    values = (*left.items.values(), *right.items.values())
    if not is_plain or holds_enum(left) or holds_enum(right):
        return None
    if left.items.keys() != right.items.keys() or not any(isinstance(value, _COMPARED_ALONE) for value in values):
        return None
    for key, value in left.items.items():
        same = is_equal(machine, value, right.items[key], frame, place)
        if same is not True:
            return same
    return True


def _ordered_sequences(
    machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    mine, theirs = _items(left) or [], _items(right) or []
    for a, b in zip(mine, theirs, strict=False):
        same = is_equal(machine, a, b, frame, place)
        if same is not True:
            return same if isinstance(same, Unknown) else compare_values(machine, symbol, a, b, frame, place)
    return compare(symbol, len(mine), len(theirs), place)


def is_equal(machine: Machine, left: AbstractValue, right: AbstractValue, frame: Frame, place: Place) -> bool | Unknown:
    """Whether two elements of containers are the same object or equal."""
    if left is right and not isinstance(left, Unknown):
        return True
    return truth_of(machine, compare_values(machine, "==", left, right, frame, place), frame, place)


def _contains(
    machine: Machine, container: AbstractValue, item: AbstractValue, frame: Frame, place: Place
) -> bool | Unknown:
    container = chained_dict(container) or as_plain(container)
    answer = call_special(machine, container, "__contains__", [item], frame, place)
    if not isinstance(answer, NoMethod):
        return truth_of(machine, answer, frame, place)
    if isinstance(container, EnumValue) and not (container.is_plain and isinstance(container.value, str)):
        return holds_flag(machine, container, item)
    elements: Iterator[AbstractValue] | list[AbstractValue] | None = None
    if isinstance(container, IteratorObject | InstanceObject | ConfigObject):
        container = iter_of(machine, container, frame, place)
        elements = remaining(machine, container, place)
    elif isinstance(item, InstanceObject | ConfigObject) or any(
        defines(machine, element, "__eq__") for element in (item, *(_items(container) or ()))
    ):
        elements = _items(container)
    if elements is None:
        result = compare("in", item, container, place)
        return result if isinstance(result, bool | Unknown) else Unknown("`in`", place)
    for element in elements:
        same = is_equal(machine, element, item, frame, place)
        if same is not False:
            if isinstance(same, Unknown) and isinstance(container, IteratorObject):
                read_on(machine, container, same, place)
                container.unknown = container.unknown or same
            return same
    return (isinstance(container, IteratorObject) and container.unknown) or False
