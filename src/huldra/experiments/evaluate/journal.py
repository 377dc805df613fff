"""What mutable values held before a stretch of code ran, so that a branch can be undone and two branches merged."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import replace

from huldra.experiments.evaluate.reachable import mutable_parts
from huldra.experiments.value_identity import same_value
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    DictObject,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    Key,
    ListObject,
    Mutable,
    Partial,
    Progress,
    Scope,
    SetObject,
    Snapshot,
    Unknown,
    next_birth,
)

CALLABLE = (ClassObject, FunctionObject, BoundMethod, Partial)


class Section:
    """The first content of every value that was changed while the section was open."""

    def __init__(self) -> None:
        self.before: dict[int, tuple[Mutable, Snapshot]] = {}
        self.newest: int | None = None
        """While a module is imported: values that were born since then are not the section's."""

    def changed(self) -> Iterable[Mutable]:
        """Return what was changed."""
        return [value for value, _ in self.before.values()]


class Journal:
    """The open sections. Whoever changes a mutable value says so first, with `touch`."""

    def __init__(self) -> None:
        self._open: list[Section] = []

    @contextmanager
    def importing(self) -> Generator[None]:
        """What is made inside lasts as it is, whatever becomes of the sections around it; older values are theirs."""
        first = next_birth()
        around = [section for section in self._open if section.newest is None]
        for section in around:
            section.newest = first
        try:
            yield
        finally:
            for section in around:
                section.newest = None

    def touch(self, value: Mutable) -> None:
        """Note that a value is about to change."""
        value.touched = next_birth()
        for section in self._open:
            is_theirs = section.newest is None or value.born < section.newest
            if is_theirs and id(value) not in section.before:
                section.before[id(value)] = (value, take(value))

    def open(self) -> Section:
        """Begin a section; sections may overlap."""
        section = Section()
        self._open.append(section)
        return section

    def close(self, section: Section) -> None:
        """End a section; what it noted stays readable."""
        self._open.remove(section)

    def undo(self, section: Section) -> dict[int, tuple[Mutable, Snapshot]]:
        """End a section, put everything back to its beginning, and return what the changed values held at its end."""
        self.close(section)
        after = {key: (value, take(value)) for key, (value, _) in section.before.items()}
        for value, snapshot in section.before.values():
            self.touch(value)
            put(value, snapshot)
        return after


def take(value: Mutable) -> Snapshot:
    """Return what a value holds now."""
    match value:
        case ListObject():
            return tuple(value.items), value.unknown, None
        case IteratorObject():
            return tuple(value.items), value.unknown, (value.pending, value.state)
        case DictObject():
            return dict(value.items), value.unknown, None
        case SetObject():
            return dict(value.items), value.unknown, None
        case InstanceObject():
            return dict(value.attributes), value.unknown, None
        case Scope():
            return dict(value.names), None, None


def put(value: Mutable, snapshot: Snapshot) -> None:
    """Effect: make a value hold what it held when the snapshot was taken."""
    content, unknown, progress = snapshot
    if isinstance(value, IteratorObject) and progress is not None:
        value.pending, value.state = progress
    match value, content:
        case ((ListObject() | IteratorObject()), tuple()):
            value.items[:] = content
        case ((DictObject() | SetObject()), dict()):
            _refill(value.items, content)
        case InstanceObject(), dict():
            _refill(value.attributes, content)
        case Scope(), dict():
            _refill(value.names, content)
        case _:
            raise AssertionError("a snapshot belongs to the value it was taken of")
    if not isinstance(value, Scope):
        value.unknown = unknown


def _refill(target: dict[Key, AbstractValue] | dict[Key, None] | dict[str, AbstractValue], content: object) -> None:
    target.clear()
    target.update(content)  # pyright: ignore[reportCallIssue, reportArgumentType]  both come from one value


def merge(value: Mutable, other: Snapshot, doubt: Unknown) -> None:
    """Effect: make a value hold what is true both of what it holds and of a snapshot; where they differ, the doubt."""
    content, unknown, progress = other
    if isinstance(value, IteratorObject) and not _is_as_far(value, progress):
        value.unknown = doubt
    match value, content:
        case ((ListObject() | IteratorObject()), tuple()):
            if len(value.items) != len(content):
                value.unknown = with_aliases(doubt, (*value.items, *content))
            else:
                pairs = zip(value.items, content, strict=True)
                value.items[:] = [either(mine, theirs, doubt) for mine, theirs in pairs]
        case DictObject(), dict():
            if not _same_keys(value.items, content):
                value.unknown = with_aliases(doubt, (*value.items.values(), *_known(content.values())))
            _merge_values(value.items, content, doubt)
        case SetObject(), dict():
            if not _same_keys(value.items, content):
                value.unknown = doubt
        case InstanceObject(), dict():
            _merge_values(value.attributes, content, doubt)
        case Scope(), dict():
            _merge_values(value.names, content, doubt)
        case _:
            raise AssertionError("a snapshot belongs to the value it was taken of")
    if not isinstance(value, Scope):
        value.unknown = value.unknown or unknown


def _is_as_far(value: IteratorObject, progress: Progress | None) -> bool:
    return progress is None or (value.pending is progress[0] and same_value(value.state, progress[1]))


def _merge_values(mine: dict[Key, AbstractValue] | dict[str, AbstractValue], theirs: object, doubt: Unknown) -> None:
    target: dict[object, AbstractValue] = mine  # pyright: ignore[reportAssignmentType]  keys are only passed through
    other: dict[object, AbstractValue] = theirs  # pyright: ignore[reportAssignmentType]
    for key in [*target, *(key for key in other if key not in target)]:
        if key in target and key in other:
            target[key] = either(target[key], other[key], doubt)
        else:
            target[key] = with_aliases(doubt, (target[key] if key in target else other[key],))


def _known(values: Iterable[AbstractValue | None]) -> Iterable[AbstractValue]:
    return values


def _same_keys(mine: Iterable[Key], theirs: Iterable[object]) -> bool:
    """Whether two dicts have the same keys in the same order, `1`, `True` and `1.0` told apart."""
    left: list[object] = list(mine)
    right = list(theirs)
    return left == right and [type(key) for key in left] == [type(key) for key in right]


def either(mine: AbstractValue, theirs: AbstractValue, doubt: Unknown) -> AbstractValue:
    """Return a value that is one of two; the doubt where they differ."""
    return mine if same_value(mine, theirs) else with_aliases(doubt, (mine, theirs))


def with_aliases(doubt: Unknown, values: Iterable[AbstractValue]) -> Unknown:
    """Return a doubt that remembers the mutable values it may stand for."""
    listed = list(values)
    callables = [v for value in listed for v in (value.aliases if isinstance(value, Unknown) else (value,))]
    parts = (*mutable_parts(listed), *(v for v in callables if isinstance(v, CALLABLE)))
    return replace(doubt, aliases=(*doubt.aliases, *parts)) if parts else doubt


def is_same_state(value: Mutable, before: Snapshot) -> bool:
    """Whether a value holds what it held, all unknown contents taken for the same."""
    content, unknown, _ = take(value)
    old, old_unknown, progress = before
    if isinstance(value, IteratorObject) and progress is not None and not same_value(value.state, progress[1]):
        return False
    if unknown is not None or old_unknown is not None:
        return (unknown is None) == (old_unknown is None)
    if isinstance(content, tuple) and isinstance(old, tuple):
        return len(content) == len(old) and all(_alike(a, b) for a, b in zip(content, old, strict=True))
    if isinstance(content, dict) and isinstance(old, dict):
        mine, theirs = list(content.items()), list(old.items())
        return _same_keys(content, old) and all(_alike(a, b) for (_, a), (_, b) in zip(mine, theirs, strict=True))
    return False


def _alike(left: AbstractValue, right: AbstractValue) -> bool:
    return (isinstance(left, Unknown) and isinstance(right, Unknown)) or same_value(left, right)
