"""The names that a piece of code mentions, as spelled. Knows neither values nor other files."""

from collections.abc import Callable

from huldra.facts.expressions import Attribute, Call, Expression, Name, Node
from huldra.facts.statements import FileFacts, FunctionDefinition, ImportedName, PieceFacts
from huldra.facts.walk import nodes_in, statements_in

_KINDS_WITH_NAMES = frozenset({Name, Attribute, ImportedName, Call})
BY_ANOTHER = "of the class of another"
"""Stands among the names for what builds an experiment without naming its class: `chz.replace(x)`, `type(x)(…)`,
`x.__class__(…)`, `cls(…)`."""


def mentioned_in_functions(facts: FileFacts) -> frozenset[str]:
    """Return every name that a function or method of a file mentions but for its own."""
    return frozenset[str]().union(*(mentioned_in_functions_of(piece.facts, mentioned_names) for piece in facts.pieces))


def mentioned_in_functions_of(
    piece: PieceFacts, names_in: Callable[[FunctionDefinition], frozenset[str]]
) -> frozenset[str]:
    """Return every name that a function or method of a piece mentions but for its own.

    Args:
        piece: A top-level statement.
        names_in: Gives what `mentioned_names` does, where that may be known.
    """
    found: set[str] = set()
    for statement in piece.statements:
        for node in statements_in(statement, stop_at=(FunctionDefinition,)):
            if isinstance(node, FunctionDefinition):
                found |= names_in(node) - {node.name}
    return frozenset(found)


def mentioned_names(node: Node) -> frozenset[str]:
    """Return every identifier that stands inside a node, attribute and imported names included."""
    found: set[str] = set()
    for inner in nodes_in(node):
        if type(inner) in _KINDS_WITH_NAMES:
            match inner:
                case Name(id=name) | Attribute(name=name):
                    found.add(name)
                case ImportedName(name=name, alias=alias):
                    found.update(part for part in (*name.split("."), alias) if part)
                    if alias is not None and name == "replace":
                        found.add(BY_ANOTHER)
                case Call(function=function) if _builds_like_another(function):
                    found.add(BY_ANOTHER)
                case _:
                    pass
    return frozenset(found)


def _builds_like_another(function: Expression) -> bool:
    match function:
        case Name(id="cls" | "replace") | Attribute(name="__class__") | Call(function=Name(id="type")):
            return True
        case Attribute(name="replace", value=Name(id="chz" | "copy") | Attribute(name="chz")):
            return True
        case _:
            return False
