"""The one place that brings code, store and time together. Effects are all here; what follows from them is not."""

import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from huldra.analysis.snapshot import Inputs, Snapshot
from huldra.comparison.verdicts import Present
from huldra.experiments.evaluate.machine import Limits
from huldra.facts.collect import collect_facts
from huldra.facts.scan import scan_imports
from huldra.facts.statements import FileFacts
from huldra.formats.dialect import DIALECTS
from huldra.project.link import link_project
from huldra.project.modules import ModuleTable, build_module_table
from huldra.project.places import Place, start_of_file
from huldra.project.problems import Problem
from huldra.project.relevance import relevant_files
from huldra.sources.discover import Discovery, discover_files
from huldra.sources.documents import Document, Documents, TooLarge
from huldra.sources.encodings import Undecodable
from huldra.sources.import_roots import find_import_roots
from huldra.sources.revision import head_revision, is_dirty
from huldra.sources.root import RootChoice, StoreChoice, find_root, find_store
from huldra.sources.settings import Settings, load_settings
from huldra.stored_runs.liveness import process_is_alive
from huldra.stored_runs.read import read_store


@dataclass(frozen=True, slots=True)
class Workspace:
    """A project as it was found: where it is, how it is configured, which files it has."""

    root: RootChoice
    settings: Settings
    store: StoreChoice
    discovery: Discovery
    modules: ModuleTable
    import_roots: tuple[str, ...]
    documents: Documents


def open_workspace(
    start: Path, *, root: Path | None = None, store: Path | None = None, overlays: Mapping[str, str] | None = None
) -> Workspace:
    """Return the project around a directory.

    Args:
        start: Where to begin to look for the root.
        root: The root, if it was given.
        store: The store, if it was given.
        overlays: Texts of files that an editor holds, by root-relative name.

    Raises:
        SettingsError: the configuration is wrong, or the root is not a directory.
    """
    choice = find_root(start, root)
    settings = load_settings(choice.path)
    where = find_store(settings, choice.path, store, os.environ)
    discovery = discover_files(choice.path, settings, where.path)
    roots = find_import_roots(choice.path, settings, discovery.files)
    documents = Documents(choice.path, overlays or {}, settings.limits.file_size)
    modules = build_module_table(discovery.files, roots)
    return Workspace(choice, settings, where, discovery, modules, roots, documents)


def take_snapshot(workspace: Workspace) -> Snapshot:
    """Effect: read code and store. Return the state that they are in now."""
    root = workspace.root.path
    texts, problems = _read_all(workspace)
    modules = _with_script_roots(workspace, texts)
    facts = LazyFacts(texts)
    imports = {name: scan_imports(text) for name, text in texts.items()}
    relevant = relevant_files(modules, imports, _seeds(workspace, texts))
    return Snapshot(
        Inputs(
            project=link_project(modules, facts, relevant, frozenset(workspace.settings.bases)),
            store=read_store(workspace.store.path),
            present=Present(datetime.now(UTC), socket.gethostname(), process_is_alive),
            limits=Limits(
                configs_per_site=workspace.settings.limits.configs_per_site,
                call_depth=workspace.settings.limits.call_depth,
                steps=workspace.settings.limits.steps,
            ),
            store_name=shown_path(workspace.store.path, root),
            revision=head_revision(root),
            is_dirty=bool(is_dirty(root)),
            problems=tuple(problems.values()),
        )
    )


def shown_path(path: Path, root: Path) -> str:
    """Return a path relative to the root where it lies below it, `/`-separated."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def _read_all(workspace: Workspace) -> tuple[dict[str, str], dict[str, Problem]]:
    """Return the text of every file that has one, and why others have none."""
    texts: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    for name in workspace.discovery.files:
        reading = workspace.documents.read(name)
        match reading:
            case Document(text=text):
                texts[name] = text
            case Undecodable(reason=reason, line=line, column=column):
                problems[name] = Problem(Place(name, line, column, line, column + 1), "HUL001", "error", reason)
            case TooLarge():
                problems[name] = Problem(start_of_file(name), "HUL003", "warning", reading.reason)
            case _:
                problems[name] = Problem(start_of_file(name), "HUL001", "error", reading.reason)
    return texts, problems


def _library_words(workspace: Workspace) -> tuple[str, ...]:
    bases = (name.partition(".")[0] for name in workspace.settings.bases)
    return tuple(dict.fromkeys((*(dialect.name for dialect in DIALECTS), *bases)))


def _seeds(workspace: Workspace, texts: Mapping[str, str]) -> tuple[str, ...]:
    words = _library_words(workspace)
    return tuple(name for name, text in texts.items() if any(word in text for word in words))


def _with_script_roots(workspace: Workspace, texts: Mapping[str, str]) -> ModuleTable:
    """Directories whose scripts import their neighbours by plain name are import roots too, as they are for Python."""
    modules = workspace.modules
    names = set(texts)
    extra: dict[str, None] = {}
    for name, text in texts.items():
        directory = name.rpartition("/")[0]
        if not directory or f"{directory}/__init__.py" in names:
            continue
        for mention in scan_imports(text):
            top = mention.module.partition(".")[0]
            if mention.level or not top or top in modules.file_of or top in modules.packages:
                continue
            if f"{directory}/{top}.py" in names or f"{directory}/{top}/__init__.py" in names:
                extra[directory] = None
    if not extra:
        return modules
    return build_module_table(workspace.discovery.files, (*workspace.import_roots, *extra))


class LazyFacts(Mapping[str, FileFacts]):
    """The facts of files, computed when they are first asked for: most files of a large project never are."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._facts: dict[str, FileFacts] = {}

    def __getitem__(self, name: str) -> FileFacts:
        if name not in self._facts:
            self._facts[name] = collect_facts(self._texts[name])
        return self._facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
