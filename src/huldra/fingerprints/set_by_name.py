"""What importing a module sets of the project by texts: `setattr(Vocab, name, f)`, `vars(data)["clean"] = f`.

Which attribute it is may be known only when the code runs; then it may be any of what it is set of.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from huldra.facts.bound_by import bound_by
from huldra.facts.expressions import (
    Argument,
    Attribute,
    Call,
    Expression,
    Literal,
    Name,
    Node,
    Parameter,
    Subscript,
    dotted_name,
)
from huldra.facts.statements import (
    Assign,
    AugmentedAssign,
    ClassDefinition,
    Delete,
    ExpressionStatement,
    FunctionDefinition,
    Statement,
)
from huldra.facts.walk import walk
from huldra.fingerprints import resolve
from huldra.fingerprints.by_text import module_asked
from huldra.fingerprints.code import Code
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.module_names import SETTERS, PlacedStatement, runs_only_otherwise
from huldra.fingerprints.scopes import OTHER_SCOPES
from huldra.project.places import Origin
from huldra.project.symbols import ClassSymbol, FunctionSymbol, ModuleSymbol

_IMPORTING = frozenset({"import_module", "__import__"})
_CHANGING = frozenset({"update", "setdefault", "pop", "clear", "__setitem__", "__delitem__"})


class SetByName(Struct, frozen=True):
    """A statement at the top of a module that sets something of a module or a class; `name` is empty for any."""

    owner: str
    name: str
    placed: PlacedStatement


def set_by_name(code: Code, module: str) -> tuple[SetByName, ...]:
    """Return what importing a module sets by texts; kept."""
    if module not in code.set_by_name:
        code.set_by_name[module] = tuple(_in_module(code, module))
    return tuple(each for each in code.set_by_name[module] if isinstance(each, SetByName))


def owners_set(code: Code, module: str, nodes: Iterable[resolve.Node]) -> frozenset[str]:
    """Return the modules and classes of which importing a module sets what some definitions are, or may be."""
    found = set_by_name(code, module)
    return frozenset(each.owner for each in found if any(_concerns(code, each, node) for node in nodes))


def _concerns(code: Code, found: SetByName, node: resolve.Node) -> bool:
    match node.kind:
        case "value" | "function":
            return found.owner == node.module and found.name in {"", node.name}
        case "class" | "instance":
            info = code.class_info(node.name)
            return found.owner == node.name or (info is not None and found.owner in info.order)
        case _:
            return False


def _in_module(code: Code, module: str) -> Iterator[SetByName]:
    file = code.modules.file_of.get(module, "")
    facts = code.facts.get(file)
    for piece in () if facts is None else facts.pieces:
        for statement in piece.facts.statements:
            if isinstance(statement, FunctionDefinition | ClassDefinition) or runs_only_otherwise(statement):
                continue
            placed = statement, Origin(file, piece.first_line)
            for owner, name in dict.fromkeys(_by_statement(code, module, statement)):
                yield SetByName(owner, name, placed)


def _by_statement(code: Code, module: str, statement: Statement) -> Iterator[tuple[str, str]]:
    for node in walk(statement, stop_at=OTHER_SCOPES):
        yield from _by_node(code, module, node, frozenset())
        yield from ((module, name) for name in _own_set(node))
        called = node.value if isinstance(node, ExpressionStatement) else None
        symbol = code.symbols.resolve_expression(module, called.function) if isinstance(called, Call) else None
        if isinstance(symbol, FunctionSymbol):
            where, _, name = symbol.name.rpartition(".")
            for definition, _ in code.module_statements(where, name):
                inner = tuple(walk(definition))
                own = frozenset(name for part in inner for name in _own_names(part))
                yield from (found for part in inner for found in _by_node(code, where, part, own))


def _own_set(node: Node) -> Iterator[str]:
    """Yield the names that a statement at the top of a module sets of it: `vars()["a"] = 1`, as `globals()` does."""
    match node:
        case Assign(targets=targets) | Delete(targets=targets):
            for target in targets:
                match target:
                    case Subscript(value=Call(function=Name(id="vars" | "locals"), arguments=()), index=index):
                        yield _text(index)
                    case _:
                        pass
        case ExpressionStatement(
            value=Call(function=Attribute(value=Call(function=Name(id="vars" | "locals"), arguments=()), name=method))
        ) if method in _CHANGING:
            yield ""
        case _:
            return


def _own_names(node: Node) -> Iterator[str]:
    yield from (node.name,) if isinstance(node, Parameter) else bound_by(node)


def _by_node(code: Code, module: str, node: Node, own: frozenset[str]) -> Iterator[tuple[str, str]]:
    for holder, name in _set(node):
        owner = _owner(code, module, holder, own)
        if owner:
            yield owner, name


def _set(node: Node) -> Iterator[tuple[Expression, str]]:
    """Yield whose attributes a node sets, and which; a call of `globals()` stands for the module itself."""
    match node:
        case ExpressionStatement(value=Call(function=Name(id=setter), arguments=(holder, key, *_))) if (
            setter in SETTERS
        ):
            if not isinstance(key.value, Literal):
                yield holder.value, ""
        case ExpressionStatement(value=Call(function=Attribute(value=names, name=method))) if method in _CHANGING:
            yield from ((holder, "") for holder in _all_names(names))
        case Assign(targets=targets) | Delete(targets=targets):
            for target in targets:
                if isinstance(target, Subscript):
                    yield from ((holder, _text(target.index)) for holder in _all_names(target.value))
                elif isinstance(target, Attribute) and _module_named(target.value) is not None:
                    yield target.value, target.name
        case AugmentedAssign(target=Subscript(value=names, index=index)):
            yield from ((holder, _text(index)) for holder in _all_names(names))
        case _:
            return


def _module_named(holder: Expression) -> Expression | None:
    """Return by which name an expression gives a module: `sys.modules["a"]`, `import_module("a")`."""
    match holder:
        case Call(function=function, arguments=(Argument(value=name, star=""),)) if (
            dotted_name(function) or ""
        ).rpartition(".")[2] in _IMPORTING:
            # `__import__("a.b")` gives `a`.
            return None if dotted_name(function) == "__import__" and "." in _text(name) else name
        case _:
            return module_asked(holder)


def _all_names(value: Expression) -> Iterator[Expression]:
    """Yield what a value has all names of."""
    match value:
        case Call(function=Name(id="vars"), arguments=(holder,)):
            yield holder.value
        case Call(function=Name(id="globals"), arguments=()):
            yield value
        case Attribute(value=holder, name="__dict__"):
            yield holder
        case _:
            return


def _text(index: Expression) -> str:
    form = literal_form(index.source) if isinstance(index, Literal) else ""
    return form[5:-1] if form.startswith("str '") else ""


def _owner(code: Code, module: str, holder: Expression, own: frozenset[str]) -> str:
    """Return the module or class of the project that an expression names; empty for anything else."""
    root = holder
    while isinstance(root, Attribute):
        root = root.value
    if isinstance(root, Name) and root.id in own:
        return ""
    asked = _module_named(holder)
    if asked is not None:
        named = _text(asked) or (module if isinstance(asked, Name) and asked.id == "__name__" else "")
        return named if named in code.modules.file_of else ""
    if isinstance(holder, Call):
        return module
    match code.symbols.resolve_expression(module, holder):
        case ClassSymbol(name=name) | ModuleSymbol(name=name):
            return name
        case _:
            return ""
