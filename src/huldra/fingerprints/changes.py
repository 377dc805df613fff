"""What calling a function changes, as plain data: of what is named, and of what it is given. Reads no code."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

Places = frozenset[str]
"""What may be meant: full names of values, functions and classes of the project, and parameters behind a `$`."""

NOWHERE: Places = frozenset()
Given = list[tuple[str, Places]]
"""What a call is given, each by its number or its name; an unpacked one by neither."""


class Changes(Struct, frozen=True):
    """What calling a function does.

    Attributes:
        changed: What it changes.
        kept: Of that, where it puts something that it is given.
        given: What it gives may be this, or a part of it.
        parameters: The names of its parameters, in order.
        inner: What a call of its result does: functions that are defined inside.
        shares: Those have something in common that they change.
    """

    changed: Places = NOWHERE
    kept: Places = NOWHERE
    given: Places = NOWHERE
    parameters: tuple[str, ...] = ()
    inner: "Changes | None" = None
    shares: bool = False


NOTHING = Changes()


def together(found: Iterable[Places]) -> Places:
    """Return several places as one set."""
    return frozenset[str]().union(*found)


def of_parameter(name: str) -> str:
    """Return the place that stands for what a parameter is given."""
    return f"${name}"


def is_parameter(place: str) -> bool:
    """Whether a place stands for what a parameter is given."""
    return place.startswith("$")


def merged(several: Iterable[Changes], without: Places) -> Changes:
    """Return what functions do that one of may be called; what stands for their own parameters is left out."""
    kept = tuple(several)
    own = together(frozenset(map(of_parameter, each.parameters)) for each in kept) | without
    inner = next((each.inner for each in kept if each.inner is not None), None)
    return Changes(together(c.changed for c in kept) - own, together(c.kept for c in kept) - own, inner=inner)


def placed(changes: Changes, receiver: tuple[Places, ...], given: Iterable[tuple[str, Places]]) -> Mapping[str, Places]:
    """Return what the parameters of a function are in a call; `receiver` comes first, and no argument stands for it."""
    found = dict(zip(changes.parameters, receiver, strict=False))
    for name, places in given:
        index = int(name) + len(receiver) if name.isdigit() else -1
        parameter = changes.parameters[index] if 0 <= index < len(changes.parameters) else name
        found[parameter] = found.get(parameter, NOWHERE) | places
    return found


def substituted(changes: Changes, known: Mapping[str, Places]) -> Changes:
    """Return what a function does where it is known what its parameters are."""

    def put(places: Places) -> Places:
        return together(known.get(p[1:], NOWHERE) if is_parameter(p) else frozenset({p}) for p in places)

    return Changes(put(changes.changed), put(changes.kept), put(changes.given))
