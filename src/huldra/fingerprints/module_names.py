"""Which top-level statements of a module make a name what it is: those that bind it, and those that act on it."""

from collections.abc import Iterator, Mapping

from huldra.facts.expressions import Attribute, Call, Comparison, Expression, Literal, Name, Node, Subscript
from huldra.facts.statements import (
    Assign,
    AugmentedAssign,
    ClassDefinition,
    Delete,
    ExpressionStatement,
    FileFacts,
    FunctionDefinition,
    If,
    Import,
    ImportFrom,
    Statement,
)
from huldra.facts.walk import walk
from huldra.fingerprints.scopes import OTHER_SCOPES, bound_by
from huldra.project.bindings import is_type_checking
from huldra.project.places import Origin

PlacedStatement = tuple[Statement, Origin]


def module_names(file: str, facts: FileFacts) -> Mapping[str, tuple[PlacedStatement, ...]]:
    """Return the statements of each name of a module, in order.

    `CACHE.update(x)` and `CACHE["a"] = 1` act on `CACHE`, and so does a definition below `@CACHE.register`. Imports,
    what stands under `if TYPE_CHECKING` and what only runs as a script are left out.
    """
    found: dict[str, list[PlacedStatement]] = {}
    for piece in facts.pieces:
        origin = Origin(file, piece.first_line)
        for statement in piece.facts.statements:
            for name in dict.fromkeys(_concerned(statement)):
                found.setdefault(name, []).append((statement, origin))
    return {name: tuple(statements) for name, statements in found.items()}


def _concerned(statement: Statement) -> Iterator[str]:
    if isinstance(statement, Import | ImportFrom):
        return
    if isinstance(statement, If) and not statement.orelse and _never_runs_on_import(statement):
        return
    for node in walk(statement, stop_at=OTHER_SCOPES):
        yield from bound_by(node)
        yield from _acts_of(node)


def acted_on(statement: Statement) -> Iterator[str]:
    """Yield the names that a top-level statement acts on without binding them."""
    for node in walk(statement, stop_at=OTHER_SCOPES):
        yield from _acts_of(node)


def _never_runs_on_import(statement: If) -> bool:
    return is_type_checking(statement.test) or is_main_guard(statement.test)


def is_main_guard(test: Expression) -> bool:
    """Whether a condition is `__name__ == "__main__"`, either way round."""
    match test:
        case Comparison(first=Name(id="__name__"), rest=(("==", Literal(source=text)),)):
            return text.strip("'\"") == "__main__"
        case Comparison(first=Literal(source=text), rest=(("==", Name(id="__name__")),)):
            return text.strip("'\"") == "__main__"
        case _:
            return False


def _acts_of(node: Node) -> Iterator[str]:
    match node:
        case Assign(targets=targets) | Delete(targets=targets):
            yield from (name for target in targets if (name := owner_name(target)) is not None)
        case AugmentedAssign(target=target):
            yield from (name for name in (owner_name(target),) if name is not None)
        case ExpressionStatement(value=Call(function=Attribute() as function)):
            yield from (name for name in (owner_name(function),) if name is not None)
        case FunctionDefinition(decorators=decorators) | ClassDefinition(decorators=decorators):
            for decorator in decorators:
                name = owner_name(decorator.function if isinstance(decorator, Call) else decorator)
                if name is not None:
                    yield name
        case _:
            return


def owner_name(target: Expression) -> str | None:
    """Return the name whose inside a target is: `X` of `X.a["b"]`; None for a plain name."""
    value = target
    while isinstance(value, Attribute | Subscript):
        value = value.value
    return value.id if isinstance(value, Name) and value is not target else None
