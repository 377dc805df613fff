"""What is wrong with code and stored runs, as one plain type: each with its code, its place, and the runs it is about.

Judges nothing anew: problems and verdicts are given. Which of them a reader wants is decided elsewhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from huldra.analysis.snapshot import Snapshot
from huldra.comparison.model import ComparedRun, runs_by_key
from huldra.features.attempt_words import error_words
from huldra.features.durations import duration_text
from huldra.features.overview import Cause, root_causes
from huldra.features.picture import ExperimentRow, Picture
from huldra.features.verdict_counts import MISSING
from huldra.formats.names import short_name
from huldra.project.places import Place, start_of_file
from huldra.project.problems import Problem, Severity
from huldra.stored_runs.model import StoredRun

UPSTREAM, ORPHAN, FAILED, UNVERIFIABLE, NEVER_RUN = "HUL202", "HUL203", "HUL204", "HUL205", "HUL206"
DEFAULT_CHANGED = "HUL302"
CODE_CHANGED = "HUL201"
"""The one reason that can be accepted as of no matter."""

_CODE_OF_REASON = {
    "code-changed": CODE_CHANGED,
    "field-renamed": "HUL301",
    "class-moved": "HUL303",
    "class-renamed": "HUL303",
    "field-type-changed": "HUL304",
    "field-added": "HUL305",
    "field-removed": "HUL306",
    "class-missing": "HUL307",
    "identity-changed": "HUL308",
}
STALE_CODES = frozenset({*_CODE_OF_REASON.values(), UPSTREAM})
"""The codes that say that a stored result is not what today's code would give."""

_ENDED_BADLY = frozenset({"failed", "crashed", "preempted", "cancelled", "incomplete"})
_LINE_NUMBER = re.compile(r"\bline \d+")
_LONGEST_MESSAGE = 120


class AffectedRun(Struct, frozen=True, order=True):
    """A run or a missing experiment, as `class/hash`; the seconds that it took, None where that is not known."""

    key: str
    seconds: float | None


class Finding(Struct, frozen=True, order=True):
    """One finding.

    Attributes:
        cause: What is wrong, without the runs.
        subject: What it is about, in words that stay when lines move.
        runs: The runs that it is about, sorted.
        downstream: The runs that are stale only because they hold those, sorted.
    """

    place: Place
    code: str
    severity: Severity
    cause: str
    subject: str
    runs: tuple[AffectedRun, ...] = ()
    downstream: tuple[AffectedRun, ...] = ()

    @property
    def message(self) -> str:
        """What to tell a reader: the cause, and which runs it is about."""
        if not self.runs or self.code in {FAILED, NEVER_RUN}:
            return self.cause
        classes = sorted({short_name(run.key.rpartition("/")[0]) for run in self.runs})
        count = len(self.runs)
        stale = " stale" if self.code in STALE_CODES else ""
        words = [f"{count} {classes[0] + ' ' if len(classes) == 1 else ''}{'run' if count == 1 else 'runs'}{stale}"]
        if self.downstream:
            words.append(f"{len(self.downstream)} more downstream")
        time = time_text((*self.runs, *self.downstream))
        return f"{self.cause} ({', '.join((*words, time) if time and stale else words)})"

    @property
    def keys(self) -> tuple[str, ...]:
        """What it is, without line numbers, one key for each run: the same finding has the same keys tomorrow."""
        if self.runs:
            return tuple(f"{self.code} {run.key} {self.subject}" for run in self.runs)
        return (f"{self.code} {self.place.file} {self.subject}",)


def code_of_reason(reason: str) -> str:
    """Return the problem code that says of a run that it is stale for a reason."""
    return _CODE_OF_REASON.get(reason, UPSTREAM)


def time_text(runs: Iterable[AffectedRun]) -> str:
    """Return how long runs took together, `31 h`; empty where it is not known, or less than a second."""
    seconds = sum(run.seconds for run in runs if run.seconds is not None)
    return duration_text(seconds) if seconds >= 1 else ""


def runs_at_stake(findings: Iterable[Finding]) -> tuple[AffectedRun, ...]:
    """Return every run that findings call stale, once."""
    stale = (finding for finding in findings if finding.code in STALE_CODES)
    return tuple(sorted({run for finding in stale for run in (*finding.runs, *finding.downstream)}))


def find_findings(snapshot: Snapshot, picture: Picture) -> tuple[Finding, ...]:
    """Return everything that is wrong in a picture of a snapshot, by place."""
    runs = _Runs(snapshot, picture)
    found = [
        *(problem_finding(problem) for problem in picture.problems),
        *(finding for cause in root_causes(picture.runs) for finding in _stale(cause, runs)),
        *_failed(runs),
        *_by_class(runs, ORPHAN, "information", _orphan_words),
        *_by_class(runs, UNVERIFIABLE, "information", _doubt_words),
        *_by_class(runs, DEFAULT_CHANGED, "information", _default_words),
        *_never_run(picture),
    ]
    return tuple(sorted(found))


def problem_finding(problem: Problem) -> Finding:
    """Return a problem in the code as a finding."""
    subject = _LINE_NUMBER.sub("line", problem.message)
    return Finding(problem.place, problem.code, problem.severity, problem.message, subject)


class _Runs:
    """The runs of a picture by key, and where each is best shown."""

    def __init__(self, snapshot: Snapshot, picture: Picture) -> None:
        self._snapshot = snapshot
        self.all = picture.runs
        self.by_key = runs_by_key(picture.runs)

    def affected(self, keys: Iterable[str]) -> tuple[AffectedRun, ...]:
        return tuple(sorted(AffectedRun(key, _seconds(self.by_key.get(key))) for key in set(keys)))

    def place_of_class(self, key: str) -> Place:
        """The class; where it is gone the file of its module; where that is gone too the run's own directory."""
        project = self._snapshot.project
        name = key.rpartition("/")[0]
        info = project.classes.get(name)
        if info is not None:
            return info.name_place
        parts = name.split(".")
        for count in range(len(parts) - 1, 0, -1):
            file = project.modules.file_of.get(".".join(parts[:count]))
            if file is not None:
                return start_of_file(file)
        run = self.by_key.get(key)
        return start_of_file(f"{self._snapshot.inputs.store_name}/{run.run.path if run is not None else ''}")


def _seconds(run: ComparedRun | None) -> float | None:
    return run.run.duration_s if run is not None and isinstance(run.run, StoredRun) else None


def _stale(cause: Cause, runs: _Runs) -> Iterator[Finding]:
    """Yield the root cause, and for each class downstream of it one finding there."""
    subject = cause.definition or cause.message
    code = code_of_reason(cause.code)
    place = cause.place or runs.place_of_class(cause.runs[0])
    own, downstream = runs.affected(cause.runs), runs.affected(cause.downstream)
    yield Finding(place, code, "warning", cause.message, subject, own, downstream)
    root = short_name(cause.runs[0].rpartition("/")[0])
    for name, keys in _grouped(cause.downstream):
        words = f"{short_name(name)} rests on stale runs of {root}: {cause.message}"
        yield Finding(runs.place_of_class(keys[0]), UPSTREAM, "warning", words, subject, runs.affected(keys))


def _grouped(keys: Iterable[str]) -> list[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = {}
    for key in sorted(keys):
        groups.setdefault(key.rpartition("/")[0], []).append(key)
    return list(groups.items())


def _by_class(
    runs: _Runs, code: str, severity: Severity, words_of: Callable[[ComparedRun], tuple[str, str] | None]
) -> Iterator[Finding]:
    """Yield one finding for the runs of a class of which the same is to be said."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for run in runs.all:
        words = words_of(run)
        if words is not None:
            groups.setdefault((run.run.class_name, *words), []).append(run.key)
    for (_, subject, cause), keys in groups.items():
        yield Finding(runs.place_of_class(keys[0]), code, severity, cause, subject, runs.affected(keys))


def _orphan_words(run: ComparedRun) -> tuple[str, str] | None:
    """Return the subject and the cause."""
    return ("orphan", "no code builds these results any more") if run.verdict == "orphan" else None


def _doubt_words(run: ComparedRun) -> tuple[str, str] | None:
    if run.verdict != "unverifiable" or not run.reasons:
        return None
    return run.reasons[0].code, f"cannot be verified: {run.reasons[0].message}"


def _default_words(run: ComparedRun) -> tuple[str, str] | None:
    note = next((note for note in run.notes if note.code == "default-changed"), None)
    return None if note is None else (note.message, note.message)


def _failed(runs: _Runs) -> Iterator[Finding]:
    for run in runs.all:
        if run.verdict in _ENDED_BADLY and run.is_referenced:
            place = run.sites[0] if run.sites else runs.place_of_class(run.key)
            class_name, _, digest = run.key.rpartition("/")
            cause = f"{short_name(class_name)} {digest[:8]} is built here, and its latest attempt {_ending(run)}"
            yield Finding(place, FAILED, "warning", cause, run.verdict, runs.affected((run.key,)))


def _ending(run: ComparedRun) -> str:
    words = {"failed": "failed", "crashed": "crashed", "incomplete": "gave no result"}
    ended = words.get(run.verdict, f"was {run.verdict}")
    attempt = run.run.attempt if isinstance(run.run, StoredRun) else None
    if attempt is None or attempt.error is None:
        return ended
    return f"{ended}: {error_words(attempt.error, _LONGEST_MESSAGE)}"


def _never_run(picture: Picture) -> Iterator[Finding]:
    """Yield one finding for the experiments of a class that are first built at the same place: a sweep is one."""
    groups: dict[tuple[str, Place], list[ExperimentRow]] = {}
    for row in picture.experiments:
        if row.verdict == MISSING and row.experiment.sites:
            groups.setdefault((row.experiment.config.class_name, row.experiment.sites[0].place), []).append(row)
    for (name, place), rows in groups.items():
        count = f"{len(rows)} {short_name(name)} {'experiment' if len(rows) == 1 else 'experiments'}"
        cause = f"{count} {'was' if len(rows) == 1 else 'were'} never run"
        missing = tuple(sorted(AffectedRun(row.experiment.key, None) for row in rows))
        yield Finding(place, NEVER_RUN, "information", cause, "missing", missing)
