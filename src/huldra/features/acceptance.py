"""What would have to be accepted for runs to hold again, and which entries of a ledger still hold. Writes nothing."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from huldra.comparison.accepted import Accepted, AcceptedChange, change_key
from huldra.comparison.code_changes import CodeChange
from huldra.comparison.model import ComparedRun, Reason

_THROUGH = frozenset({"upstream-stale"})


class Proposal(Struct, frozen=True):
    """What makes runs stale.

    Attributes:
        runs: The stale runs, as `class/hash`, sorted.
        changes: The changes of code that can be accepted, each once.
        others: What accepting does not mend, in words, each once.
    """

    runs: tuple[str, ...]
    changes: tuple[CodeChange, ...]
    others: tuple[str, ...]

    def entries(self, reason: str, day: str) -> tuple[AcceptedChange, ...]:
        """Return what the ledger must say; `day` is `2026-03-04`."""
        return tuple(AcceptedChange(*change_key(change.class_name, change), reason, day) for change in self.changes)


def proposal(runs: Iterable[ComparedRun], by_key: Mapping[str, ComparedRun]) -> Proposal:
    """Return what makes runs stale: their own causes, and those of the runs that they were made from."""
    stale = [run for run in runs if run.verdict == "stale"]
    changes: dict[tuple[str, str, str, str], CodeChange] = {}
    others: dict[str, None] = {}
    for run in stale:
        for reason in _roots(run, by_key, {run.key}):
            if reason.change is not None and reason.code == "code-changed":
                changes.setdefault(change_key(reason.change.class_name, reason.change), reason.change)
            else:
                others[f"{reason.code}: {reason.message}"] = None
    return Proposal(tuple(sorted(run.key for run in stale)), tuple(changes.values()), tuple(others))


def _roots(run: ComparedRun, by_key: Mapping[str, ComparedRun], seen: set[str]) -> Iterator[Reason]:
    for reason in run.reasons:
        below = by_key.get(reason.dependency or "")
        if reason.code not in _THROUGH or below is None:
            yield reason
        elif below.key not in seen:
            seen.add(below.key)
            yield from _roots(below, by_key, seen)


def runs_of_class(runs: Iterable[ComparedRun], word: str) -> tuple[ComparedRun, ...]:
    """Return the runs of a class that is named in full, or by the end of its dotted name."""
    return tuple(run for run in runs if f".{run.run.class_name}".endswith(f".{word}"))


class Asked:
    """A ledger that remembers which of its entries were asked for: those that still hold for a run."""

    def __init__(self, ledger: Accepted) -> None:
        self._ledger = ledger
        self._asked: set[tuple[str, str, str, str]] = set()

    def __call__(self, class_name: str, change: CodeChange) -> bool:
        """Say whether a change was accepted, and remember the question."""
        self._asked.add(change_key(class_name, change))
        return self._ledger(class_name, change)

    def holds(self, entry: AcceptedChange) -> bool:
        """Whether an entry was asked for."""
        return entry.key in self._asked
