"""Everything about one run: its record, what it was made from, what was made from it, its files, logs and events."""

from dataclasses import dataclass
from pathlib import Path

from huldra.analysis.snapshot import Snapshot
from huldra.comparison.match import run_key
from huldra.comparison.model import ComparedRun
from huldra.experiments.model import Experiments
from huldra.formats import layout
from huldra.formats.json_values import JsonValue
from huldra.plans.config_source import ConfigSource, config_source
from huldra.plans.recorded_config import CannotRestore, known_values, restore_config
from huldra.project.link import Project
from huldra.stored_runs.model import StoredRun, UnreadableRun
from huldra.stored_runs.run_files import Preview, RunFiles, list_files, preview_file, read_events, tail_lines

_LOG_LINES = 10
_MOST_PREVIEWS = 6


@dataclass(frozen=True, slots=True)
class Relative:
    """A run that this one was made from, or that was made from it, and where that is said."""

    key: str
    via: str
    verdict: str


@dataclass(frozen=True, slots=True)
class RunDetails:
    """A run with all that is known of it. `previews` are by the name of the file, of the first few."""

    compared: ComparedRun
    directory: Path
    parents: tuple[Relative, ...]
    children: tuple[Relative, ...]
    files: RunFiles
    previews: tuple[tuple[str, Preview], ...]
    log: tuple[str, ...]
    events: tuple[dict[str, JsonValue], ...]
    snippet: ConfigSource | CannotRestore


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
    """Effect: look into the run's directory. Return everything about it.

    Args:
        compared: The run.
        snapshot: The state of code and store.
        store: Where the store lies.
    """
    run = compared.run
    path = run.payload_path if isinstance(run, StoredRun) else run.path
    directory = store / path
    internal = layout.internal_directory(store / run.path, run.dialect)
    files = list_files(directory, run.dialect.internal_directory)
    known = {other.key: other for other in snapshot.comparison.runs}
    return RunDetails(
        compared=compared,
        directory=directory,
        parents=tuple(Relative(key, via, known[key].verdict) for key, via in compared.dependencies if key in known),
        children=tuple(
            Relative(other.key, via, other.verdict)
            for other in known.values()
            for key, via in other.dependencies
            if key == compared.key
        ),
        files=files,
        previews=tuple((file.name, preview_file(directory / file.name)) for file in files.files[:_MOST_PREVIEWS]),
        log=tail_lines(layout.log_file(internal, run.dialect), _LOG_LINES),
        events=read_events(layout.events_file(internal)),
        snippet=_source(run, snapshot),
    )


def _source(run: StoredRun | UnreadableRun, snapshot: Snapshot) -> ConfigSource | CannotRestore:
    if isinstance(run, StoredRun):
        return run_source(run, snapshot.project, snapshot.experiments)
    return CannotRestore("the run cannot be read")


def snippet_text(source: ConfigSource) -> str:
    """Return Python that builds a config, imports first."""
    imports = "".join(f"import {module}\n" for module in source.imports)
    return f"{imports}\nexperiment = {source.expression}\n"
