"""Finds the experiments of a state from those of another one that are kept, where few files differ. Reads no files."""

from collections.abc import Callable, Iterator, Mapping

from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.model import Discovered
from huldra.facts.statements import FileFacts
from huldra.project.edits import leads_alike
from huldra.project.link import Project, link_problems, link_project, relink_project

FindAgain = Callable[[Discovered, Mapping[str, FileFacts]], Discovered | None]
"""Gives the experiments of a state by those of another one, and the facts that some files had in that; None if not."""


def finding_again(project: Project, bases: frozenset[str], limits: Limits) -> FindAgain:
    """Return what finds the experiments of a project by those of an earlier state of it.

    Args:
        project: The project.
        bases: Classes outside the project that count as experiment base classes, by dotted name.
        limits: How far to go.
    """

    def find(kept: Discovered, then: Mapping[str, FileFacts]) -> Discovered | None:
        # What the interpreter is made of takes long to import, and is not needed for what is kept.
        from huldra.experiments.dependents import find_again  # noqa: PLC0415

        facts = _FactsThen(project.facts, then)
        if not all(leads_alike(was, project.facts[file]) for file, was in then.items()):
            # What is wrong with the code may follow from other files than it did in that state.
            link_problems(project)
        before = relink_project(project, facts) or link_project(project.modules, facts, project.relevant, bases)
        return find_again(kept, before, project, tuple(then), limits)

    return find


class _FactsThen(Mapping[str, FileFacts]):
    """The facts of files now, but for those that had others."""

    def __init__(self, now: Mapping[str, FileFacts], then: Mapping[str, FileFacts]) -> None:
        self._now = now
        self._then = then

    def __getitem__(self, name: str) -> FileFacts:
        found = self._then.get(name)
        return self._now[name] if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)
