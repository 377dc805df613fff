"""The dicts of `collections`: `defaultdict`, `Counter` and `OrderedDict`, as far as they do more than a dict does."""

from collections.abc import Callable, Iterable, Mapping

from huldra.experiments.evaluate.iteration import elements
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.methods import update_dict
from huldra.experiments.evaluate.reachable import NoKey, find_key, stored_key
from huldra.experiments.evaluate.signals import Raised, TooLarge
from huldra.experiments.evaluate.unseen_calls import hashed
from huldra.experiments.values import AbstractValue, DictObject, IteratorObject, Key, ListObject, Unknown
from huldra.project.places import Place

Rule = Callable[[Machine, CallArguments, Frame], AbstractValue]


def make_default_dict(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`defaultdict(list, …)`."""
    factory, *rest = call.positional or [None]
    result = DictObject({}, type_name="defaultdict", factory=factory)
    update_dict(machine, result, CallArguments(list(rest), call.keywords, call.place), frame)
    return result


def make_counter(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`Counter(values)`, `Counter({"a": 2})`, `Counter(a=2)`."""
    result = DictObject({}, type_name="Counter")
    _count(machine, result, call, frame, 1)
    return result


def call_special_dict(
    machine: Machine, table: DictObject, name: str, call: CallArguments, frame: Frame
) -> AbstractValue | NoKey:
    """Return what a method gives that a plain dict does not have; NoKey where it is one of a plain dict's."""
    rules: Mapping[str, Rule] = {}
    if table.type_name == "Counter":
        rules = {name: rule(table) for name, rule in _COUNTER.items()}
    elif table.type_name == "OrderedDict":
        rules = {name: rule(table) for name, rule in _ORDERED.items()}
    elif table.type_name == "defaultdict" and name == "copy":
        return DictObject(dict(table.items), table.unknown, table.type_name, table.factory)
    if name not in rules:
        return NoKey()
    if not call.positional and name == "move_to_end":
        machine.touch(table)
        table.unknown = table.unknown or Unknown("an order that is not known", call.place)
        return None
    return rules[name](machine, call, frame)


def _count(machine: Machine, table: DictObject, call: CallArguments, frame: Frame, sign: int) -> None:
    """Effect: add what is given to the counts, or take it away."""
    machine.touch(table)
    for source in call.positional:
        if source is None:
            continue
        if isinstance(source, DictObject):
            table.unknown = table.unknown or source.unknown
            pairs: Iterable[tuple[AbstractValue, AbstractValue]] = list(source.items.items())
        else:
            items = elements(machine, source, frame, call.place)
            if isinstance(items, Unknown):
                table.unknown = table.unknown or items
                continue
            if len(items) > 1 and not isinstance(source, str | ListObject | tuple | range | IteratorObject):
                table.unknown = table.unknown or Unknown("a count whose order is not known", call.place)
            pairs = [(item, 1) for item in items]
        _add_counts(machine, table, pairs, sign, frame, call.place)
    _add_counts(machine, table, call.keywords.items(), sign, frame, call.place)


def _add_counts(
    machine: Machine,
    table: DictObject,
    pairs: Iterable[tuple[AbstractValue, AbstractValue]],
    sign: int,
    frame: Frame,
    place: Place,
) -> None:
    for item, count in pairs:
        key = hashed(machine, item, frame, place)
        found = key if isinstance(key, Unknown) else stored_key(table.items, key)
        before = 0 if isinstance(found, Unknown) else table.items.get(found, 0)
        if isinstance(found, Unknown) or not isinstance(before, int) or type(count) is not int:
            table.unknown = table.unknown or Unknown("a count of unknown elements", place)
            return
        table.items[found] = before + sign * count


def _update(sign: int) -> Callable[[DictObject], Rule]:
    def bound(table: DictObject) -> Rule:
        def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
            _count(machine, table, call, frame, sign)
            return None

        return rule

    return bound


def _counts(table: DictObject) -> list[tuple[Key, int]] | Unknown:
    if table.unknown is not None:
        return table.unknown
    pairs = [(key, count) for key, count in table.items.items() if isinstance(count, int)]
    return pairs if len(pairs) == len(table.items) else Unknown("a count that is no number")


def _most_common(table: DictObject) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
        limit = call.positional[0] if call.positional else call.keywords.get("n")
        counts = _counts(table)
        if isinstance(counts, Unknown):
            return counts
        if limit is not None and not isinstance(limit, int):
            return limit if isinstance(limit, Unknown) else Unknown("an unknown number", call.place)
        ordered: list[AbstractValue] = [*sorted(counts, key=lambda pair: pair[1], reverse=True)]
        return ListObject(ordered if limit is None else ordered[: max(0, limit)])

    return rule


def _total(table: DictObject) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
        counts = _counts(table)
        if isinstance(counts, Unknown):
            return counts
        return sum(count for _, count in counts)

    return rule


def _elements(table: DictObject) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
        counts = _counts(table)
        if isinstance(counts, Unknown):
            return counts
        if sum(max(0, count) for _, count in counts) > machine.limits.sequence_length:
            raise TooLarge("a Counter with too many elements to follow", call.place)
        return IteratorObject([key for key, count in counts for _ in range(count)])

    return rule


def _move_to_end(table: DictObject) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        key = hashed(machine, call.positional[0], frame, call.place)
        last = call.positional[1] if len(call.positional) > 1 else call.keywords.get("last", True)
        machine.touch(table)
        if isinstance(key, Unknown) or not isinstance(last, bool) or table.unknown is not None:
            table.unknown = table.unknown or Unknown("an order that is not known", call.place)
            return None
        found = find_key(table.items, key)
        if isinstance(found, NoKey):
            raise Raised("KeyError", repr(key), call.place)
        moved = {found: table.items.pop(found)}
        rest = dict(table.items)
        table.items.clear()
        table.items.update({**rest, **moved} if last else {**moved, **rest})
        return None

    return rule


def _pop_item(table: DictObject) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
        last = call.positional[0] if call.positional else call.keywords.get("last", True)
        machine.touch(table)
        if not isinstance(last, bool) or table.unknown is not None:
            table.unknown = table.unknown or Unknown("an entry that is not known", call.place)
            return table.unknown
        if not table.items:
            raise Raised("KeyError", "'dictionary is empty'", call.place)
        key = next(reversed(table.items) if last else iter(table.items))
        return key, table.items.pop(key)

    return rule


def counter_operation(symbol: str, left: DictObject, right: DictObject, place: Place) -> AbstractValue:
    """Return `left + right` and its like for two Counters: only counts above zero are kept."""
    mine, theirs = _counts(left), _counts(right)
    if isinstance(mine, Unknown):
        return mine
    if isinstance(theirs, Unknown):
        return theirs
    combine = _COMBINED.get(symbol)
    if combine is None:
        return Unknown("an operation on a Counter that is not followed", place)
    own, other = dict(mine), dict(theirs)
    keys = [*own, *(key for key in other if key not in own)]
    counts = {key: combine(own.get(key, 0), other.get(key, 0)) for key in keys}
    return DictObject({key: count for key, count in counts.items() if count > 0}, type_name="Counter")


_COMBINED: Mapping[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "|": max,
    "&": min,
}
_COUNTER: Mapping[str, Callable[[DictObject], Rule]] = {
    "update": _update(1),
    "subtract": _update(-1),
    "most_common": _most_common,
    "total": _total,
    "elements": _elements,
}
_ORDERED: Mapping[str, Callable[[DictObject], Rule]] = {"move_to_end": _move_to_end, "popitem": _pop_item}
