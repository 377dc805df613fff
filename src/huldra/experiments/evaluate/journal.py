"""What mutable values held before a stretch of code ran, so that a branch can be undone and two branches merged."""

from collections.abc import Iterable

from huldra.experiments.values import (
    AbstractValue,
    DictObject,
    InstanceObject,
    IteratorObject,
    Key,
    ListObject,
    Mutable,
    Scope,
    SetObject,
    Unknown,
    same_value,
)

Content = tuple[AbstractValue, ...] | dict[str, AbstractValue] | dict[Key, AbstractValue] | dict[Key, None]
Snapshot = tuple[Content, Unknown | None]


class Section:
    """The first content of every value that was changed while the section was open."""

    def __init__(self) -> None:
        self.before: dict[int, tuple[Mutable, Snapshot]] = {}

    def changed(self) -> Iterable[Mutable]:
        """Return what was changed."""
        return [value for value, _ in self.before.values()]


class Journal:
    """The open sections. Whoever changes a mutable value says so first, with `touch`."""

    def __init__(self) -> None:
        self._open: list[Section] = []

    def touch(self, value: Mutable) -> None:
        """Note that a value is about to change."""
        for section in self._open:
            if id(value) not in section.before:
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
        case ListObject() | IteratorObject():
            return tuple(value.items), value.unknown
        case DictObject():
            return dict(value.items), value.unknown
        case SetObject():
            return dict(value.items), value.unknown
        case InstanceObject():
            return dict(value.attributes), value.unknown
        case Scope():
            return dict(value.names), None


def put(value: Mutable, snapshot: Snapshot) -> None:
    """Effect: make a value hold what it held when the snapshot was taken."""
    content, unknown = snapshot
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
    content, unknown = other
    match value, content:
        case ((ListObject() | IteratorObject()), tuple()):
            if len(value.items) != len(content):
                value.unknown = doubt
            else:
                pairs = zip(value.items, content, strict=True)
                value.items[:] = [mine if same_value(mine, theirs) else doubt for mine, theirs in pairs]
        case DictObject(), dict():
            if value.items.keys() != content.keys():
                value.unknown = doubt
            _merge_values(value.items, content, doubt)
        case SetObject(), dict():
            if value.items.keys() != content.keys():
                value.unknown = doubt
        case InstanceObject(), dict():
            _merge_values(value.attributes, content, doubt)
        case Scope(), dict():
            _merge_values(value.names, content, doubt)
        case _:
            raise AssertionError("a snapshot belongs to the value it was taken of")
    if not isinstance(value, Scope):
        value.unknown = value.unknown or unknown


def _merge_values(mine: dict[Key, AbstractValue] | dict[str, AbstractValue], theirs: object, doubt: Unknown) -> None:
    target: dict[object, AbstractValue] = mine  # pyright: ignore[reportAssignmentType]  keys are only passed through
    other: dict[object, AbstractValue] = theirs  # pyright: ignore[reportAssignmentType]
    for key in [*target, *(key for key in other if key not in target)]:
        if key not in target or key not in other or not same_value(target[key], other[key]):
            target[key] = doubt


def put_in_doubt(value: Mutable, before: Snapshot, doubt: Unknown) -> None:
    """Effect: after code that was stopped half-way, make a value hold only what it also held before."""
    merge(value, before, doubt)
    if not isinstance(value, Scope | InstanceObject):
        value.unknown = doubt
