"""sources.json: the code that made a result, so that nobody has to guess it from a commit and a patch."""

import gzip
import os
import platform
import sys
from pathlib import Path

from huldra.formats.layout import source_text_file, sources_file
from huldra.formats.records import SourcesRecord
from huldra.runtime.config import HULDRA_CONFIG
from huldra.runtime.distributions import distribution_of
from huldra.runtime.loaded_code import (
    LoadedFile,
    ProjectRoot,
    entry_script,
    first_party_files,
    foreign_modules,
    note_loaded_code,
    project_root,
    site_folder_of,
)
from huldra.runtime.log import get_logger
from huldra.runtime.store import internal, write_json, write_whole


def is_recording_sources() -> bool:
    """Return whether sources are recorded: `HULDRA_RECORD_SOURCES=0` opts out."""
    return os.environ.get("HULDRA_RECORD_SOURCES", "").lower() not in {"0", "false", "no"}


def note_sources(module: str) -> None:
    """Look at the code that is loaded now, before the user's `_create` has had time to be edited.

    Effect: reads the files that were loaded since the last time.
    """
    if is_recording_sources():
        note_loaded_code(_root_of(module), _largest())


def write_sources(directory: Path, module: str) -> None:
    """Write sources.json, and keep each file's content once in the store. A failure is reported, and fails no run.

    Effect: replaces sources.json; adds to the store's `sources/` folder.
    """
    if not is_recording_sources():
        return
    try:
        root = _root_of(module)
        note_loaded_code(root, _largest())
        record = _record(root)
        store = HULDRA_CONFIG.base_root
        for file in first_party_files(root).values():
            _keep(store, file)
        write_json(sources_file(internal(directory)), record.model_dump(mode="json"))
    except OSError as error:
        get_logger().warning("the sources of %s could not be recorded: %r", directory, error)


def _record(root: ProjectRoot) -> SourcesRecord:
    files = first_party_files(root)
    distributions, outside = _foreign_code()
    return SourcesRecord(
        python=platform.python_version(),
        root_marker=root.marker,
        entry=entry_script(root),
        files={path: file.content_hash for path, file in sorted(files.items())},
        distributions=distributions,
        not_copied={path: file.not_kept for path, file in sorted(files.items()) if file.not_kept},
        changed_since_start=tuple(path for path, file in sorted(files.items()) if file.is_changed_since_start),
        outside=outside,
    )


def _foreign_code() -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the loaded distributions with their versions, and the top-level modules that belong to none."""
    distributions: dict[str, str] = {}
    outside: set[str] = set()
    for top, path in foreign_modules():
        site = site_folder_of(path)
        found = distribution_of(top, site)
        if found is not None:
            distributions[found[0]] = found[1]
        elif site is None:
            outside.add(top)
    return dict(sorted(distributions.items())), tuple(sorted(outside))


def _root_of(module: str) -> ProjectRoot:
    file = getattr(sys.modules.get(module), "__file__", None)
    return project_root(Path(os.path.realpath(file)).parent if isinstance(file, str) else Path.cwd())


def _largest() -> int:
    """Return how many bytes a file may have to be kept."""
    return int(os.environ.get("HULDRA_SOURCES_MAX_BYTES", "1000000"))


def _keep(store: Path, file: LoadedFile) -> None:
    if file.content is None:
        return
    path = source_text_file(store, file.content_hash)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, gzip.compress(file.content, compresslevel=6, mtime=0))
