"""Where code only puts something into values, or looks whether they have something, and takes nothing from them."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from huldra.facts.expressions import Attribute, Call, Comparison, Expression, Name, Node, Span, Subscript, Unary
from huldra.facts.statements import (
    AnnotatedAssign,
    Assert,
    Assign,
    ClassDefinition,
    Delete,
    ExpressionStatement,
    FunctionDefinition,
    If,
    Raise,
)
from huldra.facts.walk import walk
from huldra.fingerprints.module_names import ADDING_METHODS

_BY_DECORATORS = ADDING_METHODS | {
    *("command", "callback", "group", "route", "get", "post", "put", "patch", "delete", "websocket", "task")
}
"""Methods by which frameworks register what they decorate, and give it back."""


class Puts(Struct, frozen=True):
    """Where values stand into which something is put, and where values of which only that is asked or told.

    A method that puts something in stands for the value that it is of.
    """

    into: frozenset[Span] = frozenset()
    tested: frozenset[Span] = frozenset()


def puts_of(parts: Iterable[Node | None]) -> Puts:
    """Return where some parts of a definition only put something into values, or look whether there is anything."""
    into: set[Span] = set()
    tested: set[Span] = set()
    for node in (inner for part in parts if part is not None for inner in walk(part)):
        into.update(_into(node))
        tested.update(each.at for each in _tested(node) if isinstance(each, Name | Attribute))
    return Puts(frozenset(into), frozenset(tested))


def _into(node: Node) -> Iterator[Span]:
    match node:
        case Assign(targets=targets) | Delete(targets=targets):
            yield from (target.value.at if isinstance(target, Subscript) else target.at for target in targets)
        case AnnotatedAssign(target=target):
            yield target.at
        case ExpressionStatement(value=Call(function=Attribute(name=name) as method)) if name in ADDING_METHODS:
            yield method.at
        case FunctionDefinition(decorators=decorators) | ClassDefinition(decorators=decorators):
            for decorator in decorators:
                method = decorator.function if isinstance(decorator, Call) else decorator
                if isinstance(method, Attribute) and method.name in _BY_DECORATORS:
                    yield method.at
        case _:
            return


def _tested(node: Node) -> Iterator[Expression | Node]:
    match node:
        case Unary(operator="not", operand=value) | If(test=value):
            yield value
        case Comparison(rest=rest):
            yield from (operand for operator, operand in rest if operator in {"in", "not in"})
        case Raise() | Assert(message=Node()):
            yield from walk(node.message if isinstance(node, Assert) and node.message is not None else node)
        case _:
            return
