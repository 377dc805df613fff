"""What stands above classes and sites: the state of their runs in a few words, and what can be done about it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from huldra.comparison.model import ComparedRun
from huldra.features.blast_radius import Effect
from huldra.features.findings import time_text
from huldra.features.picture import ClassRow, ExperimentRow
from huldra.features.project_view import ProjectView, SiteHere
from huldra.features.run_words import LIVE, counts_words, expected_cost, is_worth_a_rerun, run_words
from huldra.features.targets import Target, sweep_target
from huldra.features.verdict_counts import MISSING, ordered_counts
from huldra.project.places import Place

_MOST_A_LINE = 3
_LONGEST_REASON = 60

SHOWING = frozenset({"huldra.showRun", "huldra.why"})
"""What a place is offered that has been changed and cannot be read: nothing is made of what it no longer says."""


class Lens(Struct, frozen=True):
    """A line of words with a command behind it."""

    place: Place
    title: str
    command: str
    target: Target


def file_lenses(view: ProjectView, file: str, now: datetime) -> tuple[Lens, ...]:
    """Return the lenses of a file, in the order of the text; at most three for one line.

    Args:
        view: The state.
        file: Root-relative name.
        now: The present, aware.
    """
    kept: list[Lens] = []
    for above, of_sites in _by_line(view, file, now):
        # Of several sites each keeps its words before one of them has a second lens.
        first = [lens for lens in of_sites if lens.command in {"huldra.showRun", "huldra.why"}]
        kept += (*above, *(of_sites if len(of_sites) <= _MOST_A_LINE else first))[:_MOST_A_LINE]
    return tuple(kept)


def all_lenses(view: ProjectView, file: str, now: datetime) -> tuple[Lens, ...]:
    """Return what a file would have as lenses if a line had room for any number: for menus, which have."""
    return tuple(lens for above, of_sites in _by_line(view, file, now) for lens in (*above, *of_sites))


def _by_line(view: ProjectView, file: str, now: datetime) -> Iterator[tuple[list[Lens], list[Lens]]]:
    """The lenses of classes and edits, and those of sites, line by line."""
    above: dict[int, list[Lens]] = {}
    for row in view.classes_in.get(file, ()):
        above.setdefault(row.place.line, []).extend(_class_lenses(view, row))
    for effect in view.effects_in.get(file, ()):
        above.setdefault(effect.place.line, []).append(_effect_lens(effect))
    sites = _outermost(view.sites.get(file, ()))
    for line in sorted({*above, *sites}):
        of_sites = [lens for site in sites.get(line, ()) for lens in _site_lenses(view, site, now)]
        yield above.get(line, []), of_sites


def _effect_lens(effect: Effect) -> Lens:
    count, time = len(effect.runs), time_text(effect.runs)
    words = f"this edit makes {count} {'run' if count == 1 else 'runs'} stale{f' ({time})' if time else ''}"
    class_name, _, digest = effect.runs[0].key.rpartition("/")
    return Lens(effect.place, words, "huldra.why", Target(class_name, digest, "experiment"))


def _outermost(sites: tuple[SiteHere, ...]) -> Mapping[int, list[SiteHere]]:
    """The sites that begin on each line, without those inside another that begins there too."""
    found: dict[int, list[SiteHere]] = {}
    for site in sites:
        kept = found.setdefault(site.place.line, [])
        end = (site.place.end_line, site.place.end_column)
        if not any(end <= (other.place.end_line, other.place.end_column) for other in kept):
            kept.append(site)
    return found


def _class_lenses(view: ProjectView, row: ClassRow) -> Iterator[Lens]:
    info = view.class_info(row.name)
    place = row.place if info is None else info.name_place
    target = Target(row.name, None, "class")
    runs = view.runs_of.get(row.name, ())
    missing = [e for e in view.experiments_of.get(row.name, ()) if e.verdict == MISSING]
    counts = ordered_counts((*(run.verdict for run in runs), *(MISSING for _ in missing)))
    if row.is_abstract and not runs:
        below = sum(row.name in other.ancestors for other in view.picture.classes)
        title = f"abstract · {below} {'subclass' if below == 1 else 'subclasses'}"
    elif not counts:
        title = "no experiment, no run"
    else:
        title = f"{len(runs)} {'run' if len(runs) == 1 else 'runs'} · {counts_words(counts)}"
    yield Lens(place, title, "huldra.showRun", target)


def _site_lenses(view: ProjectView, site: SiteHere, now: datetime) -> Iterator[Lens]:
    if len(site.experiments) > 1:
        yield from _sweep_lenses(view, site)
    elif site.experiments:
        yield from _experiment_lenses(view, site.place, site.experiments[0], now)
    elif site.dynamic:
        row = site.dynamic[0]
        names = ", ".join(dict.fromkeys(doubt.field for row in site.dynamic for doubt in row.site.doubts))
        matches = {key for row in site.dynamic for key in row.matches}
        fit = f" · {len(matches)} {'run fits' if len(matches) == 1 else 'runs fit'}" if matches else ""
        title = f"? known only when it runs: {names if names != '*' else 'its fields'}{fit}"
        yield Lens(site.place, title, "huldra.showRun", Target(row.site.class_name, None, "dynamic"))


def _experiment_lenses(view: ProjectView, place: Place, row: ExperimentRow, now: datetime) -> Iterator[Lens]:
    run = view.runs.get(row.experiment.key)
    target = Target(row.experiment.config.class_name, row.experiment.digest, "experiment")
    title = run_words(row.verdict, run, now)
    if run is not None and row.verdict == "stale" and run.reasons:
        title = f"{title} · {_short(run.reasons[0].message)}"
    yield Lens(place, title, "huldra.why" if run is not None and run.reasons else "huldra.showRun", target)
    if row.verdict not in LIVE:
        yield Lens(place, "Run" if row.verdict == MISSING else "Rerun", "huldra.rerun", target)


def _sweep_lenses(view: ProjectView, site: SiteHere) -> Iterator[Lens]:
    rows = site.experiments
    class_name = rows[0].experiment.config.class_name
    done = sum(row.verdict == "current" for row in rows)
    rest = ordered_counts(row.verdict for row in rows if row.verdict != "current")
    words = f" · {counts_words(rest)}" if rest else ""
    target = sweep_target(view, site)
    yield Lens(site.place, f"{done}/{len(rows)} done{words}", "huldra.showRun", target)
    runs = view.runs_of.get(class_name, ())
    missing = sum(row.verdict == MISSING for row in rows)
    if missing:
        yield Lens(site.place, f"Run {missing} missing{_cost(runs, missing)}", "huldra.runMissing", target)
    again = [row.verdict for row in rows if is_worth_a_rerun(row.verdict)]
    if again:
        word = again[0] if len(set(again)) == 1 else "not current"
        yield Lens(site.place, f"Rerun {len(again)} {word}{_cost(runs, len(again))}", "huldra.rerun", target)


def _cost(runs: tuple[ComparedRun, ...], count: int) -> str:
    cost = expected_cost(runs, count)
    return "" if cost is None else f" ({cost})"


def _short(message: str) -> str:
    first = message.splitlines()[0] if message else ""
    return first if len(first) <= _LONGEST_REASON else f"{first[: _LONGEST_REASON - 1]}…"
