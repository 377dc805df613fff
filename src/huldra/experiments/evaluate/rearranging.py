"""Functions that make containers and iterators of all that they are given: `list`, `product`, `sorted`, …

They never look into the elements, so that the project's own objects go through them unchanged.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice

from huldra.experiments.evaluate.iteration import elements
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.methods import update_dict
from huldra.experiments.evaluate.reachable import stored_key
from huldra.experiments.evaluate.signals import Raised, TooLarge
from huldra.experiments.evaluate.sorting import sort_values
from huldra.experiments.evaluate.unseen_calls import hashed
from huldra.experiments.values import (
    AbstractValue,
    DictObject,
    IteratorObject,
    Key,
    ListObject,
    SetObject,
    Unknown,
    type_name,
)

_MAX_REPEAT = 1000
Rule = Callable[[Machine, CallArguments, Frame], AbstractValue]


def _elements(machine: Machine, call: CallArguments, frame: Frame) -> list[list[AbstractValue]] | Unknown:
    """Return the elements of every positional argument; Unknown if one of them, or its order, is not known."""
    result: list[list[AbstractValue]] = []
    for value in call.positional:
        items = machine.iterate(value, frame, call.place)
        if isinstance(items, Unknown):
            return items
        result.append(items)
    return result


def _list(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    parts = _elements(machine, call, frame)
    if isinstance(parts, Unknown):
        return ListObject([], parts)
    return ListObject(parts[0] if parts else [])


def _tuple(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    parts = _elements(machine, call, frame)
    return parts if isinstance(parts, Unknown) else tuple(parts[0] if parts else ())


def _set(*, is_frozen: bool) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        items = elements(machine, call.positional[0], frame, call.place) if call.positional else []
        if isinstance(items, Unknown):
            return SetObject({}, is_frozen, items)
        keys: dict[Key, None] = {}
        for item in items:
            key = hashed(machine, item, frame, call.place)
            if isinstance(item, ListObject | DictObject) or (isinstance(item, SetObject) and not item.is_frozen):
                raise Raised("TypeError", f"a {type_name(item)} in a set, which has no hash", call.place)
            if isinstance(key, Unknown):
                return SetObject({}, is_frozen, key)
            keys.setdefault(stored_key(keys, key))
        return SetObject(keys, is_frozen)

    return rule


def _dict(name: str) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        result = DictObject({}, type_name=name)
        update_dict(machine, result, call, frame)
        return result

    return rule


def _structural(combine: Callable[..., object]) -> Rule:
    """A function that only rearranges elements (`product`): applied to the evaluator's own values."""

    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        parts = _elements(machine, call, frame)
        if isinstance(parts, Unknown):
            return IteratorObject([], parts)
        options: dict[str, AbstractValue] = {}
        for name, value in call.keywords.items():
            known = value if isinstance(value, int | bool) else None
            if known is None:
                return Unknown(f"the argument {name}", call.place)
            if known > _MAX_REPEAT:
                raise TooLarge(f"{name}={known} is too much to follow", call.place)
            options[name] = known
        limit = machine.limits.sequence_length
        try:
            found = list(islice(_lazily(combine, parts, options), limit + 1))
        except ValueError as error:
            raise Raised("ValueError", str(error), call.place) from error
        if len(found) > limit:
            raise TooLarge(f"more than {limit} combinations are too many to follow", call.place)
        return IteratorObject(found)

    return rule


def _lazily(
    combine: Callable[..., object], parts: list[list[AbstractValue]], options: Mapping[str, AbstractValue]
) -> Iterator[AbstractValue]:
    rows: Callable[..., Iterator[AbstractValue]] = combine  # pyright: ignore[reportAssignmentType]
    return rows(*parts, **options)


def _choosing(combine: Callable[..., object]) -> Rule:
    """`combinations(values, r)` and its kin."""

    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        count = call.positional[1] if len(call.positional) > 1 else call.keywords.get("r")
        items = machine.iterate(call.positional[0], frame, call.place)
        if isinstance(count, int) and count > _MAX_REPEAT:
            raise TooLarge(f"choosing {count} is too much to follow", call.place)
        if isinstance(items, Unknown) or not (count is None or isinstance(count, int)):
            return items if isinstance(items, Unknown) else Unknown("an unknown count", call.place)
        chosen = _lazily(combine, [items], {} if count is None else {"r": count})
        found = list(islice(chosen, machine.limits.sequence_length + 1))
        if len(found) > machine.limits.sequence_length:
            raise TooLarge("more combinations than can be followed", call.place)
        return IteratorObject(found)

    return rule


def _sorted(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    read = machine.iterate if "key" in call.keywords else partial(elements, machine)
    items = read(call.positional[0], frame, call.place)
    ordered = items if isinstance(items, Unknown) else sort_values(machine, items, call, frame)
    return ListObject([], ordered) if isinstance(ordered, Unknown) else ListObject(ordered)


def _from_keys(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    parts = _elements(machine, CallArguments(call.positional[:1], {}, call.place), frame)
    result = DictObject({})
    if isinstance(parts, Unknown):
        result.unknown = parts
        return result
    value = call.positional[1] if len(call.positional) > 1 else None
    for item in parts[0]:
        key = hashed(machine, item, frame, call.place)
        if isinstance(key, Unknown):
            result.unknown = key
        else:
            result.items[stored_key(result.items, key)] = value
    return result


REARRANGING: Mapping[str, Rule] = {
    "builtins.dict.fromkeys": _from_keys,
    "builtins.list": _list,
    "builtins.tuple": _tuple,
    "builtins.set": _set(is_frozen=False),
    "builtins.frozenset": _set(is_frozen=True),
    "builtins.dict": _dict("dict"),
    "collections.OrderedDict": _dict("OrderedDict"),
    "itertools.product": _structural(itertools.product),
    "itertools.combinations": _choosing(itertools.combinations),
    "itertools.permutations": _choosing(itertools.permutations),
    "itertools.combinations_with_replacement": _choosing(itertools.combinations_with_replacement),
    "builtins.sorted": _sorted,
}
