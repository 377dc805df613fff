"""Where code looks through all that a module or a class has, and what it picks out of that. Resolves no name.

`{n: c for n, c in vars(models).items() if isinstance(c, type) and issubclass(c, Model)}` finds what comes new into
`models`, unless it certainly is no subclass of `Model`; `vars(models)[name]` finds nothing that it does not ask for.
"""

from collections.abc import Iterable, Iterator
from typing import Literal as OneOf

from msgspec import Struct

from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.facts.bound_by import bound_by, target_names
from huldra.facts.walk import walk
from huldra.fingerprints.literals import literal_form

_FUNCTIONS = frozenset({"vars", "dir", "getmembers", "getmembers_static"})
_BY_KEY = frozenset({"get", "pop", "setdefault", "update", "__getitem__", "__contains__", "__setitem__"})
_VIEWS = frozenset({"items", "values", "keys"})
_WRAPPERS = frozenset({"list", "tuple", "sorted", "reversed", "set", "dict"})
_OF_CLASSES = frozenset({"isclass"})
_OF_FUNCTIONS = frozenset({"isfunction", "isroutine"})

TestKind = OneOf["class", "function", "callable", "of", "begins", "begins not", "ends", "upper"]


class Test(Struct, frozen=True):
    """A condition on what is found: what it is, by its name in `text`, or a subclass of one of some classes."""

    kind: TestKind
    text: str = ""
    classes: tuple[e.Name | e.Attribute, ...] = ()


class Look(Struct, frozen=True):
    """One place where all names of something are asked for.

    Attributes:
        at: Where that stands which is looked through.
        is_by_key: Only entries are asked for whose names something else gives.
        finds_methods: What an instance inherits is found, too, and not only what it has itself.
        tests: What certainly holds of all that is picked out.
    """

    at: e.Span
    is_by_key: bool = False
    finds_methods: bool = False
    tests: tuple[Test, ...] = ()


def looks_of(parts: Iterable[e.Node | None]) -> tuple[Look, ...]:
    """Return where some parts of a definition look through something."""
    nodes = [node for part in parts if part is not None for node in walk(part)]
    if not any(map(_looked_through, nodes)):
        return ()
    own = frozenset(name for node in nodes for name in _own_names(node))
    tests: dict[e.Span, tuple[Test, ...]] = {}
    keyed: set[e.Span] = set()
    found: dict[e.Span, Look] = {}
    for node in nodes:
        for inner, told in _picked(node):
            kept = tuple(test for test in told if own.isdisjoint(map(_root, test.classes)))
            tests.setdefault(inner.at, kept)
        keyed.update(inner.at for inner in _asked_by_key(node))
        looked = _looked_through(node) if isinstance(node, e.Call | e.Attribute) else None
        if isinstance(node, e.Call | e.Attribute) and looked is not None:
            finds_methods = _called(node) not in {"vars", "", "globals"} or _is_class(looked)
            at = _chain_around(nodes, node) if isinstance(node, e.Attribute) else looked.at
            found[at] = Look(at, node.at in keyed, finds_methods, tests.get(node.at, ()))
    return tuple(found.values())


def _is_class(value: e.Expression) -> bool:
    return _called(value) == "type" or (isinstance(value, e.Attribute) and value.name == "__class__")


def _own_names(node: e.Node) -> Iterator[str]:
    match node:
        case e.Parameter(name=name):
            yield name
        case e.Clause(target=target):
            yield from target_names(target)
        case _:
            yield from bound_by(node)


def _chain_around(nodes: Iterable[e.Node], dictionary: e.Attribute) -> e.Span:
    """Return where the whole chain stands of which a `__dict__` is a part: it is one mention."""
    return next((n.at for n in nodes if isinstance(n, e.Attribute) and n.value is dictionary), dictionary.at)


def _called(node: e.Node) -> str:
    """Return the last name of what a node calls; empty if it is no call."""
    function = node.function if isinstance(node, e.Call) else None
    return function.id if isinstance(function, e.Name) else function.name if isinstance(function, e.Attribute) else ""


def _looked_through(node: e.Node) -> e.Expression | None:
    """Return what a node has all names of: `models` of `vars(models)` and of `models.__dict__`; `globals()` itself."""
    match node:
        case e.Call(arguments=(first, *_)) if _called(node) in _FUNCTIONS:
            return first.value
        case e.Call(function=e.Name(id="globals"), arguments=()):
            return node
        case e.Attribute(value=value, name="__dict__"):
            return value
        case _:
            return None


def _bare(node: e.Node) -> tuple[e.Expression, str] | None:
    """Return what looks through something, without what only copies or orders it, and which view of it is taken."""
    view = ""
    while isinstance(node, e.Call):
        match node:
            case e.Call(function=e.Name(id=name), arguments=(first, *_)) if name in _WRAPPERS and first.name is None:
                node = first.value
            case e.Call(function=e.Attribute(value=inner, name=name), arguments=()) if name in _VIEWS and not view:
                node, view = inner, name
            case e.Call(function=e.Attribute(value=inner, name="copy"), arguments=()):
                node = inner
            case _:
                break
    if not isinstance(node, e.Call | e.Attribute) or _looked_through(node) is None:
        return None
    return node, view or ("items" if _called(node).startswith("getmembers") else "keys")


def _asked_by_key(node: e.Node) -> Iterator[e.Expression]:
    """Yield what looks through something of which a node asks for one entry."""
    match node:
        case e.Subscript(value=value, index=index) if not isinstance(index, e.Slice):
            holders: tuple[e.Expression, ...] = (value,)
        case e.Call(function=e.Attribute(value=value, name=name)) if name in _BY_KEY:
            holders = (value,)
        case e.Comparison(rest=rest):
            holders = tuple(operand for operator, operand in rest if operator in {"in", "not in"})
        case _:
            return
    yield from (holder for holder in holders if isinstance(holder, e.Call | e.Attribute) and _looked_through(holder))


def _picked(node: e.Node) -> Iterator[tuple[e.Expression, list[Test]]]:
    """Yield what a node goes through, with what is certain of all that it does something with."""
    match node:
        case e.Clause(target=target, iterable=iterable, conditions=conditions):
            bare = _bare(iterable)
            if bare is not None:
                names, values = _bound(target, bare[1])
                told = [test for condition in conditions for test in _holding(condition, names, values)]
                yield bare[0], [*told, *_of_predicate(bare[0])]
        case s.For(target=target, iterable=iterable, body=body):
            bare = _bare(iterable)
            if bare is not None:
                names, values = _bound(target, bare[1])
                yield bare[0], [*_at_the_top(body, names, values), *_of_predicate(bare[0])]
        case e.Call():
            told = list(_of_predicate(node))
            if told:
                yield node, told
        case _:
            return


def _bound(target: e.Expression, view: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return what the names and the values are called that a loop goes through."""
    match view, target:
        case "items", e.TupleDisplay(items=(e.Name(id=name), e.Name(id=value))):
            return frozenset({name}), frozenset({value})
        case "values", e.Name(id=value):
            return frozenset(), frozenset({value})
        case "keys", e.Name(id=name):
            return frozenset({name}), frozenset()
        case _:
            return frozenset(), frozenset()


def _of_predicate(node: e.Expression) -> Iterator[Test]:
    """Yield what the predicate of `getmembers` says."""
    match node:
        case e.Call(arguments=(_, e.Argument(value=e.Lambda(parameters=(parameter,), body=body)))):
            if _called(node).startswith("getmembers"):
                yield from _holding(body, frozenset(), frozenset({parameter.name}))
        case e.Call(arguments=(_, e.Argument(value=e.Name() | e.Attribute() as predicate))):
            if _called(node).startswith("getmembers"):
                yield from _by_predicate((e.dotted_name(predicate) or "").rpartition(".")[2])
        case _:
            return


def _by_predicate(name: str) -> Iterator[Test]:
    if name in _OF_CLASSES:
        yield Test("class")
    elif name in _OF_FUNCTIONS:
        yield Test("function")
    elif name == "callable":
        yield Test("callable")


def _at_the_top(body: tuple[s.Statement, ...], names: frozenset[str], values: frozenset[str]) -> Iterator[Test]:
    """Yield what holds of all turns of a loop that do more than to go on to the next."""
    for number, statement in enumerate(body):
        match statement:
            case s.Assign(
                targets=(e.Name(id=value),), value=e.Call(arguments=(_, e.Argument(value=e.Name(id=name)), *_))
            ):
                if name not in names or _called(statement.value) != "getattr":
                    return
                values |= {value}
            case s.If(test=test, body=(s.Continue(),), orelse=()):
                yield from _failing(test, names, values)
            case s.If(test=test, orelse=()) if number == len(body) - 1:
                yield from _holding(test, names, values)
            case _:
                return


def _holding(test: e.Expression, names: frozenset[str], values: frozenset[str]) -> Iterator[Test]:
    """Yield what is certain where a condition holds."""
    match test:
        case e.Logical(operator="and", left=left, right=right):
            yield from _holding(left, names, values)
            yield from _holding(right, names, values)
        case e.Unary(operator="not", operand=operand):
            yield from _failing(operand, names, values)
        case e.Call(function=e.Attribute(value=e.Name(id=name), name="isupper"), arguments=()) if name in names:
            yield Test("upper")
        case e.Call(function=e.Attribute(value=e.Name(id=name), name=method), arguments=(argument,)) if name in names:
            text = _text(argument.value)
            if text is not None and method in {"startswith", "endswith"}:
                yield Test("begins" if method == "startswith" else "ends", text)
        case e.Call(arguments=(e.Argument(value=e.Name(id=value)), *rest)) if value in values:
            yield from _of_kind(_called(test), rest)
        case _:
            return


def _failing(test: e.Expression, names: frozenset[str], values: frozenset[str]) -> Iterator[Test]:
    """Yield what is certain where a condition does not hold."""
    match test:
        case e.Unary(operator="not", operand=operand):
            yield from _holding(operand, names, values)
        case e.Logical(operator="or", left=left, right=right):
            yield from _failing(left, names, values)
            yield from _failing(right, names, values)
        case e.Call(function=e.Attribute(value=e.Name(id=name), name="startswith"), arguments=(argument,)):
            text = _text(argument.value)
            if text is not None and name in names:
                yield Test("begins not", text)
        case _:
            return


def _of_kind(function: str, rest: list[e.Argument]) -> Iterator[Test]:
    match function, rest:
        case "isinstance", [e.Argument(value=e.Name(id="type"))]:
            yield Test("class")
        case "isinstance", [e.Argument(value=e.Name(id="FunctionType") | e.Attribute(name="FunctionType"))]:
            yield Test("function")
        case "issubclass", [e.Argument(value=e.Name() | e.Attribute() as base)]:
            yield Test("of", classes=(base,))
        case "issubclass", [e.Argument(value=e.TupleDisplay(items=items))]:
            classes = tuple(item for item in items if isinstance(item, e.Name | e.Attribute))
            if len(classes) == len(items):
                yield Test("of", classes=classes)
        case _, []:
            yield from _by_predicate(function)
        case _:
            return


def _text(value: e.Expression) -> str | None:
    form = literal_form(value.source) if isinstance(value, e.Literal) else ""
    return form[5:-1] if form.startswith("str '") else None


def _root(value: e.Expression) -> str:
    return (e.dotted_name(value) or "").partition(".")[0]
