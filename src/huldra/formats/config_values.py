"""The values a config can hold, as one closed set of types that both halves build and every later stage reads.

Container kinds are kept (a tuple is not a list), although the hash does not tell them apart.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct

Scalar = None | bool | int | float | str


class Composite(Struct, frozen=True, array_like=True, tag=True, gc=False):
    """A value that is no scalar. Encoded, it says of which type it is; being made from its parts, it is in no cycle."""


class ConfigValue(Composite, frozen=True):
    """An object with fields: an experiment's config, or a plain config class that is no experiment.

    `fields` holds the cooked values in field order, private ones included.
    """

    class_name: str
    fields: tuple[tuple[str, "Value"], ...]
    is_experiment: bool = True

    def get(self, name: str) -> "Value | None":
        """Return a field's value, or None when there is no such field."""
        return next((value for field, value in self.fields if field == name), None)


class EnumValue(Composite, frozen=True):
    """A member of an enum.

    `value` is what the member stands for; `is_plain` members are that value themselves (str and int enums).
    """

    class_name: str
    member: str
    value: "Value" = None
    is_plain: bool = False


class PathValue(Composite, frozen=True):
    """A concrete path, as `str(path)` gives it."""

    text: str


class ListValue(Composite, frozen=True):
    """A list."""

    items: tuple["Value", ...]


class TupleValue(Composite, frozen=True):
    """A tuple, named or not."""

    items: tuple["Value", ...]


class DictValue(Composite, frozen=True):
    """A dict, in insertion order."""

    items: tuple[tuple["Value", "Value"], ...]


class SetValue(Composite, frozen=True):
    """A set or frozenset, in no order that means anything."""

    items: tuple["Value", ...]
    is_frozen: bool = False


class BytesValue(Composite, frozen=True):
    """Bytes, a bytearray or a memoryview."""

    data: bytes


class TimeValue(Composite, frozen=True):
    """A moment in UTC; a naive one has no meaning outside the process that reads it."""

    moment: datetime


class ModelValue(Composite, frozen=True):
    """A pydantic model, as its `model_dump()` gives it."""

    class_name: str
    items: tuple[tuple[str, "Value"], ...]


class UnhashableValue(Composite, frozen=True):
    """A value that a config may hold but that has no canonical form: hashing it raises TypeError."""

    type_name: str


class MissingValue(Composite, frozen=True):
    """The sentinel `MISSING`: hashing it raises ValueError."""


Value = (
    Scalar
    | ConfigValue
    | EnumValue
    | PathValue
    | ListValue
    | TupleValue
    | DictValue
    | SetValue
    | BytesValue
    | TimeValue
    | ModelValue
    | UnhashableValue
    | MissingValue
)


PLAIN_TYPES: frozenset[type] = frozenset({int, float, str, bool, type(None)})


def is_flat(config: ConfigValue) -> bool:
    """Return whether a config holds nothing but plain scalars, as most of very many do."""
    return PLAIN_TYPES.issuperset([type(value) for _, value in config.fields])


def child_values(value: Value) -> Iterator[tuple[str, Value]]:
    """Yield the values that this one directly holds, each with the step that leads to it (`lr`, `[0]`)."""
    match value:
        case ConfigValue(fields=pairs) | ModelValue(items=pairs):
            yield from pairs
        case ListValue(items) | TupleValue(items) | SetValue(items):
            for index, item in enumerate(items):
                yield f"[{index}]", item
        case DictValue(pairs):
            for key, item in pairs:
                yield f"[{key_text(key)}]", item
        case _:
            return


def key_text(key: Value) -> str:
    """Return a dict key as a reader knows it."""
    match key:
        case EnumValue(class_name, member):
            return f"{class_name.rpartition('.')[2]}.{member}"
        case PathValue(text):
            return text
        case _:
            return repr(key)


def direct_dependencies(
    value: Value, is_plain: Callable[[str], bool] = lambda _: False
) -> Iterator[tuple[str, ConfigValue]]:
    """Yield the experiments that a config holds, each with the path of its field (`model`, `evals[0]`).

    Containers and plain config classes are looked through; an experiment's own dependencies are not.

    Args:
        value: The config.
        is_plain: Tells which classes are no experiments, of a config in which nothing says so: a recorded one.
    """
    if isinstance(value, ConfigValue) and is_flat(value):
        return
    for step, child in child_values(value):
        if isinstance(child, ConfigValue) and child.is_experiment and not is_plain(child.class_name):
            yield step, child
        else:
            for path, found in direct_dependencies(child, is_plain):
                yield (f"{step}{path}" if path.startswith("[") else f"{step}.{path}"), found
