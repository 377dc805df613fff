"""The experiments of a project that is being edited: what few modules depend on is found again by these alone.

The whole is evaluated at first, and wherever a part of it does not tell. While there is time, what depends on the files
that are edited is prepared as a part (`dependents`): from then on such an edit costs what depends on it, and not what
the project holds.
"""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from huldra.experiments.dependents import Part, part_of, separable_part
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluation import Evaluation
from huldra.experiments.model import Discovered, Experiments
from huldra.experiments.separable import Separable
from huldra.project.link import Project

_LARGEST_PART = 0.25
"""Of the modules that the whole runs: past that it takes long to prepare, and saves little."""


class _Now(Struct, frozen=True):
    """The last state. `imports` is equal, and the same object, where all files import by the same lines."""

    project: Project
    imports: object
    has_manifests: bool
    experiments: Experiments


class _Prepared(Struct, frozen=True):
    """A part, and all files that somebody looked at in the state it goes on from."""

    part: Part
    imports: object
    files: tuple[str, ...]


class GoingOn:
    """Finds the experiments of one state of a project after another. Used by one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._whole = Evaluation(limits)
        self._now: _Now | None = None
        self._prepared: _Prepared | None = None

    def experiments(self, project: Project, manifests: Mapping[str, str], imports: object) -> Experiments:
        """Return every experiment that a state of the code builds; the same object where nothing differs.

        Args:
            project: The linked project.
            manifests: The texts of manifests, by file.
            imports: The very same object as before where all files import by the same lines.
        """
        found = None if manifests else self._by_part(project, imports)
        if found is None:
            self._prepared = None
            found = self._whole.experiments(project, manifests)
        self._now = _Now(project, imports, bool(manifests), found)
        return found

    def get_ready(self, files: Iterable[str], check: Callable[[], None]) -> None:
        """Effect: prepare for edits of these files, of the first of them at least.

        Args:
            files: Those that are edited.
            check: Called now and then; what it raises ends the work.
        """
        now = self._now
        if now is None or now.has_manifests:
            return
        modules = now.project.modules.module_of
        wanted = [file for file in files if file in modules]
        if not wanted or (self._prepared is not None and self._prepared.part.covers(wanted)):
            return
        kept = self._discovered(now)
        separable = kept.separable
        if separable is None:
            return
        for number in range(len(wanted), 0, -1):
            part = part_of(kept, now.project, wanted[:number], self.limits, _LARGEST_PART, check)
            if part is not None:
                self._prepared = _Prepared(part, now.imports, _looked_at(now.project, separable))
                return

    def _discovered(self, now: _Now) -> Discovered:
        """Return what was found last, with what a part of it can be found again by."""
        found = None if self._prepared is None else self._prepared.part.discovered()
        if found is not None:
            return found
        separable = separable_part(self._whole, now.project, self.limits)
        return Discovered(now.experiments, self._whole.trace(), separable)

    def _by_part(self, project: Project, imports: object) -> Experiments | None:
        """Return what is found by the part that is prepared; None where that does not tell."""
        prepared = self._prepared
        if prepared is None or prepared.imports is not imports:
            return None
        before = prepared.part.before
        if before.relevant != project.relevant or before.modules != project.modules:
            return None
        old, new = before.facts, project.facts
        if any((file in old) is not (file in new) for file in prepared.files):
            return None
        edited = [file for file in prepared.files if file in new and old[file] is not new[file]]
        return prepared.part.experiments(project, edited)


def _looked_at(project: Project, separable: Separable) -> tuple[str, ...]:
    """Return the files that what is found may follow from, as far as anybody asked for them."""
    modules = (*project.symbols.seen_modules, *separable.importers)
    files = (project.modules.file_of.get(module) for module in modules)
    found = dict.fromkeys((*project.relevant, *project.imported, *(file for file in files if file is not None)))
    for file in found:
        _ = project.facts.get(file)  # from here on they are at hand, whatever the file says later
    return tuple(found)
