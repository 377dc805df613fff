"""The names that a piece of code mentions, as spelled. Knows neither values nor other files."""

from collections.abc import Callable, Iterable

from huldra.facts.expressions import Attribute, Call, Expression, Literal, Name, Node, Subscript
from huldra.facts.statements import FileFacts, FunctionDefinition, ImportedName, PieceFacts
from huldra.facts.walk import nodes_in, statements_in
from huldra.formats.dialect import FROM_DICT

_KINDS_WITH_NAMES = frozenset({Name, Attribute, ImportedName, Call, Subscript})
BY_ANOTHER = "of the class of another"
"""Stands among the names for what builds an experiment without naming its class: `chz.replace(x)`, `type(x)(…)`,
`x.__class__(…)`, `cls(…)`, `x.from_dict(…)`."""
BY_TEXT = "of what a text names"
"""Stands among the names for what finds anything by a text that is not written out: `getattr(self, f"_{kind}")`."""
WITHOUT_NAMES = frozenset({BY_ANOTHER, BY_TEXT})
EVERYWHERE = frozenset(name for kind in (dict, list, set, str, type) for name in dir(kind)) | {
    "__call__",
    "__getattr__",
}
"""Names of methods that plain types of Python have, too: one that is called on `self` is a name of its own."""
_BY_NAMES = frozenset({"getattr", "attrgetter", "methodcaller"})
_RUNNING = frozenset({"eval", "exec"})
_TABLES = frozenset({"globals", "locals", "vars"})


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
                case Name(id=name):
                    found.add(name)
                case Attribute(name=name, value=value):
                    found.add(name)
                    if name == FROM_DICT:
                        found.add(BY_ANOTHER)
                    if name in EVERYWHERE and isinstance(value, Name) and value.id == "self":
                        found.add(on_self(name))
                case ImportedName(name=name, alias=alias):
                    found.update(part for part in (*name.split("."), alias) if part)
                    if alias is not None and name == "replace":
                        found.add(BY_ANOTHER)
                case Call(function=function):
                    if _builds_like_another(function):
                        found.add(BY_ANOTHER)
                    found.update(_named_by_text(inner, function))
                case Subscript(value=value, index=index) if _is_table(value):
                    found.update(_names_in_text(index))
                case _:
                    pass
    return frozenset(found)


def on_self(name: str) -> str:
    """Return what stands for a method that is called on `self`."""
    return f"self.{name}"


def _builds_like_another(function: Expression) -> bool:
    match function:
        case Name(id="cls" | "replace") | Attribute(name="__class__") | Call(function=Name(id="type")):
            return True
        case Attribute(name="replace", value=Name(id="chz" | "copy") | Attribute(name="chz")):
            return True
        case _:
            return False


def _named_by_text(call: Call, function: Expression) -> Iterable[str]:
    """Return what a call finds by a text; nothing for one that does not."""
    match function:
        case Name(id=name) | Attribute(name=name):
            pass
        case _:
            return ()
    if name in _RUNNING and isinstance(function, Name):
        return (BY_TEXT,)
    if name not in _BY_NAMES:
        return ()
    texts = (
        call.arguments[1:2] if name == "getattr" else call.arguments[:1] if name == "methodcaller" else call.arguments
    )
    return [found for text in texts for found in _names_in_text(text.value)]


def _names_in_text(text: Expression) -> Iterable[str]:
    """Return the names in a text that is written out: of attributes of attributes, all."""
    if not isinstance(text, Literal):
        return (BY_TEXT,)
    return text.source.lstrip("rRuU").strip("'\"").split(".")


def _is_table(value: Expression) -> bool:
    """Whether a value is a table of the names of a module, a function or an object."""
    match value:
        case Call(function=Name(id=name)):
            return name in _TABLES
        case Attribute(name="__dict__"):
            return True
        case _:
            return False
