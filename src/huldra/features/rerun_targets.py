"""Which experiments the words of a rerun mean: places in the code, classes, runs, experiments that were never run."""

import re
from collections.abc import Iterable

from msgspec import Struct

from huldra.analysis.host import Workspace
from huldra.analysis.snapshot import Snapshot
from huldra.features.picture import Picture
from huldra.features.run_reference import NoSuchRun, find_run
from huldra.features.site_answer import NothingThere, answer_site
from huldra.project.places import Place

PLACE = re.compile(r"(?P<file>.+?):(?P<line>[0-9]+)(?::(?P<column>[0-9]+))?:?")
NAME = re.compile(r"[\w./\\-]+")
"""A word that names something; what holds anything else is a query."""
_LEAST_HASH = 4
_MOST_NAMED = 5


class NoTarget(Struct, frozen=True):
    """Why a word means nothing that could be run."""

    message: str


def targets_at(
    snapshot: Snapshot, picture: Picture, workspace: Workspace, file: str, line: int, column: int | None = None
) -> tuple[str, ...] | NoTarget:
    """Return the experiments that a place builds, and the stored runs that it could have built where it is dynamic.

    What is written inside another experiment of that place is an ingredient and not what was asked for: `b = B(a=A())`
    means `B`, and whether `A` has to be made again is for the plan to say. A column asks for one inside.
    """
    answer = answer_site(snapshot, picture, workspace, file, line, column)
    if isinstance(answer, NothingThere):
        return NoTarget(answer.reason)
    places = {built.place for built in answer.experiments} | {row.site.place for row in answer.dynamic}
    outermost = {place for place in places if not any(_holds(other, place) for other in places)}
    keys = (
        *(built.row.experiment.key for built in answer.experiments if built.place in outermost),
        *(key for row in answer.dynamic if row.site.place in outermost for key in row.matches),
    )
    if not keys:
        return NoTarget(f"{file}:{line}: what is built there is known only when the code runs, and no run fits it")
    return tuple(dict.fromkeys(keys))


def _holds(outer: Place, inner: Place) -> bool:
    begins_before = (outer.line, outer.column) <= (inner.line, inner.column)
    ends_after = (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    return outer != inner and begins_before and ends_after


def targets_named(snapshot: Snapshot, word: str) -> tuple[str, ...] | NoTarget:
    """Return what a word names: a run or an experiment by its hash or `class/hash`, or all those of a class."""
    clean = word.strip().rstrip("/")
    keys = dict.fromkeys((*snapshot.experiments.by_key, *snapshot.comparison.by_key()))
    of_class = tuple(key for key in keys if f".{key.rpartition('/')[0]}".endswith(f".{clean}"))
    if of_class and "/" not in clean:
        return of_class
    found = find_run(snapshot.comparison.runs, word)
    if not isinstance(found, NoSuchRun):
        return (found.key,)
    fitting = tuple(experiments_named(snapshot.experiments.by_key, clean))
    if len(fitting) == 1:
        return fitting
    if fitting:
        return NoTarget(f"{word!r} fits {len(fitting)} experiments: {', '.join(fitting[:_MOST_NAMED])}")
    return NoTarget(found.message)


def experiments_named(keys: Iterable[str], word: str) -> Iterable[str]:
    """Yield the keys of which a word is an end of the class's name with the beginning of the hash, or only that."""
    class_word, _, hash_word = word.rpartition("/")
    if len(hash_word) < _LEAST_HASH:
        return
    ending = f".{class_word}" if class_word else ""
    for key in keys:
        name, _, digest = key.rpartition("/")
        if digest.startswith(hash_word.lower()) and f".{name}".endswith(ending):
            yield key
