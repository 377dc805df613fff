"""What the files hold that code names and that are no code: on disk, or in another state. Compares no two of them."""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from huldra.analysis.disk_cache import DiskCache
from huldra.fingerprints.data_files import UnknownContent, matching_of
from huldra.fingerprints.file_names import directories_above
from huldra.fingerprints.files_in_files import may_name_files, named_in
from huldra.formats.globbing import Entries, entries_of, fixed_directory
from huldra.sources.code_files import OtherFiles
from huldra.sources.documents import Unreadable
from huldra.sources.git_commands import GitFault, ask_git
from huldra.sources.path_rows import listing_row, state_row

_CONTENTS, _NAMES = "data", "names"
_VERSION = 2
"""Of what names a content."""
IsOurs = Callable[[str], bool]
"""Whether a root-relative name is one that the project looks at."""

_NOT_IGNORED = ("--cached", "--others", "--exclude-standard")
_MOST_BYTES = 256_000_000
_ENCRYPTED = b"\0GITCRYPT\0"
_MOST_SHOWN = 1_000_000
_LOOKED_AT_FOR_TEXT = 8_000
"""Of so many bytes git asks whether a file is text, too."""
_STORED_ELSEWHERE = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\n")


def content_id_of(data: bytes) -> str:
    """Return what is equal for equal contents, whatever line ends a checkout gave them, and wherever git keeps them.

    A file that git-lfs keeps is named by its pointer as its own bytes would be.
    """
    pointer = _STORED_ELSEWHERE.match(data)
    if pointer is not None:
        return pointer[1].decode("ascii")
    is_text = b"\0" not in data[:_LOOKED_AT_FOR_TEXT]
    return hashlib.sha256(data.replace(b"\r\n", b"\n") if is_text else data).hexdigest()


class DataThen:
    """The files of a state that does not lie on disk.

    Args:
        others: The files.
        is_ours: Tells which of them belong to the project.
        cache: Where answers are kept.
    """

    def __init__(self, others: OtherFiles, is_ours: IsOurs, cache: DiskCache | None = None) -> None:
        self._others = others
        self._cache = cache
        self._is_ours = is_ours
        self._known: dict[str, str | UnknownContent | None] = {}
        self._directories: dict[str, bool] = {}
        self._listed: dict[str, frozenset[str]] = {}
        self._matching: dict[str, tuple[str, ...] | UnknownContent] = {}

    @property
    def lists(self) -> bool:
        """Whether it can be told which files there were: not where the code alone was recorded."""
        return self._others.lists_all

    def content_id(self, name: str) -> str | UnknownContent | None:
        """Return what is equal for equal contents; None if there was no such file.

        Effect: may ask git.
        """
        if name not in self._known:
            self._known[name] = self._found(name) if self._is_listed(name) and self._is_ours(name) else None
        return self._known[name]

    def _is_listed(self, name: str) -> bool:
        """Whether there may have been such a file: of the names that values and texts give nearly all are of none."""
        if not self._others.lists_all:
            return True
        directory, _, last = name.rpartition("/")
        if directory not in self._listed:
            self._listed[directory] = frozenset(entry for entry, _ in self._others.entries(directory))
        return last in self._listed[directory]

    def _found(self, name: str) -> str | UnknownContent | None:
        key = hashlib.blake2b(
            f"{_VERSION} {self._others.identity} {name}".encode(errors="surrogatepass"), digest_size=20
        ).digest()
        kept = None if self._cache is None else self._cache.get(_CONTENTS, key)
        if kept is not None:
            return kept.decode()
        data = self._others.read(name)
        if isinstance(data, Unreadable):
            return UnknownContent(data.reason)
        if data is not None and data.startswith(_ENCRYPTED):
            return UnknownContent("git keeps it encrypted, so that what it held cannot be compared")
        if data is None:
            return None  # not written down: values of configs may be names of a hundred thousand files that never were
        found = content_id_of(data)
        if self._cache is not None:
            self._cache.put(_CONTENTS, key, found.encode())
        return found

    def is_directory(self, name: str) -> bool:
        """Return whether there was such a directory."""
        if name not in self._directories:
            self._directories[name] = self._is_ours(name) and self._others.is_directory(name)
        return self._directories[name]

    def matching(self, pattern: str) -> tuple[str, ...] | UnknownContent:
        """Return the files of the project that a root-relative name with wildcards found.

        Effect: may ask git.
        """
        if pattern not in self._matching:
            found = matching_of(pattern, self._others.entries)
            ours = found if isinstance(found, UnknownContent) else tuple(filter(self._is_ours, found))
            self._matching[pattern] = ours
        return self._matching[pattern]

    def asked(self) -> frozenset[str]:
        """Return the names that were asked for so far, of files and of directories."""
        return frozenset((*self._known, *self._directories))

    def patterns(self) -> frozenset[str]:
        """Return the names with wildcards that were asked for so far."""
        return frozenset(self._matching)

    def named_in(self, name: str) -> tuple[str, ...]:
        """Return the names of other files that a file says; kept by what it holds.

        Effect: may ask git.
        """
        content = self.content_id(name) if may_name_files(name) else None
        if not isinstance(content, str):
            return ()
        _, _, suffix = name.rpartition(".")
        key = hashlib.blake2b(
            f"{_VERSION} all {content} {suffix}".encode(errors="surrogatepass"), digest_size=20
        ).digest()
        kept = None if self._cache is None else self._cache.get(_NAMES, key)
        if kept is not None:
            return tuple(filter(None, kept.decode().split("\0")))
        found = named_in(name, self.text(name))
        if self._cache is not None:
            self._cache.put(_NAMES, key, "\0".join(found).encode())
        return found

    def text(self, name: str) -> str | None:
        """Return what a file says, to be shown; None if it is no text.

        Effect: may ask git.
        """
        data = self._others.read(name) if self._is_ours(name) else None
        return _shown(data) if isinstance(data, bytes) else None


class DataNow:
    """The files on disk, as they were when they were first asked for.

    Args:
        root: The root of the project.
        is_ours: Tells which of them belong to it.
    """

    def __init__(self, root: Path, is_ours: IsOurs) -> None:
        self._root = os.fspath(root)
        self._is_ours = is_ours
        self._known: dict[str, str | UnknownContent | None] = {}
        self._looked: dict[str, os.stat_result | None] = {}
        self._ours: dict[str, bool] = {}
        self._matching: dict[str, tuple[str, ...] | UnknownContent] = {}
        self._named: dict[str, tuple[str, ...]] = {}
        self._listed: dict[str, os.stat_result | None] = {}
        self._is_under_git: bool | None = None
        self._ignoring: dict[str, os.stat_result | None] = {}
        self._known_to_git: dict[str, Entries | GitFault] = {}

    @property
    def lists(self) -> bool:
        """Whether it can be told which files there are: only git knows which of them are to be told of.

        Effect: asks git.
        """
        if self._is_under_git is None:
            said = ask_git(Path(self._root), "rev-parse", "--is-inside-work-tree")
            self._is_under_git = not isinstance(said, GitFault)
        return self._is_under_git

    def content_id(self, name: str) -> str | UnknownContent | None:
        """Return what is equal for equal contents; None if there is no such file.

        Effect: reads it.
        """
        if name not in self._known:
            # Looked at before it is read: what changes meanwhile will look otherwise.
            found = self._look(name)
            is_file = found is not None and stat.S_ISREG(found.st_mode)
            self._known[name] = self._content(name, found) if is_file and found is not None else None
        return self._known[name]

    def is_directory(self, name: str) -> bool:
        """Return whether there is such a directory.

        Effect: looks.
        """
        found = self._look(name)
        return found is not None and stat.S_ISDIR(found.st_mode)

    def named_in(self, name: str) -> tuple[str, ...]:
        """Return the names of other files that a file says.

        Effect: reads it.
        """
        if name not in self._named:
            self._named[name] = named_in(name, self.text(name)) if may_name_files(name) else ()
        return self._named[name]

    def text(self, name: str) -> str | None:
        """Return what a file says, to be shown; None if it is no text.

        Effect: reads it.
        """
        found = self._state(name)
        if found is None or not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_SHOWN:
            return None
        try:
            return _shown(Path(self._root, name).read_bytes())
        except OSError:
            return None

    def matching(self, pattern: str) -> tuple[str, ...] | UnknownContent:
        """Return the files of the project that a root-relative name with wildcards finds, but for what git ignores.

        Effect: asks git, and looks.
        """
        if pattern not in self._matching:
            self._matching[pattern] = self._found(pattern)
        return self._matching[pattern]

    def _found(self, pattern: str) -> tuple[str, ...] | UnknownContent:
        known = self._entries_of(fixed_directory(pattern)) if self.lists else entries_of(())
        if isinstance(known, GitFault):
            return UnknownContent(f"which files it finds cannot be told: {known.message}")

        def entries(name: str) -> Iterable[tuple[str, bool]]:
            # Looked at also where nothing lies: a file that comes, or one that says what git ignores, is seen so.
            if name not in self._listed:
                self._listed[name] = self._listing(name)
                for above in directories_above(name):
                    self._ignoring[above] = self._listing(f"{above}/.gitignore")
            return known(name)

        found = matching_of(pattern, entries)
        if isinstance(found, UnknownContent):
            return found
        states = ((name, self._look(name)) for name in found)
        return tuple(name for name, state in states if state is not None and stat.S_ISREG(state.st_mode))

    def _entries_of(self, directory: str) -> Entries | GitFault:
        """Return what git knows of that lies below a directory."""
        if directory not in self._known_to_git:
            said = ask_git(Path(self._root), "ls-files", "-z", *_NOT_IGNORED, "--", directory or ".")
            names = said if isinstance(said, GitFault) else filter(None, os.fsdecode(said).split("\0"))
            self._known_to_git[directory] = names if isinstance(names, GitFault) else entries_of(names)
        return self._known_to_git[directory]

    def asked(self) -> frozenset[str]:
        """Return the names that were asked for so far, of files and of directories."""
        return frozenset(self._looked)

    def patterns(self) -> frozenset[str]:
        """Return the names with wildcards that were asked for so far."""
        return frozenset(self._matching)

    def rows(self, before_ns: int) -> dict[str, str] | None:
        """Return what stood for each path that was asked for, by root-relative name, as `rows_hold` reads it.

        None where a file changed after a moment, in ns since 1970: another change may look the same.
        """
        # What is none of the project's is never looked at, whatever lies there.
        states = {name: found for name, found in tuple(self._looked.items()) if self._belongs(name)}
        files = [found for found in states.values() if found is not None and stat.S_ISREG(found.st_mode)]
        files += [found for found in (*self._listed.values(), *self._ignoring.values()) if found is not None]
        if any(max(found.st_mtime_ns, found.st_ctime_ns) >= before_ns for found in files):
            return None
        listed = {f"{name or '.'}/": listing_row(found) for name, found in self._listed.items()}
        ignoring = {f"{name or '.'}/.gitignore": state_row(found) for name, found in self._ignoring.items()}
        return {**listed, **ignoring, **{name: state_row(found) for name, found in states.items()}}

    def has_changed(self) -> bool:
        """Effect: look. Return whether anything that was asked for is not what it was."""
        return any(state_row(was) != state_row(self._state(name)) for name, was in tuple(self._looked.items())) or any(
            row(was) != row(self._listing(f"{name}{last}"))
            for row, last, looked in ((listing_row, "", self._listed), (state_row, "/.gitignore", self._ignoring))
            for name, was in tuple(looked.items())
        )

    def _belongs(self, name: str) -> bool:
        if name not in self._ours:
            self._ours[name] = self._is_ours(name)
        return self._ours[name]

    def _look(self, name: str) -> os.stat_result | None:
        if name not in self._looked:
            self._looked[name] = self._state(name)
        return self._looked[name]

    def _listing(self, name: str) -> os.stat_result | None:
        try:
            return os.lstat(f"{self._root}/{name}")
        except (OSError, ValueError):
            return None

    def _state(self, name: str) -> os.stat_result | None:
        """Return what stands for a path now; links are nothing, as in discovery."""
        try:
            found = os.lstat(f"{self._root}/{name}") if self._belongs(name) else None
        except (OSError, ValueError):
            return None
        is_plain = found is not None and (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode))
        return found if is_plain else None

    def _content(self, name: str, found: os.stat_result) -> str | UnknownContent:
        if found.st_size > _MOST_BYTES:
            return UnknownContent(f"it is too large to be compared ({found.st_size} bytes)")
        try:
            return content_id_of(Path(self._root, name).read_bytes())
        except OSError as error:
            return UnknownContent(f"it cannot be read: {error.strerror}")


def _shown(data: bytes) -> str | None:
    if len(data) > _MOST_SHOWN or b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
