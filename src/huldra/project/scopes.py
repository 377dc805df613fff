"""The scopes of a file: what binds each name in them, and every node with the scope that it stands in. Facts only."""

from collections.abc import Iterable, Iterator
from typing import Literal as OneOf

from msgspec import Struct

from huldra.facts.expressions import (
    Call,
    Comprehension,
    Expression,
    Lambda,
    ListDisplay,
    Name,
    Node,
    Parameter,
    Starred,
    TupleDisplay,
    Walrus,
)
from huldra.facts.statements import (
    AnnotatedAssign,
    AsPattern,
    Assign,
    AugmentedAssign,
    ClassDefinition,
    FileFacts,
    For,
    FunctionDefinition,
    Handler,
    Import,
    ImportFrom,
    MappingPattern,
    ScopeDeclaration,
    StarPattern,
    Statement,
    With,
)
from huldra.facts.walk import child_nodes
from huldra.formats.names import LOCALS
from huldra.project.bindings import ImportedFrom, ImportedModule, bound_names
from huldra.project.places import Origin

How = OneOf["value", "item", "annotation", "self", "class", "function", "import", "other"]
_OWN_SCOPES = (FunctionDefinition, ClassDefinition, Lambda, Comprehension)


class Bound(Struct, frozen=True):
    """One thing that binds a name: the value of an expression, an item of it, what an annotation says, or `self`.

    `steps` lead into a tuple that is unpacked; `within` is the scope of the expressions, any one of which it may be.
    """

    how: How
    expressions: tuple[Expression, ...]
    within: "Scope"
    steps: tuple[int, ...] = ()
    definition: FunctionDefinition | None = None
    imported: ImportedModule | ImportedFrom | None = None


class Scope(Struct, eq=False):
    """Names with what binds them; imports, and the functions and classes of a module, are looked up elsewhere.

    `class_name` is the class whose body this is, or whose body a function stands in.
    """

    module: str
    kind: OneOf["module", "class", "function"]
    parent: "Scope | None" = None
    class_name: str | None = None
    qualname: str = ""
    bound: dict[str, list[Bound]] = {}

    def look_up(self, name: str) -> tuple[Bound, ...] | None:
        """Return what binds a name as it is read here; None for what no function or class body binds."""
        scope: Scope | None = self
        while scope is not None and scope.kind != "module":
            if name in scope.bound and (scope.kind != "class" or scope is self):
                return tuple(scope.bound[name])
            scope = scope.parent
        return None

    def bind(self, name: str, bound: Bound) -> None:
        """Take one more binding in."""
        self.bound.setdefault(name, []).append(bound)


class Placed(Struct, frozen=True):
    """A node, where its piece begins, and its scope."""

    node: Node
    origin: Origin
    scope: Scope


def module_scope(module: str, facts: FileFacts) -> Scope:
    """Return the scope of a module's own names."""
    scope = Scope(module, "module")
    _bind_all(scope, (statement for piece in facts.pieces for statement in piece.facts.statements))
    return scope


def placed_nodes(file: str, facts: FileFacts, scope: Scope) -> Iterator[Placed]:
    """Yield every node of a file with its scope, outer before inner.

    Args:
        file: Root-relative name.
        facts: What it says.
        scope: Its `module_scope`.
    """
    for piece in facts.pieces:
        origin = Origin(file, piece.first_line)
        for statement in piece.facts.statements:
            yield from _placed(statement, origin, scope)


def _placed(node: Node, origin: Origin, scope: Scope) -> Iterator[Placed]:
    waiting: list[tuple[Node, Scope]] = [(node, scope)]
    while waiting:
        node, scope = waiting.pop()
        yield Placed(node, origin, scope)
        waiting += reversed(list(_inner(node, scope)))


def _inner(node: Node, scope: Scope) -> Iterator[tuple[Node, Scope]]:
    match node:
        case FunctionDefinition(parameters=parameters, body=body, decorators=decorators, returns=returns):
            yield from ((inner, scope) for inner in decorators)
            yield from ((inner, scope) for inner in parameters)
            yield from () if returns is None else [(returns, scope)]
            inside = function_scope(node, scope)
            yield from ((inner, inside) for inner in body)
        case ClassDefinition(arguments=arguments, body=body, decorators=decorators):
            yield from ((inner, scope) for inner in (*decorators, *arguments))
            inside = _class_scope(node, scope)
            yield from ((inner, inside) for inner in body)
        case Lambda(parameters=parameters, body=body):
            yield from ((inner, scope) for inner in parameters)
            yield body, _lambda_scope(node, scope, ())
        case Comprehension():
            inside = comprehension_scope(node, scope)
            yield from ((inner, inside) for inner in child_nodes(node))
        case Call(function=function, arguments=arguments):
            yield function, scope
            for argument in arguments:
                if isinstance(argument.value, Lambda):
                    # `sorted(runs, key=lambda run: …)`: its parameter is an item of something beside it.
                    others = (*(a.value for a in arguments if a is not argument), *child_expressions(function))
                    yield from ((inner, scope) for inner in argument.value.parameters)
                    yield argument.value.body, _lambda_scope(argument.value, scope, others)
                else:
                    yield argument, scope
        case _:
            yield from ((inner, scope) for inner in child_nodes(node))


def child_expressions(node: Node) -> tuple[Expression, ...]:
    """Return the expressions that a node directly holds."""
    return tuple(child for child in child_nodes(node) if isinstance(child, Expression))


def function_scope(definition: FunctionDefinition, scope: Scope) -> Scope:
    """Return the scope of a function that stands in a scope."""
    owner = scope.class_name if scope.kind == "class" else None
    inside = Scope(scope.module, "function", scope, owner, f"{_prefix(scope)}{definition.name}.{LOCALS}")
    kinds = {dotted.id for dotted in definition.decorators if isinstance(dotted, Name)}
    for number, parameter in enumerate(definition.parameters):
        is_first = number == 0 and owner is not None and "staticmethod" not in kinds
        inside.bind(parameter.name, _parameter(parameter, scope, inside, is_first=is_first, kinds=kinds))
    _bind_all(inside, definition.body)
    return inside


def _parameter(parameter: Parameter, scope: Scope, inside: Scope, *, is_first: bool, kinds: set[str]) -> Bound:
    if parameter.annotation is not None and parameter.kind not in {"var_positional", "var_keyword"}:
        return Bound("annotation", (parameter.annotation,), scope)
    if is_first and parameter.annotation is None:
        return Bound("class" if "classmethod" in kinds else "self", (), inside)
    return Bound("other", (), scope)


def _class_scope(definition: ClassDefinition, scope: Scope) -> Scope:
    qualname = f"{_prefix(scope)}{definition.name}"
    inside = Scope(scope.module, "class", scope, f"{scope.module}.{qualname}", qualname)
    _bind_all(inside, definition.body)
    return inside


def _prefix(scope: Scope) -> str:
    return f"{scope.qualname}." if scope.qualname else ""


def _lambda_scope(node: Lambda, scope: Scope, beside: tuple[Expression, ...]) -> Scope:
    inside = Scope(scope.module, "function", scope, None, scope.qualname)
    for parameter in node.parameters:
        is_item = len(node.parameters) == 1 and bool(beside)
        inside.bind(parameter.name, Bound("item" if is_item else "other", beside if is_item else (), scope))
    return inside


def comprehension_scope(node: Comprehension, scope: Scope) -> Scope:
    """Return the scope of a comprehension's own names."""
    # In the body of a class only the first iterable sees the names of the body; to see more is harmless here.
    inside = Scope(scope.module, "function", scope, None, scope.qualname)
    for clause in node.clauses:
        _bind_target(inside, clause.target, "item", clause.iterable, inside)
    return inside


def _bind_all(scope: Scope, block: Iterable[Statement]) -> None:
    """Bind what a block binds in its own scope, at any depth."""
    waiting: list[Node] = list(block)
    elsewhere: set[str] = set()
    while waiting:
        node = waiting.pop()
        _bind_node(scope, node)
        if isinstance(node, ScopeDeclaration):
            elsewhere.update(node.names)
        if not isinstance(node, _OWN_SCOPES):
            waiting += child_nodes(node)
    for name in elsewhere:
        scope.bound.pop(name, None)


def _bind_node(scope: Scope, node: Node) -> None:
    match node:
        case Assign(targets=targets, value=value):
            for target in targets:
                _bind_target(scope, target, "value", value, scope)
        case AnnotatedAssign(target=Name(id=name), annotation=annotation):
            scope.bind(name, Bound("annotation", (annotation,), scope))
        case AugmentedAssign(target=Name(id=name)) | Handler(name=str(name)):
            scope.bind(name, Bound("other", (), scope))
        case For(target=target, iterable=iterable):
            _bind_target(scope, target, "item", iterable, scope)
        case With(items=items):
            for value, target in items:
                if target is not None:
                    _bind_target(scope, target, "value", value, scope)
        case Walrus(target=name, value=value):
            scope.bind(name, Bound("value", (value,), scope))
        case AsPattern(name=str(name)) | StarPattern(name=str(name)) | MappingPattern(rest=str(name)):
            scope.bind(name, Bound("other", (), scope))
        case FunctionDefinition(name=name) if scope.kind != "module":
            scope.bind(name, Bound("function", (), scope, definition=node))
        case ClassDefinition(name=name) if scope.kind != "module":
            scope.bind(name, Bound("other", (), scope))
        case Import() | ImportFrom() if scope.kind != "module":
            for name, target in bound_names(node):
                if isinstance(target, ImportedModule | ImportedFrom):
                    scope.bind(name, Bound("import", (), scope, imported=target))
        case _:
            pass


def _bind_target(
    scope: Scope, target: Expression, how: How, value: Expression, within: Scope, steps: tuple[int, ...] = ()
) -> None:
    match target:
        case Name(id=name):
            scope.bind(name, Bound(how, (value,), within, steps))
        case TupleDisplay(items=items) | ListDisplay(items=items):
            for number, item in enumerate(items):
                _bind_target(scope, item, how, value, within, (*steps, number))
        case Starred(value=Name(id=name)):
            scope.bind(name, Bound("other", (), within))
        case _:
            pass
