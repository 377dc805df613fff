"""Which top-level statements of a module make a name what it is: those that bind it, and those that act on it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal as OneOf
from typing import NamedTuple

from huldra.facts.bound_by import bound_by
from huldra.facts.expressions import (
    Attribute,
    Call,
    Comparison,
    Constant,
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
    For,
    FunctionDefinition,
    If,
    Import,
    ImportFrom,
    Statement,
    Try,
    While,
    With,
)
from huldra.facts.walk import walk
from huldra.fingerprints.scopes import OTHER_SCOPES
from huldra.project.bindings import bound_names, is_type_checking
from huldra.project.local_names import local_names
from huldra.project.places import Origin

PlacedStatement = tuple[Statement, Origin]

_IMPORT = "import "
STAR = "*"
"""What a star import stands under, whatever it brings."""

ADDING_METHODS = frozenset({"append", "add", "insert", "extend", "update", "setdefault", "register", "__setitem__"})
"""Methods that put something into a table."""
SETTERS = frozenset({"setattr", "delattr"})
_EXEC = "exec"


def module_names(file: str, facts: FileFacts) -> Mapping[str, tuple[PlacedStatement, ...]]:
    """Return the statements of each name of a module, in order.

    `CACHE.update(x)` and `CACHE["a"] = 1` act on `CACHE`, and so does a definition below `@CACHE.register`. Imports,
    what stands under `if TYPE_CHECKING` and what only runs as a script are left out. What runs a text as if it stood
    there, `exec(text)`, may set any of the names.
    """
    found: dict[str, list[PlacedStatement]] = {}
    for piece in facts.pieces:
        origin = Origin(file, piece.first_line)
        for statement in piece.facts.statements:
            for name in dict.fromkeys(_concerned(statement)):
                found.setdefault(name, []).append((statement, origin))
    texts_run = [placed for placed in found.get(key_of_calls(_EXEC), ()) if _runs_text_here(placed[0])]
    if texts_run:
        known = dict.fromkeys(placed for statements in found.values() for placed in statements)
        for name in dict.fromkeys(name for statement, _ in known for name in names_bound(statement)):
            found[name] = sorted(dict.fromkeys((*found[name], *texts_run)), key=_place)
    return {name: tuple(statements) for name, statements in found.items()}


def _place(placed: PlacedStatement) -> tuple[int, ...]:
    statement, origin = placed
    return (origin.first_line + statement.at[0], *statement.at[1:])


def _runs_text_here(statement: Statement) -> bool:
    """Whether a statement runs a text that may set names of the module: no other table of names is given."""
    for node in walk(statement, stop_at=OTHER_SCOPES):
        match node:
            case ExpressionStatement(value=Call(function=Name(id=name), arguments=(_, *given))) if name == _EXEC:
                tables = [argument.value for argument in given]
                if all(isinstance(table, Call | Constant) for table in tables):  # `globals()`, None
                    return True
            case _:
                pass
    return False


def _concerned(statement: Statement) -> Iterator[str]:
    if isinstance(statement, Import | ImportFrom):
        return
    if runs_only_otherwise(statement):
        return
    yield from names_bound(statement)
    for node in walk(statement, stop_at=OTHER_SCOPES):
        if isinstance(node, Import | ImportFrom):
            yield from map(import_key, _imported_by(node))
        if isinstance(node, ExpressionStatement):
            called = called_name(node.value)
            if called is not None:
                yield key_of_calls(called)
    for acted in acted_on(statement):
        yield dotted_name(acted.chain) or ""


def names_bound(statement: Statement) -> Iterator[str]:
    """Yield the names of the module that a top-level statement binds, imports left out."""
    for node in walk(statement, stop_at=OTHER_SCOPES):
        yield from bound_by(node)
    if isinstance(statement, FunctionDefinition):
        exported = local_names(statement).exported_below
        yield from (name for node in walk(statement) for name in bound_by(node) if name in exported)


class Acted(NamedTuple):
    """A name or attribute that a statement acts on without binding it.

    `how` is `set` for `X.a` of `X.a = 1`, `holder` for `X` of it, and `inside` for all else.
    """

    chain: Name | Attribute
    how: OneOf["set", "holder", "inside"] = "inside"


def acted_on(statement: Statement) -> Iterator[Acted]:
    """Yield what a top-level statement acts on: `X` and `X.a` of `X.a["b"] = 1`.

    A function that does so when it is called counts; what is its own does not.
    """
    match statement:
        case FunctionDefinition(body=body):
            yield from _acts_of(statement)
            local = local_names(statement).names
            for node in (inner for part in body for inner in walk(part, stop_at=(ClassDefinition,))):
                yield from (acted for acted in _acts_of(node) if _root(acted.chain) not in local)
        case ClassDefinition(body=body):
            yield from _acts_of(statement)
            # The body runs when the class is made; methods do not.
            yield from (acted for part in body if not isinstance(part, FunctionDefinition) for acted in acted_on(part))
        case _:
            for node in walk(statement, stop_at=OTHER_SCOPES):
                yield from _acts_of(node)


def own_statements(statements: Sequence[Statement], name: str) -> tuple[Statement, ...]:
    """Return what makes a value of those that act on its name: what is put into it by decorators stands by itself."""
    own = tuple(statement for statement in statements if not _is_put_in(statement, name))
    # A function to which implementations or commands are added is one with them.
    return tuple(statements) if all(isinstance(each, FunctionDefinition) for each in own) else own


def _is_put_in(statement: Statement, name: str) -> bool:
    """Whether a statement acts on a name only by being defined below decorators of it: `@STEPS.register`."""
    if not isinstance(statement, FunctionDefinition | ClassDefinition) or name in names_bound(statement):
        return False
    by_decorators = sum(_root(acted.chain) == name for acted in _acts_of(statement))
    return 0 < by_decorators == sum(_root(acted.chain) == name for acted in acted_on(statement))


def _root(chain: Name | Attribute) -> str:
    return (dotted_name(chain) or "").partition(".")[0]


def called_name(expression: Expression) -> str | None:
    """Return the dotted name that a call comes down to, `f` of `f(1)(2)`; None for anything else."""
    value = expression
    while isinstance(value, Call):
        value = value.function
    return dotted_name(value) if value is not expression else None


def import_key(name: str) -> str:
    """Return under which name of a module its statements stand that decide what is imported under a name."""
    return f"{_IMPORT}{name}"


def is_import_key(name: str) -> bool:
    """Return whether a name of a module is one that `import_key` gives."""
    return name.startswith(_IMPORT)


def imported_under(name: str) -> str:
    """Return the name for which `import_key` gave this."""
    return name.removeprefix(_IMPORT)


def conditions_of(statement: Statement, name: str) -> Iterator[Expression]:
    """Yield the conditions, and the exceptions, that decide what a statement imports under a name."""
    match statement:
        case If(test=test, body=body, orelse=orelse) | While(test=test, body=body, orelse=orelse):
            if any(_imports(inner, name) for inner in (*body, *orelse)):
                yield test
            parts: tuple[Statement, ...] = (*body, *orelse)
        case Try(body=body, handlers=handlers, orelse=orelse, final=final):
            parts = (*body, *(inner for handler in handlers for inner in handler.body), *orelse, *final)
            if any(_imports(inner, name) for inner in parts):
                yield from (handler.caught for handler in handlers if handler.caught is not None)
        case For(body=body, orelse=orelse):
            parts = (*body, *orelse)
        case With(body=body):
            parts = body
        case _:
            return
    for inner in parts:
        yield from conditions_of(inner, name)


def _imports(statement: Statement, name: str) -> bool:
    nodes = walk(statement, stop_at=OTHER_SCOPES)
    return any(isinstance(node, Import | ImportFrom) and name in _imported_by(node) for node in nodes)


def _imported_by(node: Import | ImportFrom) -> tuple[str, ...]:
    is_star = isinstance(node, ImportFrom) and node.is_star
    return (STAR,) if is_star else tuple(name for name, _ in bound_names(node))


def key_of_calls(name: str) -> str:
    """Return under which name of a module its top-level statements stand that call something."""
    return f"{name}()"


def runs_only_otherwise(statement: Statement) -> bool:
    """Whether a statement does nothing where its module is imported: it is for type checkers, or for a script."""
    if not isinstance(statement, If) or statement.orelse:
        return False
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


def _acts_of(node: Node) -> Iterator[Acted]:
    for holder in _held_by(node):
        value = holder
        while not isinstance(value, Name) and isinstance(value, Attribute | Subscript):
            if isinstance(value, Attribute) and dotted_name(value) is not None:
                yield Acted(value, _how(value, holder, node))
            value = value.value
        if isinstance(value, Name):
            yield Acted(value, _how(value, holder, node))


def _how(chain: Name | Attribute, holder: Expression, node: Node) -> OneOf["set", "holder", "inside"]:
    if isinstance(node, ExpressionStatement):
        is_setter = isinstance(node.value, Call) and dotted_name(node.value.function) in SETTERS
        return "holder" if is_setter and chain is holder else "inside"
    if not isinstance(holder, Attribute) or not isinstance(node, Assign | Delete | AugmentedAssign):
        return "inside"
    return "set" if chain is holder else "holder" if chain is holder.value else "inside"


def _held_by(node: Node) -> Iterator[Expression]:
    """Yield the expressions whose values a node changes; a plain name that is bound is none."""
    match node:
        case Assign(targets=targets) | Delete(targets=targets):
            yield from (holder for target in targets for holder in _changed_by(target))
        case AugmentedAssign(target=target):
            yield from _changed_by(target)
        case ExpressionStatement(value=Call(function=Attribute(value=holder))):
            yield holder
        case ExpressionStatement(value=Call(function=Name(id=name), arguments=(_, *tables))) if name == _EXEC:
            yield from (table.value for table in tables)
        case ExpressionStatement(value=Call(function=Name(id=setter), arguments=(first, *_))) if setter in SETTERS:
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
