"""What the records of runs do not hold: the bytes of their files, and the git tags of commits. Asked for on demand."""

import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from huldra.formats.layout import directory_at
from huldra.sources.git_commands import GitFault, ask_git

GitState = Literal["tracked", "changed", "untracked", "ignored"]
"""`changed`: tracked, and other than what is staged, or gone. `untracked`: git would take it if it were told to."""

_QUESTIONS: tuple[tuple[GitState, *tuple[str, ...]], ...] = (
    ("tracked", "--cached"),
    ("changed", "--modified"),
    ("untracked", "--others", "--exclude-standard"),
    ("ignored", "--others", "--ignored", "--exclude-standard"),
)
_TAGS = ("for-each-ref", "--format=%(objectname) %(*objectname) %(refname:short)", "refs/tags")


def directory_sizes(store: Path) -> Callable[[str], int]:
    """Return what gives the bytes of all files of a run, by its path below the store; links are not followed.

    Effect: the function returned looks at every file of the run, once.
    """

    @cache
    def size_of(path: str) -> int:
        return sum(_sizes(directory_at(store, path)))

    return size_of


def _sizes(directory: Path) -> list[int]:
    found: list[int] = []
    waiting = [os.fspath(directory)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        found.append(entry.stat(follow_symlinks=False).st_size)
        except OSError:
            continue  # deleted while we look: it has no bytes any more
    return found


def states_in_git(directory: Path) -> Mapping[str, GitState]:
    """Return what git makes of the files of a directory, as far as it says, by their names below it.

    Effect: asks git.
    """
    found: dict[str, GitState] = {}
    for state, *words in _QUESTIONS:
        said = ask_git(directory, "ls-files", "-z", *words, "--", ".")
        if isinstance(said, GitFault):
            break  # no repository; or a result of so many files that git takes too long for the rest
        found.update((os.fsdecode(name), state) for name in said.split(b"\0") if name)
    return found


def tags_of_commits(root: Path) -> Callable[[str], tuple[str, ...]]:
    """Return what gives the git tags of a commit, sorted; none where there is no repository.

    Effect: the function returned asks git, once.
    """

    @cache
    def known() -> Mapping[str, tuple[str, ...]]:
        said = ask_git(root, *_TAGS)
        found: dict[str, list[str]] = {}
        for line in () if isinstance(said, GitFault) else said.decode(errors="replace").splitlines():
            own, _, rest = line.partition(" ")
            peeled, _, name = rest.partition(" ")
            found.setdefault(peeled or own, []).append(name)
        return {commit: tuple(sorted(names)) for commit, names in found.items()}

    return lambda commit: known().get(commit, ())
