"""Where two configs differ: by the path of the field, with what stands there in each."""

from collections.abc import Iterator

from msgspec import Struct

from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.json_values import JsonValue


class Absent:
    """Stands for a field that one of the two does not have."""


ABSENT = Absent()


class Difference(Struct, frozen=True):
    """One place at which two configs differ; a side is ABSENT where it has no such field."""

    path: str
    first: JsonValue | Absent
    second: JsonValue | Absent

    @property
    def is_type_shown(self) -> bool:
        """Whether the two would look the same, or nearly so, without their types: `3` and `"3"`, `1` and `true`."""
        if isinstance(self.first, Absent) or isinstance(self.second, Absent):
            return False
        return type(self.first) is not type(self.second)


def config_differences(first: JsonValue, second: JsonValue, path: str = "") -> Iterator[Difference]:
    """Yield the places at which two config documents differ, outermost first."""
    if isinstance(first, dict) and isinstance(second, dict) and first.get(CLASS_MARKER) == second.get(CLASS_MARKER):
        for name in dict.fromkeys((*first, *second)):
            step = f"{path}.{name}" if path else name
            yield from _child(first.get(name, ABSENT), second.get(name, ABSENT), step)
    elif isinstance(first, list) and isinstance(second, list):
        for index in range(max(len(first), len(second))):
            one = first[index] if index < len(first) else ABSENT
            other = second[index] if index < len(second) else ABSENT
            yield from _child(one, other, f"{path}[{index}]")
    elif not _is_equal(first, second):
        yield Difference(path, first, second)


def _child(first: JsonValue | Absent, second: JsonValue | Absent, path: str) -> Iterator[Difference]:
    if isinstance(first, Absent) or isinstance(second, Absent):
        yield Difference(path, first, second)
    else:
        yield from config_differences(first, second, path)


def _is_equal(first: JsonValue, second: JsonValue) -> bool:
    """`1`, `1.0` and `true` are three values: they hash differently."""
    return type(first) is type(second) and first == second
