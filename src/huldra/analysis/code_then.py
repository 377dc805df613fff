"""The code that a run was made with, as files: recorded sources first, else commit and patch. Reads store and git."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from huldra.formats.layout import directory_at
from huldra.sources.code_files import FilesThen, NoFilesThen
from huldra.sources.documents import Unreadable
from huldra.sources.recorded_sources import recorded_files
from huldra.sources.repository import Repository
from huldra.sources.revision_files import commit_files
from huldra.stored_runs.code_record import CodeRecord, read_code_record, read_source_copy
from huldra.stored_runs.model import StoredRun
from huldra.stored_runs.record_files import Damaged


def files_then(store: Path, run: StoredRun, repository: Repository | NoFilesThen) -> FilesThen | NoFilesThen:
    """Return the code that a run was made with, or why it cannot be had.

    Effect: reads files of the store; asks git. Writes nothing.
    """
    record = read_code_record(store, run)
    committed = _committed(run, record, repository)
    if record.sources is None:
        return committed
    return recorded_files(
        record.sources,
        partial(_read_copy, directory_at(store, run.store_path)),
        committed if isinstance(committed, FilesThen) else None,
    )


def _committed(run: StoredRun, record: CodeRecord, repository: Repository | NoFilesThen) -> FilesThen | NoFilesThen:
    if record.damage is not None:
        return NoFilesThen("record-damaged", str(record.damage))
    if record.commit is None:
        return NoFilesThen("commit-not-recorded", "neither a commit nor the sources were recorded with the run")
    if isinstance(repository, NoFilesThen):
        return repository
    files = commit_files(repository, record.commit, record.patch or "", _checked_out(run))
    if isinstance(files, NoFilesThen) or record.patch_missing is None:
        return files
    return replace(files, doubts=(record.patch_missing, *files.doubts))


def _checked_out(run: StoredRun) -> Mapping[str, str]:
    """Return the commits that submodules were at; git marks those that are not what the commit says, or not there."""
    recorded = () if run.provenance is None else run.provenance.submodules
    return {name: commit.removeprefix("+") for name, commit in recorded if not commit.startswith(("-", "U"))}


def _read_copy(store: Path, content_hash: str) -> bytes | Unreadable:
    copy = read_source_copy(store, content_hash)
    return Unreadable(copy.problem) if isinstance(copy, Damaged) else copy
