"""The code that a run was made with, as files: recorded sources first, else commit and patch. Reads store and git."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from huldra.analysis.disk_cache import Cache
from huldra.analysis.kept_table import KeptTable
from huldra.analysis.program import program_name
from huldra.formats.layout import directory_at
from huldra.sources.code_files import AppliedPatch, FilesThen, NoFilesThen
from huldra.sources.documents import Unreadable
from huldra.sources.recorded_sources import RecordedSources
from huldra.sources.repository import Repository
from huldra.sources.revision_files import commit_files
from huldra.stored_runs.code_record import CodeRecord, read_code_record, read_source_copy
from huldra.stored_runs.model import StoredRun
from huldra.stored_runs.record_files import Damaged

_HASHES, _PATCHES = "sha256", "patched"
_applied = msgspec.msgpack.Decoder(AppliedPatch)


class CodeThen:
    """Gives the files that runs were made with, of which very many are those of few commits.

    Used by one thread at a time.

    Args:
        store: The store.
        open_git: Gives the repository, or why there is none.
        cache: Where is kept what contents of the repository are called elsewhere.
    """

    def __init__(self, store: Path, open_git: Callable[[], Repository | NoFilesThen], cache: Cache) -> None:
        self._store = store
        self._open_git = open_git
        self._hashes = KeptTable(cache, _HASHES, msgspec.msgpack.Decoder(dict[str, str]), lambda: b"")
        self._recorded = RecordedSources(self._hashes)
        self._patches = _KeptPatches(cache)
        self._committed: dict[tuple[str, bytes, tuple[tuple[str, str], ...]], FilesThen] = {}

    def __call__(self, run: StoredRun) -> FilesThen | NoFilesThen:
        """Return the code that a run was made with, or why it cannot be had.

        Effect: reads files of the store; asks git. Writes nothing.
        """
        record = read_code_record(self._store, run)
        committed = self._of_commit(run, record)
        if record.sources is None:
            return committed
        return self._recorded.files(
            record.sources,
            partial(_read_copy, directory_at(self._store, run.store_path)),
            committed if isinstance(committed, FilesThen) else None,
        )

    def save(self) -> None:
        """Hand what was learned to the cache, which writes it down."""
        self._hashes.save()

    def _of_commit(self, run: StoredRun, record: CodeRecord) -> FilesThen | NoFilesThen:
        if record.damage is not None:
            return NoFilesThen("record-damaged", str(record.damage))
        if record.commit is None:
            return NoFilesThen("commit-not-recorded", "neither a commit nor the sources were recorded with the run")
        repository = self._open_git()
        if isinstance(repository, NoFilesThen):
            return repository
        checked_out, patch = _checked_out(run), record.patch or ""
        key = (record.commit, hashlib.sha256(patch.encode(errors="surrogatepass")).digest(), tuple(checked_out.items()))
        files = self._committed.get(key)
        if files is None:
            found = commit_files(repository, record.commit, patch, checked_out, self._patches)
            if isinstance(found, NoFilesThen):
                return found  # it may be fetched, and be there the next time
            files = self._committed[key] = found
        return files if record.patch_missing is None else replace(files, doubts=(record.patch_missing, *files.doubts))


class _KeptPatches:
    """What recorded patches make of commits, each kept by itself: most runs have one of their own."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def get(self, key: str) -> AppliedPatch | None:
        data = self._cache.get(_PATCHES, self._key(key))
        if data is not None:
            with suppress(msgspec.DecodeError):  # somebody else's, or damaged
                return _applied.decode(data)
        return None

    def put(self, key: str, value: AppliedPatch) -> None:
        self._cache.put(_PATCHES, self._key(key), msgspec.msgpack.encode(value))

    def _key(self, key: str) -> bytes:
        return hashlib.blake2b(f"{key} {program_name()}".encode(errors="surrogatepass"), digest_size=20).digest()


def _checked_out(run: StoredRun) -> Mapping[str, str]:
    """Return the commits that submodules were at; git marks those that are not what the commit says, or not there."""
    recorded = () if run.provenance is None else run.provenance.submodules
    return {name: commit.removeprefix("+") for name, commit in recorded if not commit.startswith(("-", "U"))}


def _read_copy(store: Path, content_hash: str) -> bytes | Unreadable:
    copy = read_source_copy(store, content_hash)
    return Unreadable(copy.problem) if isinstance(copy, Damaged) else copy
