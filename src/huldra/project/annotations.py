"""Which experiment classes an annotation names, however deep inside it they stand. Evaluates nothing."""

from collections.abc import Iterator

from huldra.facts.collect import collect_piece
from huldra.facts.expressions import Attribute, Expression, Literal, Name, Node
from huldra.facts.statements import ExpressionStatement
from huldra.facts.walk import child_nodes
from huldra.project.classes import ClassInfo
from huldra.project.fields import FieldDeclaration
from huldra.project.link import Project
from huldra.project.symbols import ClassSymbol


def annotated_experiments(project: Project, field: FieldDeclaration) -> tuple[str, ...]:
    """Return the experiment classes that a field's annotation names, in the order written."""
    if field.annotation is None:
        return ()
    owner = project.classes[field.owner]
    return tuple(dict.fromkeys(_named(project, owner, field.annotation)))


def _named(project: Project, owner: ClassInfo, node: Node) -> Iterator[str]:
    if isinstance(node, Literal) and node.source[:1] in "'\"":
        inner = _quoted(node)
        if inner is not None:
            yield from _named(project, owner, inner)
        return
    if isinstance(node, Name | Attribute):
        symbol = project.symbols.resolve_expression(owner.module, node, owner.enclosing)
        if isinstance(symbol, ClassSymbol) and project.experiment(symbol.name) is not None:
            yield symbol.name
        return
    for child in child_nodes(node):
        yield from _named(project, owner, child)


def _quoted(node: Literal) -> Expression | None:
    """Return the expression inside a quoted annotation."""
    facts = collect_piece(node.source.strip("'\"") + "\n")
    match facts.statements:
        case (ExpressionStatement(value=value),):
            return value
        case _:
            return None
