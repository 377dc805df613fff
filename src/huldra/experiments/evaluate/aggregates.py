"""Functions that make one value of many: `min`, `max`, `any`, `all`, `sum`, `len`."""

from collections.abc import Mapping
from functools import partial

from huldra.experiments.evaluate.chain_maps import chained_dict
from huldra.experiments.evaluate.iteration import elements
from huldra.experiments.evaluate.lazy import iter_of, read_on, remaining
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.operations import binary_values, compare_values, truth_of
from huldra.experiments.evaluate.reachable import deque_items
from huldra.experiments.evaluate.rearranging import Rule
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.sorting import sort_values
from huldra.experiments.evaluate.special_methods import special_method
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    DictView,
    InstanceObject,
    ListObject,
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
        if any(isinstance(item, InstanceObject | ConfigObject) for item in items) and "key" not in call.keywords:
            return _extreme_of_own(machine, items, ">" if largest else "<", call, frame)
        keywords = {key: value for key, value in call.keywords.items() if key == "key"}
        # Of equal values Python keeps the first, which sorting downwards does too.
        keywords["reverse"] = largest
        ordered = sort_values(machine, items, CallArguments([], keywords, call.place), frame)
        return ordered if isinstance(ordered, Unknown) else ordered[0]

    return rule


def _extreme_of_own(
    machine: Machine, items: list[AbstractValue], symbol: str, call: CallArguments, frame: Frame
) -> AbstractValue:
    """The comparisons that Python makes, one after the other: they are the project's."""
    best = items[0]
    for item in items[1:]:
        better = truth_of(machine, compare_values(machine, symbol, item, best, frame, call.place), frame, call.place)
        if isinstance(better, Unknown):
            return better
        best = item if better else best
    return best


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
        for item in remaining(machine, iterator, call.place):
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
