"""How git is asked: fixed words, no hooks, no locks, no network, nothing written. Knows no answer's meaning."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_TIMEOUT_SECONDS = 20.0
# Set while git runs a hook, and then they speak of that repository, not of ours.
_REPOSITORY_VARIABLES = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"),
        *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_LITERAL_PATHSPECS", "GIT_EXTERNAL_DIFF"),
    }
)
# A partial clone would otherwise fetch what it lacks; replaced objects are not what a run was made with.
_QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "LC_ALL": "C",
}
_SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "protocol.allow=never", "log.showSignature=false")


class GitFault:
    """Why git gave no answer. `is_missing`: there is no git to ask.

    No struct: whether the working tree differs is asked where nothing has changed, too, and nothing else needs msgspec.
    """

    __slots__ = ("is_missing", "message")

    def __init__(self, message: str, *, is_missing: bool = False) -> None:
        self.message = message
        self.is_missing = is_missing


def git_command(root: Path, *words: str) -> list[str] | GitFault:
    """Return the command that asks git in a directory, with everything switched off that could run or write."""
    git = _program("git")
    if git is None:
        return GitFault("git is not installed, or not on the path", is_missing=True)
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return [git, "-C", str(root), "--no-pager", *settings, *words]


def _program(name: str) -> str | None:
    """Return where a program lies, as `shutil.which` says; to import that takes as long as to ask git."""
    if os.name != "posix":
        import shutil  # noqa: PLC0415

        return shutil.which(name)
    paths = (os.path.join(directory, name) for directory in os.get_exec_path())  # noqa: PTH118
    return next((path for path in paths if os.access(path, os.X_OK) and not os.path.isdir(path)), None)  # noqa: PTH112


def git_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment in which git speaks of the directory it is asked in, and of no other."""
    kept = {name: value for name, value in os.environ.items() if name not in _REPOSITORY_VARIABLES}
    return kept | _QUIET | dict(extra or {})


def index_of_hook(git_directory: Path) -> dict[str, str]:
    """Return the variable by which `git commit FILE` and `git commit -a` tell a hook which index will be committed."""
    index = os.environ.get("GIT_INDEX_FILE")
    if not index:
        return {}
    path = Path(index).absolute()
    # A hook of another repository may be what runs us.
    belongs = path.resolve().is_relative_to(git_directory.resolve())
    return {"GIT_INDEX_FILE": str(path)} if belongs else {}


def ask_git(
    root: Path, *words: str, timeout: float = _TIMEOUT_SECONDS, extra: Mapping[str, str] | None = None
) -> bytes | GitFault:
    """Return what git prints, or why it printed nothing. `timeout` is in seconds.

    Effect: runs git.
    """
    command = git_command(root, *words)
    if isinstance(command, GitFault):
        return command
    try:
        done = subprocess.run(  # noqa: S603  # fixed words, no shell
            command,
            env=git_environment(extra),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return GitFault(f"git {words[0]} took more than {timeout:g} s")
    except (OSError, ValueError) as error:
        return GitFault(f"git {words[0]} could not be started: {error}")
    if done.returncode != 0:
        return GitFault(_first_line(done.stderr) or f"git {words[0]} ended with exit code {done.returncode}")
    return done.stdout


def _first_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[0] if lines else ""
