"""Everything about one run: its record, what it was made from, what was made from it, its files, logs and events."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from huldra.analysis.snapshot import Snapshot
from huldra.analysis.surroundings import GitState, states_in_git
from huldra.comparison.match import run_key
from huldra.comparison.model import ComparedRun
from huldra.experiments.model import Experiments, SiteReference
from huldra.formats import layout
from huldra.formats.json_values import JsonValue
from huldra.plans.config_source import ConfigSource, config_source
from huldra.plans.recorded_config import CannotRestore, known_values, restore_config
from huldra.plans.wrapped_source import wrapped_source
from huldra.project.link import Project
from huldra.stored_runs.model import StoredRun, UnreadableRun
from huldra.stored_runs.run_files import Preview, RunFiles, list_files, preview_file, read_events, tail_lines

_LOG_LINES = 10
_FIELD = "field "
_MOST_PREVIEWS = 6


class Relative(Struct, frozen=True):
    """A run that this one was made from, or that was made from it, and where that is said."""

    key: str
    via: str
    verdict: str


class RunDetails(Struct, frozen=True):
    """A run with all that is known of it.

    `previews` are by the name of the file, of the first few. `held` gives, for it and every run that it was made from,
    the runs that its config holds directly, by the path of the field: `model`, `evals[0]`. `in_git` is what git makes
    of its files, by name. `sites` are where the code builds it. `copies` are the other runs of the same `class/hash`,
    of other folders and stores.
    """

    compared: ComparedRun
    directory: Path
    parents: tuple[Relative, ...]
    children: tuple[Relative, ...]
    files: RunFiles
    previews: tuple[tuple[str, Preview], ...]
    log: tuple[str, ...]
    events: tuple[dict[str, JsonValue], ...]
    snippet: ConfigSource | CannotRestore
    held: Mapping[str, Mapping[str, str]]
    in_git: Mapping[str, GitState]
    sites: tuple[SiteReference, ...]
    copies: tuple[ComparedRun, ...]


def run_source(run: StoredRun, project: Project, experiments: Experiments) -> ConfigSource | CannotRestore:
    """Return Python that builds a run's config with the same hash, or why the record does not say enough for that."""
    built = experiments.by_key.get(run_key(run))
    if built is not None:
        return config_source(built.config, project.modules)
    if run.config is None:
        return CannotRestore("the run holds no record of its config")
    restored = restore_config(run.config, project, known_values(experiments))
    return restored if isinstance(restored, CannotRestore) else config_source(restored, project.modules)


def run_details(compared: ComparedRun, snapshot: Snapshot, store: Path) -> RunDetails:
    """Effect: look into the run's directory, and ask git for what it tracks there. Return everything about it.

    Args:
        compared: The run.
        snapshot: The state of code and store.
        store: Where the store lies.
    """
    run = compared.run
    path = run.payload_path if isinstance(run, StoredRun) else run.path
    directory = layout.directory_at(store, path)
    internal = layout.internal_directory(layout.directory_at(store, run.path), run.dialect)
    files = list_files(directory, run.dialect.internal_directory)
    known = snapshot.comparison_on_demand.by_key()
    built = snapshot.experiments.by_key.get(compared.key)
    return RunDetails(
        compared=compared,
        directory=directory,
        parents=tuple(
            Relative(key, str(via), known[key].verdict) for key, via in compared.dependencies if key in known
        ),
        children=tuple(
            Relative(other.key, str(via), other.verdict)
            for other in _may_hold(snapshot.experiments, compared, known)
            for key, via in other.dependencies
            if key == compared.key
        ),
        files=files,
        previews=tuple((file.name, preview_file(directory / file.name)) for file in files.files[:_MOST_PREVIEWS]),
        log=tail_lines(layout.log_file(internal, run.dialect), _LOG_LINES),
        events=read_events(layout.events_file(internal)),
        snippet=_source(run, snapshot),
        held=_held(compared, known),
        in_git=states_in_git(directory),
        sites=() if built is None else built.sites,
        copies=tuple(other for other in snapshot.comparison_on_demand.with_key(compared.key) if other is not compared),
    )


def _may_hold(
    experiments: Experiments, compared: ComparedRun, known: Mapping[str, ComparedRun]
) -> Iterator[ComparedRun]:
    """Yield the runs that may have been made from one, in order; of very many the others need not be looked at."""
    name = compared.run.config_class if isinstance(compared.run, StoredRun) else compared.run.class_name
    building = {
        key for key, built in experiments.by_key.items() if any(each.key == compared.key for each in built.dependencies)
    }
    for key, other in known.items():
        if key in building or (isinstance(other.run, StoredRun) and other.run.may_hold(name)):
            yield other


def _held(compared: ComparedRun, known: Mapping[str, ComparedRun]) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    queue = [compared]
    while queue:
        run = queue.pop()
        if run.key not in found:
            fields = {
                via.name.removeprefix(_FIELD): key for key, via in run.dependencies if via.name.startswith(_FIELD)
            }
            found[run.key] = fields
            queue += (known[key] for key in fields.values() if key in known)
    return found


def _source(run: StoredRun | UnreadableRun, snapshot: Snapshot) -> ConfigSource | CannotRestore:
    if isinstance(run, StoredRun):
        return run_source(run, snapshot.project, snapshot.experiments)
    return CannotRestore("the run cannot be read")


def snippet_text(source: ConfigSource) -> str:
    """Return Python that builds a config, imports first."""
    imports = "".join(f"import {module}\n" for module in source.imports)
    return f"{imports}\nexperiment = {wrapped_source(source.expression)}\n"
