"""What a generator function yields and never reads again: its consumer may do with it what it likes. Facts only."""

from collections.abc import Iterator

from huldra.facts.expressions import (
    Call,
    Comprehension,
    DictDisplay,
    Lambda,
    ListDisplay,
    Name,
    Node,
    SetDisplay,
    Yield,
    YieldFrom,
    dotted_name,
)
from huldra.facts.statements import (
    Assign,
    ClassDefinition,
    ExpressionStatement,
    For,
    FunctionDefinition,
    ScopeDeclaration,
    Statement,
    While,
)
from huldra.facts.walk import walk

_MAKING = frozenset({"asdict", "deepcopy", "dict", "list", "set", "sorted"})
"""Functions that give a container of their own."""


def names_let_go(definition: FunctionDefinition) -> frozenset[str] | None:
    """Return the names of a function of which nothing is read again once it has yielded what they hold.

    None if anything that it yields may be read again. What it yields is a container made there (`yield dict(…)`), or
    has a name to which the body of a loop first binds such a one, as a statement of its own, and which nothing but
    the statements up to the `yield` mentions. What the container holds may be read again all the same.
    """
    nodes = [node for statement in definition.body for node in walk(statement)]
    yields = [node for node in nodes if isinstance(node, Yield | YieldFrom)]
    fresh = sum(isinstance(node, Yield) and _is_made_there(node.value) for node in yields)
    bodies = [node.body for node in nodes if isinstance(node, For | While)]
    found = [name for body in bodies for name in _let_go_in(body)]
    declared = {name for node in nodes if isinstance(node, ScopeDeclaration) for name in node.names}
    later = {inner.id for node in nodes if _is_run_later(node) for inner in walk(node) if isinstance(inner, Name)}
    if fresh + len(found) != len(yields) or not (declared | later).isdisjoint(found):
        return None
    mentioned = [node.id for node in nodes if isinstance(node, Name)]
    inside = [name for body in bodies for name in _mentions_between(body)]
    return frozenset(found) if all(mentioned.count(name) == inside.count(name) for name in found) else None


def _is_made_there(value: Node | None) -> bool:
    match value:
        case Call(function=function):
            return (dotted_name(function) or "").rpartition(".")[2] in _MAKING
        case Comprehension(kind=kind):
            return kind != "generator"
        case _:
            return isinstance(value, DictDisplay | ListDisplay | SetDisplay)


def _let_go_in(body: tuple[Statement, ...]) -> Iterator[str]:
    for begin, end in _spans(body):
        yield from (_bound(body[begin]),) if end > begin else ()


def _mentions_between(body: tuple[Statement, ...]) -> Iterator[str]:
    """Yield the mentions of a name between its binding and its yield, once for each."""
    for begin, end in _spans(body):
        name = _bound(body[begin])
        for statement in body[begin : end + 1]:
            yield from (node.id for node in walk(statement) if isinstance(node, Name) and node.id == name)


def _spans(body: tuple[Statement, ...]) -> Iterator[tuple[int, int]]:
    """Yield where a name is bound and where it is yielded, for each `yield name` of a block."""
    for end, statement in enumerate(body):
        match statement:
            case ExpressionStatement(value=Yield(value=Name(id=name))):
                first = next((index for index in range(end) if _mentions(body[index], name)), end)
                if first < end and _bound(body[first]) == name:
                    yield first, end
            case _:
                pass


def _is_run_later(node: Node) -> bool:
    is_lazy = isinstance(node, Comprehension) and node.kind == "generator"
    return is_lazy or isinstance(node, Lambda | FunctionDefinition | ClassDefinition)


def _bound(statement: Statement) -> str:
    """Return the name to which a statement binds a container that it makes."""
    match statement:
        case Assign(targets=(Name(id=name),), value=value) if _is_made_there(value) and not _mentions(value, name):
            return name
        case _:
            return ""


def _mentions(node: Node, name: str) -> bool:
    return any(isinstance(inner, Name) and inner.id == name for inner in walk(node))
