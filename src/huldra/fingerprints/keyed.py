"""Where code asks a value for one entry only, or asks it for nothing that a result could hold. Resolves no name."""

from collections.abc import Iterable

from huldra.facts.expressions import Attribute, Call, Comparison, Name, Node, Slice, Span, Subscript
from huldra.facts.statements import Assert, Assign, Raise
from huldra.facts.walk import walk


def keyed_places(parts: Iterable[Node | None]) -> frozenset[Span]:
    """Return where values stand that are asked for an entry (`x[key]`, `key in x`), bound anew, or told in an error."""
    found: set[Span] = set()
    for node in (inner for part in parts if part is not None for inner in walk(part)):
        match node:
            case Subscript(value=Name() | Attribute() as value, index=index) if not isinstance(index, Slice):
                found.add(value.at)
            case Comparison(rest=rest):
                found.update(operand.at for operator, operand in rest if operator in {"in", "not in"})
            case Assign(targets=targets):
                found.update(target.at for target in targets)
            case Raise() | Assert(message=Node()):
                told = node.message if isinstance(node, Assert) and node.message is not None else node
                found.update(inner.at for inner in walk(told) if isinstance(inner, Name | Attribute))
            case _:
                pass
    return frozenset(found)


def called_places(parts: Iterable[Node | None]) -> frozenset[Span]:
    """Return where something is named only to be called, so that nothing can ask it for its name."""
    nodes = (inner for part in parts if part is not None for inner in walk(part))
    return frozenset(node.function.at for node in nodes if isinstance(node, Call))
