"""Which runs an edit of the code bears on: those of the classes whose code, fields or experiments are other ones."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from huldra.comparison.match import sees_all
from huldra.comparison.model import Comparison
from huldra.comparison.schema_changes import class_standing
from huldra.experiments.model import Experiments
from huldra.fingerprints.model import Closure
from huldra.fingerprints.states import ClosureKey
from huldra.project.link import Project


class JudgedCode(Struct, frozen=True, eq=False):
    """A state of the code as far as verdicts follow from it; `closures` are those that were asked for."""

    project: Project
    experiments: Experiments
    closures: Mapping[ClosureKey, Closure | None]
    _standings: dict[str, tuple[object, ...]] = {}

    @property
    def sees_all(self) -> bool:
        """Whether all that may build experiments could be followed."""
        return sees_all(self.project, self.experiments)

    def standing(self, name: str) -> tuple[object, ...]:
        """Return how a class is declared, found once."""
        if name not in self._standings:
            self._standings[name] = class_standing(self.project, self.experiments, name)
        return self._standings[name]

    def with_closures(self, closures: Mapping[ClosureKey, Closure | None]) -> "JudgedCode":
        """Return the same state with more closures."""
        return replace(self, closures={**self.closures, **closures})


def keys_to_judge(before: JudgedCode, now: JudgedCode, comparison: Comparison) -> set[str]:
    """Return the runs, as `class/hash`, of which the code may say something else now; those that rest on them aside.

    Args:
        before: The code before.
        now: The code now, with all closures that were asked for before.
        comparison: What was said before.
    """
    bonds = comparison.basis.bonds
    touched = {key[0] for key, closure in before.closures.items() if _told(closure) != _told(now.closures[key])}
    touched |= {name for name in bonds.classes() if _is_other(before, now, name)}
    built_before, built_now = before.experiments.by_key, now.experiments.by_key
    changed = {
        key
        for key in built_before.keys() | built_now.keys()
        if (was := built_before.get(key)) is not (is_now := built_now.get(key)) and was != is_now
    }
    for name in {key.rpartition("/")[0] for key in changed}:
        # A run may be of the same fields as what is built, under another hash.
        if any((key in built_before) is not (key in built_now) for key in changed if key.rpartition("/")[0] == name):
            touched.add(name)
        else:
            changed |= set(_of_other_identity(comparison, name))
    if before.sees_all != now.sees_all:
        changed |= {run.key for run in comparison.runs if run.verdict == "orphan"}
    return changed | {run.key for name in bonds.with_holders(touched) for run in comparison.of_class(name)}


def _told(closure: Closure | None) -> Closure | None:
    """Return a closure as far as verdicts follow from it."""
    return None if closure is None else replace(closure, asked=())


def _is_other(before: JudgedCode, now: JudgedCode, name: str) -> bool:
    """Whether a class is declared in another way now; what became of one that is gone all classes may tell."""
    if name not in before.project.classes or name not in now.project.classes:
        return True
    return before.standing(name) != now.standing(name)


def _of_other_identity(comparison: Comparison, name: str) -> Iterator[str]:
    for run in comparison.of_class(name):
        if any(reason.code == "identity-changed" for reason in run.reasons):
            yield run.key
