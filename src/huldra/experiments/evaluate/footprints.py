"""What the body of a generator read. It is run at once, so a consumer that changes any of that puts the rest in doubt.

What is read is found by spelling, through whatever functions and methods the body can reach: too much rather than too
little. Changes nothing but what the piece of work has looked at.
"""

from collections.abc import Iterator

from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.values import (
    FINISHED,
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    DictView,
    Finished,
    Footprint,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    ListObject,
    Method,
    ModuleObject,
    MutableValue,
    Partial,
    PropertyObject,
    Scope,
    SetObject,
    Unknown,
    next_birth,
)
from huldra.facts.expressions import Attribute, Comprehension, Lambda, Name, Node
from huldra.facts.statements import FunctionDefinition
from huldra.facts.walk import walk
from huldra.project.let_go import names_let_go


def take_footprint(machine: Machine, iterator: IteratorObject) -> Footprint:
    """Return what the generator behind an iterator, whose body has just been run, can have read."""
    trace = _Trace(machine)
    source, scope = iterator.source, iterator.scope
    let_go = let_go_by(machine, iterator)
    if source is not None and scope is not None:
        trace.read(source, scope)
        if isinstance(source, FunctionDefinition):
            trace.reach([value for name, value in scope.names.items() if name not in (let_go or ())])
    handed: list[AbstractValue] = [value for value, _ in iterator.handed if not isinstance(value, Scope)]
    if let_go is not None:
        # The containers that it yields are their consumer's; what they hold may be found on another way.
        given = {id(item) for item in iterator.items}
        handed = [part for value in handed for part in (inside(value) if id(value) in given else (value,))]
    trace.reach(handed)
    return Footprint(next_birth(), tuple(trace.parts.values()), tuple(trace.names))


def let_go_by(machine: Machine, iterator: IteratorObject) -> frozenset[str] | None:
    """Return the names of which a generator function lets go as it yields; None where it may read that again."""
    source = iterator.source
    if not isinstance(source, FunctionDefinition):
        return None
    known = machine.let_go.get(id(source))
    if known is None:
        known = machine.let_go[id(source)] = (source, names_let_go(source))
    return known[1]


def read_by(machine: Machine, function: FunctionObject) -> tuple[MutableValue, ...]:
    """Return the values that a function that is not run could read, or change."""
    trace = _Trace(machine)
    trace.reach([function])
    return tuple(trace.parts.values())


def is_changed(footprint: Footprint) -> bool:
    """Whether anything of a footprint has been changed, or a name bound anew, since it was taken."""
    return any(part.touched > footprint.since for part in footprint.parts) or any(
        scope.touched > footprint.since and scope.names.get(name, FINISHED) is not value
        for scope, name, value in footprint.names
    )


class _Trace:
    """What has been reached: values, the names under which they were found, and the code that was gone through."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.parts: dict[int, MutableValue] = {}
        self.names: list[tuple[Scope, str, AbstractValue | Finished]] = []
        self._seen: set[int] = set()
        self._attributes: set[str] = set()
        self._holders: dict[int, Scope] = {}
        """The scopes of classes and modules, whose names are read as attributes."""

    def read(self, node: Node, scope: Scope) -> None:
        """Go through code, and whatever it can reach by the names of a scope and those around it."""
        if id(node) in self._seen:
            return
        self._seen.add(id(node))
        _, names, attributes = self._spelled(node)
        found = [value for name in names for value in self._look_up(name, scope)]
        new = [name for name in attributes if name not in self._attributes]
        self._attributes.update(new)
        found += [v for name in new for holder in self._holders.values() for v in self._member(holder, name)]
        self.reach(found)

    def _spelled(self, node: Node) -> tuple[Node, tuple[str, ...], tuple[str, ...]]:
        """Return the names of others and the attributes in some code, which is held so that its id stays its own."""
        known = self._machine.spelled.get(id(node))
        if known is None:
            own, names, attributes = _own_names(self._machine, node), dict[str, None](), dict[str, None]()
            for inner in walk(node):
                if isinstance(inner, Name):
                    names[inner.id] = None
                elif isinstance(inner, Attribute):
                    attributes[inner.name] = None
            others = tuple(name for name in names if name not in own)
            known = self._machine.spelled[id(node)] = (node, others, tuple(attributes))
        return known

    def _look_up(self, name: str, scope: Scope) -> list[AbstractValue]:
        holder: Scope | None = scope
        while holder is not None:
            if name in holder.names:
                return self._member(holder, name)
            holder = holder.parent
        return []

    def _member(self, holder: Scope, name: str) -> list[AbstractValue]:
        if name not in holder.names:
            return []
        self.names.append((holder, name, holder.names[name]))
        return [holder.names[name]]

    def reach(self, values: list[AbstractValue]) -> None:
        """Go through values, what they hold, and the code of those that can be called."""
        stack = list(values)
        while stack:
            value = stack.pop()
            self._machine.journal.work += 1  # a list that grows as it is read is gone through over and over
            if id(value) in self._seen:
                continue
            if not isinstance(value, str | int | float | None):
                self._seen.add(id(value))
            if isinstance(value, ListObject | DictObject | SetObject | InstanceObject | IteratorObject):
                self.parts[id(value)] = value
            if isinstance(value, IteratorObject) and value.source is not None and value.scope is not None:
                self.read(value.source, value.scope)
            if isinstance(value, FunctionObject):
                self._machine.ran(value)  # another body of it may read something else, whether it is run or not
                self.read(value.definition, value.scope)
            elif isinstance(value, ClassObject):
                stack += self._hold(value.members)
            elif isinstance(value, ModuleObject) and (scope := self._machine.modules.get(value.name)) is not None:
                stack += self._hold(scope)
            stack += inside(value)

    def _hold(self, scope: Scope) -> list[AbstractValue]:
        """Note a scope whose names are attributes; special methods are called without being named."""
        self._holders[id(scope)] = scope
        wanted = [name for name in scope.names if name in self._attributes or name.startswith("__")]
        return [value for name in wanted for value in self._member(scope, name)]


def _own_names(machine: Machine, node: Node) -> frozenset[str]:
    match node:
        case FunctionDefinition():
            return machine.local_names(node).names
        case Lambda(parameters=parameters):
            return frozenset(parameter.name for parameter in parameters)
        case Comprehension(clauses=clauses):
            targets = (part for clause in clauses for part in walk(clause.target))
            return frozenset(part.id for part in targets if isinstance(part, Name))
        case _:
            return frozenset()


def inside(value: AbstractValue) -> Iterator[AbstractValue]:
    """Yield what a value holds, and what it does when it is called is made of."""
    match value:
        case ListObject(items=items):
            yield from items
        case DictObject(items=table):
            yield from table.values()
        case IteratorObject(items=items, sources=sources, state=state):
            yield from (*items, *sources, state)
        case DictView(table=table):
            yield table
        case tuple():
            yield from value
        case InstanceObject(cls=cls, attributes=attributes):
            yield from (cls, *attributes.values())
        case ConfigObject(cls=cls, raw=raw):
            yield from (cls, *raw.values())
        case FunctionObject(defaults=defaults, attributes=attributes):
            yield from defaults.values()
            if attributes is not None:
                yield attributes
        case BoundMethod(function=function, receiver=receiver):
            yield from (function, receiver)
        case Method(receiver=receiver):
            yield receiver
        case PropertyObject(function=function):
            yield function
        case Partial(function=function, positional=positional, keywords=keywords):
            yield from (function, *positional, *keywords.values())
        case Unknown(aliases=aliases):
            yield from aliases
        case _:
            return
