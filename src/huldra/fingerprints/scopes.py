"""Which names a scope binds, and which of them are nothing but imports. Facts only."""

from collections.abc import Iterable

from msgspec import Struct

from huldra.facts.bound_by import bound_by, target_names
from huldra.facts.expressions import Clause, Lambda
from huldra.facts.statements import ClassDefinition, FunctionDefinition, Import, ImportFrom, ScopeDeclaration, Statement
from huldra.facts.walk import walk
from huldra.project.bindings import ImportedFrom, ImportedModule, bound_names

OTHER_SCOPES = (FunctionDefinition, ClassDefinition, Lambda)
Imported = ImportedModule | ImportedFrom


class Scope(Struct, eq=False):
    """The names of one scope: those with an identity of their own, and those that stand for an import.

    In the scope of a class names are attributes, and what is nested in it does not see them.
    """

    names: frozenset[str]
    imports: dict[str, Imported] = {}
    is_class: bool = False


def function_scope(parameters: Iterable[str], body: Iterable[Statement]) -> Scope:
    """Return the scope of a function; names that it declares global or nonlocal are not in it."""
    bound = set(parameters)
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
    return Scope(names, {name: target for name, target in imports.items() if name not in bound})


def class_scope(body: Iterable[Statement]) -> Scope:
    """Return the scope of a class: the attributes that the statements of its body make."""
    return Scope(frozenset(name for statement in body for name in bound_by(statement)), is_class=True)


def comprehension_scope(clauses: Iterable[Clause]) -> Scope:
    """Return the scope of a comprehension: the names that its clauses bind."""
    return Scope(frozenset(name for clause in clauses for name in target_names(clause.target)))
