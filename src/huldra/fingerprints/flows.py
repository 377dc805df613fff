"""Where values may go inside one definition: from name to name, and into which calls. Resolves no name, runs nothing.

Order, conditions and the insides of containers do not count: what may be in a list is said to be where the list is.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from huldra.facts.bound_by import bound_by
from huldra.facts.expressions import (
    Attribute,
    Await,
    Binary,
    Call,
    Comprehension,
    Conditional,
    DictDisplay,
    Expression,
    Lambda,
    ListDisplay,
    Literal,
    Logical,
    Name,
    Node,
    Parameter,
    SetDisplay,
    Starred,
    Subscript,
    TupleDisplay,
    Walrus,
    Yield,
    YieldFrom,
    dotted_name,
)
from huldra.facts.statements import (
    AnnotatedAssign,
    Assign,
    AugmentedAssign,
    ClassDefinition,
    For,
    FunctionDefinition,
    Import,
    ImportFrom,
    Match,
    Return,
    ScopeDeclaration,
    With,
)
from huldra.facts.walk import child_nodes, walk
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.mentions import Mention
from huldra.fingerprints.scopes import Imported
from huldra.project.bindings import ImportedFrom, ImportedModule, bound_names

Place = tuple[str, str]
"""Where a value may be: a `local` or an `attribute` of anything by name, a `mention`, what a `call` gives or a `part`
of something by number, the `result`, and what is `described` by one of its attributes."""

RESULT: Place = ("result", "")
DOCSTRING, ANNOTATIONS = "__doc__", "__annotations__"
"""The attributes by which somebody reads what a definition says of itself."""
DESCRIPTIONS = frozenset({DOCSTRING, ANNOTATIONS})
NAMES = frozenset({"__name__", "__qualname__"})
"""The attributes by which somebody reads what a function or a class is called."""
_DISPLAYS = ListDisplay | TupleDisplay | SetDisplay | DictDisplay


class CallFlow(Struct, frozen=True):
    """A call.

    Attributes:
        result: Where what it gives is.
        called: Where what is called is.
        name: The last name of what is called.
        receiver: Where the value is whose method that may be.
        arguments: Where the arguments are, each behind its number or name; behind a star where it may be any.
        is_super: Whether the method is looked for behind the class that the definition stands in.
    """

    result: Place
    called: tuple[Place, ...]
    name: str
    receiver: tuple[Place, ...]
    arguments: tuple[tuple[str, tuple[Place, ...]], ...]
    is_super: bool = False


class Flows(Struct, frozen=True):
    """Where values may go: `moves` from one place to another, and what is called with them.

    Each of `parts` is, where it is an attribute of what is in some places. `named` is where that may be which is asked
    for its name, place by place.
    """

    moves: tuple[tuple[Place, Place], ...] = ()
    parts: tuple[tuple[Place, tuple[Place, ...]], ...] = ()
    calls: tuple[CallFlow, ...] = ()
    mentions: tuple[Mention, ...] = ()
    named: tuple[tuple[Place, ...], ...] = ()


NO_FLOWS = Flows()


def flows_of(parts: Iterable[Node | None], *, value_of: str = "") -> Flows:
    """Return the flows of a definition.

    Args:
        parts: Its functions, its statements or its expressions; of a class the definition, without its methods.
        value_of: The attribute that expressions are a value of.
    """
    kept = tuple(part for part in parts if part is not None)
    reader = _Reader(kept)
    for part in kept:
        match part:
            case FunctionDefinition():
                reader.function(part, RESULT)
            case ClassDefinition(body=body):
                for item in body:
                    reader.class_value(item)
            case _ if value_of:
                reader.move(reader.places(part), (("attribute", value_of),))
            case _:
                reader.statement(part, RESULT)
    moves = tuple(dict.fromkeys(reader.moves))
    return Flows(moves, tuple(reader.parts), tuple(reader.calls), tuple(reader.mentions), tuple(reader.named))


def annotation_flows(annotations: Iterable[Expression | None]) -> Flows:
    """Return the flows of what is described by annotations: the classes in them are, too."""
    reader = _Reader(())
    for part in (inner for each in annotations if each is not None for inner in walk(each)):
        if isinstance(part, Name | Attribute):
            reader.move(reader.places(part), (("described", label) for label in DESCRIPTIONS))
    return Flows(tuple(dict.fromkeys(reader.moves)), mentions=tuple(reader.mentions))


_Arguments = tuple[tuple[str, tuple[Place, ...]], ...]
_ASKING = frozenset({"getattr", "attrgetter"})
_NAMING = frozenset({"wraps", "update_wrapper"})


class _Reader:
    def __init__(self, parts: tuple[Node, ...]) -> None:
        self.moves: list[tuple[Place, Place]] = []
        self.parts: list[tuple[Place, tuple[Place, ...]]] = []
        self.calls: list[CallFlow] = []
        self.mentions: list[Mention] = []
        self.named: list[tuple[Place, ...]] = []
        self._numbers: dict[str, Place] = {}
        self._receiver: tuple[Place, ...] = ()
        self._imports: dict[str, Imported] = {}
        self._functions: dict[str, tuple[Parameter, ...]] = {}
        """The functions that are defined inside, of which a call gives what is kept under their name."""
        self._bound = set(self._names_in(parts))

    def _names_in(self, parts: tuple[Node, ...]) -> Iterator[str]:
        """Yield the names that have a value of their own here, in whatever scope."""
        elsewhere: set[str] = set()
        for part in parts:
            for node in walk(part):
                match node:
                    case Import() | ImportFrom():
                        found = ((n, t) for n, t in bound_names(node) if isinstance(t, ImportedModule | ImportedFrom))
                        self._imports.update(found)
                    case ScopeDeclaration(keyword="global", names=names):
                        elsewhere.update(names)
                    case Parameter(name=name):
                        yield name
                    case Comprehension(clauses=clauses):
                        yield from (n.id for c in clauses for n in walk(c.target) if isinstance(n, Name))
                    case FunctionDefinition() | ClassDefinition() if node is part:
                        pass  # it is bound where it stands
                    case FunctionDefinition(name=name, parameters=parameters):
                        self._functions[name] = parameters
                        yield name
                    case Assign(targets=(Name(id=name),), value=Lambda(parameters=parameters)):
                        self._functions[name] = parameters
                        yield name
                    case _:
                        yield from (name for name in bound_by(node) if name not in elsewhere)

    def function(self, definition: FunctionDefinition, result: Place) -> None:
        """Read the body of a function, and the defaults of its parameters."""
        if result == RESULT:
            self._receiver = tuple(("local", parameter.name) for parameter in definition.parameters[:1])
        for parameter in definition.parameters:
            self.move(self.places(parameter.default), (("local", parameter.name),))
        for statement in definition.body:
            self.statement(statement, result)

    def class_value(self, item: Node) -> None:
        """Read a statement in the body of a class, whose names are attributes."""
        match item:
            case Assign(targets=targets, value=value):
                names = [("attribute", target.id) for target in targets if isinstance(target, Name)]
                self.move(self.places(value), names)
            case AnnotatedAssign(target=Name(id=name), value=value):
                self.move(self.places(value), (("attribute", name),))
            case FunctionDefinition() | ClassDefinition():
                pass
            case _:
                self.statement(item, RESULT)

    def statement(self, node: Node, result: Place) -> None:
        """Read a statement; what it returns is then at `result`."""
        match node:
            case Assign(targets=targets, value=value):
                found = self.places(value)
                for target in targets:
                    self._bind(target, found)
            case AnnotatedAssign(target=target, value=value) | AugmentedAssign(target=target, value=value):
                self._bind(target, self.places(value))
            case For(target=target, iterable=iterable, body=body, orelse=orelse):
                self._bind(target, self.places(iterable))
                for inner in (*body, *orelse):
                    self.statement(inner, result)
            case With(items=items, body=body):
                for value, target in items:
                    found = self.places(value)
                    if target is not None:
                        self._bind(target, found)
                for inner in body:
                    self.statement(inner, result)
            case Match(subject=subject, cases=cases):
                found = self.places(subject)
                captured = {name for case in cases for part in walk(case.pattern) for name in bound_by(part)}
                self.move(found, [("local", name) for name in sorted(captured)])
                for case in cases:
                    self.places(case.guard)
                    for inner in case.body:
                        self.statement(inner, result)
            case Return(value=value):
                self.move(self.places(value), (result,))
            case FunctionDefinition(name=name):
                # Whoever calls a function that is defined here gets what is kept under its name.
                self.function(node, ("local", name))
            case _ if isinstance(node, Expression):
                self.places(node)
            case _:
                for inner in child_nodes(node):
                    self.statement(inner, result)

    def move(self, found: Iterable[Place], to: Iterable[Place]) -> None:
        """Take in that a value may go from some places to others."""
        to = tuple(to)
        self.moves += ((place, target) for place in found for target in to if place != target)

    def _bind(self, target: Expression, found: tuple[Place, ...]) -> None:
        match target:
            case Name(id=name):
                self.move(found, (self._named(name),))
            case Attribute(value=holder, name=name):
                self.places(holder)
                self.move(found, (("attribute", name),))
            case Subscript(value=holder, index=index):
                self.places(index)
                self.move(found, self.places(holder))
            case TupleDisplay(items=items) | ListDisplay(items=items):
                for item in items:
                    self._bind(item, found)
            case Starred(value=value):
                self._bind(value, found)
            case _:
                pass

    def places(self, value: Node | None) -> tuple[Place, ...]:
        """Return where the value of an expression may be, or come from; read what is called in it."""
        match value:
            case None:
                return ()
            case Name(id=name):
                return (self._named(name),)
            case Attribute():
                return self._attribute(value)
            case Call():
                return (self._call(value),)
            case Lambda(body=body):
                return self.places(body)
            case Subscript(value=inner, index=index):
                self.places(index)
                return self.places(inner)
            case Starred(value=inner) | Await(value=inner):
                return self.places(inner)
            case Conditional(test=test, body=left, orelse=right):
                self.places(test)
                return (*self.places(left), *self.places(right))
            case Logical(left=left, right=right) | Binary(left=left, right=right):
                return (*self.places(left), *self.places(right))
            case Walrus(target=name, value=inner):
                found = self.places(inner)
                self.move(found, (("local", name),))
                return found
            case Yield(value=inner) | YieldFrom(value=inner):
                self.move(self.places(inner), (RESULT,))
                return ()
            case Comprehension(element=element, value=second, clauses=clauses):
                for clause in clauses:
                    self._bind(clause.target, self.places(clause.iterable))
                    for condition in clause.conditions:
                        self.places(condition)
                return (*self.places(element), *self.places(second))
            case display if isinstance(display, _DISPLAYS):
                return tuple(place for part in child_nodes(display) for place in self.places(part))
            case _:
                for part in child_nodes(value):
                    self.places(part)
                return ()

    def _attribute(self, value: Attribute) -> tuple[Place, ...]:
        mentioned = self._mentioned(value)
        if mentioned and value.name not in DESCRIPTIONS | NAMES:
            return (*mentioned, ("attribute", value.name))
        holder = self._mentioned(value.value) or self.places(value.value)
        if value.name in NAMES:
            self.named.append(holder)
        if value.name == "__class__":
            return holder
        if value.name in DESCRIPTIONS:
            self.move(holder, (("described", value.name),))
        part: Place = ("part", str(len(self.parts)))
        self.parts.append((part, holder))
        return ("attribute", value.name), part

    def _call(self, call: Call) -> Place:
        is_super = False
        match call.function:
            case Attribute(value=Call(function=Name(id="super")), name=name):
                called, receiver, is_super = (), self._receiver, True
            case Attribute(value=holder, name=name) as function:
                called = self._mentioned(function) or (("attribute", name),)
                receiver = self._mentioned(holder) or self.places(holder)
            case function:
                called, receiver = self.places(function), ()
                name = function.id if isinstance(function, Name) else ""
        arguments = tuple(
            ("*" if argument.star else argument.name or str(index), self.places(argument.value))
            for index, argument in enumerate(call.arguments)
        )
        self._ask_name(call, arguments)
        self._give_lambdas(call, arguments)
        result = ("call", str(len(self.calls)))
        self.calls.append(CallFlow(result, called, name, receiver, arguments, is_super))
        parameters = self._functions.get(call.function.id) if isinstance(call.function, Name) else None
        if parameters is not None:
            self.move(called, (result,))
            for key, found in arguments:
                to = (p.name for i, p in enumerate(parameters) if key in {"*", p.name, str(i)})
                self.move(found, (("local", name) for name in to))
        return result

    def _ask_name(self, call: Call, arguments: _Arguments) -> None:
        """Take in `getattr(f, "__name__", "?")`, and that `wraps(f)` gives its name to another function."""
        last = (dotted_name(call.function) or "").rpartition(".")[2]
        texts = {literal_form(a.value.source)[5:-1] for a in call.arguments if isinstance(a.value, Literal)}
        if arguments and (last in _NAMING or (last in _ASKING and not NAMES.isdisjoint(texts))):
            self.named.append(tuple(place for _, places in arguments for place in places))

    def _give_lambdas(self, call: Call, arguments: _Arguments) -> None:
        """Let lambdas be given what else a call is, as `map` and `sorted` do."""
        given = [place for _, places in arguments for place in places]
        parameters = [p.name for a in call.arguments if isinstance(a.value, Lambda) for p in a.value.parameters]
        self.move(given, [("local", name) for name in parameters])

    def _named(self, name: str) -> Place:
        return ("local", name) if name in self._bound else self._mention(name)

    def _mentioned(self, value: Expression) -> tuple[Place, ...]:
        """Return the mention that a chain of names outside of this definition is; nothing for any other value."""
        dotted = dotted_name(value)
        if dotted is None or dotted.partition(".")[0] in self._bound:
            return ()
        return (self._mention(dotted),)

    def _mention(self, dotted: str) -> Place:
        if dotted not in self._numbers:
            path = tuple(dotted.split("."))
            imported = self._imports.get(path[0])
            self._numbers[dotted] = "mention", str(len(self.mentions))
            self.mentions.append(
                Mention("name" if imported is None else "import", path, "value", (0, 0, 0, 0), imported)
            )
        return self._numbers[dotted]
