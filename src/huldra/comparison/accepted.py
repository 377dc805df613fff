"""The changes of code that people have said do not matter, and the question whether one of them is asked about.

Holds no text and no disk: an entry names one change exactly, so that it lapses by itself at the next one.
"""

from collections.abc import Iterable

from msgspec import Struct

from huldra.comparison.code_changes import CodeChange


class AcceptedChange(Struct, frozen=True, order=True):
    """One line of the ledger.

    Attributes:
        class_name: The experiment class, as it is called today, to whose runs the change does not matter.
        definition: What changed, `module.qualname`.
        then: What names the definition as runs were made with it.
        now: What names the definition that may stand for it.
        reason: Why it does not matter.
        on: The day on which this was said, `2026-03-04`.
    """

    class_name: str
    definition: str
    then: str
    now: str
    reason: str
    on: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is about: reason and day aside."""
        return self.class_name, self.definition, self.then, self.now


class Accepted:
    """A ledger that can be asked. Never changes."""

    def __init__(self, entries: Iterable[AcceptedChange] = ()) -> None:
        self.entries = tuple(entries)
        self._keys = frozenset(entry.key for entry in self.entries)

    def __call__(self, class_name: str, change: CodeChange) -> bool:
        """Say whether it was written down that a change does not matter to the runs of a class."""
        return change_key(class_name, change) in self._keys


def change_key(class_name: str, change: CodeChange) -> tuple[str, str, str, str]:
    """Return what an entry must say to mean a change."""
    return class_name, change.definition, change.then_fingerprint, change.now_fingerprint
