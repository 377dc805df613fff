"""Which top-level statements of a module make a name what it is: those that bind it, and those that act on it."""

from collections.abc import Iterator, Mapping

from huldra.facts.expressions import (
    Attribute,
    Call,
    Comparison,
    Expression,
    Literal,
    Name,
    Node,
    Subscript,
    dotted_name,
)
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

ADDING_METHODS = frozenset({"append", "add", "insert", "extend", "update", "setdefault", "register", "__setitem__"})
"""Methods that put something into a table."""


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
        for chain in _acts_of(node):
            yield dotted_name(chain) or ""
        if isinstance(node, ExpressionStatement):
            called = called_name(node.value)
            if called is not None:
                yield key_of_calls(called)


def acted_on(statement: Statement) -> Iterator[Name | Attribute]:
    """Yield what a top-level statement acts on without binding it: `X` and `X.a` of `X.a["b"] = 1`."""
    for node in walk(statement, stop_at=OTHER_SCOPES):
        yield from _acts_of(node)


def called_name(expression: Expression) -> str | None:
    """Return the dotted name that a call comes down to, `f` of `f(1)(2)`; None for anything else."""
    value = expression
    while isinstance(value, Call):
        value = value.function
    return dotted_name(value) if value is not expression else None


def key_of_calls(name: str) -> str:
    """Return under which name of a module its top-level statements stand that call something."""
    return f"{name}()"


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


def _acts_of(node: Node) -> Iterator[Name | Attribute]:
    for holder in _held_by(node):
        value = holder
        while not isinstance(value, Name) and isinstance(value, Attribute | Subscript):
            if isinstance(value, Attribute) and dotted_name(value) is not None:
                yield value
            value = value.value
        if isinstance(value, Name):
            yield value


def _held_by(node: Node) -> Iterator[Expression]:
    """Yield the expressions whose values a node changes; a plain name that is bound is none."""
    match node:
        case Assign(targets=targets) | Delete(targets=targets):
            yield from (holder for target in targets for holder in _changed_by(target))
        case AugmentedAssign(target=target):
            yield from _changed_by(target)
        case ExpressionStatement(value=Call(function=Attribute(value=holder))):
            yield holder
        case ExpressionStatement(value=Call(function=Name(id="setattr" | "delattr"), arguments=(first, *_))):
            yield first.value
        case FunctionDefinition(decorators=decorators) | ClassDefinition(decorators=decorators):
            for decorator in decorators:
                function = decorator.function if isinstance(decorator, Call) else decorator
                if isinstance(function, Attribute):
                    yield function.value
        case _:
            return


def _changed_by(target: Expression) -> Iterator[Expression]:
    match target:
        case Attribute():
            yield target
        case Subscript(value=holder):
            yield holder
        case _:
            return


def owner_name(target: Expression) -> str | None:
    """Return the name whose inside a target is: `X` of `X.a["b"]`; None for a plain name."""
    value = target
    while isinstance(value, Attribute | Subscript):
        value = value.value
    return value.id if isinstance(value, Name) and value is not target else None
