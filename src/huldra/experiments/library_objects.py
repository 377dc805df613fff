"""Immutable objects of the standard library that no config can hold: what a pattern finds, patterns, templates."""

import re
import string
from collections.abc import Callable
from typing import TypeGuard

from msgspec import Struct

_METHODS = {
    "Match": frozenset({"group", "groups", "groupdict", "start", "end", "span"}),
    "Pattern": frozenset({"match", "fullmatch", "search", "findall", "finditer", "split", "sub"}),
    "Template": frozenset({"substitute", "safe_substitute"}),
}
_DATA = {
    "Match": frozenset({"string", "pos", "endpos", "lastgroup", "lastindex", "re"}),
    "Pattern": frozenset({"pattern", "groups"}),
    "Template": frozenset({"template"}),
}


class LibraryObject(Struct, frozen=True, eq=False):
    """Such an object; its methods are pure."""

    value: object

    @property
    def type_name(self) -> str:
        """The name of its type."""
        return type(self.value).__name__

    @property
    def pattern(self) -> str | None:
        """The text of a pattern; None for anything else."""
        text: object = getattr(self.value, "pattern", None)
        return text if isinstance(text, str) and self.type_name == "Pattern" else None

    def part(self, key: str | int) -> object:
        """Return a group of a match.

        Raises:
            TypeError: it is no match.
        """
        group: Callable[..., object] | None = getattr(self.value, "group", None)
        if group is None:
            raise TypeError(f"a {self.type_name} has no parts")
        return group(key)

    @property
    def methods(self) -> frozenset[str]:
        """The methods that are followed."""
        return _METHODS[self.type_name]

    @property
    def data(self) -> frozenset[str]:
        """The attributes that are no methods."""
        return _DATA[self.type_name]


def is_library_object(value: object) -> TypeGuard[object]:
    """Whether a value is one that a LibraryObject stands for."""
    return isinstance(value, re.Match | re.Pattern | string.Template)
