"""The experiments of a project that is being edited: the first are those that any process kept, if they still hold.

What is kept is kept by what lies on disk. What an editor holds otherwise counts as edited, and is not kept.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from huldra.analysis.disk_cache import Cache
from huldra.analysis.found_again import finding_again
from huldra.analysis.host import Workspace, limits_of
from huldra.analysis.kept import LazyFacts
from huldra.analysis.kept_experiments import KeptExperiments, inputs_of, let_go_of_entries
from huldra.analysis.scanned import names_digest
from huldra.analysis.snapshot import ExperimentsOf
from huldra.experiments.going_on import GoingOn
from huldra.experiments.model import Discovered, Experiments
from huldra.project.link import Project, link_problems
from huldra.sources.documents import Document, Documents


class LiveExperiments:
    """Finds the experiments of one state after another. Used by one thread at a time."""

    def __init__(self) -> None:
        self._going_on: GoingOn | None = None
        self._bases: object = None

    def of_state(
        self, workspace: Workspace, project: Project, manifests: Mapping[str, str], imports: object, cache: Cache | None
    ) -> ExperimentsOf:
        """Return what finds the experiments of a state by going on from the one before.

        Args:
            workspace: The project.
            project: The same, linked.
            manifests: The texts of manifests, by file.
            imports: The very same object as before where all files import by the same lines.
            cache: What may know the first of all.
        """
        limits, bases = limits_of(workspace), workspace.settings.bases
        if self._going_on is None or self._going_on.limits != limits or self._bases != bases:
            self._going_on, self._bases = GoingOn(limits), bases
        going_on, known = self._going_on, None
        if cache is not None and not manifests and going_on.is_new and isinstance(project.facts, LazyFacts):
            known = _known(workspace, project, project.facts, cache)
        if known is None:
            return lambda _: going_on.experiments(project, manifests, imports)

        def discover() -> Discovered:
            going_on.experiments(project, manifests, imports)
            return going_on.discovered()

        def first(_: object) -> Experiments:
            found = known(discover)
            if going_on.is_new and known.discovered is not None:
                going_on.begin(project, imports, known.discovered)
            return found

        return first

    def get_ready(self, names: list[str], check: Callable[[], None]) -> None:
        """Effect: prepare for edits of these files, of the first of them at least; `check` may end it."""
        if self._going_on is not None:
            self._going_on.get_ready(names, check)

    def leave_disk(self) -> None:
        """Effect: hold nothing of what is kept on disk; the first state is known, or is found without it."""
        let_go_of_entries()

    @property
    def is_behind(self) -> bool:
        """Whether there is only what was kept, so that an edit that many depend on would take long."""
        return self._going_on is not None and self._going_on.is_behind

    def catch_up(self, check: Callable[[], None]) -> None:
        """Effect: evaluate what is known from elsewhere, so that there is something to go on from."""
        if self._going_on is not None:
            self._going_on.catch_up(check)


def _known(workspace: Workspace, project: Project, facts: LazyFacts, cache: Cache) -> KeptExperiments | None:
    """Return what gives the experiments that were kept; None where an editor holds other texts than the disk."""
    settings, limits, roots = workspace.settings, limits_of(workspace), project.modules.roots
    contents = _OnDisk(facts, workspace.documents.with_overlays({}))
    for name in workspace.documents.overlays:
        _ = contents.get(name)
    if contents.has_changed:
        return None
    files = workspace.discovery.files
    names, unread = [name for name in files if name in facts], [name for name in files if name not in facts]
    key = names_digest(names, unread, roots).digest()
    inputs = inputs_of(key, project.relevant, roots, settings.bases, limits, {})
    again = finding_again(project, frozenset(settings.bases), limits)
    ask = partial(link_problems, project)
    return KeptExperiments(cache, "tree", inputs, contents, facts, lambda: not contents.has_changed, again, ask)


class _OnDisk(Mapping[str, str]):
    """The hash of the bytes of each file; `has_changed` where one lies on disk with another text than is analysed."""

    def __init__(self, facts: LazyFacts, documents: Documents) -> None:
        self._facts = facts
        self._documents = documents
        self.has_changed = False

    def __getitem__(self, name: str) -> str:
        text = self._facts.text(name)
        reading = self._documents.read_once(name)
        if isinstance(reading, Document) and reading.text == text:
            return reading.content_hash
        self.has_changed = True
        return ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)
