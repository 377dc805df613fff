"""Through what something comes into a table of a module: functions, classes and values that fill it when called.

`def register(name): ...; TABLE[name] = f` is a door of `TABLE`, `add = TABLE.append` another, and so is a function that
hands what it is given on to a door. Where it stands does not matter: the whole state is searched.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from huldra.facts.expressions import Attribute, Call, Expression, Name, Node, Subscript, dotted_name
from huldra.facts.statements import AnnotatedAssign, Assign, ClassDefinition, FunctionDefinition
from huldra.facts.walk import child_nodes, walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.module_names import ADDING_METHODS
from huldra.fingerprints.sketches import Sketch, chain_words, sketches_of
from huldra.formats.names import short_name
from huldra.project.symbols import ClassSymbol, FunctionSymbol, Symbol, ValueSymbol

_NAMES = frozenset({"__name__", "__qualname__", "__module__"})
_MAKING = frozenset({"__call__", "__init__", "__new__", "__post_init__"})
_ON_CLASS = frozenset({"classmethod", "staticmethod"})


def doors_of(code: Code, module: str, name: str) -> frozenset[str]:
    """Return the full names of what fills a value of a module when it is called; the value itself may be one."""
    table = f"{module}.{name}"
    found: dict[str, None] = dict.fromkeys((table,) if _fills_itself(code, module, name) else ())
    waiting = [table]
    while waiting:
        word = short_name(waiting.pop())
        for file in sorted(set(code.files_naming(word))):
            there = code.modules.module_of.get(file)
            for sketch in sketches_of(code, file) if there is not None else ():
                door = f"{there}.{sketch.name}"
                if (
                    word in sketch.fills
                    and door not in found
                    and _opens(code, there or "", sketch, table, found.keys())
                ):
                    found[door] = None
                    waiting.append(door)
    return frozenset(found)


def door_called(code: Code, there: str, called: Expression, doors: AbstractSet[str]) -> bool:
    """Whether a door is called: itself (`f` of `f(1)(2)`), or as a method of the class that it is."""
    value = called
    while isinstance(value, Call):
        value = value.function
    if not doors or not isinstance(value, Name | Attribute):
        return False
    if _full_name(code.symbols.resolve_expression(there, value)) in doors:
        return True
    holder = code.symbols.resolve_expression(there, value.value) if isinstance(value, Attribute) else None
    return isinstance(holder, ClassSymbol) and holder.name in doors


def _full_name(symbol: Symbol) -> str | None:
    match symbol:
        case FunctionSymbol(name=name) | ClassSymbol(name=name):
            return name
        case ValueSymbol(module=module, name=name):
            return f"{module}.{name}"
        case _:
            return None


def _fills_itself(code: Code, module: str, name: str) -> bool:
    """Whether a value is an instance that keeps what it is called with: `TABLE = Registry()`, `@TABLE("name")`."""
    for statement, _ in code.module_statements(module, name):
        if isinstance(statement, Assign | AnnotatedAssign) and isinstance(statement.value, Call):
            symbol = code.symbols.resolve_expression(module, statement.value.function)
            if isinstance(symbol, ClassSymbol) and code.member(symbol.name, "__call__").owner:
                info = code.class_info(symbol.name)
                classes = [found for each in (() if info is None else info.order) if (found := code.class_info(each))]
                return any(_keeps(item) for found in classes for item in found.definition.body)
    return False


def _keeps(function: Node) -> bool:
    receiver = function.parameters[0].name if isinstance(function, FunctionDefinition) and function.parameters else ""
    for node in walk(function) if receiver else ():
        match node:
            case Assign(targets=targets):
                if any(isinstance(target, Subscript) and _root(target) == receiver for target in targets):
                    return True
            case Call(function=Attribute(name=name, value=holder)) if name in ADDING_METHODS:
                if isinstance(holder, Attribute | Subscript) and _root(holder) == receiver:
                    return True
            case _:
                pass
    return False


def _opens(code: Code, there: str, sketch: Sketch, table: str, doors: AbstractSet[str]) -> bool:
    """Whether what a statement defines is a door."""
    match sketch.statement:
        case FunctionDefinition() as function:
            return _Filling(code, there, function, table, doors).is_done()
        case ClassDefinition(body=body):
            return any(
                isinstance(item, FunctionDefinition)
                and _is_called_of_class(item)
                and _Filling(code, there, item, table, doors).is_done()
                for item in body
            )
        case Assign(value=value) | AnnotatedAssign(value=Node() as value):
            known = {table, *doors}
            return any(_full_name(code.symbols.resolve_expression(there, part)) in known for part in _bound_to(value))
        case _:
            return False


def _bound_to(value: Expression) -> Iterator[Expression]:
    """Yield what calling a value may fill: `TABLE` of `TABLE.append` and of `partial(add, TABLE)`."""
    match value:
        case Attribute(value=holder, name=name) if name in ADDING_METHODS:
            yield holder
        case Call(function=function) if "partial" in chain_words(function):
            for argument in value.arguments:
                yield argument.value
                yield from _bound_to(argument.value)
        case _:
            return


def _is_called_of_class(function: FunctionDefinition) -> bool:
    return function.name in _MAKING or any(dotted_name(d) in _ON_CLASS for d in function.decorators)


class _Filling:
    """Looks for what a function puts into a table, itself or through a door."""

    def __init__(
        self, code: Code, there: str, function: FunctionDefinition, table: str, doors: AbstractSet[str]
    ) -> None:
        self._code = code
        self._there = there
        self._function = function
        self._table = table
        self._doors = doors
        self._own: set[str] = set()
        for node in walk(function):
            if isinstance(node, FunctionDefinition):
                self._own.update(parameter.name for parameter in node.parameters)
            if isinstance(node, FunctionDefinition | ClassDefinition) and node is not function:
                self._own.add(node.name)

    def is_done(self) -> bool:
        """Whether it puts in what it is given, or code of the project."""
        for node in walk(self._function):
            match node:
                case Assign(targets=targets, value=value):
                    for target in targets:
                        # `TABLE[key] = compute(key)` is a memory of what was computed.
                        keys = self._keys_of(target, value)
                        if self._is_inside(target) and self._brings(n for n in contained(value) if n not in keys):
                            return True
                case Call(function=called):
                    if self._is_filling(called) and self._brings(contained(node)):
                        return True
                case _:
                    pass
        return False

    def _keys_of(self, target: Expression, value: Expression) -> frozenset[str]:
        """Return the names that are a key, or that one was made of to find what is computed: `key = (function, x)`."""
        keys = frozenset(contained(target.index if isinstance(target, Subscript) else None))
        if not isinstance(value, Call):
            return keys
        made = (node for node in walk(self._function) if isinstance(node, Assign))
        of = [each.value for each in made if any(isinstance(t, Name) and t.id in keys for t in each.targets)]
        return keys | frozenset(name for value in of for name in _told_by(value))

    def _is_filling(self, called: Expression) -> bool:
        is_adding = isinstance(called, Attribute) and called.name in ADDING_METHODS
        if is_adding and self._is_inside(called):
            return True
        return _root(called) not in self._own and door_called(self._code, self._there, called, self._doors)

    def _is_inside(self, target: Expression) -> bool:
        """Whether a target lies inside the table: `TABLE[name]`, `TABLE.setdefault(kind, []).append`."""
        value = target
        while isinstance(value, Attribute | Subscript | Call):
            value = value.function if isinstance(value, Call) else value.value
            if isinstance(value, Name | Attribute) and _root(value) not in self._own:
                symbol = self._code.symbols.resolve_expression(self._there, value)
                if _full_name(symbol) == self._table:
                    return True
        return False

    def _brings(self, names: Iterable[str]) -> bool:
        symbols = self._code.symbols
        return any(
            name in self._own or isinstance(symbols.resolve(self._there, name), FunctionSymbol | ClassSymbol)
            for name in names
        )


def _told_by(value: Expression) -> Iterator[str]:
    """Yield the names that a key tells apart; what only its name is asked of may be put in by that."""
    named = {id(node.value) for node in walk(value) if isinstance(node, Attribute) and node.name in _NAMES}
    yield from (node.id for node in walk(value) if isinstance(node, Name) and id(node) not in named)


def _root(value: Expression) -> str:
    while isinstance(value, Attribute | Subscript | Call):
        value = value.function if isinstance(value, Call) else value.value
    return value.id if isinstance(value, Name) else ""


def contained(value: Node | None) -> Iterator[str]:
    """Yield the names of what a value is made of: `f` of `Spec(name, f)`, not `f` of `f.__name__` or of `f(x)`."""
    match value:
        case None | Attribute():
            return
        case Name(id=name):
            yield name
        case Call(function=function, arguments=arguments):
            for argument in arguments:
                yield from contained(argument.value)
            if isinstance(function, Call):
                yield from contained(function)
        case _:
            for part in child_nodes(value):
                yield from contained(part)
