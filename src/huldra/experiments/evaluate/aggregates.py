"""Functions that make one value of many: `min`, `max`, `any`, `all`, `sum`, `len`."""

from collections.abc import Mapping
from functools import partial

from huldra.experiments.evaluate.chain_maps import chained_dict
from huldra.experiments.evaluate.iteration import elements
from huldra.experiments.evaluate.journal import with_aliases
from huldra.experiments.evaluate.lazy import iter_of, read_on, remaining
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.operations import binary_values, compare_values, truth_of
from huldra.experiments.evaluate.reachable import array_items, deque_items
from huldra.experiments.evaluate.rearranging import Rule
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.sorting import BY_COMPARISON, sort_by_keys, sort_values
from huldra.experiments.evaluate.special_methods import defines, special_method
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    DictView,
    InstanceObject,
    ListObject,
    Partial,
    SetObject,
    Unknown,
    type_name,
)


def _extreme(*, largest: bool) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        items: list[AbstractValue] | Unknown = call.positional
        if len(call.positional) == 1:
            read = machine.iterate if "key" in call.keywords else partial(elements, machine)
            items = read(call.positional[0], frame, call.place)
        if isinstance(items, Unknown):
            return items
        if not items:
            if "default" in call.keywords:
                return call.keywords["default"]
            raise Raised("ValueError", "an extreme of no values", call.place)
        function = call.keywords.get("key")
        if isinstance(function, Partial) and function.function == BY_COMPARISON:
            how = CallArguments([], {"key": function, "reverse": largest}, call.place)
            ordered = sort_values(machine, items, how, frame)
            return ordered if isinstance(ordered, Unknown) else ordered[0]
        keys = items if function is None else [machine.call_with(function, [i], frame, call.place) for i in items]
        if any(_is_compared_by_code(machine, key) for key in keys):
            best = _extreme_of_own(machine, keys, ">" if largest else "<", call, frame)
            return with_aliases(best, items) if isinstance(best, Unknown) else items[best]
        # Of equal values Python keeps the first, which sorting downwards does too.
        rows: list[AbstractValue] = list(range(len(items)))
        order = sort_by_keys(machine, rows, keys, is_reversed=largest, frame=frame, place=call.place)
        first = order if isinstance(order, Unknown) else order[0]
        if isinstance(first, Unknown):
            return with_aliases(first, items)
        return items[first] if isinstance(first, int) else first

    return rule


def _extreme_of_own(
    machine: Machine, items: list[AbstractValue], symbol: str, call: CallArguments, frame: Frame
) -> int | Unknown:
    """Return the position of the extreme, by the comparisons that Python makes one after the other."""
    best = 0
    for position, item in enumerate(items):
        if position == 0:
            continue
        result = compare_values(machine, symbol, item, items[best], frame, call.place)
        better = truth_of(machine, result, frame, call.place)
        if isinstance(better, Unknown):
            return better
        best = position if better else best
    return best


def _is_compared_by_code(machine: Machine, value: AbstractValue) -> bool:
    if isinstance(value, tuple):
        return any(_is_compared_by_code(machine, item) for item in value)
    return isinstance(value, InstanceObject | ConfigObject) or defines(machine, value, "__lt__", "__gt__")


def _quantifier(*, wanted: bool) -> Rule:
    """`any` (wanted True) and `all` (wanted False)."""

    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        source = call.positional[0]
        if isinstance(source, SetObject | frozenset):
            items = elements(machine, source, frame, call.place)
            if isinstance(items, Unknown):
                return items
            known = [truth_of(machine, item, frame, call.place) for item in items]
            return True if wanted in known else next((v for v in known if isinstance(v, Unknown)), False) is not wanted
        iterator = iter_of(machine, source, frame, call.place)
        for number, item in enumerate(remaining(machine, iterator, call.place)):
            machine.step(call.place, number % 2)
            known = truth_of(machine, item, frame, call.place)
            if isinstance(known, Unknown):
                read_on(machine, iterator, known, call.place)
                iterator.unknown = iterator.unknown or known
                return known
            if known is wanted:
                return wanted
        return iterator.unknown or not wanted

    return rule


def _sum(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    items = machine.iterate(call.positional[0], frame, call.place)
    total = call.positional[1] if len(call.positional) > 1 else call.keywords.get("start", 0)
    if isinstance(items, Unknown):
        return items
    if any(isinstance(item, float) for item in items):
        # Python 3.12 and newer sum floats with compensation, older ones do not.
        return Unknown("a sum of floats, which depends on Python's version", call.place)
    machine.step(call.place, len(items))
    for item in items:
        total = binary_values(machine, "+", total, item, frame, call.place)
    return total


def _len(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    match chained_dict(call.positional[0]) or call.positional[0]:
        case ListObject() | DictObject() | SetObject() as value:
            return value.unknown or len(value.items)
        case DictView(table=table):
            return table.unknown or len(table.items)
        case (str() | bytes() | range() | tuple() | frozenset()) as value:
            return len(value)
        case InstanceObject() as value if (items := deque_items(value)) is not None:
            return items.unknown or len(items.items)
        case InstanceObject() as value if (numbers := array_items(value)) is not None:
            return numbers if isinstance(numbers, Unknown) else len(numbers)
        case (InstanceObject() | ConfigObject()) as value if (
            method := special_method(machine, value, "__len__", frame, call.place)
        ) is not None:
            return machine.call_with(method, [], frame, call.place)
        case InstanceObject() as value if "*" not in value.attributes:
            return Unknown(f"the length of a {type_name(value)}", call.place)
        case (ClassObject() | InstanceObject()) as value:
            items = machine.iterate(value, frame, call.place)
            return items if isinstance(items, Unknown) else len(items)
        case Unknown() as value:
            return value
        case value:
            return Unknown(f"the length of a {type_name(value)}", call.place)


AGGREGATES: Mapping[str, Rule] = {
    "builtins.min": _extreme(largest=False),
    "builtins.max": _extreme(largest=True),
    "builtins.any": _quantifier(wanted=True),
    "builtins.all": _quantifier(wanted=False),
    "builtins.sum": _sum,
    "builtins.len": _len,
}
