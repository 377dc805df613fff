"""Whether what was said of stored runs still holds after an edit, so that they need not be judged again.

They need not where code builds what it built, and every edit is in the body of a function that no run's code reaches
and that puts nothing into anything that others see. Which runs a change of the store bears on `comparison.judged_again`
knows, where those that are under way are always judged again: their verdicts follow from the time.
"""

from collections.abc import Iterable, Iterator, Mapping

from huldra.facts.expressions import Attribute, Call, Expression, Name
from huldra.facts.statements import Assign, AugmentedAssign, Delete, FileFacts, FunctionDefinition, ScopeDeclaration
from huldra.facts.walk import walk
from huldra.fingerprints.model import Closure
from huldra.fingerprints.module_names import ADDING_METHODS, owner_name
from huldra.project.edits import EditedBody, edited_bodies
from huldra.project.link import Project
from huldra.project.local_names import local_names

Lines = Mapping[str, frozenset[tuple[int, int]]]
"""The first and last lines of what runs' code reaches, by file."""

_SETTING = frozenset({"setattr", "delattr", "exec", "globals", "vars"})


def reached_lines(closures: Iterable[Closure | None]) -> Lines:
    """Return the lines that closures reach, by file."""
    found: dict[str, set[tuple[int, int]]] = {}
    for closure in closures:
        for definition in () if closure is None else closure.definitions:
            found.setdefault(definition.file, set()).add((definition.line, definition.end_line))
    return {file: frozenset(lines) for file, lines in found.items()}


def is_unreached(reached: Lines, before: Project, now: Project, changed: Iterable[str]) -> bool:
    """Whether every edit between two states is in the body of a function that no run's code has to do with.

    Args:
        reached: What runs' code reaches in the state before.
        before: The project in the state before.
        now: The project now.
        changed: The files that have another text.
    """
    if before.modules is not now.modules or before.relevant != now.relevant:
        return False
    return all(
        _is_file_unreached(reached.get(name, frozenset()), before.facts[name], now.facts[name]) for name in changed
    )


def _is_file_unreached(reached: frozenset[tuple[int, int]], before: FileFacts, now: FileFacts) -> bool:
    bodies = edited_bodies(before, now)
    if bodies is None:
        return False
    return all(_is_body_unreached(reached, body) for body in bodies)


def _is_body_unreached(reached: frozenset[tuple[int, int]], body: EditedBody) -> bool:
    height = max(definition.at[2] - definition.at[0] for definition in (body.before, body.after))
    begin, end = body.line + 1, body.line + 1 + height
    if any(first <= end and begin <= last for first, last in reached):
        return False
    return not any(any(_acts_elsewhere(definition)) for definition in (body.before, body.after))


def _acts_elsewhere(definition: FunctionDefinition) -> Iterator[bool]:
    """Yield for each node of a function whether it may put something into what is not its own."""
    local = local_names(definition).names
    for node in walk(definition):
        match node:
            case Assign(targets=targets) | Delete(targets=targets):
                yield any(_is_elsewhere(target, local) for target in targets)
            case AugmentedAssign(target=target):
                yield _is_elsewhere(target, local)
            case Call(function=Attribute(name=name) as method) if name in ADDING_METHODS:
                yield _is_elsewhere(method, local)
            case Call(function=Name(id=name)) if name in _SETTING:
                yield True
            case ScopeDeclaration():
                yield True
            case _:
                continue


def _is_elsewhere(target: Expression, local: frozenset[str]) -> bool:
    owner = owner_name(target)
    return owner is not None and owner not in local
