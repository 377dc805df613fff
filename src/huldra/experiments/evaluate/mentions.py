"""Which names can lead to an experiment, by spelling alone: a function that mentions none of them builds none.

Too many names cost time, too few would lose sites; so scopes are ignored, and every module shares one set.
"""

from collections.abc import Iterable, Mapping

from huldra.facts.expressions import Attribute, Name, Node
from huldra.facts.statements import ClassDefinition, ImportedName, Statement
from huldra.facts.walk import walk
from huldra.project.bindings import bound_names, walk_block
from huldra.project.link import Project


def building_names(project: Project) -> frozenset[str]:
    """Return the names of experiment classes, of their aliases, and of whatever mentions such a name."""
    mentions: dict[str, set[str]] = {}
    for file in project.relevant:
        for piece in project.facts[file].pieces:
            _add_mentions(piece.facts.statements, mentions)
    wanted = (info for info in project.classes.values() if info.dialect is not None or info.is_collection)
    return _closure({info.definition.name for info in wanted}, mentions)


def _add_mentions(block: Iterable[Statement], mentions: dict[str, set[str]]) -> None:
    """Note, for each name that a block binds, which names its value or body mentions."""
    for statement, _ in walk_block(block, "always"):
        found = mentioned_names(statement)
        for name, _ in bound_names(statement):
            mentions.setdefault(name, set()).update(found)
        if isinstance(statement, ClassDefinition):
            _add_mentions(statement.body, mentions)


def mentioned_names(node: Node) -> frozenset[str]:
    """Return every identifier that stands inside a node, attribute and imported names included."""
    found: set[str] = set()
    for inner in walk(node):
        match inner:
            case Name(id=name) | Attribute(name=name):
                found.add(name)
            case ImportedName(name=name, alias=alias):
                found.update(part for part in (*name.split("."), alias) if part)
            case _:
                pass
    return frozenset(found)


def _closure(seeds: set[str], mentions: Mapping[str, set[str]]) -> frozenset[str]:
    mentioned_by: dict[str, set[str]] = {}
    for name, found in mentions.items():
        for other in found:
            mentioned_by.setdefault(other, set()).add(name)
    reached: set[str] = set()
    queue = list(seeds)
    while queue:
        name = queue.pop()
        if name not in reached:
            reached.add(name)
            queue.extend(mentioned_by.get(name, ()))
    return frozenset(reached)


def may_build(definition: Node, names: frozenset[str]) -> bool:
    """Whether a function mentions a name that can lead to an experiment."""
    return not names.isdisjoint(mentioned_names(definition))
