"""Writes down what a command says while it says it, where nothing but the disk decides what that is."""

import io
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from huldra.analysis.accepted_file import ACCEPTED_FILE
from huldra.analysis.disk_cache import CACHE_DIRECTORY
from huldra.analysis.observing import Observed, observing
from huldra.analysis.parsing import MANY_FILES, get_ready
from huldra.cli.arguments import Options
from huldra.cli.kept_answers import COARSEST_CLOCK_NS, Answer, Question, is_settled, keep, keep_news, state_before
from huldra.cli.kept_changes import NOTHING_SAID, place_in
from huldra.cli.kept_news import NoNews, written_news
from huldra.cli.kept_reach import Reach
from huldra.sources.editable import editable_installs
from huldra.sources.path_dependencies import path_dependencies
from huldra.sources.root import DEFAULT_STORES, find_further_stores, find_root, find_store
from huldra.sources.settings import OWN_FILE, PYPROJECT_FILE, Settings, load_settings
from huldra.sources.toml_files import SettingsError
from huldra.stored_runs.index.refresh import read_indexed
from huldra.stored_runs.liveness import attempt_liveness
from huldra.stored_runs.model import StoredRun

if TYPE_CHECKING:
    from typing_extensions import Buffer  # nothing else needs it here


def answer_and_keep(question: Question, options: Options, command: Callable[[], int]) -> int:
    """Effect: run a command, and keep what it says where nothing but the disk decides that. Return its exit code."""
    try:
        root = find_root(Path.cwd(), options.root)
        settings = load_settings(root.path)
        store = find_store(settings, root.path, options.store, os.environ).path
        further = find_further_stores(settings, root.path, store, options.further_stores)
    except SettingsError:
        return command()  # which says so itself
    extras = _extras(root.path, settings, is_of_index=question.is_of_index)
    if str(root.path) != question.root or extras is None or further:
        return command()
    began = time.time_ns()
    before = state_before(question, str(store), extras)
    # Within a moment after a change there may be another one that looks the same.
    if before is None or not is_settled(before.beside_newest if question.is_of_index else before.newest, question):
        return command()
    if len(before.code) >= MANY_FILES and not os.path.exists(root.path / CACHE_DIRECTORY):  # noqa: PTH110  # which may be another user's
        get_ready()  # while the rest of us is imported, and the files are looked for
    is_whole_settled = is_settled(before.newest, question)
    out, err = sys.stdout, sys.stderr
    said_out, said_err = _Said(out.buffer), _Said(err.buffer)
    sys.stdout, sys.stderr = _like(out, said_out), _like(err, said_err)
    try:
        with observing() as observed:
            code = command()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        sys.stdout, sys.stderr = out, err
    answer = Answer(b"".join(said_out.parts), b"".join(said_err.parts), code)
    data = _data(observed, began)
    changes = _changes(observed, answer.out) if question.asks_git else NOTHING_SAID
    if observed.beside:
        return code  # what lies there is no part of the state that answers are kept with
    is_settled_now = code in {0, 1} and is_whole_settled and _is_at_rest(store, root.path)
    if is_settled_now and data is not None and changes is not None:
        keep(question, before, answer, str(store), extras, _reach(observed), data, changes)
    standing = observed.standings[0]() if code == 0 and len(observed.standings) == 1 else None
    if standing is not None:
        news = written_news(NoNews(str(store), extras, before.beside, answer.out, answer.err, standing))
        if news is not None:
            keep_news(question, news)
    return code


def _changes(observed: Observed, out: bytes) -> str | None:
    """Return where and how an answer says whether the tree differs from the commit, None if that is not known."""
    if len(observed.changes) != 1:
        return None
    (said,) = observed.changes
    return place_in(out, is_dirty=said.is_dirty, if_clean=said.if_clean.encode(), if_dirty=said.if_dirty.encode())


def _data(observed: Observed, began_ns: int) -> dict[str, str] | None:
    """Return what stood for each path that was looked at for what is no code; None if that may change unseen."""
    found: dict[str, str] = {}
    for data in observed.data:
        rows = data.rows(began_ns - COARSEST_CLOCK_NS)
        if rows is None or any(found.get(name, row) != row for name, row in rows.items()):
            return None
        found |= rows
    return found


def _reach(observed: Observed) -> Reach | None:
    """Return what an answer followed from, None where it is not one state of the code on disk."""
    if len(observed.codes) != 1:
        return None
    (code,) = observed.codes
    seen = observed.seen[0]() if len(observed.seen) == 1 else None
    looks, words = code.idle_looks(), code.scanned.texts.words
    if seen is None:
        return Reach(code.limit, code.library, words, code.files, looks, {}, b"")
    counting = {name: (key, seen.words[name]) for name, key in seen.texts.items()}
    looks = {name: look for name, look in code.scanned.looks.items() if name in counting or name not in seen.files}
    return Reach(code.limit, code.library, words, code.files, looks, counting, seen.evidence)


class _Said(io.BufferedIOBase):
    """Passes on what is written, and remembers it."""

    def __init__(self, to: BinaryIO) -> None:
        self._to = to
        self.parts: list[bytes] = []

    @property
    def name(self) -> str:
        return "<kept>"

    def writable(self) -> bool:
        return True

    def write(self, data: "Buffer", /) -> int:
        part = bytes(data)
        self.parts.append(part)
        return self._to.write(part)

    def flush(self) -> None:
        if not self.closed and not self._to.closed:  # whoever called us in this process may have done with it
            self._to.flush()


def _like(stream: TextIO, said: _Said) -> io.TextIOWrapper:
    return io.TextIOWrapper(said, encoding=stream.encoding, errors=stream.errors)


def _extras(root: Path, settings: Settings, *, is_of_index: bool) -> tuple[str, ...] | None:
    """Return the files outside code and store that an answer may follow from; None if there is no list of them."""
    if settings.manifests or settings.fingerprint.packages or path_dependencies(root):
        return None  # patterns may come to mean other files, and an environment lies anywhere, as other projects do
    names = (ACCEPTED_FILE, *(() if settings.baseline is None else (settings.baseline,)))
    if is_of_index:  # otherwise these are seen with the code
        names = (*names, PYPROJECT_FILE, OWN_FILE, *DEFAULT_STORES)
    watched = editable_installs(root, settings.run.python).watched
    return tuple(str(root / name) for name in (*names, *watched))


def _is_at_rest(store: Path, root: Path) -> bool:
    """Whether time alone changes nothing: no run is under way, or may be taken to be."""
    now, host = datetime.now(UTC), platform.node()
    return all(_is_settled(run, now, host) for run in read_indexed(store, root / CACHE_DIRECTORY).store.runs)


def _is_settled(run: StoredRun, now: datetime, host: str) -> bool:
    is_ended = attempt_liveness(run, now, host).status == "ended"
    # Whether a process of this machine lives may change, whatever its lease says.
    is_elsewhere = run.attempt is not None and run.attempt.host != host
    return is_ended or (is_elsewhere and attempt_liveness(run, now, host).status == "dead")
