"""Where the runs of a store lie: a walk over its directories that opens no file and follows no link into a loop."""

import errno
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from huldra.formats.dialect import DIALECTS, Dialect
from huldra.formats.identity import HASH_LENGTH
from huldra.stored_runs.model import ProblemCode, RunDirectory, StoreListing, StoreProblem, StoreStatus

ROOTS = {name: controlled for dialect in DIALECTS for name, controlled in dialect.roots.items()}
"""Each folder of a store that holds runs, under any name of the library, and whether they are version controlled."""

_LEAST_PARTS = 3  # module, class, hash
_HEX_DIGITS = frozenset("0123456789abcdef")


@dataclass(slots=True)
class _Findings:
    """What the walk has gathered so far, and the links it has still to look at."""

    store: str
    runs: list[RunDirectory] = field(default_factory=list[RunDirectory])
    problems: list[StoreProblem] = field(default_factory=list[StoreProblem])
    links: list[str] = field(default_factory=list[str])
    starts: set[str] = field(default_factory=set[str])  # real paths under which everything is read

    def add_problem(self, path: str, code: ProblemCode, message: str) -> None:
        self.problems.append(StoreProblem(path, code, message))


def find_runs(store: Path) -> StoreListing:
    """Return the runs' directories of a store, and what could not be looked into.

    A run is a directory that holds the library's own one (`.huldra`, say). What lies inside a run is not looked at.
    """
    status = _store_status(store)
    if status is not None:
        return status
    findings = _Findings(os.path.realpath(store))
    for root in ROOTS:
        _follow(findings, root)
    # Links last: what they share with the plain directories is then known under its own name.
    while findings.links:
        links, findings.links = sorted(findings.links), []
        for path in links:
            _follow(findings, path)
    found: StoreStatus = "found" if findings.runs or findings.problems else "empty"
    runs = sorted(findings.runs, key=lambda run: run.path)
    return StoreListing(found, tuple(runs), tuple(sorted(findings.problems, key=lambda problem: problem.path)))


def _store_status(store: Path) -> StoreListing | None:
    """Return the answer for a store that cannot be walked."""
    try:
        mode = store.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return StoreListing("missing")
    except OSError as error:
        return StoreListing("unreadable", problems=(StoreProblem(".", "unreadable-directory", _cause(error)),))
    return None if stat.S_ISDIR(mode) else StoreListing("not-a-directory")


def _follow(findings: _Findings, path: str) -> None:
    """Walk a root or the target of a link, unless that would lead where the walk has been or back to where it is."""
    place = f"{findings.store}/{path}"
    try:
        real = os.path.realpath(place, strict=True)
        is_directory = stat.S_ISDIR(Path(real).stat().st_mode)
    except FileNotFoundError:
        if Path(place).is_symlink():
            findings.add_problem(path, "broken-symlink", "leads to nothing")
        return
    except OSError as error:
        code: ProblemCode = "symlink-loop" if error.errno == errno.ELOOP else "unreadable-directory"
        findings.add_problem(path, code, _cause(error))
        return
    if not is_directory:
        if path in ROOTS:
            findings.add_problem(path, "not-a-directory", "is a file, not a directory")
        return
    if _is_inside(findings.store, {real}) or _is_inside(os.path.realpath(Path(place).parent), {real}):
        findings.add_problem(path, "symlink-loop", "leads back to a directory that holds it")
    elif _is_inside(real, findings.starts):
        findings.add_problem(path, "repeated-directory", "leads into a directory that is read already")
    else:
        findings.starts.add(real)
        _walk(findings, path, real)


def _is_inside(real: str, starts: set[str]) -> bool:
    return real in starts or any(str(parent) in starts for parent in Path(real).parents)


def _walk(findings: _Findings, start: str, start_real: str) -> None:
    """Find the runs below one directory. `start` is its path below the store, `start_real` its real one."""
    waiting = [(start, start_real)]
    while waiting:
        path, real = waiting.pop()
        if real != start_real and real in findings.starts:
            continue  # a link led here before
        try:
            waiting += [(f"{path}/{name}", f"{real}{os.sep}{name}") for name in _look_into(findings, path, real)]
        except FileNotFoundError:
            continue  # it vanished since its parent was listed
        except OSError as error:
            findings.add_problem(path, "unreadable-directory", _cause(error))


def _look_into(findings: _Findings, path: str, real: str) -> list[str]:
    """Note what one directory is, and return the names of the directories in it that may hold runs."""
    parts = path.split("/")
    is_deep_enough = len(parts) > _LEAST_PARTS
    if is_deep_enough and _looks_like_hash(parts[-1]):
        # A result may be a million files: ask for the one name instead of listing them all.
        dialect = next((each for each in DIALECTS if _exists(f"{real}/{each.internal_directory}")), None)
        if dialect is None:
            findings.add_problem(path, "no-internal-directory", "is named like a run but holds no record of one")
        else:
            findings.runs.append(_run_directory(parts, dialect))
        return []
    names, links = _child_directories(real)
    dialect = next((each for each in DIALECTS if each.internal_directory in names | links), None)
    if dialect is not None and is_deep_enough:
        findings.runs.append(_run_directory(parts, dialect))
        return []
    if dialect is not None:
        message = f"{dialect.internal_directory} lies where no run can be"
        findings.add_problem(path, "misplaced-internal-directory", message)
    findings.links += [f"{path}/{name}" for name in links if _can_name_class(findings, path, name)]
    return sorted(name for name in names if _can_name_class(findings, path, name))


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


def _can_name_class(findings: _Findings, path: str, name: str) -> bool:
    """Return whether a directory can be a part of a dotted class name, or a run; `.git` and `copy.bak` cannot."""
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(name).decode(errors="backslashreplace")
        findings.add_problem(f"{path}/{shown}", "undecodable-name", "the name is not valid UTF-8")
        return False
    return "." not in name


def _looks_like_hash(name: str) -> bool:
    return len(name) == HASH_LENGTH and _HEX_DIGITS.issuperset(name)


def _exists(path: str) -> bool:
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True


def _run_directory(parts: list[str], dialect: Dialect) -> RunDirectory:
    return RunDirectory(
        path="/".join(parts),
        root=parts[0],
        version_controlled=ROOTS[parts[0]],
        class_name=".".join(parts[1:-1]),
        hash=parts[-1],
        dialect=dialect,
    )


def _cause(error: OSError) -> str:
    return error.strerror or type(error).__name__
