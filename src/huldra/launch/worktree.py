"""The code as it was when a run was made, laid out in a directory of its own. The user's tree is never touched.

Each worktree holds a lock that its processes inherit: when nobody holds it any more, whoever comes next removes it.
"""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import Struct

from huldra.launch.file_locks import held_lock, is_held
from huldra.sources.code_files import FilesThen
from huldra.sources.documents import Unreadable
from huldra.sources.git_commands import GitFault, ask_git
from huldra.sources.patches import NotApplied, PatchedFiles, apply_patch
from huldra.sources.repository import Repository

_PREFIX = "huldra-then-"
_LOCK = "in-use"
_CHECKOUT_SECONDS = 600.0


class Worktree(Struct, frozen=True):
    """A state of the code on disk.

    `root` stands for the project's root, `held` is the open lock; `doubts` say what may differ from what ran.
    """

    root: Path
    held: tuple[int, ...]
    doubts: tuple[str, ...]


class NoWorktree(Struct, frozen=True):
    """Why the code as it was could not be laid out."""

    reason: str


@contextmanager
def worktree_of(repository: Repository, commit: str, patch: str, files: FilesThen) -> Generator[Worktree | NoWorktree]:
    """Give a worktree at a commit, with the recorded changes and the Python files as the engine knows them.

    Effect: makes a detached git worktree in the temporary directory, and removes it at the end.
    """
    base = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
    tree = base / "tree"
    with ExitStack() as closing:
        closing.callback(_remove, repository.root, base)
        held = closing.enter_context(held_lock(base / _LOCK))
        said = ask_git(
            repository.root, "worktree", "add", "--detach", "--quiet", str(tree), commit, timeout=_CHECKOUT_SECONDS
        )
        if isinstance(said, GitFault):
            yield NoWorktree(f"git cannot lay out commit {commit[:12]}: {said.message}")
            return
        doubts = (*files.doubts, *_apply(tree, repository, commit, patch))
        root = tree / repository.prefix if repository.prefix else tree
        doubts += _lay_out(tree, root, files)
        if (tree / ".gitmodules").exists():
            doubts += ("submodules are not checked out there",)
        yield Worktree(root, held, tuple(dict.fromkeys(doubts)))


def remove_abandoned(root: Path) -> int:
    """Return how many worktrees were removed that killed processes had left.

    Effect: asks git, and removes those of our worktrees that no process holds.
    """
    said = ask_git(root, "worktree", "list", "--porcelain")
    if isinstance(said, GitFault):
        return 0
    paths = (line.removeprefix("worktree ") for line in said.decode(errors="surrogateescape").splitlines())
    bases = [Path(path).parent for path in paths if path.endswith("/tree")]
    abandoned = [base for base in bases if base.name.startswith(_PREFIX) and not is_held(base / _LOCK)]
    for base in abandoned:
        _remove(root, base)
    return len(abandoned)


def _remove(root: Path, base: Path) -> None:
    ask_git(root, "worktree", "remove", "--force", "--force", str(base / "tree"), timeout=_CHECKOUT_SECONDS)
    shutil.rmtree(base, ignore_errors=True)
    ask_git(root, "worktree", "prune")


def _apply(tree: Path, repository: Repository, commit: str, patch: str) -> tuple[str, ...]:
    """Put the recorded changes on top; return what could not be. The Python files come from the engine in any case."""

    def read(path: str) -> bytes | None:
        identity = repository.file_in(commit, path)
        data = None if identity is None else repository.read_blob(identity)
        return None if isinstance(data, Unreadable) else data

    onto = PatchedFiles(read, repository.content_beginning, lambda _: True, repository.id_length, repository.prefix)
    applied = apply_patch(patch, onto)
    if isinstance(applied, NotApplied):
        return (f"the recorded changes of files that are not Python are left out: {applied.reason}",)
    for path, data in applied.files.items():
        _put(tree, tree / path, data)
    return applied.doubts


def _lay_out(tree: Path, root: Path, files: FilesThen) -> tuple[str, ...]:
    doubts: list[str] = []
    for name, identity in files.files.items():
        data = files.contents(identity)
        if isinstance(data, Unreadable):
            doubts.append(f"{name} cannot be had: {data.reason}")
        elif not (root / name).is_file() or (root / name).read_bytes() != data:
            _put(tree, root / name, data)
    return tuple(doubts)


def _put(tree: Path, path: Path, data: bytes | None) -> None:
    if not _is_inside(tree, path):
        return  # a symlink that leads out of the worktree: what it leads to is not ours
    if data is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _is_inside(tree: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(tree)
