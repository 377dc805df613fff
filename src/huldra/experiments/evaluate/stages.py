"""What the body of a generator changes, in the order of its elements: it is changed when its consumer is that far.

The body has been run to its end at once. What it has changed of what others see is taken back then, and done again step
by step, as long as the consumer changes nothing of what the body reads or changes.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from huldra.experiments.evaluate.footprints import inside, is_changed, let_go_by, take_footprint
from huldra.experiments.evaluate.held_back import acts_when_left
from huldra.experiments.evaluate.journal import Section, differs, merge, put, take
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    DictObject,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    ListObject,
    Mutable,
    Scope,
    SetObject,
    Snapshot,
    Unknown,
    next_birth,
)
from huldra.project.places import Place

_MUTABLE = ListObject | DictObject | SetObject | InstanceObject | IteratorObject
_MOST = 20_000
"""How many elements of values are looked at and kept in all; past that it is not told apart what belongs where."""
SHARED = "a generator changes it while it is read"
_Delta = dict[int, tuple[Mutable, Snapshot]]


class Stages(Struct, eq=False):
    """What a body that is being run has changed at each of its elements, and at its end.

    Attributes:
        machine: The evaluation.
        section: Notes what was there before the body and is changed.
        iterator: What gives the elements.
        standing: How many sections and conditions there were, and modules imported, when the body began.
        deltas: What has been changed since the element before, and what it holds then.
        is_clear: Whether it can be told what belongs to which element.
    """

    machine: Machine
    section: Section
    iterator: IteratorObject
    standing: tuple[int, int, int]
    deltas: list[_Delta] = []
    is_clear: bool = True
    _since: int = 0
    _work: int = 0
    _young: dict[int, Mutable] = {}
    """What the body has made and others may see."""

    def note_given(self, values: Sequence[AbstractValue] | None) -> None:
        """Effect: note what has been changed since the element before; None where more happens between elements."""
        if values is None:
            self.is_clear = False
        elif values:
            self.note(values)
            self.deltas += [{} for _ in values[1:]]

    def note(self, given: Iterable[AbstractValue]) -> None:
        """Effect: note what has been changed since this was last called."""
        if not self.is_clear:
            return
        self.is_clear = _standing(self.machine) == self.standing
        own = (self.iterator, self.iterator.scope)
        older = [value for value, _ in self.section.before.values() if not any(value is each for each in own)]
        changed = [value for value in older if value.touched > self._since]
        known = set(self._young)
        self._find_young([*given, *(part for value in changed for part in _content(value))])
        changed += [v for key, v in self._young.items() if key not in known or v.touched > self._since]
        delta = {id(value): (value, take(value)) for value in changed}
        self._work += sum(1 + len(state[0]) for _, state in delta.values())
        self.is_clear = self.is_clear and self._work <= _MOST
        self.deltas.append(delta)
        self._since = next_birth()

    def _find_young(self, values: list[AbstractValue]) -> None:
        seen: set[int] = set()
        while values and self.is_clear:
            value = values.pop()
            if isinstance(value, str | int | float | None) or id(value) in seen:
                continue
            seen.add(id(value))
            self._work += 1
            scope = _scope(value)
            # What has the names of the body at hand sees them change.
            is_own = scope is not None and (scope is self.iterator.scope or scope.born >= self.section.opened)
            self.is_clear = self._work <= _MOST and not is_own
            if isinstance(value, _MUTABLE) and value.born >= self.section.opened:
                self._young[id(value)] = value
            values.extend(inside(value))


def _scope(value: AbstractValue) -> Scope | None:
    match value:
        case FunctionObject(scope=scope) | IteratorObject(scope=scope):
            return scope
        case ClassObject(members=members):
            return members
        case _:
            return None


def _content(value: Mutable) -> list[AbstractValue]:
    return list(value.names.values()) if isinstance(value, Scope) else [value]


def begin_stages(machine: Machine, section: Section, iterator: IteratorObject) -> Stages:
    """Return what notes what a body changes that is about to be run, while a section is open."""
    return Stages(machine, section, iterator, _standing(machine))


def _standing(machine: Machine) -> tuple[int, int, int]:
    return machine.journal.depth, len(machine.conditions), len(machine.imported)


def unroll(machine: Machine, iterator: IteratorObject, stages: Stages, place: Place) -> bool:
    """Take back what a body has changed, to be done again element by element; return whether that can be done.

    Effect: what was there before is as it was; `reach` of the iterator does what belongs to each element.
    """
    is_whole = len(stages.deltas) == len(iterator.items) + 1 and iterator.unknown is None
    if not stages.is_clear or not is_whole or iterator.source is None or acts_when_left(iterator.source):
        return False
    _watch(machine, iterator, stages.deltas)
    for value, before in stages.section.before.values():
        if value is not iterator and differs(value, before):
            machine.journal.touch(value)
            put(value, before)
            machine.journal.work += 1 + len(before[0])
    deltas, act = stages.deltas, iterator.reach

    def reach(left: int | None) -> None:
        is_lost = left is None or (iterator.footprint is not None and is_changed(iterator.footprint))
        if left is None or is_lost:
            _doubt(machine, deltas, place)
        else:
            _apply(machine, deltas[len(deltas) - 2 - left])
            _look_again(iterator)
        if act is not None:
            act(None if is_lost else left)

    iterator.reach = reach
    _look_again(iterator)
    return True


def _apply(machine: Machine, delta: _Delta) -> None:
    for value, state in delta.values():
        if differs(value, state):
            machine.touch(value)
            put(value, state)
            machine.journal.work += 1 + len(state[0])


def _doubt(machine: Machine, deltas: list[_Delta], place: Place) -> None:
    doubt = Unknown(SHARED, place)
    for delta in deltas:
        for value, state in delta.values():
            machine.touch(value)
            machine.journal.work += merge(value, state, doubt)


def _watch(machine: Machine, iterator: IteratorObject, deltas: list[_Delta]) -> None:
    """Effect: from now on, what the consumer changes of what the body reads or changes is seen."""
    footprint = take_footprint(machine, iterator)
    parts = {id(part): part for part in footprint.parts}
    # A container that is let go of as it is yielded is its consumer's.
    given = {id(item) for item in iterator.items} if let_go_by(machine, iterator) is not None else set[int]()
    changed = ((key, value) for delta in deltas for key, (value, _) in delta.items() if key not in given)
    parts |= {key: value for key, value in changed if not isinstance(value, Scope)}
    iterator.footprint = replace(footprint, parts=tuple(parts.values()))


def _look_again(iterator: IteratorObject) -> None:
    """Effect: what has been changed so far was the body's own doing."""
    footprint = iterator.footprint
    if footprint is None:
        return
    names = tuple((scope, name, scope.names.get(name, value)) for scope, name, value in footprint.names)
    iterator.footprint = replace(footprint, since=next_birth(), names=names)
