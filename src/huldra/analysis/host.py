"""The one place that brings code, store and time together. Effects are all here; what follows from them is not."""

import os
import platform
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from huldra.analysis.accepted_file import read_accepted
from huldra.analysis.code_then import CodeThen
from huldra.analysis.data_content import DataNow, IsOurs
from huldra.analysis.disk_cache import CACHE_DIRECTORY, DiskCache, NoCache
from huldra.analysis.evidence import Evidence, change_in_git
from huldra.analysis.file_table import FileTable
from huldra.analysis.found_again import finding_again
from huldra.analysis.held_texts import HeldTexts
from huldra.analysis.history import CodeHistory
from huldra.analysis.kept import Kept, LazyFacts
from huldra.analysis.kept_experiments import KeptExperiments, inputs_of
from huldra.analysis.kept_experiments import Place as KeptPlace
from huldra.analysis.kept_facts import KeptFacts
from huldra.analysis.looks import Imports, Looks, library_words
from huldra.analysis.neighbours import Neighbours
from huldra.analysis.observing import ObservedCode, tell, tell_data
from huldra.analysis.package_changes import PackageChanges
from huldra.analysis.parsing import MANY_FILES, Parsing, parse_together
from huldra.analysis.readings import read_text, text_or_problem
from huldra.analysis.scanned import DiskSource, ScannedFiles, Source, holds_word, scan_files
from huldra.analysis.shown_places import ShownPlaces
from huldra.analysis.snapshot import ExperimentsOf, Inputs, Snapshot
from huldra.comparison.accepted import Accepted
from huldra.experiments.evaluate.limits import Limits
from huldra.fingerprints.data_files import NO_DATA_FILES, DataFiles
from huldra.project.link import Project, link_problems
from huldra.project.modules import ModuleTable, build_module_table
from huldra.project.problems import Problem
from huldra.project.relevance import relevant_files, script_directories
from huldra.sources.code_files import FilesThen, NoFilesThen
from huldra.sources.discover import Discovery, discover_files
from huldra.sources.documents import Documents
from huldra.sources.import_roots import find_import_roots
from huldra.sources.manifest_files import find_manifests
from huldra.sources.repository import Repository, open_repository
from huldra.sources.revision import head_revision, is_dirty
from huldra.sources.root import RootChoice, StoreChoice, find_further_stores, find_root, find_store, shown_path
from huldra.sources.selection import project_files, project_test
from huldra.sources.settings import Settings, load_settings
from huldra.stored_runs.index.held import HeldStore, Touched, hold_store, look_at
from huldra.stored_runs.index.refresh import Progress, read_indexed
from huldra.stored_runs.liveness import Present, process_is_alive
from huldra.stored_runs.model import StoredStore
from huldra.stored_runs.roots import FurtherStore

OpenRepository = Callable[[Path], Repository | NoFilesThen]


class Workspace(Struct, frozen=True):
    """A project as it was found: where it is, how it is configured, which files it has."""

    root: RootChoice
    settings: Settings
    store: StoreChoice
    further: tuple[FurtherStore, ...]
    discovery: Discovery
    modules: ModuleTable
    import_roots: tuple[str, ...]
    documents: Documents


def open_workspace(
    start: Path,
    *,
    root: Path | None = None,
    stores: tuple[Path, ...] = (),
    overlays: Mapping[str, str] | None = None,
    with_files: bool = True,
) -> Workspace:
    """Return the project around a directory.

    Args:
        start: Where to begin to look for the root.
        root: The root, if it was given.
        stores: The store that the runtime uses, and those to look at beside it, if they were given: what the settings
            say of either does not count then.
        overlays: Texts of files that an editor holds, by root-relative name.
        with_files: Whether to look for the files; who asks about a state in git has those that it has.

    Raises:
        SettingsError: the configuration is wrong, or the root is not a directory.
    """
    choice = find_root(start, root)
    settings = load_settings(choice.path)
    where = find_store(settings, choice.path, stores[0] if stores else None, os.environ)
    beside = find_further_stores(settings, choice.path, where.path, stores[1:] if stores else None)
    named = tuple(FurtherStore(shown_path(path, choice.path), path) for path in beside)
    discovery = discover_files(choice.path, settings, (where.path, *beside)) if with_files else Discovery((), ())
    roots = find_import_roots(choice.path, settings, discovery.files, discovery.projects)
    documents = Documents(choice.path, overlays or {}, settings.limits.file_size)
    modules = build_module_table(discovery.files, roots, discovery.extensions)
    return Workspace(choice, settings, where, named, discovery, modules, roots, documents)


class LinkedCode(Struct, frozen=True):
    """One state of the code, read and linked.

    `revision` is a commit; `problems` say of a file why it has no text; `places` lead to what people see; `data` are
    the files that are no code, None where nothing is known of them.
    """

    project: Project
    texts: Mapping[str, str]
    problems: Mapping[str, Problem]
    revision: str | None
    is_dirty: bool
    manifests: Mapping[str, str] = {}
    naming: Callable[[str], Iterable[str]] | None = None
    kept_experiments: ExperimentsOf = lambda discover: discover().experiments
    places: ShownPlaces = field(default_factory=ShownPlaces)
    data: DataFiles | None = None

    def text(self, name: str) -> str | None:
        """Return the text of a file, of code or not."""
        found = self.texts.get(name)
        return self.data.text(name) if found is None and self.data is not None else found

    def files_naming(self, word: str) -> Iterable[str]:
        """Return the files that hold a word."""
        if self.naming is not None:
            return self.naming(word)
        return [name for name, text in self.texts.items() if holds_word(text, word)]


class Surroundings(Struct, frozen=True):
    """What a state of the code is compared with; two states that are to be compared share one.

    `history` takes directories of scripts as import roots that are such in the state that it was made for.
    """

    store: StoredStore
    present: Present
    repository: OpenRepository
    history: CodeHistory
    is_accepted: Accepted
    neighbours: Neighbours


def take_snapshot(workspace: Workspace, progress: Progress | None = None) -> Snapshot:
    """Effect: read code and store, which may take long the first time. Return the state that they are in now."""
    kept = Kept(disk=KeptFacts(DiskCache(workspace.root.path)))
    code = read_code(workspace, kept)
    return snapshot_of(workspace, code, look_around(workspace, code, kept, progress))


def read_runs(workspace: Workspace, progress: Progress | None = None) -> StoredStore:
    """Effect: read what has changed in the store, and remember it in the caches. Return all of its runs."""
    cache = workspace.root.path / CACHE_DIRECTORY
    return read_indexed(workspace.store.path, cache, progress, further=workspace.further).store


def hold_runs(workspace: Workspace, held: HeldStore | None, touched: Touched) -> HeldStore:
    """Effect: read what has changed in the store where it was touched. Return all of its runs, as read before."""
    found = None if held is None else look_at(held, workspace.store.path, touched)
    if found is not None:
        return found
    return hold_store(workspace.store.path, workspace.root.path / CACHE_DIRECTORY, held, further=workspace.further)


def read_code(workspace: Workspace, kept: Kept) -> LinkedCode:
    """Effect: read. Return the code as it lies on disk, or in an editor."""
    root = workspace.root.path
    manifests, faults = read_manifests(workspace)
    code = read_source(workspace, DiskSource(workspace.documents), kept, "tree", manifests)
    revision, is_changed = head_revision(root), bool(is_dirty(root))
    problems, data = {**code.problems, **faults}, DataNow(root, is_ours(workspace))
    tell_data(data)
    return replace(code, problems=problems, revision=revision, is_dirty=is_changed, data=data)


def read_source(
    workspace: Workspace,
    source: Source,
    kept: Kept,
    place: KeptPlace,
    manifests: Mapping[str, str] = MappingProxyType({}),
) -> LinkedCode:
    """Effect: read what is not known. Return the code that a source holds; whose revision it is, is not said.

    Args:
        workspace: The project, with the files that the source has.
        source: Where the texts come from.
        kept: What is known already.
        place: Where to keep what this code builds.
        manifests: The texts of manifests.
    """
    scanned = look_at_files(workspace, source, kept)
    found = {n: p for n, reading in scanned.unread.items() if isinstance(p := text_or_problem(n, reading), Problem)}
    settings, texts = workspace.settings, scanned.texts
    facts = LazyFacts(texts, kept)
    project = kept.linked(facts, scanned.modules, scanned.relevant, frozenset(settings.bases))
    code = LinkedCode(project, texts, found, None, is_dirty=False, manifests=manifests, naming=scanned.naming)
    if kept.cache is not None:
        roots, limits = scanned.modules.roots, limits_of(workspace)
        follows_from = inputs_of(scanned.key, scanned.relevant, roots, settings.bases, limits, manifests)
        is_intact, again = lambda: not texts.has_changed, finding_again(project, frozenset(settings.bases), limits)
        ask = partial(link_problems, project)
        experiments = KeptExperiments(kept.cache, place, follows_from, scanned.contents, facts, is_intact, again, ask)
        return replace(code, kept_experiments=experiments)
    return code


def look_at_files(workspace: Workspace, source: Source, kept: Kept) -> ScannedFiles:
    """Effect: read what is not known of the files, and parse those that matter. Return all of them."""
    library = library_words(workspace.settings.bases)
    table = FileTable(kept.cache, library, (workspace.documents.limit, type(source).__name__))
    told: set[str] = set()
    with Parsing(kept.cache or NoCache()) as parsing:

        def found(name: str, text: str) -> None:
            if kept.cache is not None and name not in told and not kept.knows(text):
                parsing.add(name, text)
            told.add(name)

        if kept.cache is not None and table.is_empty and len(workspace.discovery.files) >= MANY_FILES:
            parsing.start()  # they get ready while we read
        files, roots, guesses = workspace.discovery, workspace.import_roots, workspace.settings.src is None
        scanned = scan_files(files, roots, workspace.modules, source, table, library, found, guesses_roots=guesses)
        if kept.texts is not None:
            scanned.texts.take_over(kept.texts)
        kept.texts = scanned.texts
        if kept.cache is not None:
            kept.look_up(scanned.texts, scanned.relevant)
            for name in scanned.relevant:
                found(name, scanned.texts[name])
        parsing.finish(kept.facts)
    if isinstance(source, DiskSource):
        tell(ObservedCode(scanned, workspace.discovery.files, library, workspace.documents.limit))
    return scanned


def read_manifests(workspace: Workspace) -> tuple[dict[str, str], dict[str, Problem]]:
    """Effect: read. Return the texts of the manifests that the settings name, and why others have none."""
    root = workspace.root.path
    texts: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    for name in find_manifests(root, workspace.settings.manifests):
        match read_text(workspace.documents, name):
            case str(text):
                texts[name] = text
            case problem:
                message = f"a manifest that the settings name cannot be read: {problem.message}"
                problems[name] = replace(problem, text=message)
    return texts, problems


def look_around(
    workspace: Workspace,
    code: LinkedCode,
    kept: Kept,
    progress: Progress | None = None,
    store: StoredStore | None = None,
    open_git: OpenRepository | None = None,
) -> Surroundings:
    """Effect: read the store, if it is not given, and the ledger. Return what a state of the code is compared with.

    Raises:
        SettingsError: the ledger of accepted changes cannot be used.
    """
    repository = open_git or cache(open_repository)  # asked for by the first run whose code is sought
    return Surroundings(
        store=store or read_runs(workspace, progress),
        present=present_moment(),
        repository=repository,
        history=history_of(workspace, code.project.modules, kept, repository),
        is_accepted=read_accepted(workspace.root.path),
        neighbours=Neighbours(workspace.root.path, workspace.store.path, repository, workspace.settings.run.python),
    )


def snapshot_of(
    workspace: Workspace, code: LinkedCode, around: Surroundings, before: Snapshot | None = None
) -> Snapshot:
    """Return the snapshot of a state of the code; the one before may have answers in common with it."""
    root, history, repository = workspace.root.path, around.history, around.repository
    return Snapshot(
        Inputs(
            project=code.project,
            texts=code.texts,
            data=code.data or NO_DATA_FILES,
            store=around.store,
            present=around.present,
            limits=limits_of(workspace),
            store_name=shown_path(workspace.store.path, root),
            revision=code.revision,
            is_dirty=code.is_dirty,
            problems=tuple(code.problems.values()),
            history=history,
            keep=history.save,
            recorded=history.recorded,
            evidence=Evidence(
                code.places,
                code.text,
                history.text,
                lambda run, change: change_in_git(repository(root), code.places, code.text, run, change),
            ),
            is_accepted=around.is_accepted,
            extra_bases=frozenset(workspace.settings.bases),
            ignored_calls=workspace.settings.fingerprint.ignore_calls,
            files_naming=code.files_naming,
            packages_changed=PackageChanges(root, workspace.store.path, workspace.settings),
            watches_packages=bool(workspace.settings.fingerprint.packages),
            manifests=code.manifests,
            kept_experiments=code.kept_experiments,
            places=code.places,
            neighbours=around.neighbours,
        ),
        before,
    )


def history_of(workspace: Workspace, now: ModuleTable, kept: Kept, repository: OpenRepository) -> CodeHistory:
    """Return what gives the code of each run. Directories of today's scripts are import roots then, too."""
    root, settings, store = workspace.root.path, workspace.settings, workspace.store.path
    cache = DiskCache(root)

    def select(files: FilesThen) -> FilesThen:
        return project_files(files, settings, stores_below_root(workspace))

    def roots_of(files: tuple[str, ...]) -> tuple[str, ...]:
        found = find_import_roots(root, settings, files, workspace.discovery.projects)
        return tuple(dict.fromkeys((*found, *now.roots)))

    return CodeHistory(
        CodeThen(store, lambda: repository(root), cache),
        lambda commit: isinstance(found := repository(root), Repository) and found.lacks(commit),
        select,
        is_ours(workspace),
        roots_of,
        frozenset(settings.bases),
        settings.fingerprint.ignore_calls,
        kept,
        cache,
        now.compiled_top_level(),
    )


def is_ours(workspace: Workspace) -> IsOurs:
    """Return what tells of a root-relative name whether discovery would look at such a file."""
    return project_test(workspace.discovery.files, workspace.settings, stores_below_root(workspace))


def link_texts(
    workspace: Workspace, texts: HeldTexts, looks: Looks, kept: Kept, parsed: Callable[[int, int], None]
) -> Project:
    """Return the linked project of the texts of all files. `parsed` is told how far a first one is."""
    imports, seeds = looks.imports(texts, library_words(workspace.settings.bases))

    def choose() -> tuple[ModuleTable, tuple[str, ...]]:
        modules = _with_script_roots(workspace, imports)
        return modules, relevant_files(modules, imports, seeds, imports.lines)

    modules, relevant = kept.chosen((workspace.modules, workspace.settings.src, imports, seeds), choose)
    facts = LazyFacts(texts, kept)
    parse_together(kept, texts, relevant, parsed)
    for name in relevant:
        _ = facts[name]
    return kept.linked(facts, modules, relevant, frozenset(workspace.settings.bases))


def present_moment() -> Present:
    """Return now and here."""
    # What `socket.gethostname` says, as the runtime writes it, without the price of sockets.
    return Present(datetime.now(UTC), platform.node(), process_is_alive)


def limits_of(workspace: Workspace) -> Limits:
    """Return how far the evaluation goes."""
    own, steps = workspace.settings.limits, workspace.settings.limits.steps
    return Limits(configs_per_site=own.configs_per_site, call_depth=own.call_depth, steps=steps, total_steps=2 * steps)


def stores_below_root(workspace: Workspace) -> tuple[str, ...]:
    """Return the root-relative names of the stores that lie below the root: no code of the project lies in them."""
    paths = (workspace.store.path, *(each.path for each in workspace.further))
    return tuple(name for path in paths if not (name := shown_path(path, workspace.root.path)).startswith("/"))


def _with_script_roots(workspace: Workspace, imports: Imports) -> ModuleTable:
    extra = script_directories(workspace.modules, imports, imports.lines) if workspace.settings.src is None else ()
    discovery, roots = workspace.discovery, (*workspace.import_roots, *extra)
    return build_module_table(discovery.files, roots, discovery.extensions) if extra else workspace.modules
