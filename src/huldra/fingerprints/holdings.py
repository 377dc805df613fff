"""What a run's config holds: experiments, so that `self.dataset.name()` leads to a class, and names of code."""

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

ROOT_LABEL = "self"


class Holdings(Struct, frozen=True, eq=False, dict=True):
    """The configs inside a config, each known by a label that means the same in every state of the code.

    Attributes:
        held: Triples of the label of a config, its field, and the label of what that field holds.
        classes: The class of each label in one state of the code; a label whose class is gone is left out.
        code: Texts in the config itself that name code of the project, by which something may load that.
    """

    held: frozenset[tuple[str, str, str]] = frozenset()
    classes: Mapping[str, str] = {}
    code: frozenset[str] = frozenset()

    @cached_property
    def key(self) -> tuple[tuple[tuple[str, str, str], ...], tuple[tuple[str, str], ...], tuple[str, ...]]:
        """All of it as plain sorted data, equal for equal holdings."""
        return tuple(sorted(self.held)), tuple(sorted(self.classes.items())), tuple(sorted(self.code))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Holdings) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def in_field(self, label: str, name: str) -> tuple[tuple[str, str], ...]:
        """Return label and class of everything that one field of a config holds, sorted by label."""
        return tuple(
            (held, self.classes[held])
            for owner, owned, held in self.key[0]
            if owner == label and owned == name and held in self.classes
        )

    def is_direct(self, label: str) -> bool:
        """Whether the config itself holds this, and not only something inside it."""
        return any(owner == ROOT_LABEL and held == label for owner, _, held in self.held)

    def labels(self) -> tuple[str, ...]:
        """Return every label whose class is known, sorted."""
        return tuple(sorted(self.classes))

    def below(self, label: str) -> "Holdings":
        """Return what one of the configs holds, with itself as the root."""
        reached = {label}
        queue = [label]
        while queue:
            owner = queue.pop()
            for holder, _, held in self.held:
                if holder == owner and held not in reached:
                    reached.add(held)
                    queue.append(held)
        triples = {(owner, name, held) for owner, name, held in self.held if owner in reached and held in reached}
        own = {(ROOT_LABEL, name, held) for owner, name, held in triples if owner == label}
        classes = {held: self.classes[held] for held in reached if held in self.classes}
        return Holdings(frozenset(triples | own), classes)
