"""Which commit the working tree is at, asked of git. An odd repository gives None; nothing in it is run or written."""

from pathlib import Path

from huldra.sources.git_commands import GitFault, ask_git


def head_revision(root: Path) -> str | None:
    """Return the commit that HEAD is at; None without git, without a repository or without a commit."""
    answer = _ask_git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return answer.strip() or None if answer is not None else None


def prefix_in_repository(root: Path) -> str:
    """Return what leads from the top of the repository to the root: empty, or ending in `/`."""
    answer = _ask_git(root, "rev-parse", "--show-prefix")
    return (answer or "").removesuffix("\n")


def is_dirty(root: Path) -> bool | None:
    """Whether the code differs from HEAD: a tracked file has changed, or a Python file is not tracked.

    Other untracked files don't count, for a store lies in most working trees. None if git cannot tell.
    """
    changed = _ask_git(root, "status", "--porcelain", "--untracked-files=no")
    if changed is None or changed:
        return None if changed is None else True
    untracked = _ask_git(root, "ls-files", "--others", "--exclude-standard", "--", "*.py")
    return None if untracked is None else bool(untracked)


def _ask_git(root: Path, *words: str) -> str | None:
    answer = ask_git(root, *words)
    return None if isinstance(answer, GitFault) else answer.decode(errors="replace")
