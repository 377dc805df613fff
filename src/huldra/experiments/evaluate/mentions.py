"""What spelling alone tells: which names can lead to an experiment, since what mentions none of them builds none.

Too many names cost time, too few would lose sites; so scopes are ignored, and every module shares one set.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from huldra.experiments.evaluate.reachable import mutable_parts
from huldra.experiments.values import (
    ClassObject,
    ConfigObject,
    DictObject,
    FunctionObject,
    InstanceObject,
    Scope,
    SetObject,
)
from huldra.facts.expressions import Attribute, Call, Constant, Expression, Literal, Name, Node, Unary
from huldra.facts.statements import ClassDefinition, FunctionDefinition, ImportedName, Statement
from huldra.facts.walk import walk
from huldra.project.bindings import bound_names, walk_block
from huldra.project.link import Project

_KINDS_WITH_NAMES = frozenset({Name, Attribute, ImportedName})


def building_names(project: Project, holders: Iterable[str], mentions: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the names of experiment classes, of what is known to hold such, and of whatever mentions such a name.

    Args:
        project: The project.
        holders: The names of what is known to hold experiment classes.
        mentions: What `mentions_by_name` gives for the project.
    """
    wanted = (info for info in project.classes.values() if info.dialect is not None or info.is_collection)
    return _closure({*(info.definition.name for info in wanted), *holders}, mentions)


def mentions_by_name(project: Project) -> Mapping[str, set[str]]:
    """Return, for each name that something in the project binds, which names its value or body mentions."""
    mentions: dict[str, set[str]] = {}
    for file in project.relevant:
        for piece in project.facts[file].pieces:
            _add_mentions(piece.facts.statements, mentions)
    return mentions


def names_of_holders(modules: Iterable[Scope]) -> Iterator[str]:
    """Yield the names of the containers that hold classes or functions: registries, filled by decorators, say."""
    for scope in modules:
        for name, value in scope.names.items():
            parts = (part for part in mutable_parts([value]) if not isinstance(part, InstanceObject | SetObject))
            held = (
                item for part in parts for item in (part.items.values() if isinstance(part, DictObject) else part.items)
            )
            if any(isinstance(item, ClassObject | FunctionObject | ConfigObject) for item in held):
                yield name


def _add_mentions(block: Iterable[Statement], mentions: dict[str, set[str]]) -> set[str]:
    """Note, for each name that a block binds, which names its value or body mentions. Return all that it mentions."""
    everything: set[str] = set()
    for statement, _ in walk_block(block, "always"):
        if isinstance(statement, ClassDefinition):
            # Its body is gone through for the names that it binds, so it needs no second walk.
            found = _add_mentions(statement.body, mentions) | mentioned_names(replace(statement, body=()))
        else:
            found = mentioned_names(statement)
        for name, _ in bound_names(statement):
            mentions.setdefault(name, set()).update(found)
        everything |= found
    return everything


def mentioned_in_functions(project: Project) -> frozenset[str]:
    """Return every name that a function or method mentions, but for its own."""
    found: set[str] = set()
    for file in project.relevant:
        for piece in project.facts[file].pieces:
            for statement in piece.facts.statements:
                for node in walk(statement, stop_at=(FunctionDefinition,)):
                    if isinstance(node, FunctionDefinition):
                        found |= mentioned_names(node) - {node.name}
    return frozenset(found)


def mentioned_names(node: Node) -> frozenset[str]:
    """Return every identifier that stands inside a node, attribute and imported names included."""
    found: set[str] = set()
    for inner in walk(node):
        if type(inner) in _KINDS_WITH_NAMES:
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


def calls_builder(node: Node, names: frozenset[str]) -> bool:
    """Whether a node contains a call of something that can lead to an experiment."""
    return any(isinstance(inner, Call) and may_build(inner.function, names) for inner in walk(node))


def is_written_out(value: Expression) -> bool:
    """Whether a value is a number, a text or a constant as it stands."""
    return isinstance(value.operand if isinstance(value, Unary) else value, Literal | Constant)


def may_build(definition: Node, names: frozenset[str]) -> bool:
    """Whether a function mentions a name that can lead to an experiment."""
    return not names.isdisjoint(mentioned_names(definition))
