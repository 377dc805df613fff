"""Which run a word means: the beginning of a hash, `class/hash`, a path of the store, or a class that has one run."""

from collections.abc import Iterable
from string import hexdigits

from msgspec import Struct

from huldra.comparison.model import ComparedRun
from huldra.features.short_names import no_such
from huldra.stored_runs.model import StoredRun, UnreadableRun

_LEAST_HASH = 4
_MOST_NAMED = 5
_HEX = frozenset(hexdigits)
_LIST = "`huldra runs` lists them"


class NoSuchRun(Struct, frozen=True):
    """Why a word means no run, and which ones it may have meant."""

    message: str


def find_run(runs: Iterable[ComparedRun], word: str) -> ComparedRun | NoSuchRun:
    """Return the one run that a word means: a hash or its beginning, `class/hash` (both may be cut), a path, a class.

    Where several folders and stores hold the same, it is the one in the store that the runtime uses; a path means the
    one that lies there, also a path of a further store: `archive/data/...`.
    """
    known = tuple(runs)
    clean = word.strip().rstrip("/")
    exact = [run for run in known if run.run.store and _leads_to(clean, run.run)]
    exact = exact or [run for run in known if _leads_to(clean, run.run) or run.key == clean]
    if exact:
        return _first(exact)
    of_class = [run for run in known if f".{run.run.class_name}".endswith(f".{clean}")]
    if of_class:
        return _only_one(of_class, clean)
    class_word, _, hash_word = clean.rpartition("/")
    if not _HEX.issuperset(hash_word.lower()):
        return NoSuchRun(no_such("stored run or class", word, {run.run.class_name for run in known}).with_list(_LIST))
    if len(hash_word) < _LEAST_HASH:
        return NoSuchRun(f"{word!r} is no run: give at least {_LEAST_HASH} digits of its hash, or class/hash")
    ending = f".{class_word}" if class_word else ""
    fitting = [
        run for run in known if run.run.hash.startswith(hash_word.lower()) and f".{run.run.class_name}".endswith(ending)
    ]
    if len({run.key for run in fitting}) == 1:
        return _first(fitting)
    if not fitting:
        return NoSuchRun(f"no stored run has {word!r} as its hash; {_LIST}")
    return NoSuchRun(f"{word!r} fits {len(fitting)} runs: {_listed([run.key for run in fitting])}")


def _only_one(runs: list[ComparedRun], word: str) -> ComparedRun | NoSuchRun:
    """Return the run of a class that has no other."""
    keys = dict.fromkeys(run.key for run in runs)
    if len(keys) == 1:
        return _first(runs)
    (first, *others) = dict.fromkeys(run.run.class_name for run in runs)
    query = f"huldra runs 'class ~ {word}'" if others else f"huldra runs 'class == {first}'"
    return NoSuchRun(f"{word!r} is a class with {len(keys)} runs: {_listed(list(keys))}; `{query}` lists them")


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")


def _leads_to(word: str, run: StoredRun | UnreadableRun) -> bool:
    """Return whether a word is the path of a run, from wherever."""
    path = run.path
    if run.store:
        path = f"{run.store}{path.removeprefix(run.store_path)}"
    return word in (run.path, path) or word.endswith(path if path.startswith("/") else f"/{path}")


def _first(runs: list[ComparedRun]) -> ComparedRun:
    return min(runs, key=lambda run: bool(run.run.store))
