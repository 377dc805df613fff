"""The runs that answer a query, from what is kept of all of them: a value is made only of those that are looked at."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import overload

from huldra.analysis.kept_verdicts import JudgedShelf, Judgement, KeptNote, KeptReason
from huldra.features.run_rows import Ancestors, AnyRow, RunRow, Surroundings, select_runs, subclasses_named
from huldra.stored_runs.index.narrowing import fitting, unsettled
from huldra.stored_runs.index.segments import NotKeptError
from huldra.stored_runs.liveness import Present, attempt_verdict
from huldra.stored_runs.model import StoredRun, UnreadableRun
from huldra.stored_runs.query.evaluate import Scope, matches
from huldra.stored_runs.query.expressions import (
    All,
    AnyOf,
    Compare,
    Condition,
    ConfigField,
    IsMissing,
    Not,
    QueryFault,
    Related,
    conditions,
)
from huldra.stored_runs.query.fields import ATTEMPT_VERDICT
from huldra.stored_runs.query.planning import plan_query


class KeptRun:
    """A run as `ComparedRun` would say it. `attempt_verdict` is found anew: it may follow from the time."""

    __slots__ = ("_judgement", "_present", "run")

    def __init__(self, run: StoredRun | UnreadableRun, judgement: Judgement | None, present: Present) -> None:
        self.run = run
        self._judgement = judgement
        self._present = present

    @property
    def key(self) -> str:
        """Its `class/hash`."""
        return f"{self.run.class_name}/{self.run.hash}"

    @property
    def attempt_verdict(self) -> str | None:
        """The verdict, if the latest attempt decides it."""
        return attempt_verdict(self.run, self._present) if isinstance(self.run, StoredRun) else None

    @property
    def verdict(self) -> str:
        """What today's code makes of it."""
        return self.attempt_verdict or self._kept.verdict

    @property
    def certainty(self) -> str:
        """Whether the verdict leaves a doubt."""
        return self._kept.certainty

    @property
    def reasons(self) -> tuple[KeptReason, ...]:
        """Why it has its verdict."""
        return self._kept.reasons

    @property
    def notes(self) -> tuple[KeptNote, ...]:
        """What else is to be known."""
        return self._kept.notes

    @property
    def is_referenced(self) -> bool:
        """Whether today's code builds it, or could."""
        return self._kept.is_referenced

    @property
    def dependencies(self) -> tuple[tuple[str, str], ...]:
        """The keys of the runs that it was made from, with where that is said."""
        return self._kept.dependencies

    @property
    def _kept(self) -> Judgement:
        if self._judgement is None:
            raise NotKeptError
        return self._judgement


class KeptRows(Sequence[AnyRow]):
    """Rows that are made when they are asked for."""

    def __init__(
        self, parts: Iterable[tuple[JudgedShelf, Sequence[int]]], surroundings: Surroundings, present: Present
    ) -> None:
        self._parts = [(shelf, chosen) for shelf, chosen in parts if len(chosen)]
        self._ends = tuple(accumulate(len(chosen) for _, chosen in self._parts))
        self._surroundings = surroundings
        self._present = present

    @property
    def class_names(self) -> frozenset[str]:
        """The classes of the runs."""
        return frozenset(shelf.shelf.place.class_name for shelf, _ in self._parts)

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> AnyRow: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[AnyRow]: ...
    def __getitem__(self, index: int | slice) -> AnyRow | Sequence[AnyRow]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        if index < 0 or index >= len(self):
            raise IndexError(index)
        part = bisect_right(self._ends, index)
        shelf, chosen = self._parts[part]
        return _row(shelf, chosen[index - self._ends[part] + len(chosen)], self._surroundings, self._present)

    def __iter__(self) -> Iterator[AnyRow]:
        for shelf, chosen in self._parts:
            for index in chosen:
                yield _row(shelf, index, self._surroundings, self._present)


def kept_answers(  # what there is to know
    shelves: Sequence[JudgedShelf],
    condition: Condition,
    ancestors: Ancestors,
    surroundings: Surroundings,
    present: Present,
) -> KeptRows:
    """Return the runs that answer a query, in their order, of directories that all may hold some.

    Args:
        shelves: The runs, in the order of their paths.
        condition: The query.
        ancestors: Of each class of the code it and its ancestors.
        surroundings: What the records do not hold.
        present: The moment.

    Raises:
        NotKeptError: it depends on a verdict that is not kept.
    """
    scope = Scope(subclasses_named(condition, ancestors))
    rest = plan_query(condition).rest
    parts = rest.parts if isinstance(rest, All) else (rest,)
    of_verdict = All(tuple(part for part in parts if _is_of_verdict(part)))
    others = All(tuple(part for part in parts if not _is_of_verdict(part)))
    found: list[tuple[JudgedShelf, Sequence[int]]] = []
    for shelf in shelves:
        chosen: Sequence[int] = range(len(shelf.shelf.runs))
        if of_verdict.parts:
            chosen = _with_verdict(shelf, of_verdict, surroundings, present)
        if others.parts and chosen:
            some = fitting(shelf.shelf.segment, others)
            chosen = [
                index
                for index in chosen
                if (some is None or index in some) and matches(others, _row(shelf, index, surroundings, present), scope)
            ]
        found.append((shelf, chosen))
    return KeptRows(found, surroundings, present)


def kept_related_answers(
    shelves: Sequence[JudgedShelf],
    query: str,
    ancestors: Ancestors,
    surroundings: Surroundings,
    present: Present,
) -> tuple[AnyRow, ...] | QueryFault:
    """Return the runs that answer a query about a graph, for which all are looked at; else as `kept_answers`."""
    runs = [
        KeptRun(shelf.shelf.run(index), shelf.judgement(index), present)
        for shelf in shelves
        for index in range(len(shelf.shelf.runs))
    ]
    return select_runs(runs, query, present.now, ancestors, surroundings)


def is_about_graph(condition: Condition) -> bool:
    """Return whether a query asks for what runs were made from."""
    return any(isinstance(part, Related) for part in conditions(condition))


def _row(shelf: JudgedShelf, index: int, surroundings: Surroundings, present: Present) -> AnyRow:
    return RunRow(KeptRun(shelf.shelf.run(index), shelf.judgement(index), present), surroundings)


def _with_verdict(
    shelf: JudgedShelf, condition: Condition, surroundings: Surroundings, present: Present
) -> Sequence[int]:
    """Return the runs of which a condition about verdicts holds: those of one result and judgement are asked as one."""
    segment = shelf.shelf.segment
    special = unsettled(segment)

    def holds(index: int) -> bool:
        return matches(condition, _row(shelf, index, surroundings, present))

    keys = [*zip(shelf.numbers, segment.results, strict=True)]
    if special:
        alike = {key: index for index, key in enumerate(keys) if index not in special}
    else:
        alike = dict(zip(keys, range(len(keys)), strict=True))
    wanted = {key for key, index in alike.items() if holds(index)}
    if not special and len(wanted) == len(alike):
        return range(len(keys))
    if not special and not wanted:
        return ()
    return [index for index, key in enumerate(keys) if (holds(index) if index in special else key in wanted)]


def _is_of_verdict(condition: Condition) -> bool:
    """Return whether a condition follows from the verdict and its reasons alone."""
    match condition:
        case All(parts) | AnyOf(parts):
            return all(map(_is_of_verdict, parts))
        case Not(inner):
            return _is_of_verdict(inner)
        case Compare(field) | IsMissing(field):
            if isinstance(field, ConfigField):
                return False
            return field is ATTEMPT_VERDICT or field.source == "verdict"
        case Related():
            return False
