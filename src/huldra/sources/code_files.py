"""A state of the code that does not lie on disk: which files, and their text. Knows neither git nor stores."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, Protocol

from msgspec import Struct
from msgspec.structs import replace

from huldra.formats.globbing import Entries
from huldra.sources.documents import Reading, Unreadable, read_bytes_as_document
from huldra.sources.settings import DEFAULT_LIMITS

NoFilesCode = Literal[
    "commit-not-recorded",
    "commit-not-here",
    "revision-unknown",
    "shallow-clone",
    "root-not-in-commit",
    "patch-does-not-apply",
    "record-damaged",
    "no-repository",
    "git-missing",
    "git-failed",
]

Contents = Callable[[str], bytes | Unreadable]
"""From a content id to the bytes it names, or why they cannot be had."""


class OtherFiles(Struct, frozen=True):
    """The files of a state that are no code, by root-relative name. Links are none, and what lies in submodules.

    Listings with the same `identity` hold the same files. `read` gives the bytes of a file, why they cannot be had, or
    None where there is no such file. `entries` gives what lies in a directory, "" being the root: names, and whether
    each is a directory itself; nothing where there is no such directory. Unless it `lists_all`, there were more files.
    """

    identity: str
    read: Callable[[str], bytes | Unreadable | None]
    is_directory: Callable[[str], bool]
    entries: Entries
    lists_all: bool = True


NO_OTHER_FILES = OtherFiles("", lambda _: None, lambda _: False, lambda _: (), lists_all=False)
"""Where only code is known."""


class LateFiles(Mapping[str, str], ABC):
    """Names of Python files with what names their content, put together only when somebody looks through them, sorted.

    Very many runs were made with the code of a few commits, or nearly, and are asked for few files of all.
    """

    @abstractmethod
    def find(self, name: str) -> str | None:
        """Return what names the content of a file, without a look at all; None where there is no such file."""

    @abstractmethod
    def put_together(self) -> dict[str, str]:
        """Return all of them."""

    _all: dict[str, str] | None = None

    @property
    def all(self) -> dict[str, str]:
        """All of them, in order."""
        if self._all is None:
            self._all = self.put_together()
        return self._all

    def __getitem__(self, name: str) -> str:
        found = self.find(name) if self._all is None else self._all.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)


def at_hand(files: Mapping[str, str]) -> Mapping[str, str]:
    """Return files as they are looked through fast."""
    return files.all if isinstance(files, LateFiles) else files


class FilesOver(LateFiles):
    """The files of one state over those of another.

    Args:
        below: The files of the other state.
        over: What names the content of files instead; None of those that are gone.
    """

    def __init__(self, below: Mapping[str, str], over: Mapping[str, str | None]) -> None:
        self._below = below
        self._over = over

    def find(self, name: str) -> str | None:
        """Return what names the content of a file; None where there is no such file."""
        return self._over[name] if name in self._over else self._below.get(name)

    def put_together(self) -> dict[str, str]:
        """Return all of them."""
        below = at_hand(self._below)
        found = {**below, **self._over}
        ordered = found.items() if len(found) == len(below) else sorted(found.items())
        return {name: identity for name, identity in ordered if identity is not None}


class FilesThen(Struct, frozen=True, eq=False):
    """The code as it was. `files` maps root-relative names of Python files to what names their content.

    States with the same `identity` hold the same files. `doubts` say why the state may not be the one that ran;
    `follows_links`: some names may be links, whose content has another name. `extensions` tell of compiled modules.
    """

    identity: str
    files: Mapping[str, str]
    contents: Contents
    doubts: tuple[str, ...] = ()
    follows_links: bool = False
    others: OtherFiles = NO_OTHER_FILES
    extensions: tuple[str, ...] = ()

    @property
    def _said(self) -> tuple[object, ...]:
        return self.identity, self.files, self.doubts, self.follows_links

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FilesThen) and self._said == other._said

    def __hash__(self) -> int:
        return hash(self.identity)

    def read(self, name: str, limit: int = DEFAULT_LIMITS.file_size) -> Reading:
        """Return the document of a root-relative name, or why there is none; `limit` is in bytes.

        Effect: may ask git, or read a file of the store.
        """
        content_id = self.files.get(name)
        if content_id is None:
            return Unreadable("there was no such file", is_gone=True)
        data = self.contents(content_id)
        return data if isinstance(data, Unreadable) else read_bytes_as_document(data, limit)


def files_over(below: FilesThen, over: Mapping[str, str | None], contents: Contents) -> FilesThen:
    """Return a state in which some files are others; the very same where none differs. Its doubts are those below.

    Args:
        below: The state without them.
        over: What names the content of files instead; None of those that are gone.
        contents: From what names a content to its bytes, of both.
    """
    other = {name: identity for name, identity in over.items() if below.files.get(name) != identity}
    if not other:
        return below
    differences = "".join(f"{identity or 'gone'} {name}\0" for name, identity in sorted(other.items()))
    identity = hashlib.sha256(f"{below.identity}\0{differences}".encode(errors="surrogatepass")).hexdigest()
    return replace(below, identity=identity, files=FilesOver(below.files, other), contents=contents)


def files_identity(files: Mapping[str, str]) -> str:
    """Return what names a set of files: equal for equal names and contents."""
    listing = "".join(f"{identity} {name}\0" for name, identity in sorted(files.items()))
    return hashlib.sha256(listing.encode()).hexdigest()


class AppliedPatch(Struct, frozen=True):
    """What a recorded patch makes of a commit.

    Attributes:
        over: What names the content of files instead; None of those that are gone.
        doubts: Why that may not be all.
        is_code_only: Whether it leaves files that are no code as they are.
    """

    over: dict[str, str | None]
    doubts: tuple[str, ...]
    is_code_only: bool


class KnownPatches(Protocol):
    """What recorded patches make of commits, as far as somebody has applied them."""

    def get(self, key: str) -> AppliedPatch | None:
        """Return that of a commit with a patch."""
        ...

    def put(self, key: str, value: AppliedPatch) -> None:
        """Take in that of a commit with a patch."""
        ...


class NoFilesThen(Struct, frozen=True):
    """Why the code as it was cannot be had. The message says what to do, where something can be done."""

    code: NoFilesCode
    message: str
