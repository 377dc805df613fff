"""What calls change of what others hold. How the code around them is read, `changing` says.

What a library changes of what it is given is known by name.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.facts.bound_by import target_names
from huldra.facts.expressions import Attribute, Call, Expression, Lambda, Name, Node, dotted_name
from huldra.facts.statements import Assign, FunctionDefinition
from huldra.facts.walk import walk
from huldra.fingerprints.changes import (
    NOTHING,
    NOWHERE,
    Changes,
    Given,
    Places,
    is_parameter,
    of_parameter,
    placed,
    substituted,
    together,
)
from huldra.fingerprints.code import Code, Member
from huldra.fingerprints.deepening import MOST_DEEP, TooDeepError
from huldra.fingerprints.doors import contained
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.model import Lines
from huldra.fingerprints.module_names import ADDING_METHODS
from huldra.fingerprints.summaries import Summary, summaries_of
from huldra.project.symbols import ClassSymbol, ExternalSymbol, FunctionSymbol, Symbol, ValueSymbol

_CHANGING = ADDING_METHODS | {
    *("pop", "popitem", "clear", "remove", "discard", "sort", "reverse", "appendleft", "extendleft", "popleft"),
    *("rotate", "subtract", "intersection_update", "difference_update", "symmetric_difference_update"),
    *("__delitem__", "__iadd__", "__ior__", "__setattr__", "fill", "put", "partition", "resize"),
}
"""Methods that change what they are called of."""
_CHANGING_ARGUMENT = frozenset(
    {
        *("shuffle", "heappush", "heappop", "heapify", "heapreplace", "heappushpop", "insort", "insort_left"),
        *("insort_right", "setitem", "delitem", "iadd", "ior", "iand", "isub", "iconcat", "setattr", "delattr"),
        *("__setattr__", "fill_diagonal", "put_along_axis", "copyto", "place", "putmask"),
    }
)
"""Functions of libraries, by their last name, that change what they are given first."""
_CONTAINERS = frozenset({"dict", "list", "set", "OrderedDict", "defaultdict", "deque", "Counter"})
_GOING_THROUGH = frozenset({"map", "filter", "reduce", "any", "all", "sum", "list", "tuple", "sorted", "starmap"})
"""Functions of Python that call what they are given with what else they are given."""
_PASSING_ON = frozenset({"iter", "next", "vars", "cast"})
_COPYING = frozenset({"copy", "deepcopy", "count", "index"})
_MAKING = ("__new__", "__init__", "__post_init__")
_ON_CLASS = frozenset({"classmethod"})


_Called = tuple[Changes, tuple[Places, ...]]
"""What something does when it is called, with what its first parameters are that no argument stands for."""


class CallReader(ABC):
    """Reads the calls of one scope; what is bound to names there is kept in `_local`.

    Args:
        code: The state of the code.
        module: The module that the scope stands in.
        owner: The class whose method it is, if it is one.
        depth: In how many others it is read.

    Attributes:
        asked: The lines of what was read of other places: what is found may be another thing where these change.
    """

    def __init__(self, code: Code, module: str, owner: str = "", *, depth: int = 0) -> None:
        self._code = code
        self._depth = depth
        self._module = module
        self._owner = owner
        self._receiver = ""
        self._local: dict[str, Places] = {}
        self._parameters: set[str] = set()
        self._functions: dict[str, FunctionDefinition | Lambda] = {}
        self._running: set[str] = set()
        self._changed: set[str] = set()
        self._kept: set[str] = set()
        self._is_top = True
        self.asked: set[Lines] = set()

    @abstractmethod
    def function(self, function: FunctionDefinition | Lambda, around: Mapping[str, Places] | None = None) -> Changes:
        """Return what calling a function does; `around` are the names of the function that it is defined in."""

    @abstractmethod
    def value(self, node: Node, *, is_statement: bool = False) -> Places:
        """Return what the value of an expression may be, or a part of; take in what is called in it."""

    @abstractmethod
    def is_remembered(self, holder: Expression, key: Expression | None, value: Expression) -> bool:
        """Return whether a value that is only put in where there is none is the same whoever asks for it first."""

    def changes_of(
        self, module: str, function: FunctionDefinition | Lambda, owner: str = "", *, is_alone: bool = False
    ) -> Changes:
        """Return what calling a function of a module, or a method of a class, changes; kept.

        Args:
            module: The module of the function.
            function: The function.
            owner: The class whose method it is, if it is one.
            is_alone: It is read by itself, since it could not be among others. What nests too deep even so, or calls
                what does, is taken to change nothing.

        Raises:
            TooDeepError: it is called in too many others that are read now.
        """
        summaries, key = summaries_of(self._code), (module, owner, id(function))
        found = summaries.get(key)
        if found is None:
            own = frozenset(self._lines_of(module, function, owner))
            begin, forget = partial(summaries.begin, key, function, own), partial(summaries.forget, key)
            alone = partial(type(self)(self._code, module).changes_of, module, function, owner, is_alone=True)
            if self._depth >= MOST_DEEP:
                raise TooDeepError(alone, begin, forget)
            begin()
            reader = type(self)(self._code, module, owner, depth=self._depth + 1)
            try:
                changes = reader.function(function)
            except TooDeepError:
                forget()
                raise
            except RecursionError:
                forget()
                if not is_alone:
                    raise TooDeepError(alone, begin, forget) from None
                changes = NOTHING
            found = summaries.finish(key, Summary(function, changes, own | reader.asked))
        self.asked |= found.asked
        return found.changes

    def _lines_of(self, module: str, function: FunctionDefinition | Lambda, owner: str) -> Iterator[Lines]:
        info = self._code.class_info(owner) if owner else None
        name = function.name if isinstance(function, FunctionDefinition) and info is None else ""
        origins = [origin for each, origin in self._code.module_statements(module, name) if each is function]
        for origin in (info.origin,) if info is not None else origins:
            place = origin.place(function.at)
            yield place.file, place.line, place.end_line

    def change(self, places: Iterable[str], value: Node | None = None, key: Expression | None = None) -> None:
        """Take in that something is changed; what `value` has of the parameters is kept there, keys aside."""
        places = set(places)
        self._changed |= places
        keys = frozenset(contained(key))
        if places and any(name in self._parameters and name not in keys for name in contained(value)):
            self._kept |= places

    def symbol(self, node: Expression) -> Symbol | None:
        """Return what a dotted name from outside the scope is."""
        root = node
        while isinstance(root, Attribute | e.Subscript):
            root = root.value
        is_global = isinstance(root, Name) and root.id not in self._local and isinstance(node, Name | Attribute)
        return self._code.symbols.resolve_expression(self._module, node) if is_global else None

    def call(self, call: Call, *, is_statement: bool) -> Places:
        """Take a call in, and return what it may give."""
        function = call.function
        asked = self._asked_of_value(call)
        if asked is not None:
            return asked
        given = self._given_to(call)
        if isinstance(function, Lambda):
            return self._run(function, given)
        if isinstance(function, Name) and function.id in self._functions and function.id in self._local:
            return self._run_own(function.id, given)
        if isinstance(function, Call):
            self.value(function)
        symbol = self.symbol(function)
        if isinstance(symbol, ExternalSymbol):
            return self._call_outside(symbol.name, call, given)
        if isinstance(function, Attribute) and not isinstance(symbol, FunctionSymbol | ClassSymbol | ValueSymbol):
            return self._call_method(function, call, given, is_statement=is_statement)
        found = frozenset({symbol.name}) if isinstance(symbol, ClassSymbol) and self._is_kept(symbol.name) else NOWHERE
        for changes, receiver in self._called(function):
            found |= self._take_in(changes, placed(changes, receiver, given), call)
        return found

    def _given_to(self, call: Call) -> Given:
        numbered = enumerate(call.arguments)
        return [(a.name or ("" if a.star else str(index)), self.value(a.value)) for index, a in numbered]

    def _asked_of_value(self, call: Call) -> Places | None:
        """Return what `getattr(x, "name")` or `type(self)` is; None for other calls."""
        match call.function, call.arguments:
            case Name(id="getattr"), (e.Argument(value=holder), e.Argument(value=e.Literal(source=source)), *_):
                return self.value(Attribute(holder, literal_form(source)[5:-1], call.at))
            case Name(id="type"), (e.Argument(value=Name(id=name) as value),) if self._owner and name == self._receiver:
                return self.value(value) | {self._owner}
            case _:
                return None

    def _called(self, function: Expression) -> Iterator[_Called]:
        """Yield what calling something does."""
        match self.symbol(function):
            case FunctionSymbol(name=name):
                yield from self._of_function(name, function)
            case ClassSymbol(name=name):
                for making in _MAKING:
                    holder = frozenset({name}) if making == "__new__" else NOWHERE
                    yield from self._of_method(self._code.member(name, making), holder)
            case ValueSymbol(module=module, name=name):
                yield from self._of_value(module, name)
            case _ if isinstance(function, Call):
                yield from self._of_result(function)
            case _:
                return

    def _of_method(self, member: Member, *receiver: Places) -> Iterator[_Called]:
        module = self._code.module_of(member.owner) or ""
        for each in member.functions:
            yield self.changes_of(module, each, member.owner), receiver

    def _of_function(self, name: str, called: Expression) -> Iterator[_Called]:
        owner, _, short = name.rpartition(".")
        if owner in self._code.modules.file_of:
            for statement, _ in self._code.module_statements(owner, short):
                if isinstance(statement, FunctionDefinition):
                    yield self.changes_of(owner, statement), ()
            return
        member = self._code.member(owner, short)
        is_class = any(dotted_name(d) in _ON_CLASS for each in member.functions for d in each.decorators)
        holder = self.value(called.value) if isinstance(called, Attribute) else frozenset({owner})
        yield from self._of_method(member, *((holder,) if is_class else ()))

    def _of_value(self, module: str, name: str) -> Iterator[_Called]:
        for statement, _ in self._code.module_statements(module, name):
            value = statement.value if isinstance(statement, Assign) else None
            if isinstance(value, Lambda):
                yield self.changes_of(module, value), ()
            elif isinstance(value, Call) and isinstance(statement, Assign):
                reader = type(self)(self._code, module, depth=self._depth)
                shares = any(changes.shares for changes, _ in reader._called(value.function))
                self.asked |= reader.asked
                if shares:
                    names = (n for target in statement.targets for n in target_names(target))
                    places = frozenset(f"{module}.{each}" for each in names)
                    yield Changes(places, places), ()
        owner = self._class_of(f"{module}.{name}")
        if owner:
            yield from self._of_method(self._code.member(owner, "__call__"), frozenset({f"{module}.{name}"}))

    def _of_result(self, function: Call) -> Iterator[_Called]:
        """Yield what the result of a call does when it is called: `register("name")`, `partial(register, key)`."""
        symbol = self.symbol(function.function)
        if isinstance(symbol, ExternalSymbol) and symbol.name.endswith("partial") and function.arguments:
            bound = [(a.name or "", self.value(a.value)) for a in function.arguments[1:]]
            numbered = tuple(places for name, places in bound if not name)
            for changes, receiver in self._called(function.arguments[0].value):
                yield changes, (*receiver, *numbered)
        elif isinstance(symbol, ClassSymbol):
            yield from self._of_method(self._code.member(symbol.name, "__call__"), NOWHERE)
        for changes, receiver in self._called(function.function):
            if changes.inner is not None:
                known = placed(changes, receiver, self._given_to(function))
                own = {name: frozenset({of_parameter(name)}) for name in changes.inner.parameters}
                yield substituted(changes.inner, {**known, **own}), ()

    def _call_method(self, function: Attribute, call: Call, given: Given, *, is_statement: bool) -> Places:
        holders, found, is_known = self.value(function.value), NOWHERE, False
        for holder in holders:
            owner = self._owner if holder == of_parameter(self._receiver) else self._class_of(holder)
            for changes, receiver in self._of_method(self._code.member(owner, function.name), frozenset({holder})):
                is_known = True
                found |= self._take_in(changes, placed(changes, receiver, given), call)
        if is_known:
            return found
        match function.name, call.arguments:
            case "setdefault", (e.Argument(value=key), e.Argument(value=made)):
                if self.is_remembered(function.value, key, made):
                    return holders
            case _:
                pass
        # What is done to a name at the top of a module, `registrations` and the name's own statements tell.
        is_told = self._is_top and dotted_name(function) is not None
        if function.name in _CHANGING or (is_statement and not is_told):
            self.change(holders, call)
        if function.name in _CHANGING_ARGUMENT and given:  # `generator.shuffle(TABLE)`
            self.change(given[0][1])
        return NOWHERE if function.name in _COPYING else holders

    def _call_outside(self, name: str, call: Call, given: Given) -> Places:
        holder, _, last = name.rpartition(".")
        is_unbound = holder.rpartition(".")[2] in _CONTAINERS and last in _CHANGING
        if given and (last in _CHANGING_ARGUMENT or is_unbound):
            self.change(given[0][1], call)
        others = together(places for _, places in given)
        for argument in call.arguments if last in _GOING_THROUGH else ():
            match argument.value:
                case Lambda() as function:
                    self._run(function, [(str(index), others) for index in range(len(function.parameters))])
                case Attribute(value=changed, name=method) if method in _CHANGING:
                    self.change(self.value(changed), call)
                case function:
                    for changes, receiver in self._called(function):
                        each = [(str(index), others) for index in range(len(changes.parameters))]
                        self._take_in(changes, placed(changes, receiver, each), call)
        return others if last in _PASSING_ON else NOWHERE

    def _take_in(self, changes: Changes, known: Mapping[str, Places], call: Node) -> Places:
        found = substituted(changes, known)
        self._changed |= found.changed
        if any(name in self._parameters for name in contained(call)):
            self._kept |= found.kept
        return found.given

    def _run_own(self, name: str, given: Given) -> Places:
        if name in self._running:
            return NOWHERE
        self._running.add(name)
        found = self._run(self._functions[name], given)
        self._running.discard(name)
        return found

    def _run(self, function: FunctionDefinition | Lambda, given: Given) -> Places:
        """Take in a function that is called where it is defined."""
        reader = type(self)(self._code, self._module, self._owner, depth=self._depth + 1)
        changes = reader.function(function, self._local)
        self.asked |= reader.asked
        names = {parameter.name for parameter in function.parameters}
        outer = {name: frozenset({of_parameter(name)}) for name in self._parameters - names}
        found = substituted(changes, {**outer, **placed(changes, (), given)})
        self._changed |= found.changed
        self._kept |= found.kept
        return found.given

    def decorate(self, decorator: Expression, definition: FunctionDefinition | s.ClassDefinition) -> None:
        """Take in that a decorator is called with what it decorates: only where that is kept counts."""
        if isinstance(decorator, Call):
            self.value(decorator)
        described = frozenset(self._annotated(definition))
        for changes, receiver in self._called(decorator):
            found = substituted(changes, placed(changes, receiver, [("0", described)]))
            self._changed |= found.kept
            self._kept |= found.kept

    def _annotated(self, definition: FunctionDefinition | s.ClassDefinition) -> Iterator[str]:
        """Yield the classes that the annotations of a function name: what decorates it may read them."""
        for parameter in definition.parameters if isinstance(definition, FunctionDefinition) else ():
            for part in walk(parameter.annotation) if parameter.annotation is not None else ():
                symbol = self.symbol(part) if isinstance(part, Name | Attribute) else None
                if isinstance(symbol, ClassSymbol):
                    yield symbol.name

    def _is_kept(self, class_name: str) -> bool:
        """Whether calling a class may give what it gave before."""
        info = self._code.class_info(class_name)
        return bool(self._code.member(class_name, "__new__").functions) or any(
            keyword.name == "metaclass" for keyword in (() if info is None else info.keywords)
        )

    def _class_of(self, place: str) -> str:
        """Return the class of the project that a place is, or an instance of; empty if neither."""
        if is_parameter(place) or self._code.class_info(place) is not None:
            return "" if is_parameter(place) else place
        module, _, name = place.rpartition(".")
        for statement, _ in self._code.module_statements(module, name) if module in self._code.modules.file_of else ():
            if isinstance(statement, Assign) and isinstance(statement.value, Call):
                symbol = self._code.symbols.resolve_expression(module, statement.value.function)
                if isinstance(symbol, ClassSymbol):
                    return symbol.name
        return ""
