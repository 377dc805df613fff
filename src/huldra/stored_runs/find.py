"""Where the runs of a store lie: a walk over its directories that opens no file and follows no link into a loop."""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from huldra.formats.dialect import DIALECTS
from huldra.formats.names import HASH_LENGTH
from huldra.stored_runs.model import FoundRun, ProblemCode, RunDirectory, StoreListing, StoreProblem, StoreStatus
from huldra.stored_runs.roots import OWN_ROOTS, Root, root_of

_LEAST_PARTS = 3  # module, class, hash
_HEX_DIGITS = frozenset("0123456789abcdef")
_ASKS_FOR_NAMES = os.access in os.supports_follow_symlinks and os.access(os.sep, os.F_OK, follow_symlinks=False)
"""Not every C library can, nor does every sandbox let it."""


class Contents(Struct, frozen=True):
    """What one directory of a store holds, as far as the walk cares.

    `own` is the number of the dialect whose internal directory lies in it, `runs` are its directories named by a hash,
    each with that number; -1 is none. `undecodable` holds names as they can be shown, `unreadable` names and causes.
    """

    own: int = -1
    directories: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    runs: tuple[tuple[str, int], ...] = ()
    undecodable: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()


class RunGroup(Struct, frozen=True):
    """Runs that lie in one directory: its path below the store, its real one, names and numbers of dialects.

    `root` is the folder of the store that it lies in.
    """

    path: str
    real: str
    runs: tuple[tuple[str, int], ...]
    root: Root


class Findings(Struct, frozen=True):
    """What a walk found; neither is sorted. `has_links`: some directories lie elsewhere than their paths say."""

    status: StoreStatus
    groups: tuple[RunGroup, ...] = ()
    problems: tuple[StoreProblem, ...] = ()
    has_links: bool = False


class _Walk(Struct):
    """What the walk has gathered so far, and the links it has still to look at."""

    store: str
    roots: tuple[Root, ...]
    look: Callable[[str, str], Contents]
    groups: list[RunGroup] = []
    problems: list[StoreProblem] = []
    links: list[str] = []
    starts: set[str] = set()  # real paths under which everything is read
    parents_of_starts: set[str] = set()
    has_links: bool = False

    def place(self, path: str) -> str:
        """Return where a path below the store leads, which may be beside it, and which need not be there."""
        return os.path.normpath(f"{self.store}/{path}")

    def add_problem(self, path: str, code: ProblemCode, message: str) -> None:
        self.problems.append(StoreProblem(path, code, message))


def find_runs(store: Path) -> StoreListing:
    """Return the runs' directories of a store, and what could not be looked into.

    A run is a directory that holds the library's own one (`.huldra`, say). What lies inside a run is not looked at.
    """
    found = walk_store(store)
    runs = sorted((run for group in found.groups for run in run_directories(group)), key=lambda run: run.path)
    return StoreListing(found.status, tuple(runs), sorted_problems(found.problems))


def walk_store(
    store: Path, look: Callable[[str, str], Contents] | None = None, roots: tuple[Root, ...] = OWN_ROOTS
) -> Findings:
    """Return where the runs of a store lie, and of the further stores that are looked at beside it.

    Args:
        store: The store.
        look: Gives the contents of a directory, by its path below the store and its real one; raises OSError. For one
            who remembers contents; `look_into` by default.
        roots: The folders that may hold runs.
    """
    status = _store_status(store)
    if status is not None and all(not root.store for root in roots):
        return status
    walk = _Walk(
        os.path.realpath(store),
        roots,
        look or (lambda path, real: look_into(real, root_of(path, roots).depth_of(path))),
    )
    for root in roots:
        _follow(walk, root.path)
    # Links last: what they share with the plain directories is then known under its own name.
    while walk.links:
        links, walk.links = sorted(walk.links), []
        for path in links:
            _follow(walk, path)
    found: StoreStatus = "found" if walk.groups or walk.problems else "empty" if status is None else status.status
    problems = (*walk.problems, *_further_faults(walk), *(() if status is None else status.problems))
    return Findings(found, tuple(walk.groups), problems, walk.has_links)


def sorted_problems(problems: Iterable[StoreProblem]) -> tuple[StoreProblem, ...]:
    """Return problems in the order in which they are shown."""
    return tuple(sorted(problems, key=lambda problem: (problem.path, problem.code)))


def run_directories(group: RunGroup) -> Iterator[RunDirectory]:
    """Yield the runs of a group."""
    root = group.root
    class_name = ".".join(root.parts_of(group.path))
    for name, number in group.runs:
        yield FoundRun(
            path=f"{group.path}/{name}",
            root=root.name,
            version_controlled=root.version_controlled,
            store=root.store,
            class_name=class_name,
            hash=name,
            dialect=DIALECTS[number],
        )


def _store_status(store: Path) -> Findings | None:
    """Return the answer for a store that cannot be walked."""
    try:
        mode = store.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return Findings("missing")
    except OSError as error:
        return Findings("unreadable", problems=(StoreProblem(".", "unreadable-directory", _cause(error)),))
    return None if stat.S_ISDIR(mode) else Findings("not-a-directory")


def _further_faults(walk: _Walk) -> Iterator[StoreProblem]:
    """Yield what keeps us from looking into further stores."""
    for path in dict.fromkeys(root.path.rpartition("/")[0] for root in walk.roots if root.store):
        found = _store_status(Path(walk.place(path)))
        if found is None:
            continue
        yield from (replace(problem, path=path) for problem in found.problems)
        if found.status == "missing":
            yield StoreProblem(path, "missing-store", "is named as a further store, and is not there")
        elif found.status == "not-a-directory":
            yield StoreProblem(path, "not-a-directory", "is named as a further store, and is a file")


def _follow(walk: _Walk, path: str) -> None:
    """Walk a root or the target of a link, unless that would lead where the walk has been or back to where it is."""
    place = walk.place(path)
    try:
        real = os.path.realpath(place, strict=True)
        is_directory = stat.S_ISDIR(Path(real).stat().st_mode)
    except FileNotFoundError:
        if Path(place).is_symlink():
            walk.add_problem(path, "broken-symlink", "leads to nothing")
        return
    except OSError as error:
        code: ProblemCode = "symlink-loop" if error.errno == errno.ELOOP else "unreadable-directory"
        walk.add_problem(path, code, _cause(error))
        return
    if not is_directory:
        if any(root.path == path for root in walk.roots):
            walk.add_problem(path, "not-a-directory", "is a file, not a directory")
        return
    if _is_inside(walk.store, {real}) or _is_inside(os.path.realpath(Path(place).parent), {real}):
        walk.add_problem(path, "symlink-loop", "leads back to a directory that holds it")
    elif _is_inside(real, walk.starts):
        walk.add_problem(path, "repeated-directory", "leads into a directory that is read already")
    else:
        walk.has_links |= real != place
        walk.starts.add(real)
        walk.parents_of_starts.add(str(Path(real).parent))
        _walk(walk, path, real)


def _is_inside(real: str, starts: set[str]) -> bool:
    return real in starts or any(str(parent) in starts for parent in Path(real).parents)


def _walk(walk: _Walk, start: str, start_real: str) -> None:
    """Find the runs below one directory. `start` is its path below the store, `start_real` its real one."""
    parent, _, name = start.rpartition("/")
    root = root_of(start, walk.roots)
    if _holds_runs(root.depth_of(parent)) and _looks_like_hash(name):
        # Through the link that led here: the run may have another name where it really lies.
        _note_runs(walk, root, parent, walk.place(parent), _inside_runs(start_real, name))
        return
    waiting = [(start, start_real)]
    while waiting:
        path, real = waiting.pop()
        if real != start_real and real in walk.starts:
            continue  # a link led here before
        try:
            contents = walk.look(path, real)
        except FileNotFoundError:
            continue  # it vanished since its parent was listed
        except OSError as error:
            walk.add_problem(path, "unreadable-directory", _cause(error))
            continue
        waiting += [(f"{path}/{name}", f"{real}{os.sep}{name}") for name in _note(walk, root, path, real, contents)]


def _note(walk: _Walk, root: Root, path: str, real: str, contents: Contents) -> tuple[str, ...]:
    """Note what one directory holds, and return the names of the directories in it that may hold runs."""
    if contents.own >= 0:
        parent, _, name = path.rpartition("/")
        if _holds_runs(root.depth_of(parent)):
            walk.groups.append(RunGroup(parent, walk.place(parent), ((name, contents.own),), root))
            return ()
        message = f"{DIALECTS[contents.own].internal_directory} lies where no run can be"
        walk.add_problem(path, "misplaced-internal-directory", message)
    for name in contents.undecodable:
        walk.add_problem(f"{path}/{name}", "undecodable-name", "the name is not valid UTF-8")
    walk.links += [f"{path}/{name}" for name in contents.links]
    if real in walk.parents_of_starts:  # a link led to some of them before
        contents = replace(contents, runs=tuple(r for r in contents.runs if f"{real}{os.sep}{r[0]}" not in walk.starts))
    _note_runs(walk, root, path, real, contents)
    return contents.directories


def _note_runs(walk: _Walk, root: Root, path: str, real: str, contents: Contents) -> None:
    runs = contents.runs
    for name, cause in contents.unreadable:
        walk.add_problem(f"{path}/{name}", "unreadable-directory", cause)
    for name, number in runs:
        if number < 0:
            message = "is named like a run but holds no record of one"
            walk.add_problem(f"{path}/{name}", "no-internal-directory", message)
    found = runs if all(number >= 0 for _, number in runs) else tuple(run for run in runs if run[1] >= 0)
    if found:
        walk.groups.append(RunGroup(path, real, found, root))


def _holds_runs(depth: int) -> bool:
    """Return whether directories this far below the store can hold runs."""
    return depth + 1 > _LEAST_PARTS


def look_into(real: str, depth: int) -> Contents:
    """Return what a directory holds; `depth` counts the parts of its path below the store. Raise OSError."""
    names, links = _child_directories(real)
    own = next((number for number, each in enumerate(DIALECTS) if each.internal_directory in names | links), -1)
    usable, undecodable = _decodable(names | links)
    usable = {name for name in usable if "." not in name}  # a part of a class name, or a run; not `.git`, `copy.bak`
    hashes = sorted(name for name in names & usable if _looks_like_hash(name)) if _holds_runs(depth) else []
    first = DIALECTS[0].internal_directory
    others = {
        name: _inside_runs(f"{real}{os.sep}{name}", name)
        for name in hashes
        if not is_named(f"{real}{os.sep}{name}/{first}")
    }
    return Contents(
        own=own,
        directories=tuple(sorted((names & usable).difference(hashes))),
        links=tuple(sorted(links & usable)),
        runs=tuple(run for name in hashes for run in (others[name].runs if name in others else ((name, 0),))),
        undecodable=undecodable,
        unreadable=tuple(fault for each in others.values() for fault in each.unreadable),
    )


def _inside_runs(run: str, name: str) -> Contents:
    """Return one directory that is named by a hash, as what its parent holds; nothing if it has vanished."""
    try:
        number = internal_number(run)
        if number < 0 and not _exists(run):
            return Contents()
    except OSError as error:
        return Contents(unreadable=((name, _cause(error)),))
    return Contents(runs=((name, number),))


def is_named(path: str) -> bool:
    """Return whether a directory names a file, wherever that may lead; False also where that cannot be told.

    A look tells more, and costs twice as much; where there is nothing, three times.
    """
    return os.access(path, os.F_OK, follow_symlinks=False) if _ASKS_FOR_NAMES else os.path.lexists(path)


def internal_number(run: str) -> int:
    """Return the number of the first dialect whose internal directory a run holds, -1 for none. Raise OSError."""
    # A result may be a million files: ask for the one name instead of listing them all.
    return next((i for i, each in enumerate(DIALECTS) if _exists(f"{run}/{each.internal_directory}")), -1)


def _decodable(names: set[str]) -> tuple[set[str], tuple[str, ...]]:
    """Return the names that are UTF-8, and the others as they can be shown."""
    usable: set[str] = set()
    others: list[str] = []
    for name in names:
        try:
            name.encode()
            usable.add(name)
        except UnicodeEncodeError:
            others.append(os.fsencode(name).decode(errors="backslashreplace"))
    return usable, tuple(sorted(others))


def _child_directories(real: str) -> tuple[set[str], set[str]]:
    """Return the names of a directory's directories, and of its symlinks, wherever those lead."""
    names: set[str] = set()
    links: set[str] = set()
    with os.scandir(real) as entries:
        for entry in entries:
            if entry.is_symlink():
                links.add(entry.name)
            elif entry.is_dir(follow_symlinks=False):
                names.add(entry.name)
    return names, links


def _looks_like_hash(name: str) -> bool:
    return len(name) == HASH_LENGTH and _HEX_DIGITS.issuperset(name)


def _exists(path: str) -> bool:
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True


def _cause(error: OSError) -> str:
    return error.strerror or type(error).__name__
