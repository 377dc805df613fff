"""The picture arranged for a reader: counts by class, stale runs by root cause, and what to do next."""

from collections.abc import Iterable, Mapping
from shlex import quote

from msgspec import Struct

from huldra.analysis.host import Workspace
from huldra.comparison.model import ComparedRun, Reason, runs_by_key
from huldra.features.picture import ExperimentRow, Picture
from huldra.features.short_names import short_names
from huldra.features.store_words import StoreWords
from huldra.features.verdict_counts import MISSING, ClassCounts, Counts, count_by_class, ordered_counts
from huldra.project.places import Place

_ENDED = frozenset({"failed", "crashed", "preempted", "cancelled", "incomplete"})
_LIVE = frozenset({"running", "queued"})


class Cause(Struct, frozen=True):
    """One root cause, the runs that it makes stale, and those that are stale only because they hold such runs."""

    code: str
    message: str
    definition: str | None
    place: Place | None
    runs: tuple[str, ...]
    downstream: tuple[str, ...]


class Doubts(Struct, frozen=True):
    """Why runs could not be compared."""

    code: str
    message: str
    runs: tuple[str, ...]


class Overview(Struct, frozen=True):
    """What a reader is told, in this order.

    `store_words` is None when the store is as it should be; `names` are the short names of all classes.
    """

    counts: Counts
    classes: tuple[ClassCounts, ...]
    causes: tuple[Cause, ...]
    ended: tuple[ComparedRun, ...]
    live: tuple[ComparedRun, ...]
    missing: tuple[ExperimentRow, ...]
    orphans: tuple[ComparedRun, ...]
    doubts: tuple[Doubts, ...]
    names: Mapping[str, str]
    store_words: str | None
    next_step: str


def overview(picture: Picture, workspace: Workspace, said_of_store: StoreWords) -> Overview:
    """Return a picture arranged for a reader."""
    classes = count_by_class(picture)
    missing = tuple(row for row in picture.experiments if row.verdict == MISSING)
    causes = root_causes(picture.runs)
    return Overview(
        counts=ordered_counts((*(run.verdict for run in picture.runs), *(row.verdict for row in missing))),
        classes=classes,
        causes=causes,
        ended=tuple(run for run in picture.runs if run.verdict in _ENDED),
        live=tuple(run for run in picture.runs if run.verdict in _LIVE),
        missing=missing,
        orphans=tuple(run for run in picture.runs if run.verdict == "orphan"),
        doubts=_doubts(picture.runs),
        names=short_names(row.name for row in classes),
        store_words=said_of_store.text,
        next_step=_next_step(picture, causes, missing, workspace, said_of_store),
    )


def root_causes(runs: tuple[ComparedRun, ...]) -> tuple[Cause, ...]:
    """Return what makes runs stale, the cause of most runs first."""
    by_key = runs_by_key(runs)
    own: dict[tuple[str, str | None, Place | None, str | None], dict[str, Reason]] = {}
    through: dict[tuple[str, str | None, Place | None, str | None], list[str]] = {}
    for run in runs:
        if run.verdict != "stale" or not run.reasons:
            continue
        root, reason = _root_cause(run, by_key)
        # Of what has no run in the store, one class is one cause, however many its experiments are.
        dependency = reason.dependency if reason.dependency in by_key else None
        key = (reason.code, reason.definition, reason.place, dependency)
        if root is run:
            own.setdefault(key, {})[run.key] = reason
        else:
            own.setdefault(key, {})
            own[key].setdefault(root.key, reason)
            through.setdefault(key, []).append(run.key)
    causes = [
        Cause(
            code=key[0],
            message=min((reason.message for reason in reasons.values()), key=lambda text: (len(text), text)),
            definition=key[1],
            place=key[2],
            runs=tuple(reasons),
            downstream=tuple(through.get(key, ())),
        )
        for key, reasons in own.items()
    ]
    return tuple(sorted(causes, key=lambda cause: (-len(cause.runs) - len(cause.downstream), cause.code, cause.runs)))


def _root_cause(run: ComparedRun, by_key: Mapping[str, ComparedRun]) -> tuple[ComparedRun, Reason]:
    """Return the run from which staleness came down to a run, and what is wrong with that one."""
    seen = {run.key}
    while run.reasons[0].code.startswith("upstream-"):
        dependency = by_key.get(run.reasons[0].dependency or "")
        if dependency is None or not dependency.reasons or dependency.key in seen or dependency.verdict != "stale":
            break
        seen.add(dependency.key)
        run = dependency
    return run, run.reasons[0]


def _doubts(runs: Iterable[ComparedRun]) -> tuple[Doubts, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for run in runs:
        if run.verdict == "unverifiable" and run.reasons:
            found.setdefault((run.reasons[0].code, run.reasons[0].message), []).append(run.key)
    groups = [Doubts(code, message, tuple(keys)) for (code, message), keys in found.items()]
    return tuple(sorted(groups, key=lambda group: (group.code, group.message)))


def _next_step(
    picture: Picture,
    causes: tuple[Cause, ...],
    missing: tuple[ExperimentRow, ...],
    workspace: Workspace,
    said_of_store: StoreWords,
) -> str:
    errors = [problem for problem in picture.problems if problem.severity == "error"]
    if errors:
        first = errors[0]
        place = f"{first.place.file}:{first.place.line}"
        return f"fix {first.code} at {place} first; `huldra rule {first.code}` says what it means."
    if not picture.classes and not picture.runs:
        if not workspace.root.is_project:
            return "go into a project, or name one with --root DIR."
        return "`huldra doctor` says what was looked at, and what was left out."
    if not picture.classes:
        return "`huldra doctor` says which files were looked at, and why no class was found in them."
    if said_of_store.meant is not None:
        return f'if that is the one, say so for good: `store = "{said_of_store.meant}"` under [tool.huldra].'
    if picture.store_status == "missing" and missing and missing[0].experiment.sites:
        place = missing[0].experiment.sites[0].place
        run_it = f"`huldra rerun {_word(place)}` runs what is built there, and makes the store"
        return f"if nothing was run yet, {run_it}; otherwise name it with --store DIR."
    if said_of_store.text is not None and picture.store_status != "empty":
        return "name the store with --store DIR; `huldra doctor` says where it was looked for."
    if causes:
        return f"`huldra why {causes[0].runs[0]}` shows what changed, and where."
    if missing and missing[0].experiment.sites:
        place = missing[0].experiment.sites[0].place
        return f"`huldra hash {_word(place)}` shows what is to be run there, and where it will lie."
    if picture.dynamic:
        place = picture.dynamic[0].site.place
        return f"`huldra hash {_word(place)}` shows what is known of the first dynamic site."
    return "`huldra graph` shows how the classes depend on each other."


def _word(place: Place) -> str:
    """Return a place as a shell takes it."""
    return quote(f"{place.file}:{place.line}")
