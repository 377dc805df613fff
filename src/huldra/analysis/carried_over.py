"""Whether what was said of stored runs still holds after an edit, so that they need not be judged again.

They need not where code builds what it built, and every edit is in the body of a function that no run's code reaches
and that puts nothing into anything that others see. Which runs a change of the store bears on `comparison.judged_again`
knows, where those that are under way are always judged again: their verdicts follow from the time.
"""

from collections.abc import Iterable

from huldra.analysis.kept import LazyFacts
from huldra.analysis.unreached import Lines, is_file_unreached
from huldra.facts.statements import FileFacts
from huldra.fingerprints.model import Closure
from huldra.project.link import Project


def reached_lines(closures: Iterable[Closure | None]) -> Lines:
    """Return the lines that closures reach, by file, with those of what may change what they reach."""
    found: dict[str, set[tuple[int, int]]] = {}
    for closure in closures:
        for definition in () if closure is None else closure.definitions:
            found.setdefault(definition.file, set()).add((definition.line, definition.end_line))
        for file, first, last in () if closure is None else closure.asked:
            found.setdefault(file, set()).add((first, last))
    return {file: frozenset(lines) for file, lines in found.items()}


_FEW = 50
"""To look into more files takes longer than to judge anew."""


def is_unreached(reached: Lines, before: Project, now: Project, changed: Iterable[str]) -> bool:
    """Whether every edit between two states is in the body of a function that no run's code has to do with.

    Args:
        reached: What runs' code reaches in the state before.
        before: The project in the state before.
        now: The project now.
        changed: The files that have another text.
    """
    changed = list(changed)
    if before.modules is not now.modules or before.relevant != now.relevant or len(changed) > _FEW:
        return False
    return all(
        is_file_unreached(reached.get(name, frozenset()), _facts(before, name), _facts(now, name)) for name in changed
    )


def _facts(project: Project, name: str) -> FileFacts:
    return project.facts.aside(name) if isinstance(project.facts, LazyFacts) else project.facts[name]
