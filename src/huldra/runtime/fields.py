"""The only door to chz: how a class body becomes a field table, and how an object's fields are read."""

import typing
from collections.abc import Iterator

import chz
from chz.data_model import chz_make_class  # pyright: ignore[reportUnknownVariableType]  it leaves `cls` untyped
from chz.field import Field
from typing_extensions import get_annotations

from huldra.formats.dialect import HULDRA

__all__ = ["chz", "field_table", "field_type", "field_values", "has_fields", "make_config_class"]
_FIELDS = "__chz_fields__"
# A field without annotation has this type; chz's own version check tells it from `object`.
_ANY: object = vars(typing)["Any"]


def make_config_class(cls: type, *, version: str | None, typecheck: bool | None) -> None:
    """Turn a class body into a config class, in place: `q = chz.field(default=5)` needs no annotation here.

    Effect: changes the class.

    Raises:
        ValueError: a field cannot have this name or default, or `version` does not match the fields.
        TypeError: the metaclass or an argument of a field is not allowed.
    """
    annotations = get_annotations(cls)
    _refuse_reserved_names(cls, annotations)
    bare = {name: _ANY for name, value in vars(cls).items() if isinstance(value, Field) and name not in annotations}
    if bare:
        cls.__annotations__ = {**annotations, **bare}
    chz_make_class(cls, version=version, typecheck=typecheck)


def _refuse_reserved_names(cls: type, annotations: dict[str, object]) -> None:
    for name in annotations:
        if name in HULDRA.reserved_names and not hasattr(cls.__mro__[1], name):
            raise ValueError(f"{cls.__qualname__}.{name}: the library keeps this name for itself")


def has_fields(value: object) -> bool:
    """Return whether this is a config (or, as chz sees it, a config class)."""
    return hasattr(value, _FIELDS)


def field_table(value: object) -> dict[str, Field]:
    """Return the fields of a config or config class, by name, in order."""
    table: dict[str, Field] = getattr(value, _FIELDS)
    return table


def field_values(value: object) -> Iterator[tuple[str, object]]:
    """Yield each field of a config with its cooked value: what the attribute of that name gives."""
    for name in field_table(value):
        yield name, getattr(value, name)


def field_type(field: Field) -> object:
    """Return the resolved annotation of a field; raise NameError if it does not resolve."""
    return field.final_type
