"""Git repositories for tests: real ones, with the settings of nobody."""

import os
import subprocess
from pathlib import Path

from huldra.runtime.git import collect_git_facts
from huldra.sources.code_files import FilesThen, NoFilesThen
from huldra.sources.documents import Document

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")},
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05+00:00",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05+00:00",
    "GIT_ALLOW_PROTOCOL": "file",
}


def git(place: Path, *words: str) -> str:
    command = ["git", "-C", str(place), "-c", "protocol.file.allow=always", *words]
    return subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, text=True).stdout.strip()


def write(place: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def new_repository(place: Path, *words: str) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    git(place, "init", "--quiet", "-b", "main", *words)
    return place


def commit(place: Path, files: dict[str, str | bytes], message: str = "a change") -> str:
    write(place, files)
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(place, "rev-parse", "HEAD")


def recorded_patch(place: Path, monkeypatch) -> str:
    """Return the patch that the runtime would record there."""
    monkeypatch.chdir(place)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    return collect_git_facts(place / "data-huldra").patch


def listing(place: Path) -> dict[str, tuple[int, int]]:
    """Return every file and directory below a place with its size and time, to see later whether any was touched."""
    found = {str(path): path.lstat() for path in [place, *place.rglob("*")]}
    return {name: (state.st_size, state.st_mtime_ns) for name, state in found.items()}


def texts(then: FilesThen | NoFilesThen) -> dict[str, str]:
    """Return the texts of a state of the code, all of which can be read."""
    assert isinstance(then, FilesThen), then
    documents = {name: then.read(name) for name in then.files}
    assert all(isinstance(document, Document) for document in documents.values()), documents
    return {name: document.text for name, document in documents.items()}
