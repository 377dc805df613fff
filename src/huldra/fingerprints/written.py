"""What statements elsewhere set of a module, a class or a function: `settings.X = 3`, `load.scale = 2`, `global X`.

Nothing at the place of `X` says so, so the files that may set a name are searched for it.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from huldra.facts import expressions as e
from huldra.facts.expressions import (
    Argument,
    Attribute,
    Call,
    Expression,
    ListDisplay,
    Literal,
    Name,
    Starred,
    TupleDisplay,
    dotted_name,
)
from huldra.facts.statements import (
    AnnotatedAssign,
    Assign,
    AugmentedAssign,
    ClassDefinition,
    Delete,
    ExpressionStatement,
    FunctionDefinition,
    If,
    Statement,
)
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.holdings import Holdings
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.mentions import Mention
from huldra.fingerprints.module_names import SETTERS, is_main_guard
from huldra.fingerprints.resolve import Context, Node, Resolver
from huldra.fingerprints.scopes import OTHER_SCOPES, Scope, function_scope
from huldra.project.bindings import is_type_checking
from huldra.project.local_names import local_names
from huldra.project.places import Origin

_PLAIN = Assign | AnnotatedAssign | AugmentedAssign | Delete | ExpressionStatement
_TOLD = frozenset(
    {"__name__", "__qualname__", "__module__", "__doc__", "__annotations__", "__signature__", "__wrapped__"}
)
"""Special attributes that nothing reads but who names them."""
_SCRIPT = "the script"
_BLOCK = "a block of the module"


class Write(Struct, frozen=True):
    """One statement that sets an attribute of a module, a class or a function of the project.

    Attributes:
        owner: The module, class or function, by its full name.
        name: The attribute.
        module: Where the statement stands.
        origin: Of the top-level statement around it.
        statement: That top-level statement.
        line: The line that sets it, from 1.
        inside: The function (its qualname) that does it when it is called, or what else decides; empty where the import
            alone does it.
    """

    owner: str
    name: str
    module: str
    origin: Origin
    statement: Statement
    line: int
    inside: str = ""

    @property
    def target(self) -> str:
        """The full name of what is set."""
        return f"{self.owner}.{self.name}"


def writes_of(code: Code, name: str) -> Iterator[Write]:
    """Yield the statements of the project that set an attribute of that name, by file and line."""
    for file in sorted(set(code.files_writing(name))):
        yield from (write for write in _in_file(code, file) if write.name == name)


def specials_set(code: Code, modules: Iterable[str]) -> frozenset[str]:
    """Return the special methods and attributes that importing some modules sets of what is not their own.

    No code spells them where they are asked for: `if bag` calls `__bool__`, and any call reads `__defaults__`.
    """
    return frozenset[str]().union(*(_specials_of(code, module) for module in modules))


def _specials_of(code: Code, module: str) -> frozenset[str]:
    if module not in code.specials:
        facts = code.facts.get(code.modules.file_of.get(module, ""))
        statements = (each for piece in (() if facts is None else facts.pieces) for each in piece.facts.statements)
        names = (name for each in statements if isinstance(each, Assign) for _, name in _set_by(each))
        code.specials[module] = frozenset(n for n in names if n.startswith("__") and n.endswith("__")) - _TOLD
    return code.specials[module]


def concerns(code: Code, write: Write, node: Node) -> bool:
    """Return whether a write sets a definition, or an attribute of it."""
    match node.kind:
        case "value":
            return (write.owner, write.name) == (node.module, node.name)
        case "function":
            is_attribute = write.owner == f"{node.module}.{node.name}"
            return is_attribute or (write.owner, write.name) == (node.module, node.name)
        case "class" | "instance":
            info = code.class_info(node.name)
            is_own = node.kind == "class" and write.module == code.module_of(node.name)  # in its form
            return not is_own and (write.target == node.name or (info is not None and write.owner in info.order))
        case _:
            return False


def import_writes(code: Code, module: str, target: str) -> tuple[Write, ...]:
    """Return what importing a module sets of one target, in order."""
    file = code.modules.file_of.get(module, "")
    return tuple(write for write in _in_file(code, file) if write.target == target and not write.inside)


def _in_file(code: Code, file: str) -> tuple[Write, ...]:
    if file not in code.writes:
        module, facts = code.modules.module_of.get(file), code.facts.get(file)
        pieces = () if facts is None else facts.pieces
        found: list[object] = []
        for piece in pieces if module is not None else ():
            for statement in piece.facts.statements:
                search = _Search(code, module or "", Origin(file, piece.first_line), statement)
                found.extend(search.writes())
        code.writes[file] = tuple(found)
    return tuple(write for write in code.writes[file] if isinstance(write, Write))


class _Search:
    """Looks for writes in one top-level statement."""

    def __init__(self, code: Code, module: str, origin: Origin, statement: Statement) -> None:
        self._code = code
        self._module = module
        self._origin = origin
        self._statement = statement
        self._resolver = Resolver(code, Holdings())

    def writes(self) -> Iterator[Write]:
        """Yield what is found."""
        # A state of the past is searched for unindented statements only: both sides must tell them from others alike.
        is_plain = isinstance(self._statement, FunctionDefinition | _PLAIN)
        is_script = isinstance(self._statement, If) and is_main_guard(self._statement.test)
        yield from self._block((self._statement,), (), "" if is_plain else _SCRIPT if is_script else _BLOCK)

    def _block(
        self, block: tuple[Statement, ...], scopes: tuple[Scope, ...], inside: str, around: str = ""
    ) -> Iterator[Write]:
        for statement in block:
            if isinstance(statement, If) and is_type_checking(statement.test):
                yield from self._block(statement.orelse, scopes, inside, around)
                continue
            for node in walk(statement, stop_at=OTHER_SCOPES):
                match node:
                    case FunctionDefinition():
                        yield from self._function(node, scopes, f"{around}{node.name}")
                    case ClassDefinition(name=name, body=body):
                        yield from self._block(body, scopes, inside, f"{around}{name}.")
                    case _:
                        for target in _set_by(node):
                            yield from self._write(target, scopes, inside)

    def _function(self, definition: FunctionDefinition, scopes: tuple[Scope, ...], name: str) -> Iterator[Write]:
        scope = function_scope((parameter.name for parameter in definition.parameters), definition.body)
        yield from self._block(definition.body, (*scopes, scope), name, f"{name}.")
        if scopes or definition is not self._statement:  # the name's own statements have those of top-level functions
            exported = local_names(definition).exported
            for node in (inner for part in definition.body for inner in walk(part, stop_at=OTHER_SCOPES)):
                if isinstance(node, Assign | AugmentedAssign):
                    targets = node.targets if isinstance(node, Assign) else (node.target,)
                    for target in targets:
                        if isinstance(target, Name) and target.id in exported:
                            yield self._found(self._module, target.id, target, name)

    def _write(self, target: tuple[Expression, str], scopes: tuple[Scope, ...], inside: str) -> Iterator[Write]:
        holder, name = target
        owner = self._owner(holder, scopes)
        if owner is not None:
            # What a module has only imported is told of where it is defined: there its readers lead.
            defined = self._resolver.named_in_module(owner, name) if owner in self._code.modules.file_of else None
            if defined is not None and defined.kind in {"value", "function"}:
                owner, name = defined.module, defined.name
            elif defined is not None and defined.kind == "class":
                owner, _, name = defined.name.rpartition(".")
            yield self._found(owner, name, holder, inside)

    def _found(self, owner: str, name: str, at: Expression, inside: str) -> Write:
        return Write(owner, name, self._module, self._origin, self._statement, self._origin.place(at.at).line, inside)

    def _owner(self, holder: Expression, scopes: tuple[Scope, ...]) -> str | None:
        """Return the module, class or function of the project that an expression names.

        What a module sets of its own functions as it is imported is told with these.
        """
        path = tuple((dotted_name(holder) or "").split("."))
        imported = None
        for scope in reversed(scopes):
            if path[0] in scope.names:
                return None
            imported = scope.imports.get(path[0])
            if imported is not None:
                break
        mention = Mention("name" if imported is None else "import", path, "value", (0, 0, 0, 0), imported)
        for target in self._resolver.resolve(mention, Context(self._module)).targets if path[0] else ():
            node = target.node
            if not isinstance(node, Node) or target.rest:
                continue
            if node.kind in {"module", "class"}:
                return node.name
            if node.kind == "function" and (node.module != self._module or scopes):
                return f"{node.module}.{node.name}"
        return None


def _set_by(node: e.Node) -> Iterator[tuple[Expression, str]]:
    """Yield the holder and the name of each attribute that a node sets."""
    match node:
        case Assign(targets=targets) | Delete(targets=targets):
            yield from (found for target in targets for found in _attributes(target))
        case AugmentedAssign(target=target) | AnnotatedAssign(target=target):
            yield from _attributes(target)
        case ExpressionStatement(
            value=Call(function=Name(id=setter), arguments=(holder, Argument(value=Literal(source=source)), *_))
        ) if setter in SETTERS:
            yield holder.value, literal_form(source).removeprefix("str ").strip("'\"")
        case _:
            return


def _attributes(target: Expression) -> Iterator[tuple[Expression, str]]:
    match target:
        case Attribute(value=holder, name=name):
            yield holder, name
        case TupleDisplay(items=items) | ListDisplay(items=items):
            yield from (found for item in items for found in _attributes(item))
        case Starred(value=value):
            yield from _attributes(value)
        case _:
            return
