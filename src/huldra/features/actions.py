"""What can be done about what stands on some lines: every lens's command, and what has no room in a lens."""

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct

from huldra.features.field_sweep import field_sweep
from huldra.features.lenses import SHOWING, all_lenses
from huldra.features.project_view import ProjectView
from huldra.features.run_words import LIVE
from huldra.features.short_names import short_key
from huldra.features.standing import Standing
from huldra.features.targets import Chosen, Target, choose_target
from huldra.project.places import Place

_TITLES = {
    "huldra.rerun": "Rerun {name}",
    "huldra.runMissing": "Run what is missing of {name}",
    "huldra.showRun": "Show {name}",
    "huldra.why": "Why is {name} {verdict}?",
}
_LONGEST_VALUES = 80


class Action(Struct, frozen=True):
    """A command with its title. Of two that do the same there is one. `values` are Python by field, for a sweep."""

    title: str
    command: str
    target: Target
    values: tuple[tuple[str, str], ...] = ()


def actions_at(
    view: ProjectView,
    file: str,
    first_line: int,
    last_line: int,
    now: datetime,
    standing: Standing | None = None,
    column: int | None = None,
    is_as_read: Callable[[Place], bool] = lambda _place: True,
) -> tuple[Action, ...]:
    """Return what can be done about what stands on lines of a file, lenses' commands first.

    All that stands there counts, also where a line has no room for so many lenses.

    Args:
        view: The state.
        file: Root-relative name.
        first_line: From 1; a call of several lines counts on each of them.
        last_line: The last line, included.
        now: The present, aware.
        standing: What the cursor is at: a field can be swept over.
        column: Where the cursor is in the first line: of several sites that share it, the one there comes first.
        is_as_read: Tells whether a place still says what was analysed; of any other only what was is shown.
    """
    there = [lens for lens in all_lenses(view, file, now) if _is_on(lens.place, first_line, last_line)]
    lenses = [lens for lens in there if lens.command in SHOWING or is_as_read(lens.place)]
    if column is not None:
        lenses.sort(key=lambda lens: not _holds(lens.place, first_line, column))
    found = [Action(_title(view, lens.command, lens.target), lens.command, lens.target) for lens in lenses]
    sweep = None if standing is None or not is_as_read(standing.place) else field_sweep(view, standing)
    if sweep is not None:
        field, shown = sweep.field, dict(sweep.values)[sweep.field]
        title = f"Sweep over {field} of {_name(view, sweep.target)}: {_cut(shown)}"
        found.append(Action(title, "huldra.sweep", sweep.target, sweep.values))
    for target in dict.fromkeys(lens.target for lens in lenses if is_as_read(lens.place)):
        found += _more(view, target)
    return tuple({(action.command, action.target): action for action in reversed(found)}.values())[::-1]


def _cut(text: str) -> str:
    """As much of a text as a menu has room for."""
    return text if len(text) <= _LONGEST_VALUES else f"{text[: _LONGEST_VALUES - 1]}…"


def _is_on(place: Place, first_line: int, last_line: int) -> bool:
    return place.line <= last_line and first_line <= place.end_line


def _holds(place: Place, line: int, column: int) -> bool:
    return (place.line, place.column) <= (line, column) <= (place.end_line, place.end_column)


def _more(view: ProjectView, target: Target) -> Iterator[Action]:
    name = _name(view, target)
    if target.key is not None:
        run = view.runs.get(target.key)
        yield Action(f"Show {name}", "huldra.showRun", target)
        yield Action(f"Copy Python that builds {name}", "huldra.copySnippet", target)
        if run is not None:
            yield Action(f"Open the log of {name}", "huldra.showLog", target)
            yield Action(f"Open the directory of {name}", "huldra.showDirectory", target)
            if run.verdict == "stale":
                yield Action(f"Accept the change that makes {name} stale", "huldra.accept", target)
            if run.verdict in LIVE:
                yield Action(f"Cancel {name}", "huldra.cancel", target)
        if target.class_name in view.classes:
            yield Action(f"New experiment like {name}", "huldra.new", target)
    yield from _for_manifest(view, target)
    if target.selector != "dynamic":
        yield Action(f"Show what {name} depends on", "huldra.showDag", target)


def _for_manifest(view: ProjectView, target: Target) -> Iterator[Action]:
    manifest = next(iter(view.snapshot.inputs.manifests), None)
    chosen = None if manifest is None or target.selector in {"class", "dynamic"} else choose_target(view, target)
    if manifest is not None and isinstance(chosen, Chosen):
        known = {entry.key for entry in view.snapshot.experiments.manifest}
        if any(key in view.experiments and key not in known for key in chosen.keys):
            yield Action(f"Add {_name(view, target)} to {manifest}", "huldra.addToManifest", target)


def _title(view: ProjectView, command: str, target: Target) -> str:
    run = view.runs.get(target.key or "")
    if command == "huldra.rerun" and target.is_sweep:
        return f"Rerun what is not current of {_name(view, target)}"
    if command == "huldra.rerun" and run is None:
        return f"Run {_name(view, target)}"
    verdict = "missing" if run is None else run.verdict
    return _TITLES[command].format(name=_name(view, target), verdict=verdict)


def _name(view: ProjectView, target: Target) -> str:
    if target.key is not None:
        return short_key(target.key, view.names)
    name = view.names.get(target.class_name, target.class_name)
    return f"this sweep of {name}" if target.is_sweep else name
