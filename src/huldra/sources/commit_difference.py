"""Which Python files a commit, or the index, holds otherwise than another commit: asked of git in one word.

To list all files of both would take many times as long. Imports little: it has to be quick.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from huldra.sources.disk_state import git_directory
from huldra.sources.git_commands import GitFault, ask_git, index_of_hook

_WORDS = ("-r", "--raw", "-z", "--no-abbrev", "--no-renames", "--relative")
_FILES = frozenset({b"100644", b"100755", b"000000"})
_SUBMODULE = b"160000"
_STATUS = 4
_ABSENT = b"0"


class Change(NamedTuple):
    """What names the content of a file in both states; empty where there is no such file."""

    before: str
    after: str


def head_difference(root: Path, commit: str, data: Collection[str] = ()) -> Mapping[str, Change] | None:
    """Return the Python files below a root that HEAD holds otherwise than a commit, None if that cannot be told.

    Nor can it where something else is other than it was, which is among `data`, or below it.

    Effect: asks git.
    """
    return _changes(ask_git(root, "diff-tree", *_WORDS, commit, "HEAD"), data)


def index_difference(root: Path, commit: str, data: Collection[str] = ()) -> Mapping[str, Change] | None:
    """Return the Python files below a root that the index holds otherwise than a commit, None if that cannot be told.

    Nor can it where something else is other than it was, which is among `data`, or below it.

    Effect: asks git.
    """
    git = git_directory(str(root))
    if git is None:
        return None
    words = ("diff-index", "--cached", "--ita-invisible-in-index", *(word for word in _WORDS if word != "-r"))
    return _changes(ask_git(root, *words, commit, extra=index_of_hook(Path(git))), data)


def _changes(said: bytes | GitFault, data: Collection[str]) -> Mapping[str, Change] | None:
    if isinstance(said, GitFault):
        return None
    found: dict[str, Change] = {}
    parts = said.split(b"\0")
    for row, path in zip(parts[:-1:2], parts[1::2], strict=False):
        words = row.removeprefix(b":").split(b" ")
        if not path.endswith(b".py"):
            if _SUBMODULE in words[:2]:
                return None  # all of its code may be other code
            if data and not _with_directories(path.decode(errors="surrogateescape")).isdisjoint(data):
                return None
            continue
        # Links are looked through elsewhere, and of what is being merged there are three states.
        if len(words) <= _STATUS or not _FILES.issuperset(words[:2]) or words[_STATUS] not in {b"M", b"A", b"D"}:
            return None
        try:
            found[path.decode()] = Change(*(_name(identity) for identity in words[2:4]))
        except UnicodeDecodeError:
            return None
    return found


def _with_directories(path: str) -> frozenset[str]:
    parts = path.split("/")
    return frozenset("/".join(parts[:count]) for count in range(1, len(parts) + 1))


def _name(identity: bytes) -> str:
    return identity.decode("ascii") if identity.strip(_ABSENT) else ""
