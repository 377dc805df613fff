"""Experiments whose runs cannot be looked for: that they are missing would be a guess."""

from collections.abc import Iterator

from huldra.comparison.match import run_key
from huldra.experiments.model import Experiment, Experiments
from huldra.formats.dialect import DIALECTS
from huldra.formats.layout import run_path
from huldra.stored_runs.model import StoredStore, StoreProblem, UnreadableRun

_HIDING = frozenset({"unreadable-directory", "broken-symlink", "symlink-loop"})
_WHOLE_STORE = "."


def hiding_problems(store: StoredStore) -> dict[str, StoreProblem]:
    """Return what keeps runs from being found, by the directory that cannot be looked into."""
    return {problem.path: problem for problem in store.problems if problem.code in _HIDING}


def hidden_runs(store: StoredStore, experiments: Experiments) -> Iterator[UnreadableRun]:
    """Yield a run for each experiment that may have been run, for where it would lie cannot be looked into."""
    problems = hiding_problems(store)
    if not problems:
        return
    known = {run_key(run) for run in (*store.runs, *store.unreadable)}
    for key, experiment in experiments.by_key.items():
        problem = None if key in known else _hiding(experiment.path, problems)
        if problem is not None:
            yield _hidden_run(experiment, problem)


def _hiding(path: str, problems: dict[str, StoreProblem]) -> StoreProblem | None:
    parts = path.split("/")
    above = ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((problems[each] for each in (*above, _WHOLE_STORE) if each in problems), None)


def _hidden_run(experiment: Experiment, problem: StoreProblem) -> UnreadableRun:
    class_name, _, digest = experiment.key.rpartition("/")
    root = experiment.path.partition("/")[0]
    dialect = next((dialect for dialect in DIALECTS if root in dialect.roots), DIALECTS[0])
    return UnreadableRun(
        path=experiment.path,
        root=root,
        version_controlled=dialect.roots.get(root, False),
        class_name=class_name,
        hash=digest,
        dialect=dialect,
        reason=f"{problem.path} cannot be looked into ({problem.message}), so it is not known whether there is one",
    )


class HiddenRuns:
    """Tells what may lie in a store though nobody can read it.

    Args:
        store: The store.
    """

    def __init__(self, store: StoredStore) -> None:
        self._keys = frozenset(map(run_key, store.unreadable))
        self._classes = frozenset(run.class_name for run in store.unreadable)
        self._problems = hiding_problems(store)

    def may_hold(self, class_name: str, key: str | None) -> bool:
        """Return whether a run of a class may be there; `key` is its `class/hash`, None where that is not known."""
        if key in self._keys or (key is None and class_name in self._classes):
            return True
        roots = (root for dialect in DIALECTS for root in dialect.roots)
        return any(_hiding(run_path(root, class_name, ""), self._problems) for root in roots)
