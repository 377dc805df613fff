"""What git says of the working directory. Where it says nothing, a placeholder stands; nothing here fails a run."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

IGNORED_DIFF: Final = "<ignored-diff>"
NO_GIT: Final = "<no-git>"
NO_COMMIT: Final = "<no-commit>"
NO_ORIGIN: Final = "<no-origin>"
UNAVAILABLE: Final = "<unavailable>"
PATCH_BESIDE: Final = "<patch-beside>"

LONGEST_PATCH: Final = 50_000
_SECONDS: Final = 10.0
_LARGEST_UNTRACKED: Final = 1_000_000
_MOST_UNTRACKED: Final = 500
_HEADERS: Final = tuple(f"# === {part} {dashes}" for part, dashes in (
    ("unstaged", "=" * 50), ("staged", "=" * 52), ("untracked", "=" * 48),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class GitFacts:
    """The code version. `patch` may be longer than metadata.json holds."""

    commit: str
    branch: str
    remote: str
    patch: str
    submodules: dict[str, str]


def run_git_command(*arguments: str) -> str:
    """Return what a git command prints, stripped. Exit codes 0 and 1 are fine.

    Effect: runs git in the working directory.

    Raises:
        CalledProcessError: git failed.
        FileNotFoundError: there is no git.
        TimeoutExpired: it took more than ten seconds.
    """
    return _finish(_start(arguments)).strip()


def collect_git_facts(store: Path, *, ignore_diff: bool = False) -> GitFacts:
    """Return commit, branch, remote, patch and submodules of the working directory.

    Effect: runs git.

    Args:
        store: Its files never count as untracked code, ignored or not.
        ignore_diff: Record a placeholder in place of the patch.
    """
    questions = [
        ("rev-parse", "--verify", "--quiet", "HEAD"),
        ("rev-parse", "--abbrev-ref", "HEAD"),
        ("remote", "get-url", "origin"),
        ("submodule", "status"),
    ]
    try:
        if run_git_command("rev-parse", "--is-inside-work-tree") != "true":
            return _nothing(NO_GIT)
        commit, branch, remote, submodules = (_answer(process) for process in [_start(words) for words in questions])
        patch = IGNORED_DIFF if ignore_diff else _patch(store)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return _nothing(NO_GIT)
    except (OSError, subprocess.TimeoutExpired):
        return _nothing(UNAVAILABLE)
    return GitFacts(
        commit=commit or NO_COMMIT,
        branch=branch if commit and branch else NO_COMMIT,
        remote=remote or NO_ORIGIN,
        patch=patch,
        submodules=_submodules(submodules or ""),
    )


def _nothing(placeholder: str) -> GitFacts:
    return GitFacts(placeholder, placeholder, placeholder, placeholder, {})


def _start(arguments: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    # Without optional locks a run cannot get in the way of the user's own git.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    return subprocess.Popen(  # noqa: S603  the arguments are this module's own
        ["git", *arguments],  # noqa: S607  the user's git, wherever it is
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _finish(process: "subprocess.Popen[bytes]") -> str:
    with process:
        try:
            output, _ = process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    if process.returncode not in (0, 1):
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return output.decode("utf-8", errors="replace")


def _answer(process: "subprocess.Popen[bytes]") -> str | None:
    """Return what a command prints, or None if it fails: no commit, no `origin`."""
    try:
        return _finish(process).strip()
    except subprocess.CalledProcessError:
        return None


def _patch(store: Path) -> str:
    """Return all changes against the commit, untracked files included, under three headers that are always there."""
    unstaged, staged, listing = [
        _start(words)
        for words in (("diff",), ("diff", "--cached"), ("ls-files", "-z", "--others", "--exclude-standard"))
    ]
    untracked = [name for name in (_answer(listing) or "").split("\0") if name]
    inside = [name for name in untracked if not Path(name).resolve().is_relative_to(store.resolve())]
    parts = (_answer(unstaged) or "", _answer(staged) or "", _untracked(inside))
    lines = [line for header, part in zip(_HEADERS, parts, strict=True) for line in (header, part.strip())]
    return "\n".join(line for line in lines if line)


def _untracked(names: list[str]) -> str:
    diffs = [_untracked_diff(name) for name in names[:_MOST_UNTRACKED]]
    if len(names) > _MOST_UNTRACKED:
        diffs.append(f"# {len(names) - _MOST_UNTRACKED} more untracked files are not recorded")
    return "\n".join(diff for diff in diffs if diff)


def _untracked_diff(name: str) -> str:
    try:
        size = Path(name).stat().st_size
    except OSError:
        return ""  # gone in the meantime
    if size > _LARGEST_UNTRACKED:
        return f"# not recorded: {name} ({size} bytes)"
    return (_answer(_start(("diff", "--no-index", "--", os.devnull, name))) or "").strip()


def _submodules(status: str) -> dict[str, str]:
    rows = (line.split() for line in status.splitlines())
    return {row[1]: row[0] for row in rows if len(row) > 1}
