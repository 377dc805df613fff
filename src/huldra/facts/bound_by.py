"""Which names a statement, a pattern or a walrus makes names of its scope. Imports, which differ, are left out."""

from collections.abc import Iterator

from huldra.facts.expressions import Expression, ListDisplay, Name, Node, Starred, TupleDisplay, Walrus
from huldra.facts.statements import (
    AnnotatedAssign,
    AsPattern,
    Assign,
    AugmentedAssign,
    ClassDefinition,
    Delete,
    For,
    FunctionDefinition,
    MappingPattern,
    StarPattern,
    Try,
    TypeAlias,
    With,
)


def bound_by(node: Node) -> Iterator[str]:
    """Yield the names that one node by itself makes names of the scope that it stands in; `name: int` does, too."""
    match node:
        case FunctionDefinition(name=name) | ClassDefinition(name=name) | TypeAlias(name=name) | Walrus(target=name):
            yield name
        case For(target=target) | AugmentedAssign(target=target) | AnnotatedAssign(target=target):
            yield from target_names(target)
        case Assign(targets=targets) | Delete(targets=targets):
            for target in targets:
                yield from target_names(target)
        case With(items=items):
            for _, target in items:
                if target is not None:
                    yield from target_names(target)
        case Try(handlers=handlers):
            yield from (handler.name for handler in handlers if handler.name is not None)
        case AsPattern(name=str(name)) | StarPattern(name=str(name)) | MappingPattern(rest=str(name)):
            yield name
        case _:
            return


def is_only_annotated(node: Node) -> bool:
    """Whether a node is `name: int`, which gives the name no value."""
    return isinstance(node, AnnotatedAssign) and node.value is None


def target_names(target: Expression) -> Iterator[str]:
    """Yield the plain names of an assignment's target."""
    match target:
        case Name(id=name):
            yield name
        case TupleDisplay(items=items) | ListDisplay(items=items):
            for item in items:
                yield from target_names(item)
        case Starred(value=value):
            yield from target_names(value)
        case _:
            return
