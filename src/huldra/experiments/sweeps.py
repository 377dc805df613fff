"""Places that build several experiments: each is one thing, with its members in order and the fields that vary."""

from collections.abc import Iterable, Iterator, Sequence

from huldra.formats.config_values import ConfigValue, Value
from huldra.formats.identity import canonical_json

CLASS_FIELD = "__class__"


def varying_fields(configs: Sequence[ConfigValue]) -> tuple[str, ...]:
    """Return the names of the public fields in which configs differ, in field order.

    Where all configs hold a config of one class in a field, it is that one's fields that are named: `model.depth`.
    The class itself is `__class__`. The configs must have a hash.
    """
    return tuple(_varying(configs, ""))


def _varying(configs: Sequence[ConfigValue], prefix: str) -> Iterator[str]:
    if len({config.class_name for config in configs}) > 1:
        yield f"{prefix}{CLASS_FIELD}"
    values = [dict(config.fields) for config in configs]
    for name in dict.fromkeys(name for fields in values for name in fields):
        if name.startswith("_"):
            continue
        present = [fields[name] for fields in values if name in fields]
        if len(present) == len(values) and _are_same(present):
            continue
        nested = [value for value in present if isinstance(value, ConfigValue)]
        if len(nested) == len(values) and len({config.class_name for config in nested}) == 1:
            yield from _varying(nested, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def _are_same(values: Iterable[Value]) -> bool:
    iterator = iter(values)
    first = next(iterator)
    text: str | None = None
    for value in iterator:
        if value is first:
            continue
        if text is None:
            text = canonical_json(first)
        if canonical_json(value) != text:
            return False
    return True
