"""The experiments of a project that is being edited: what few modules depend on is found again by these alone.

The whole is evaluated at first, and wherever a part of it does not tell. While there is time, what depends on the files
that are edited is prepared as a part (`dependents`): from then on such an edit costs what depends on it, and not what
the project holds.
"""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from huldra.experiments.dependents import Part, part_of, separable_part
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluation import Evaluation
from huldra.experiments.model import Discovered, Experiments
from huldra.experiments.separable import Separable
from huldra.project.link import Project

_LARGEST_PART = 0.25
"""Of the modules that the whole runs: past that it takes long to prepare, and saves little."""


class _Now(Struct, frozen=True):
    """The last state.

    Attributes:
        project: The linked project.
        imports: The very same object where all files import by the same lines.
        has_manifests: Whether there are any; then only the whole tells what is built.
        experiments: What it builds.
        kept: The same with all that a part of it can be found again by, where it is known from elsewhere.
    """

    project: Project
    imports: object
    has_manifests: bool
    experiments: Experiments
    kept: Discovered | None = None


class _Prepared(Struct, frozen=True):
    """A part, and all files that somebody looked at in the state that it goes on from."""

    part: Part
    imports: object
    files: tuple[str, ...]


class GoingOn:
    """Finds the experiments of one state of a project after another. Used by one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._whole = Evaluation(limits)
        self._is_whole_known = False
        self._now: _Now | None = None
        self._prepared: _Prepared | None = None

    def begin(self, project: Project, imports: object, kept: Discovered) -> None:
        """Effect: go on from a state whose experiments are known from elsewhere. There are no manifests."""
        self._prepared = None
        self._now = _Now(project, imports, has_manifests=False, experiments=kept.experiments, kept=kept)

    def experiments(self, project: Project, manifests: Mapping[str, str], imports: object) -> Experiments:
        """Return every experiment that a state of the code builds; the same object where nothing differs.

        Args:
            project: The linked project.
            manifests: The texts of manifests, by file.
            imports: The very same object as before where all files import by the same lines.
        """
        now = self._now
        if now is not None and not self._is_whole_known and self._prepared is None and now.imports is imports:
            # To evaluate the whole takes far longer than to prepare what depends on the edit.
            self.get_ready(_edited(_looked_at(now.project, self.discovered().separable), now.project, project))
        found = None if manifests else self._by_part(project, imports)
        if found is None:
            self._prepared = None
            found = self._whole.experiments(project, manifests)
            self._is_whole_known = True
        self._now = _Now(project, imports, bool(manifests), found)
        return found

    def discovered(self) -> Discovered:
        """Return what was found last, with all that a part of it can be found again by; there must be something."""
        now = self._now
        if now is None:
            raise RuntimeError("nothing has been evaluated yet")
        found = now.kept
        if found is None and self._prepared is not None:
            found = self._prepared.part.discovered()
        if found is None:
            separable = separable_part(self._whole, now.project, self.limits)
            found = Discovered(now.experiments, self._whole.trace(), separable)
        if now.kept is None:
            self._now = replace(now, kept=found)
        return found

    def get_ready(self, files: Iterable[str], check: Callable[[], None] = lambda: None) -> None:
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
        kept = self.discovered()
        for number in range(len(wanted), 0, -1) if kept.separable is not None else ():
            part = part_of(kept, now.project, wanted[:number], self.limits, _LARGEST_PART, check)
            if part is not None:
                self._prepared = _Prepared(part, now.imports, _looked_at(now.project, kept.separable))
                return

    @property
    def is_new(self) -> bool:
        """Whether nothing is known yet."""
        return self._now is None

    @property
    def is_behind(self) -> bool:
        """Whether the whole was never evaluated, so that an edit that no part tells would take long."""
        return self._now is not None and not self._is_whole_known

    def catch_up(self, check: Callable[[], None]) -> None:
        """Effect: evaluate the whole, which is known from elsewhere, so that there is something to go on from.

        Args:
            check: Called now and then; what it raises ends the work.
        """
        if self._now is not None and self.is_behind and not self._now.has_manifests:
            self._whole.experiments(self._now.project, {}, check)
            self._is_whole_known = True

    def _by_part(self, project: Project, imports: object) -> Experiments | None:
        """Return what is found by the part that is prepared; None where that does not tell."""
        prepared = self._prepared
        if prepared is None or prepared.imports is not imports:
            return None
        before = prepared.part.before
        if before.relevant != project.relevant or before.modules != project.modules:
            return None
        if any((file in before.facts) is not (file in project.facts) for file in prepared.files):
            return None
        return prepared.part.experiments(project, _edited(prepared.files, before, project))


def _edited(files: Iterable[str], before: Project, after: Project) -> list[str]:
    """Return those of some files that differ between two states, in which both can be read."""
    old, new = before.facts, after.facts
    return [file for file in files if file in old and file in new and old[file] is not new[file]]


def _looked_at(project: Project, separable: Separable | None) -> tuple[str, ...]:
    """Return the files that what is found may follow from, as far as anybody asked for them."""
    modules = (*project.symbols.seen_modules, *(() if separable is None else separable.importers))
    files = (project.modules.file_of.get(module) for module in modules)
    found = dict.fromkeys((*project.relevant, *project.imported, *(file for file in files if file is not None)))
    for file in found:
        _ = project.facts.get(file)  # from here on they are at hand, whatever the file says later
    return tuple(found)
