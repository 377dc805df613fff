"""What running a piece of code changes of what others hold: by assignments, by calls, through aliases and parameters.

`put(TABLE, 7)` changes `TABLE` if `put` changes its first parameter, and `table()["a"] = 7` does if `table` gives it.
Order and conditions do not count: it is a flow-insensitive analysis of side effects, by a summary of each function
(J. P. Banning, An efficient way to find the side effects of procedure calls and the aliases of variables, POPL 1979).
"""

from collections.abc import Iterable, Mapping
from functools import partial

from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.facts.bound_by import target_names
from huldra.facts.expressions import Attribute, Call, Expression, Lambda, Name, Node, dotted_name
from huldra.facts.statements import Assign, ClassDefinition, FunctionDefinition
from huldra.facts.walk import child_nodes, walk
from huldra.fingerprints.by_text import entry_asked, module_asked
from huldra.fingerprints.changes import NOWHERE, Changes, Places, is_parameter, merged, of_parameter, together
from huldra.fingerprints.changing_calls import CallReader
from huldra.fingerprints.class_tables import class_with_table
from huldra.fingerprints.code import Code
from huldra.fingerprints.deepening import MOST_DEEP, TooDeepError
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.model import Lines
from huldra.fingerprints.scopes import OTHER_SCOPES
from huldra.project.local_names import local_names
from huldra.project.symbols import ClassSymbol, FunctionSymbol, ModuleSymbol, Symbol, ValueSymbol

_SHARED = "%"
"""Stands for what the functions inside a function have in common."""
_MEMO = frozenset({"lru_cache", "cache"})
_CLASS_FIRST = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
_ON_CLASS = frozenset({"classmethod"})
_ITEMS = e.ListDisplay | e.TupleDisplay | e.SetDisplay
_EACH = frozenset({"enumerate", "zip", "reversed", "list", "tuple", "sorted", "set", "iter"})


class Reader(CallReader):
    """Reads one scope. At the top of a module nothing is local."""

    def __init__(self, code: Code, module: str, owner: str = "", *, depth: int = 0) -> None:
        super().__init__(code, module, owner, depth=depth)
        self._exported: frozenset[str] = frozenset()
        self._gives: set[str] = set()
        self._tested: frozenset[str | None] = frozenset()
        self._made_of: dict[str, set[str]] = {}

    def function(self, function: FunctionDefinition | Lambda, around: Mapping[str, Places] | None = None) -> Changes:
        """Return what calling a function does; `around` are the names of the function that it is defined in."""
        self._is_top = False
        names = tuple(parameter.name for parameter in function.parameters)
        own = frozenset[str]() if isinstance(function, Lambda) else local_names(function).names
        self._local = {
            **{name: p for name, p in (around or {}).items() if name not in own},
            **dict.fromkeys(own, NOWHERE),
        }
        self._parameters.update(names)
        self._local |= {name: frozenset({of_parameter(name)}) for name in names}
        if isinstance(function, Lambda):
            self._gives |= self.value(function.body, is_statement=True)
            return self.found(names)
        self._exported = local_names(function).exported
        if around is None:
            self._receive(function, names)
        for statement in function.body:
            self.statement(statement)
        return self._with_inner(names)

    def _receive(self, function: FunctionDefinition, names: tuple[str, ...]) -> None:
        """Take in what a function of a module or a class keeps between its calls, and what it works on."""
        full = f"{self._owner or self._module}.{function.name}"
        for parameter in function.parameters:
            if isinstance(parameter.default, _ITEMS | e.DictDisplay | Call):
                self._local[parameter.name] |= {full}
        called = [dotted_name(d.function if isinstance(d, Call) else d) or "" for d in function.decorators]
        if any(name.rpartition(".")[2] in _MEMO for name in called):
            self._gives.add(full)
        self._receiver = names[0] if names and self._owner else ""
        if self._receiver and (function.name in _CLASS_FIRST or not _ON_CLASS.isdisjoint(called)):
            self._local[self._receiver] |= {self._owner}

    def _with_inner(self, names: tuple[str, ...]) -> Changes:
        inner: list[Changes] = []
        around = {name: places | {_SHARED} for name, places in self._local.items()}
        for nested in self._functions.values():
            reader = Reader(self._code, self._module, self._owner, depth=self._depth)
            reader._parameters.update(self._parameters, self._functions)
            inner.append(reader.function(nested, around))
            self.asked |= reader.asked
        found = self.found(names)
        if not inner:
            return found
        shares = any(_SHARED in each.changed for each in inner)
        within = merged(inner, frozenset({_SHARED}))
        return Changes(found.changed, found.kept, found.given, names, within, shares=shares)

    def found(self, parameters: tuple[str, ...]) -> Changes:
        """Return what was read so far."""
        return Changes(frozenset(self._changed), frozenset(self._kept), frozenset(self._gives) - {_SHARED}, parameters)

    # Statements.

    def statement(self, node: Node) -> None:
        """Take a statement in."""
        match node:
            case FunctionDefinition() | ClassDefinition():
                self._definition(node)
            case Assign(targets=targets, value=value):
                found, asked = self.value(value), self._asked(value)
                self._made_of |= {n: self._made_of.get(n, set()) | asked for t in targets for n in target_names(t)}
                for target in targets:
                    self._assign(target, found, value)
                if isinstance(value, Lambda) and isinstance(targets[0], Name):
                    self._functions[targets[0].id] = value
            case s.AnnotatedAssign(target=target, value=value) if value is not None:
                self._assign(target, self.value(value), value)
            case s.AugmentedAssign(target=target, value=value):
                self.value(value)
                self._augment(target, value)
            case s.Delete(targets=targets):
                for target in targets:
                    self._assign(target, NOWHERE, None)
            case s.Return(value=value):
                self._gives |= self.value(value) if value is not None else NOWHERE
            case s.ExpressionStatement(value=value):
                self.value(value, is_statement=True)
            case s.For() | s.With() | s.If() | s.Try():
                self._compound(node)
            case _ if isinstance(node, Expression):
                self.value(node)
            case _:
                self._block(child_nodes(node))

    def _block(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self.statement(node)

    def _compound(self, node: s.For | s.With | s.If | s.Try) -> None:
        match node:
            case s.For(target=target, iterable=iterable):
                self._bind(target, self.elements(iterable))
                self._block((*node.body, *node.orelse))
            case s.With(items=items, body=body):
                for value, target in items:
                    found = self.value(value)
                    if target is not None:
                        self._bind(target, found)
                self._block(body)
            case s.If(test=test):
                self.value(test)
                before = self._tested
                self._test(test)
                self._block((*node.body, *node.orelse))
                # `if key in TABLE: return TABLE[key]` has looked for what follows.
                self._tested = self._tested if isinstance(node.body[-1], s.Return) else before
            case s.Try(body=body):
                for inner in body:
                    self._test(inner)
                self._block(child_nodes(node))

    def _definition(self, node: FunctionDefinition | ClassDefinition) -> None:
        if isinstance(node, FunctionDefinition):
            self._functions[node.name] = node
        for decorator in node.decorators:
            self.decorate(decorator, node)
        for item in node.body if isinstance(node, ClassDefinition) else ():
            if isinstance(item, FunctionDefinition):
                for decorator in item.decorators:
                    self.decorate(decorator, item)
            else:
                self.statement(item)

    def _augment(self, target: Expression, value: Expression) -> None:
        if not isinstance(target, Name) or target.id in self._exported:
            self._assign(target, NOWHERE, value)
            return
        symbol = self.symbol(target)
        if not (self._is_top and isinstance(symbol, ValueSymbol) and symbol.module == self._module):
            self.change(self.value(target), value)

    def _assign(self, target: Expression, found: Places, value: Expression | None) -> None:
        if value is not None and self._is_memory(target, value):
            return
        match target:
            case Name(id=name) if name in self._exported:
                self.change({f"{self._module}.{name}"}, value)
            case Name():
                self._bind(target, found)
            case Attribute(value=holder, name=name):
                symbol = self.symbol(holder)
                if self._is_top and isinstance(symbol, ModuleSymbol | ClassSymbol | FunctionSymbol):
                    return  # `written` tells of it
                is_named = isinstance(symbol, ModuleSymbol)
                self.change(self._named(symbol.name, name) if is_named else self.value(holder), value)
            case e.Subscript(value=holder, index=index):
                self.value(index)
                named = entry_asked(target)
                self.change(self.value(named if isinstance(named, Attribute) else holder), value, index)
            case e.TupleDisplay(items=items) | e.ListDisplay(items=items):
                for item in items:
                    self._assign(item, found, value)
            case e.Starred(value=inner):
                self._assign(inner, found, value)
            case _:
                pass

    def _bind(self, target: Expression, found: Places) -> None:
        for name in target_names(target):
            if not self._is_top and name not in self._exported:
                self._local[name] = self._local.get(name, NOWHERE) | found

    # What is only remembered.

    def _is_memory(self, target: Expression, value: Expression) -> bool:
        """Whether what was computed is kept, after a look whether it was: `if key not in TABLE: TABLE[key] = f(key)`.

        It is the same whoever asks for it first.
        """
        holder = target.value if isinstance(target, e.Subscript) else target
        is_tested = dotted_name(holder) in self._tested or not self._tested.isdisjoint(self.value(holder))
        return is_tested and self.is_remembered(
            holder, target.index if isinstance(target, e.Subscript) else None, value
        )

    def is_remembered(self, holder: Expression, key: Expression | None, value: Expression) -> bool:
        """Whether a value that is only put in where there is none is the same whoever asks for it first."""
        if self._is_top or not isinstance(value, Call | Name):
            return False
        # A table of another module would be filled here and read there.
        is_own = all(is_parameter(p) or p.startswith(f"{self._module}.") for p in self.value(holder) - {_SHARED})
        return is_own and self._asked(value) - {self._receiver} <= (set() if key is None else self._asked(key))

    def _asked(self, node: Node) -> set[str]:
        """Return the parameters that a value is computed of."""
        names = {inner.id for inner in walk(node) if isinstance(inner, Name)}
        return (names & self._parameters) | {each for name in names for each in self._made_of.get(name, ())}

    def _test(self, node: Node) -> None:
        """Take in what is looked at before something is done."""
        named = [inner for inner in walk(node) if isinstance(inner, Name | Attribute)]
        self._tested = self._tested.union(*map(self.value, named), {dotted_name(inner) for inner in named})

    # Expressions.

    def value(self, node: Node, *, is_statement: bool = False) -> Places:
        """Return what the value of an expression may be, or a part of; take in what is called in it."""
        match node:
            case Name(id=name):
                return self._local[name] if name in self._local else self._of_symbol(self.symbol(node))
            case Attribute():
                return self._attribute(node)
            case e.Subscript(value=holder, index=index):
                self.value(index)
                named = entry_asked(node)
                return self.value(named if isinstance(named, Attribute) else holder)
            case Call():
                return self.call(node, is_statement=is_statement)
            case e.Conditional(test=test, body=body, orelse=orelse):
                self.value(test)
                return self.value(body, is_statement=is_statement) | self.value(orelse, is_statement=is_statement)
            case e.Logical(left=left, right=right):
                return self.value(left) | self.value(right, is_statement=is_statement)
            case e.Walrus(target=name, value=inner):
                found = self.value(inner)
                self._bind(Name(name, node.at), found)
                return found
            case e.Await(value=inner) | e.Starred(value=inner):
                return self.value(inner, is_statement=is_statement)
            case e.Comprehension():
                self._comprehension(node, is_statement=is_statement)
                return NOWHERE
            case e.Yield(value=inner) | e.YieldFrom(value=inner):
                self._gives |= self.value(inner) if inner is not None else NOWHERE
                return NOWHERE
            case Lambda():
                return NOWHERE
            case _:
                for part in child_nodes(node):
                    self.value(part)
                return NOWHERE

    def _comprehension(self, node: e.Comprehension, *, is_statement: bool = False) -> Places:
        before = dict(self._local)
        for clause in node.clauses:
            self._local |= dict.fromkeys(target_names(clause.target), self.elements(clause.iterable))
            for condition in clause.conditions:
                self.value(condition)
        parts = (node.element,) if node.value is None else (node.element, node.value)
        found = together(self.value(part, is_statement=is_statement) for part in parts)
        self._local = before
        return found

    def elements(self, iterable: Expression) -> Places:
        """Return what going through something gives: each of `(A, B)`."""
        match iterable:
            case display if isinstance(display, _ITEMS):
                return together(map(self.elements, display.items))
            case e.Comprehension():
                return self._comprehension(iterable)
            case Call(function=Name(id=name), arguments=arguments) if name in _EACH:
                return together(self.elements(argument.value) for argument in arguments)
            case _:
                return self.value(iterable) | self._items_of(self.symbol(iterable))

    def _items_of(self, symbol: Symbol | None) -> Places:
        if not isinstance(symbol, ValueSymbol):
            return NOWHERE
        reader = Reader(self._code, symbol.module, depth=self._depth + 1)
        found = NOWHERE
        for statement, _ in self._code.module_statements(symbol.module, symbol.name):
            if isinstance(statement, Assign) and isinstance(statement.value, _ITEMS):
                found |= together(reader.value(i) for i in statement.value.items if isinstance(i, Name | Attribute))
        self.asked |= reader.asked
        return found

    def _attribute(self, node: Attribute) -> Places:
        holder, name = node.value, node.name
        module = module_asked(holder)
        if module is not None:
            named = literal_form(module.source)[5:-1] if isinstance(module, e.Literal) else ""
            return self._named(named, name) if named in self._code.modules.file_of else NOWHERE
        symbol = self.symbol(node)
        if isinstance(symbol, ValueSymbol | FunctionSymbol | ClassSymbol):
            return self._of_symbol(symbol)
        found = self.value(holder)
        if self._receiver and isinstance(holder, Name) and holder.id == self._receiver:
            owner, lines = class_with_table(self._code, self._owner, name)
            found |= owner
            self.asked |= lines
        return found | ({self._owner} if self._owner and name == "__class__" else NOWHERE)

    def _named(self, module: str, name: str) -> Places:
        return self._of_symbol(self._code.symbols.resolve(module, name))

    def _of_symbol(self, symbol: Symbol | None) -> Places:
        match symbol:
            case ValueSymbol(module=module, name=name):
                also, lines = _also(self._code, module, name, self._depth)
                self.asked |= lines
                return frozenset({f"{module}.{name}"}) | also
            case FunctionSymbol(name=name) | ClassSymbol(name=name):
                return frozenset({name})
            case _:
                return NOWHERE


def _also(code: Code, module: str, name: str, depth: int = 0) -> tuple[Places, frozenset[Lines]]:
    """Return what else a value of a module is, or a part of: `D` where it is `d = D["a"]`; kept.

    Raises:
        TooDeepError: it is read in too many others.
    """
    key, known = (module, name), code.aliases
    if key not in known:
        begun: tuple[Places, frozenset[Lines]] = NOWHERE, frozenset()  # for a name that is made of itself
        begin, forget = partial(known.__setitem__, key, begun), partial(known.__delitem__, key)
        if depth >= MOST_DEEP:
            raise TooDeepError(partial(_also, code, module, name), begin, forget)
        begin()
        placed = code.module_statements(module, name)
        statements = [each for each, _ in placed if not isinstance(each, FunctionDefinition | ClassDefinition)]
        reader = Reader(code, module, depth=depth + 1)
        nodes = (node for each in statements for node in walk(each, stop_at=OTHER_SCOPES))
        try:
            found = together(_bound_to(reader, node, name) for node in nodes)
        except (TooDeepError, RecursionError):
            forget()
            raise
        known[key] = found, frozenset(reader.asked)
    return known[key]


def _bound_to(reader: Reader, node: Node, name: str) -> Places:
    """Return what a part of a statement binds a name to."""
    match node:
        case Assign(targets=targets, value=value) if any(name in target_names(target) for target in targets):
            return reader.value(value)
        case s.For(target=target, iterable=iterable) if name in target_names(target):
            return reader.elements(iterable)
        case s.With(items=items):
            return together(reader.value(v) for v, t in items if t is not None and name in target_names(t))
        case e.Walrus(target=target, value=value) if target == name:
            return reader.value(value)
        case _:
            return NOWHERE
