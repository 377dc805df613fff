"""Which experiments a run's config holds in which field, so that `self.dataset.name()` leads to a class. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ROOT_LABEL = "self"


@dataclass(frozen=True, slots=True)
class Holdings:
    """The configs inside a config, each known by a label that means the same in every state of the code.

    Attributes:
        held: Triples of the label of a config, its field, and the label of what that field holds.
        classes: The class of each label in one state of the code; a label whose class is gone is left out.
    """

    held: frozenset[tuple[str, str, str]] = frozenset()
    classes: Mapping[str, str] = field(default_factory=dict[str, str])

    def in_field(self, label: str, name: str) -> tuple[tuple[str, str], ...]:
        """Return label and class of everything that one field of a config holds, sorted by label."""
        return tuple(
            (held, self.classes[held])
            for owner, owned, held in sorted(self.held)
            if owner == label and owned == name and held in self.classes
        )

    def is_direct(self, label: str) -> bool:
        """Whether the config itself holds this, and not only something inside it."""
        return any(owner == ROOT_LABEL and held == label for owner, _, held in self.held)
