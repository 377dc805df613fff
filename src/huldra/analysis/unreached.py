"""Whether an edit of a file has to do with what runs' code reaches. Knows one file and what it said before."""

from collections.abc import Iterator, Mapping

from huldra.facts.expressions import Attribute, Call, Expression, Name
from huldra.facts.statements import (
    Assign,
    AugmentedAssign,
    Delete,
    FileFacts,
    FunctionDefinition,
    Import,
    ImportFrom,
    ScopeDeclaration,
)
from huldra.facts.walk import walk
from huldra.fingerprints.module_names import ADDING_METHODS, SETTERS, owner_name
from huldra.project.bindings import bound_names
from huldra.project.edits import EditedBody, edited_bodies
from huldra.project.local_names import local_names

Lines = Mapping[str, frozenset[tuple[int, int]]]
"""The first and last lines of what runs' code reaches, by file."""

_SETTING = SETTERS | {"exec", "globals", "vars"}


def is_file_unreached(reached: frozenset[tuple[int, int]], before: FileFacts, now: FileFacts) -> bool:
    """Return whether only bodies of functions differ that no run's code has to do with.

    Args:
        reached: The first and last lines of what runs' code reaches in the file, as it was before.
        before: The file before.
        now: The file now.
    """
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
    imports = (node for node in walk(definition) if isinstance(node, Import | ImportFrom))
    # A module that the function imports itself is no more its own than any other.
    local = local_names(definition).names - {name for node in imports for name, _ in bound_names(node)}
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
