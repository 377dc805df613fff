"""Which run a word means: the beginning of a hash, `class/hash`, or a path of the store."""

from collections.abc import Iterable
from dataclasses import dataclass

from huldra.comparison.model import ComparedRun

_LEAST_HASH = 4
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class NoSuchRun:
    """Why a word means no run, and which ones it may have meant."""

    message: str


def find_run(runs: Iterable[ComparedRun], word: str) -> ComparedRun | NoSuchRun:
    """Return the one run that a word means: a hash or its beginning, `class/hash` (both may be cut), a path."""
    known = tuple(runs)
    clean = word.strip().rstrip("/")
    exact = [run for run in known if run.run.path == clean or clean.endswith(f"/{run.run.path}") or run.key == clean]
    if exact:
        return exact[0]
    class_word, _, hash_word = clean.rpartition("/")
    if len(hash_word) < _LEAST_HASH:
        return NoSuchRun(f"{word!r} is no run: give at least {_LEAST_HASH} digits of its hash, or class/hash")
    ending = f".{class_word}" if class_word else ""
    fitting = [
        run for run in known if run.run.hash.startswith(hash_word.lower()) and f".{run.run.class_name}".endswith(ending)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        return NoSuchRun(f"no stored run has {word!r} as its hash; `huldra analyze` lists them")
    names = ", ".join(run.key for run in fitting[:_MOST_NAMED])
    return NoSuchRun(f"{word!r} fits {len(fitting)} runs: {names}{', ...' if len(fitting) > _MOST_NAMED else ''}")
