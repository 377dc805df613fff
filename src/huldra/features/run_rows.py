"""Stored runs as the query language sees them, and those of them that answer a query."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Generic, TypeVar

from msgspec import Struct

from huldra.features.judged_run import JudgedRun
from huldra.formats.json_values import JsonValue
from huldra.stored_runs.index.entries import Place
from huldra.stored_runs.index.narrowing import by_segment, possible_answers
from huldra.stored_runs.model import StoredRun, UnreadableRun
from huldra.stored_runs.query.evaluate import FieldValue, Scope, matches, names_class, names_run
from huldra.stored_runs.query.expressions import All, Compare, Condition, QueryFault, Related, conditions
from huldra.stored_runs.query.fields import UNREADABLE
from huldra.stored_runs.query.parse import parse_query
from huldra.stored_runs.query.planning import plan_query
from huldra.stored_runs.times import moment_from_text

Ancestors = Mapping[str, Sequence[str]]
"""Of each class of the code it and its ancestors, by name."""


class Surroundings(Struct, frozen=True):
    """What a run's record does not hold: the bytes of its files, and the git tags of a commit. Asked for on demand.

    `store` is how people are told of the store that the runtime uses.
    """

    size_of: Callable[[str], int]
    tags_of: Callable[[str], tuple[str, ...]]
    store: str = ""


_AnyRun = TypeVar("_AnyRun", bound=JudgedRun)
_SomeRun_co = TypeVar("_SomeRun_co", bound=JudgedRun, covariant=True)

_run_of: Callable[[JudgedRun], StoredRun | UnreadableRun] = attrgetter("run")
_NOTHING_AROUND = Surroundings(lambda _: 0, lambda _: ())


class RunRow(Generic[_SomeRun_co]):
    """A run with its verdict, as a row of values. Times are seconds since 1970, durations seconds, sizes bytes."""

    def __init__(self, compared: _SomeRun_co, surroundings: Surroundings) -> None:
        self.compared = compared
        self._surroundings = surroundings
        self._config: tuple[JsonValue] | None = None

    @property
    def path(self) -> str:
        """The directory below the store."""
        return self.compared.run.path

    @property
    def config(self) -> JsonValue:
        """The recorded config as a JSON document; None if there is none."""
        if self._config is None:
            self._config = (document_of(self.compared),)  # every column of the config asks
        return self._config[0]

    def value(self, name: str) -> FieldValue:
        """Return the value of a field of the query language."""
        compared, run = self.compared, self.compared.run
        match name:
            case "class":
                return run.class_name
            case "hash":
                return run.hash
            case "path":
                return run.path
            case "verdict":
                return compared.verdict
            case "attempt_verdict":
                return compared.attempt_verdict or ""
            case "certainty":
                return compared.certainty
            case "reason":
                return tuple(dict.fromkeys(reason.code for reason in compared.reasons))
            case "note":
                return tuple(dict.fromkeys(note.code for note in compared.notes))
            case "referenced":
                return compared.is_referenced
            case "version_controlled":
                return run.version_controlled
            case "store":
                return run.store or self._surroundings.store
            case "depends_on":
                return tuple(dict.fromkeys(key for key, _ in compared.dependencies))
            case "size":
                return self._surroundings.size_of(run.path)
            case _:
                return self._recorded(run, name) if isinstance(run, StoredRun) else _of_unreadable(name)

    def _recorded(self, run: StoredRun, name: str) -> FieldValue:
        match name:
            case "result":
                return run.result
            case "attempts":
                return run.attempts
            case "created":
                return _seconds(run.created_at)
            case "duration":
                return run.duration_s
            case "tag":
                commit = None if run.provenance is None else run.provenance.commit
                return () if commit is None else self._surroundings.tags_of(commit)
            case "commit" | "branch" | "dirty" | "user" | "host" | "command":
                return _of_provenance(run, name)
            case _:
                return _of_attempt(run, name)


AnyRow = RunRow[JudgedRun]


class DirectoryRow(Struct, frozen=True):
    """A directory of runs, as far as it answers for all of them."""

    place: Place

    @property
    def path(self) -> str:
        """Its path below the store."""
        return self.place.path

    @property
    def config(self) -> JsonValue:
        """Nothing: runs of one directory have their own."""
        return None

    def value(self, name: str) -> FieldValue:
        """Return the value of a field that all runs of the directory have in common."""
        return self.place.class_name if name == "class" else self.place.version_controlled


def document_of(compared: JudgedRun) -> JsonValue:
    """Return the recorded config of a run as a JSON document; None if there is none."""
    return compared.run.config_document if isinstance(compared.run, StoredRun) else None


def _of_unreadable(name: str) -> FieldValue:
    return UNREADABLE if name == "result" else () if name == "tag" else None


def _of_provenance(run: StoredRun, name: str) -> FieldValue:
    made, attempt = run.provenance, run.attempt
    match name:
        case "commit":
            return None if made is None else made.commit
        case "branch":
            return None if made is None else made.branch
        case "dirty":
            return None if made is None else made.is_dirty
        case "user":
            return (None if made is None else made.user) or (None if attempt is None else attempt.user)
        case "host":
            return (None if made is None else made.host) or (None if attempt is None else attempt.host)
        case _:
            return (None if made is None else made.command) or (None if attempt is None else attempt.command)


def _of_attempt(run: StoredRun, name: str) -> FieldValue:
    attempt = run.attempt
    if attempt is None:
        return None
    match name:
        case "status":
            return attempt.status
        case "started":
            return _seconds(attempt.started_at)
        case "ended":
            return _seconds(attempt.ended_at)
        case "backend":
            return attempt.backend
        case "error":
            error = attempt.error
            return None if error is None else f"{error.type}: {error.message}"
        case _:
            return None


def _seconds(text: str | None) -> float | None:
    moment = None if text is None else moment_from_text(text)
    return None if moment is None else moment.timestamp()


def select_runs(
    runs: Iterable[_AnyRun], query: str, now: datetime, ancestors: Ancestors, surroundings: Surroundings
) -> tuple[RunRow[_AnyRun], ...] | QueryFault:
    """Return the runs that answer a query, in their order.

    Args:
        runs: All runs of the store.
        query: The query; an empty one asks for every run.
        now: The present, from which ages are counted back.
        ancestors: Today's classes, for `<:`.
        surroundings: What the records do not hold.
    """
    condition = parse_query(query, now)
    if isinstance(condition, QueryFault):
        return condition
    known = tuple(runs)
    parts = conditions(condition)
    related = {part: _related(part, known) for part in parts if isinstance(part, Related)}
    scope = Scope(subclasses_named(condition, ancestors), related)
    plan = plan_query(condition)
    of_directories = _of_fitting_directories(known, plan.of_directory, scope)
    found = possible_answers(plan.rest, of_directories, _run_of)
    rows = ((RunRow(run, surroundings), is_sure) for run, is_sure in found)
    return tuple(row for row, is_sure in rows if is_sure or matches(plan.rest, row, scope))


def _of_fitting_directories(runs: tuple[_AnyRun, ...], condition: Condition, scope: Scope) -> Sequence[_AnyRun]:
    """Return the runs of the directories of which a condition holds."""
    if condition == All(()):
        return runs
    found: list[_AnyRun] = []
    for _, places in by_segment(runs, _run_of):  # the runs of a segment lie in one directory
        if matches(condition, RunRow(runs[places.start], _NOTHING_AROUND), scope):
            found += runs[places.start : places.stop]
    return found


def subclasses_named(query: Condition, ancestors: Ancestors) -> Mapping[str, frozenset[str]]:
    """Return, for each class that a query names after `<:`, all classes that are it or inherit from it."""
    asked = {
        operand.text
        for part in conditions(query)
        if isinstance(part, Compare) and part.operator == "<:"
        for operand in part.operands
    }
    return {text: frozenset(_inheriting(ancestors, text)) for text in asked}


def _inheriting(ancestors: Ancestors, text: str) -> Iterator[str]:
    for name, known in ancestors.items():
        if any(names_class(ancestor, text) for ancestor in known):
            yield name


def _related(part: Related, runs: tuple[JudgedRun, ...]) -> frozenset[str]:
    above: dict[str, set[str]] = {}
    for run in runs:
        above.setdefault(run.key, set()).update(key for key, _ in run.dependencies)
    below: dict[str, set[str]] = {}
    for key, upstream in above.items():
        for other in upstream:
            below.setdefault(other, set()).add(key)
    start = {key for key in above if names_run(key, part.run)}
    found = start | _reached(start, above, part.upstream) | _reached(start, below, part.downstream)
    return frozenset(run.run.path for run in runs if run.key in found)


def _reached(start: set[str], edges: Mapping[str, set[str]], steps: int | None) -> set[str]:
    found: set[str] = set()
    edge = set(start)
    taken = 0
    while edge and (steps is None or taken < steps):
        edge = {other for key in edge for other in edges.get(key, ())} - found
        found |= edge
        taken += 1
    return found
