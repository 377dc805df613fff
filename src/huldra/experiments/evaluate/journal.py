"""What mutable values held before a stretch of code ran, so that a branch can be undone and two branches merged."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from msgspec.structs import replace

from huldra.experiments.evaluate.reachable import mutable_parts
from huldra.experiments.value_identity import same_value
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    Content,
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

_ELEMENTS_OF_A_DOUBT = 10
CALLABLE = (ClassObject, FunctionObject, BoundMethod, Partial)
_HAVE_METHODS = frozenset[type]({*CALLABLE, ConfigObject})


class Section:
    """The first content of every value that was changed while the section was open, and that was there before it.

    What was made inside has no content to go back to: it stays as it is with whatever has kept it, such as a config.
    """

    def __init__(self, *, is_put_back: bool = True) -> None:
        self.opened = next_birth()
        self.is_put_back = is_put_back
        """Whether what it notes may be put back, as what one of several branches does is."""
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
        self.work = 0
        """How many elements of values have been noted, put back or merged."""

    @contextmanager
    def importing(self) -> Generator[None]:
        """What is made inside lasts as it is, whatever becomes of the sections around it; older values are theirs."""
        first, count = next_birth(), len(self._open)
        around = [section for section in self._open if section.newest is None]
        for section in around:
            section.newest = first
        try:
            yield
        finally:
            del self._open[count:]  # a module that is left by `return`, which Python would not have read, leaves some
            for section in around:
                section.newest = None

    def touch(self, value: Mutable) -> None:
        """Note that a value is about to change."""
        value.touched = next_birth()
        key, noted = id(value), None
        for section in reversed(self._open):
            if key in section.before:
                return  # whatever is open around a section was open when it noted the value, and did so too
            if value.born < (section.opened if section.newest is None else min(section.newest, section.opened)):
                if noted is None:
                    noted = value, take(value)
                    self.work += len(noted[1][0])
                section.before[key] = noted

    @property
    def depth(self) -> int:
        """How many sections are open that may be put back."""
        return sum(section.is_put_back for section in self._open)

    def open(self, *, is_put_back: bool = True) -> Section:
        """Begin a section; sections may overlap."""
        section = Section(is_put_back=is_put_back)
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
            self.work += 1 + len(snapshot[0])
        return after


def take(value: Mutable) -> Snapshot:
    """Return what a value holds now."""
    match value:
        case Scope():  # most of them
            return dict(value.names), None, None
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


def names_in(snapshot: Snapshot) -> dict[str, AbstractValue]:
    """Return the names that a scope held when a snapshot was taken of it."""
    content = snapshot[0]
    return {} if isinstance(content, tuple) else {name: v for name, v in content.items() if isinstance(name, str)}


def put(value: Mutable, snapshot: Snapshot) -> None:
    """Effect: make a value hold what it held when the snapshot was taken."""
    content, unknown, progress = snapshot
    match value, content:
        case Scope(), dict():
            _refill(value.names, content)
            return
        case ((ListObject() | IteratorObject()), tuple()):
            value.items[:] = content
        case ((DictObject() | SetObject()), dict()):
            _refill(value.items, content)
        case InstanceObject(), dict():
            _refill(value.attributes, content)
        case _:
            raise AssertionError("a snapshot belongs to the value it was taken of")
    value.unknown = unknown
    if isinstance(value, IteratorObject) and progress is not None:
        value.pending, value.state = progress


def _refill(target: dict[Key, AbstractValue] | dict[Key, None] | dict[str, AbstractValue], content: object) -> None:
    target.clear()
    target.update(content)  # pyright: ignore[reportCallIssue, reportArgumentType]  both come from one value


def merge(value: Mutable, other: Snapshot, doubt: Unknown) -> int:
    """Effect: make a value hold what is true both of what it holds and of a snapshot; where they differ, the doubt.

    Returns:
        How much work that was, in elements looked at.
    """
    content, unknown, progress = other
    work = 1 + len(content)
    if isinstance(value, IteratorObject) and not _is_as_far(value, progress):
        value.unknown = doubt
    match value, content:
        case Scope(), dict():
            return work + _merge_values(value.names, content, doubt)
        case ((ListObject() | IteratorObject()), tuple()):
            if len(value.items) != len(content):
                value.unknown = with_aliases(doubt, (*value.items, *content))
            else:
                pairs = list(zip(value.items, content, strict=True))
                value.items[:] = [either(mine, theirs, doubt) for mine, theirs in pairs]
                work += _work(value.items, (mine for mine, _ in pairs))
        case DictObject(), dict():
            if not _same_keys(value.items, content):
                value.unknown = with_aliases(doubt, (*value.items.values(), *_known(content.values())))
            work += _merge_values(value.items, content, doubt)
        case SetObject(), dict():
            if not _same_keys(value.items, content):
                value.unknown = doubt
        case InstanceObject(), dict():
            work += _merge_values(value.attributes, content, doubt)
        case _:
            raise AssertionError("a snapshot belongs to the value it was taken of")
    value.unknown = value.unknown or unknown
    return work


def _is_as_far(value: IteratorObject, progress: Progress | None) -> bool:
    return progress is None or (value.pending is progress[0] and same_value(value.state, progress[1]))


def _merge_values(mine: dict[Key, AbstractValue] | dict[str, AbstractValue], theirs: object, doubt: Unknown) -> int:
    target: dict[object, AbstractValue] = mine  # pyright: ignore[reportAssignmentType]  keys are only passed through
    other: dict[object, AbstractValue] = theirs  # pyright: ignore[reportAssignmentType]
    before = dict(target)
    for key in [*target, *(key for key in other if key not in target)]:
        if key in target and key in other:
            target[key] = either(target[key], other[key], doubt)
        else:
            target[key] = with_aliases(doubt, (target[key] if key in target else other[key],))
    return _work(target.values(), (before.get(key) for key in target))


def _work(now: Iterable[AbstractValue], before: Iterable[AbstractValue]) -> int:
    """Return what the doubts among values have cost to make: each looked for whatever the value holds."""
    new = [value for value, old in zip(now, before, strict=True) if value is not old and type(value) is Unknown]
    return sum(_ELEMENTS_OF_A_DOUBT + 2 * len(value.aliases) for value in new) if new else 0


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
    options = [v for value in listed for v in (value.aliases if type(value) is Unknown else (value,))]
    parts = (*doubt.aliases, *mutable_parts(listed), *(v for v in options if type(v) in _HAVE_METHODS))
    # Each once: a loop that puts what is in doubt in doubt again would double them in each of its turns.
    held = {id(part): part for part in parts}
    if len(held) == len(doubt.aliases):
        return doubt
    # Doubts about the same values share them: there may be one for each name, and each value may be in all of them.
    known = (value.aliases for value in listed if isinstance(value, Unknown) and len(value.aliases) == len(held))
    same = next((aliases for aliases in known if all(id(part) in held for part in aliases)), None)
    return replace(doubt, aliases=tuple(held.values()) if same is None else same)


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


def differs(value: Mutable, state: Snapshot) -> bool:
    """Whether a value holds anything else than a snapshot of it does."""
    content, unknown, _ = take(value)
    other, other_unknown, progress = state
    mine, theirs = _entries(content), _entries(other)
    if unknown != other_unknown or len(mine) != len(theirs):
        return True
    if isinstance(value, IteratorObject) and not _is_as_far(value, progress):
        return True
    return any(a != b or not same_value(x, y) for (a, x), (b, y) in zip(mine, theirs, strict=True))


def _entries(content: Content) -> list[tuple[object, AbstractValue]]:
    if isinstance(content, tuple):
        return list(enumerate(content))
    return [(key, value) for key, value in content.items()]
