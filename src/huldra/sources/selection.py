"""Which files of another state of the code belong to the project: by the rules by which the disk is searched."""

from collections.abc import Callable, Collection
from functools import lru_cache

from msgspec.structs import replace

from huldra.sources.code_files import FilesThen, files_identity
from huldra.sources.discover import BUILD_OUTPUT, NEVER_ENTERED
from huldra.sources.patterns import NameTest, compile_patterns
from huldra.sources.root import DEFAULT_STORES
from huldra.sources.settings import Settings


def project_files(then: FilesThen, settings: Settings, stores: Collection[str] = ()) -> FilesThen:
    """Return a state without the files that would not be looked at on disk, by today's settings.

    `stores` are the root-relative names of stores that lie below the root.
    """
    names = _names_of_state(tuple(then.files), settings.exclude, tuple(stores))
    if len(names) == len(then.files):
        return then
    files = {name: then.files[name] for name in names}
    return replace(then, identity=files_identity(files), files=files)


def project_names(names: Collection[str], settings: Settings, stores: Collection[str] = ()) -> tuple[str, ...]:
    """Return those of a state's names that belong to the project, in their order."""
    return _project_names(names, settings.exclude, stores)


@lru_cache(maxsize=2)
def _names_of_state(names: tuple[str, ...], exclude: tuple[str, ...], stores: tuple[str, ...]) -> tuple[str, ...]:
    """One state after another has the very same names, most often."""
    return _project_names(names, exclude, stores)


def _project_names(names: Collection[str], exclude: Collection[str], stores: Collection[str]) -> tuple[str, ...]:
    is_excluded = compile_patterns(exclude)
    known = frozenset(names)
    entered: dict[str, bool] = {"": True}
    found: list[str] = []
    for name in names:
        directory, _, base = name.rpartition("/")
        is_left_out = base.startswith(".") or not _is_entered(directory, entered, known, is_excluded, stores)
        if not is_left_out and not is_excluded(name, False):  # noqa: FBT003  # a callback's second word
            found.append(name)
    return tuple(found)


def project_test(files: Collection[str], settings: Settings, stores: Collection[str] = ()) -> Callable[[str], bool]:
    """Return what tells of any name whether it lies where the files of a state are looked for; see `project_files`."""
    packages = tuple(name for name in files if name.endswith("/__init__.py") and name.split("/")[-2] in BUILD_OUTPUT)
    return lambda name: name in project_names((name, *packages), settings, stores)


def _is_entered(
    directory: str, entered: dict[str, bool], known: frozenset[str], is_excluded: NameTest, stores: Collection[str]
) -> bool:
    answer = entered.get(directory)
    if answer is None:
        parent, _, base = directory.rpartition("/")
        is_left_out = (
            base.startswith(".")
            or base in NEVER_ENTERED
            or base in DEFAULT_STORES
            or directory in stores
            or (base in BUILD_OUTPUT and f"{directory}/__init__.py" not in known)
            or is_excluded(directory, True)  # noqa: FBT003  # a callback's second word
        )
        answer = not is_left_out and _is_entered(parent, entered, known, is_excluded, stores)
        entered[directory] = answer
    return answer
