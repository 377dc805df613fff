"""Which commit last changed a stretch of a file since a run was made, asked of git's history. Knows no Python."""

import difflib
import re

from msgspec import Struct

from huldra.sources.git_commands import GitFault, ask_git
from huldra.sources.repository import Repository

_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_FORMAT = "--format=%H%x00%an%x00%aI%x00%s%x00"
_SECONDS = 5.0
_LITERAL = {"GIT_LITERAL_PATHSPECS": "1"}


class Commit(Struct, frozen=True):
    """A commit as it is shown: full id, who wrote it, when (ISO text with an offset), the first line of its message."""

    id: str
    author: str
    author_date: str
    subject: str


class LastChange(Struct, frozen=True):
    """What changed a stretch of code last. Both can hold: a commit, and edits on top that are not yet committed.

    No commit and no edits: git could not tell, or not in time.
    """

    commit: Commit | None
    is_uncommitted: bool = False


def last_change(
    repository: Repository,
    name: str,
    since: str,
    lines: tuple[int, int] | None = None,
    text: str | None = None,
    seconds: float = _SECONDS,
) -> LastChange:
    """Return what last changed a file, or the lines of a definition in it, after the commit `since`.

    Effect: asks git, for at most some seconds.

    Args:
        repository: Where to look.
        name: The file now, relative to the project's root.
        since: The commit of the run.
        lines: First and last line of the definition in `text`, counted from 1; None for the whole file.
        text: The file as it is now, if that may not be what is committed.
        seconds: How long to wait for each question.
    """
    if not _COMMIT.fullmatch(since):
        return LastChange(None)
    committed, is_uncommitted = _committed_lines(repository, name, lines, text)
    history = f"{since}..HEAD"
    if lines is not None and committed is None:
        return LastChange(None, is_uncommitted)
    if committed is not None:
        found = _ask(repository, seconds, f"-L{committed[0]},{committed[1]}:{name}", history)
        # Only where git cannot follow lines is the file's last commit better than none: it may be about other lines.
        if not isinstance(found, GitFault):
            return LastChange(found, is_uncommitted)
    found = _ask(repository, seconds, history, "--", name)
    return LastChange(None if isinstance(found, GitFault) else found, is_uncommitted)


def _ask(repository: Repository, seconds: float, *words: str) -> Commit | GitFault | None:
    shown = ("--no-patch", "--no-color", "--no-ext-diff", "--no-textconv", "--encoding=UTF-8", "--max-count=1")
    said = ask_git(repository.root, "log", *shown, _FORMAT, *words, timeout=seconds, extra=_LITERAL)
    if isinstance(said, GitFault):
        return said
    parts = said.decode(errors="replace").split("\0")
    return Commit(parts[0], parts[1], parts[2], parts[3]) if len(parts) > 4 else None


def _committed_lines(
    repository: Repository, name: str, lines: tuple[int, int] | None, text: str | None
) -> tuple[tuple[int, int] | None, bool]:
    """Return where lines of a file as it is now stand in HEAD (None: nowhere), and whether they differ from there."""
    if text is None:
        return lines, False
    committed = _head_text(repository, name)
    if committed is None:
        return None, True
    now = _rows(text)
    first, last = (0, len(now)) if lines is None else (lines[0] - 1, lines[1])
    matcher = difflib.SequenceMatcher(None, _rows(committed), now, autojunk=False)
    starts: list[int] = []
    ends: list[int] = []
    is_changed = False
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        is_touched = (new_start < last and new_end > first) or (new_start == new_end and first < new_start < last)
        if not is_touched:
            continue
        if tag == "equal":
            starts.append(old_start + max(first - new_start, 0))
            ends.append(old_end - max(new_end - last, 0))
        else:
            is_changed = True
            starts.append(old_start)
            ends.append(old_end)
    if lines is None or not starts or min(starts) >= max(ends):
        return None, is_changed
    return (min(starts) + 1, max(ends)), is_changed


def _rows(text: str) -> list[str]:
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")


def _head_text(repository: Repository, name: str) -> str | None:
    """Return a file's text in HEAD, as far as its lines need it: bytes that are not UTF-8 are replaced."""
    head = repository.commit_named("HEAD")
    identity = repository.file_in(head, repository.prefix + name) if isinstance(head, str) else None
    data = None if identity is None else repository.read_blob(identity)
    return data.removeprefix(b"\xef\xbb\xbf").decode(errors="replace") if isinstance(data, bytes) else None
