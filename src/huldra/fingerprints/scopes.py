"""Which names a scope binds, and which of them are nothing but imports. Facts only."""

from collections.abc import Iterable

from msgspec import Struct

from huldra.facts.bound_by import bound_by, target_names
from huldra.facts.expressions import Clause, Expression, Lambda, Name
from huldra.facts.statements import (
    Assign,
    ClassDefinition,
    FunctionDefinition,
    Import,
    ImportFrom,
    ScopeDeclaration,
    Statement,
)
from huldra.facts.walk import walk
from huldra.project.bindings import ImportedFrom, ImportedModule, bound_names

OTHER_SCOPES = (FunctionDefinition, ClassDefinition, Lambda)
Imported = ImportedModule | ImportedFrom


class Scope(Struct, eq=False):
    """The names of one scope: those with an identity of their own, and those that stand for an import.

    In the scope of a class names are attributes, and what is nested in it does not see them.
    """

    names: frozenset[str]
    parameters: frozenset[str] = frozenset()
    imports: dict[str, Imported] = {}
    is_class: bool = False
    body: tuple[Statement, ...] = ()

    def value_of(self, name: str) -> Expression | None:
        """Return the value of a name that is bound once, by an assignment, and that nothing further inside binds."""
        found: list[Expression | None] = []
        for node in (inner for statement in self.body for inner in walk(statement)):
            if isinstance(node, ScopeDeclaration):
                found += [None for each in node.names if each == name]
            elif isinstance(node, Assign) and isinstance(node.targets[0], Name) and node.targets[0].id == name:
                found.append(node.value)
            else:
                found += [None for each in bound_by(node) if each == name]
        return found[0] if len(found) == 1 and name not in self.parameters else None


def function_scope(parameters: Iterable[str], body: Iterable[Statement]) -> Scope:
    """Return the scope of a function; names that it declares global or nonlocal are not in it."""
    given, body = frozenset(parameters), tuple(body)
    bound = set(given)
    imports: dict[str, Imported] = {}
    elsewhere: set[str] = set()
    for node in (found for statement in body for found in walk(statement, stop_at=OTHER_SCOPES)):
        if isinstance(node, Import | ImportFrom):
            for name, target in bound_names(node):
                if isinstance(target, ImportedModule | ImportedFrom):
                    known = imports.setdefault(name, target)
                    if known != target:
                        bound.add(name)
        elif isinstance(node, ScopeDeclaration):
            elsewhere.update(node.names)
        else:
            bound.update(bound_by(node))
    names = frozenset(bound - elsewhere)
    kept = {name: target for name, target in imports.items() if name not in bound}
    return Scope(names, imports=kept, parameters=given, body=body)


def class_scope(body: Iterable[Statement]) -> Scope:
    """Return the scope of a class: the attributes that the statements of its body make."""
    return Scope(frozenset(name for statement in body for name in bound_by(statement)), is_class=True)


def comprehension_scope(clauses: Iterable[Clause]) -> Scope:
    """Return the scope of a comprehension: the names that its clauses bind."""
    return Scope(frozenset(name for clause in clauses for name in target_names(clause.target)))
