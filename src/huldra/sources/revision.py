"""Which commit the working tree is at, asked of git. An odd repository gives None; nothing in it is run or written."""

import os
import shutil
import subprocess
from pathlib import Path

_TIMEOUT_SECONDS = 20
# Set while git runs a hook, and then they speak of that repository, not of ours.
_REPOSITORY_VARIABLES = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"),
        *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"),
    }
)


def head_revision(root: Path) -> str | None:
    """Return the commit that HEAD is at; None without git, without a repository or without a commit."""
    answer = _ask_git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return answer.strip() or None if answer is not None else None


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
    git = shutil.which("git")
    if git is None:
        return None
    environment = {name: value for name, value in os.environ.items() if name not in _REPOSITORY_VARIABLES}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    settings = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
    try:
        done = subprocess.run(  # noqa: S603  # fixed words, no shell
            [git, "-C", str(root), "--no-pager", *settings, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="replace") if done.returncode == 0 else None
