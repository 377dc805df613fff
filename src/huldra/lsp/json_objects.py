"""JSON objects as clients send them. Imports nothing of ours: it is needed before the first answer."""

from collections.abc import Mapping


def as_mapping(value: object) -> Mapping[str, object] | None:
    """Return a JSON object as a mapping, also where the library turned it into a tuple with names."""
    found: object = value
    fields = getattr(value, "_asdict", None)
    if callable(fields):
        found = fields()
    return {str(key): item for key, item in found.items()} if isinstance(found, Mapping) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # JSON
