"""Git's objects by id, through one long-lived `git cat-file --batch`. Knows trees and blobs, not what they are for."""

import hashlib
import os
import posixpath
import subprocess
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import IO

from msgspec import Struct

from huldra.sources.git_commands import GitFault, git_command, git_environment

SYMLINK, SUBMODULE = "120000", "160000"
_DIRECTORY = "40000"
_LONGEST_CHAIN_OF_LINKS = 8


class GitObject(Struct, frozen=True):
    """One object: its id (hex), its type (`commit`, `tree`, `blob`, `tag`) and its bytes."""

    id: str
    type: str
    data: bytes


class TreeEntry(Struct, frozen=True):
    """One name in a tree. `mode` is git's, `id` hex; the name is bytes, as git has it."""

    mode: str
    name: bytes
    id: str

    @property
    def is_directory(self) -> bool:
        """Whether the entry is a tree itself."""
        return self.mode == _DIRECTORY


class ObjectReader:
    """Reads objects of one repository, from any thread. The process is started when it is first needed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._end = weakref.finalize(self, _nothing)

    def read(self, name: str) -> GitObject | GitFault | None:
        """Return an object by what git calls it (an id, `<id>^{tree}`); None if the repository does not have it.

        Effect: starts git once.
        """
        if "\n" in name:
            return None
        with self._lock:
            for _ in range(2):  # a process that somebody ended is started once again
                process = self._running()
                if isinstance(process, GitFault):
                    return process
                try:
                    return _exchange(process, name)
                except (OSError, ValueError, EOFError):
                    self._end()
        return GitFault("git cat-file ended without an answer")

    def close(self) -> None:
        """Effect: ends git, if it runs."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes] | GitFault:
        # A forked child must not talk into its parent's pipes.
        if self._end.alive and self._process is not None and self._owner == os.getpid():
            return self._process
        command = git_command(self._root, "cat-file", "--batch")
        if isinstance(command, GitFault):
            return command
        try:
            self._process = subprocess.Popen(  # noqa: S603  # fixed words, no shell
                command,
                env=git_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, ValueError) as error:
            return GitFault(f"git cat-file could not be started: {error}")
        self._end.detach()
        self._owner = os.getpid()
        self._end = weakref.finalize(self, _stop, self._process, self._owner)
        return self._process


def _nothing() -> None:
    """Stand for the end of a process that was not started."""


def _stop(process: subprocess.Popen[bytes], owner: int) -> None:
    if owner != os.getpid():
        return
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # what was not yet written has no reader any more
                continue
    process.wait()


def _exchange(process: subprocess.Popen[bytes], name: str) -> GitObject | None:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(name.encode("utf-8", "surrogateescape") + b"\n")
    process.stdin.flush()
    header = process.stdout.readline()
    if not header.endswith(b"\n"):
        raise EOFError
    words = header.split()
    if len(words) != 3 or not words[2].isdigit():
        return None  # `… missing` or `… ambiguous`
    size = int(words[2])
    data = _exactly(process.stdout, size + 1)[:size]
    return GitObject(words[0].decode("ascii"), words[1].decode("ascii"), data)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) != count:
        raise EOFError
    return data


def parse_tree(tree: GitObject) -> tuple[TreeEntry, ...]:
    """Return the entries of a tree object."""
    length = len(tree.id) // 2
    entries: list[TreeEntry] = []
    data, at = tree.data, 0
    while at < len(data):
        space, end = data.index(b" ", at), data.index(b"\0", at)
        identity = data[end + 1 : end + 1 + length].hex()
        entries.append(TreeEntry(data[at:space].decode("ascii"), data[space + 1 : end], identity))
        at = end + 1 + length
    return tuple(entries)


def link_target(
    name: str, entry: TreeEntry, find: Callable[[str], TreeEntry | None], read: Callable[[str], bytes | None]
) -> tuple[str, str] | None:
    """Return name and id of the file that a symlink leads to; None if that is no file among those that `find` knows.

    Names are relative to the project's root, which no link may leave.
    """
    for _ in range(_LONGEST_CHAIN_OF_LINKS):
        link = read(entry.id)
        if link is None:
            return None
        name = posixpath.normpath(posixpath.join(posixpath.dirname(name), link.decode("utf-8", "surrogateescape")))
        found = None if name.startswith(("/", "../")) or name == ".." else find(name)
        if found is None or found.is_directory or found.mode == SUBMODULE:
            return None
        if found.mode != SYMLINK:
            return name, found.id
        entry = found
    return None


def blob_id(data: bytes, id_length: int) -> str:
    """Return the id that git gives to a file's bytes, in a repository whose ids have so many hex digits."""
    content = b"blob %d\0" % len(data) + data
    if id_length == 64:
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
