"""`huldra runs` of a project at rest: answered from what was kept, without a look at the code. Decides no verdict."""

import os
import platform
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct

from huldra.analysis.disk_cache import CACHE_DIRECTORY, DiskCache
from huldra.analysis.kept_verdicts import KIND, KeptSurroundings, decode, judged_shelves, key_of
from huldra.cli.arguments import Options
from huldra.cli.kept_answers import environment_that_counts, is_settled, root_named
from huldra.features.kept_rows import (
    KeptRows,
    is_about_graph,
    kept_answers,
    kept_related_answers,
)
from huldra.features.run_rows import AnyRow, DirectoryRow, Surroundings, subclasses_named
from huldra.formats.dialect import HULDRA
from huldra.sources.disk_state import program_version, state_beside_runs
from huldra.sources.file_names import ACCEPTED_FILE, DEFAULT_STORES
from huldra.sources.path_rows import CannotTellError, rows_hold
from huldra.stored_runs.index.segments import NotKeptError
from huldra.stored_runs.index.unchanged import find_unchanged
from huldra.stored_runs.liveness import Present, process_is_alive
from huldra.stored_runs.query.evaluate import Scope, matches
from huldra.stored_runs.query.expressions import All, Condition, QueryFault
from huldra.stored_runs.query.parse import parse_query
from huldra.stored_runs.query.planning import plan_query

TYPE_CHECKING = False  # as in `typing`: what is kept needs no code
if TYPE_CHECKING:
    from huldra.cli.opening import Opened


_STORE_VARIABLE = HULDRA.store_variable


class KeptQuestion(Struct, frozen=True, dict=True):
    """Where the verdicts are kept that are given in these surroundings.

    `key` tells the surroundings apart: the root and the stores that were named, the environment, our own code.
    """

    root: str
    key: bytes

    @cached_property
    def cache(self) -> DiskCache:
        """Where they are kept."""
        return DiskCache(Path(self.root))


class KeptTable(Struct, frozen=True):
    """The rows that answer a query, and the name of the store."""

    rows: Sequence[AnyRow]
    class_names: frozenset[str] | None
    store_name: str


class Before(Struct, frozen=True):
    """The state of all but runs before anything was read."""

    state: bytes
    store: Path
    began_ns: int


def kept_question(options: Options) -> KeptQuestion | None:
    """Effect: look. Return where verdicts are kept; None where there is no telling when they hold."""
    if options.at is not None or len(options.stores) > 1:
        return None
    root = root_named(None if options.root is None else os.fspath(options.root))
    if root is None:
        return None
    try:
        # A store may be named by a path from where we are.
        here = os.getcwd() if options.stores or os.environ.get(_STORE_VARIABLE) else ""  # noqa: PTH109
        parts = (here, root, options.stores, environment_that_counts(), program_version())
    except OSError:
        return None
    return KeptQuestion(root, blake2b(repr(parts).encode(errors="surrogatepass"), digest_size=16).digest())


def recall_table(question: KeptQuestion, query: str) -> KeptTable | None:
    """Effect: look at code and store. Return the answer to a query, if all is as it was; else None.

    A row may still raise `NotKeptError` when it is asked for a verdict.
    """
    around = decode(question.cache.get(KIND, key_of(question.key, "surroundings")), KeptSurroundings)
    # After a clock has gone back, times say nothing about what is older.
    if around is None or time.time_ns() < around.saved_at:
        return None
    condition = parse_query(query, datetime.now(UTC))
    if isinstance(condition, QueryFault):
        return None
    try:
        state, _ = state_beside_runs(question.root, around.store, _extras(question.root))
    except (CannotTellError, OSError):
        return None
    holds = state == around.state and rows_hold(question.root, around.data)
    return _answer(question, around, query, condition) if holds else None


def _answer(question: KeptQuestion, around: KeptSurroundings, query: str, condition: Condition) -> KeptTable | None:
    store, of_directory = Path(around.store), plan_query(condition).of_directory
    is_graph = is_about_graph(condition)
    is_whole = is_graph or of_directory == All(())
    unchanged = find_unchanged(store, Path(question.root, CACHE_DIRECTORY))
    if unchanged is None:
        return None
    present = _present()
    scope = Scope(subclasses_named(of_directory, around.ancestors))
    paths = [
        path
        for path, place in unchanged.places.items()
        if is_whole or matches(of_directory, DirectoryRow(place), scope)
    ]
    surroundings = _surroundings(store, Path(question.root), around.store_name)
    try:
        shelves = judged_shelves(unchanged, paths, store, question.cache, question.key, around.basis, present)
        if shelves is None:
            return None
        inputs = tuple(shelves[path] for path in paths)
        if is_graph:
            related = kept_related_answers(inputs, query, around.ancestors, surroundings, present)
            return None if isinstance(related, QueryFault) else KeptTable(related, None, around.store_name)
        rows: KeptRows = kept_answers(inputs, condition, around.ancestors, surroundings, present)
    except NotKeptError:
        return None
    return KeptTable(rows, rows.class_names, around.store_name)


def state_before(question: KeptQuestion, options: Options) -> Before | None:
    """Effect: look at the disk. Return its state; None where what follows from it cannot be kept."""
    from huldra.sources.root import find_further_stores, find_root, find_store  # noqa: PLC0415  # of no use to `recall`
    from huldra.sources.settings import load_settings  # noqa: PLC0415
    from huldra.sources.toml_files import SettingsError  # noqa: PLC0415

    began = time.time_ns()
    try:
        root = find_root(Path.cwd(), options.root)
        settings = load_settings(root.path)
        store = find_store(settings, root.path, options.store, os.environ).path
        further = find_further_stores(settings, root.path, store, options.further_stores)
        state, newest = state_beside_runs(question.root, os.fspath(store), _extras(question.root))
    except (SettingsError, CannotTellError, OSError):
        return None
    # Manifests may come to be other files, and packages lie anywhere.
    is_told = not (further or settings.manifests or settings.fingerprint.packages)
    # Within a moment after a change there may be another one that looks the same.
    is_fit = str(root.path) == question.root and is_told and is_settled(newest)
    return Before(state, store, began) if is_fit else None


def keep_found(question: KeptQuestion, before: Before, opened: "Opened") -> None:
    """Effect: keep the verdicts that were found."""
    from huldra.analysis.keeping_verdicts import keep_verdicts  # noqa: PLC0415  # of no use to `recall`

    if any(not problem.is_note for problem in opened.workspace.discovery.problems):
        return  # they are told of each time
    keep_verdicts(opened.snapshot, question.cache, question.key, before.state, before.store, before.began_ns)


def _extras(root: str) -> tuple[str, ...]:
    """Return files beside the code that verdicts follow from, and directories that may be the store."""
    return tuple(f"{root}/{name}" for name in (ACCEPTED_FILE, *DEFAULT_STORES))


def _present() -> Present:
    # As the runtime does: what `socket.gethostname` says, without the price of sockets.
    return Present(datetime.now(UTC), platform.node(), process_is_alive)


def _surroundings(store: Path, root: Path, name: str) -> Surroundings:
    sizes, tags = cache(partial(_sizes, store)), cache(partial(_tags, root))

    def size_of(path: str) -> int:
        return sizes()(path)

    def tags_of(commit: str) -> tuple[str, ...]:
        return tags()(commit)

    return Surroundings(size_of, tags_of, name)


def _sizes(store: Path) -> Callable[[str], int]:
    from huldra.analysis.surroundings import directory_sizes  # noqa: PLC0415  # rarely asked for, and takes long

    return directory_sizes(store)


def _tags(root: Path) -> Callable[[str], tuple[str, ...]]:
    from huldra.analysis.surroundings import tags_of_commits  # noqa: PLC0415

    return tags_of_commits(root)
