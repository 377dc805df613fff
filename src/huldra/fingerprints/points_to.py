"""Where values may go in the definitions of one closure: from where they are made through names, attributes,
parameters, containers and results, and into the hands of what.

A points-to analysis that tells attributes apart by name alone and minds no order (Andersen, Program Analysis and
Specialization for the C Programming Language, 1994).
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import Struct

from huldra.facts.expressions import Call, Expression, dotted_name
from huldra.facts.statements import FunctionDefinition
from huldra.facts.walk import walk
from huldra.fingerprints import resolve
from huldra.fingerprints.called_members import is_open_base
from huldra.fingerprints.code import Code
from huldra.fingerprints.flows import RESULT, CallFlow, Place
from huldra.fingerprints.flows_in import annotated_names, flows_in, functions_of
from huldra.fingerprints.libraries import descriptions_read, is_library, only_writes
from huldra.fingerprints.mentions import Mention
from huldra.fingerprints.module_names import ADDING_METHODS
from huldra.fingerprints.resolve import Context, Resolver

_GIVING = frozenset(
    {"get", "pop", "popitem", "popleft", "values", "items", "copy", "setdefault", "__getitem__", "result"}
)
"""Methods of containers that give what is in them."""
_PROPERTIES = frozenset({"property", "cached_property"})
_ON_CLASS = "classmethod"
_ON_NOTHING = "staticmethod"
_DESCRIBED_KINDS = frozenset({"class", "instance", "function", "method", "module"})

_Value = tuple[str, str]
"""An `instance`, a `class` or a `module` by name, a `function` or `method` by its number, what is of a `library` or of
`python`, by name where that reads docstrings."""
_Spot = tuple[int, str, str]
"""A place in the definition of that number; attributes belong to none."""
_EVERYWHERE = -1
_GIVEN_AWAY: _Spot = (_EVERYWHERE, "library", "")


class _Site(Struct, frozen=True):
    """A call, with its places as spots."""

    result: _Spot
    arguments: tuple[tuple[str, tuple[_Spot, ...]], ...]
    name: str = ""
    """The last name of what is called."""
    behind: str | None = None
    """The class behind which the method is looked for, as `super()` does."""


_Act = Callable[[_Site, _Value], None]


class PointsTo:
    """What may be where."""

    def __init__(self, code: Code, definitions: Sequence[tuple[resolve.Node, Context]]) -> None:
        self._code = code
        self._definitions = definitions
        self._number = {_key(node): n for n, (node, _) in enumerate(definitions)}
        self._methods: dict[str, list[int]] = {}
        self._values: dict[_Spot, set[_Value]] = {}
        self._next: dict[_Spot, set[_Spot]] = {}
        self._called: dict[_Spot, list[_Site]] = {}
        self._received: dict[_Spot, list[_Site]] = {}
        self._parts: dict[_Spot, set[_Spot]] = {}
        self._waiting: list[tuple[_Spot, _Value]] = []
        for number, (node, _) in enumerate(definitions):
            if node.kind == "method":
                self._methods.setdefault(node.name, []).append(number)

    def take_in(self, number: int, resolver: Resolver, context: Context) -> None:
        """Take in one definition."""
        node = self._definitions[number][0]
        flows = flows_in(self._code, node)
        if node.kind == "method":
            self._take_in_method(number, node)
        if node.kind in {"function", "method"}:
            self._take_in_decorators(number, node, resolver, context)
        for index, mention in enumerate(flows.mentions):
            spot = (number, "mention", str(index))
            for target in resolver.resolve(mention, context).targets:
                self._mention(spot, target.node, is_part=bool(target.rest))
        for source, to in flows.moves:
            self._flow(self._spot(number, source), self._spot(number, to))
        for part, holders in flows.parts:
            for holder in holders:
                self._be_part(self._spot(number, part), self._spot(number, holder))
        for call in flows.calls:
            self._take_in_call(number, call)

    def run(self) -> None:
        """Let values go wherever they may."""
        while self._waiting:
            spot, value = self._waiting.pop()
            for to in self._next.get(spot, ()):
                self._put(to, value)
            for to in self._parts.get(spot, ()) if value[0] == "library" else ():
                self._put(to, value)
            for site in self._called.get(spot, ()):
                self._call(site, value)
            for site in self._received.get(spot, ()):
                self._receive(site, value)
            if spot == _GIVEN_AWAY and value[0] in {"function", "method"}:
                self._flow((int(value[1]), *RESULT), _GIVEN_AWAY)

    def escaped(self) -> frozenset[str]:
        """Return the classes of what is given away."""
        return frozenset(name for kind, name in self._values.get(_GIVEN_AWAY, ()) if kind in {"instance", "class"})

    def described(self, attribute: str) -> Collection[tuple[str, str]]:
        """Return the classes by name, and the functions and methods by number, of which a description is read."""
        told = {value for value in self._values.get(_told(attribute), ()) if value[0] != "instance"}
        found = told | self._values.get((_EVERYWHERE, "described", attribute), set())
        return sorted(value for value in found if value[0] in _DESCRIBED_KINDS)

    def at(self, number: int, places: Sequence[Place]) -> frozenset[tuple[str, str]]:
        """Return what may be in some places of a definition, as `described` does."""
        return frozenset(value for place in places for value in self._values.get(self._spot(number, place), ()))

    def functions(self, number: int) -> tuple[FunctionDefinition, ...]:
        """Return what defines a function or a method."""
        return functions_of(self._code, self._definitions[number][0])

    def _take_in_method(self, number: int, node: resolve.Node) -> None:
        functions = self.functions(number)
        self._put((_EVERYWHERE, "attribute", node.name), ("method", str(number)))
        decorators = {_last(d) for function in functions for d in function.decorators}
        receiver: _Value = ("class" if _ON_CLASS in decorators else "instance", node.instance)
        for function in functions if _ON_NOTHING not in decorators else ():
            for parameter in function.parameters[:1]:
                self._put((number, "local", parameter.name), receiver)
        result = (number, *RESULT)
        if decorators & _PROPERTIES:
            self._flow(result, (_EVERYWHERE, "attribute", node.name))
        if self._has_library_base(node.instance):
            self._flow(result, _GIVEN_AWAY)

    def _take_in_decorators(self, number: int, node: resolve.Node, resolver: Resolver, context: Context) -> None:
        """Let what decorates a definition be given it: functions of the project, or a library that reads docstrings."""
        value: _Value = (node.kind, str(number))
        for decorator in (d for function in self.functions(number) for d in function.decorators):
            dotted = dotted_name(decorator.function if isinstance(decorator, Call) else decorator)
            path = () if dotted is None else tuple(dotted.split("."))
            targets = resolver.resolve(Mention("name", path, "value", (0, 0, 0, 0)), context).targets if path else ()
            for target in targets:
                if isinstance(target.node, str):
                    for attribute in descriptions_read(target.node):
                        self._put(_told(attribute), value)
                    continue
                found = self._number.get(_key(target.node))
                for function in () if found is None else self.functions(found):
                    for name in _first_parameters(function):
                        self._put((found or 0, "local", name), value)

    def _mention(self, spot: _Spot, node: resolve.Node | str, *, is_part: bool) -> None:
        """Take in where a mention leads; `is_part`: to an attribute of that."""
        if isinstance(node, str):
            if "." in node and " " not in node:
                # Of nearly all it does not matter which; told apart, they would be as many values as functions.
                name = node if descriptions_read(node) else ""
                self._put(spot, ("library" if is_library(node) else "python", name))
            return
        number = self._number.get(_key(node))
        match node.kind:
            case "value" if number is not None and is_part:
                self._be_part(spot, (number, "local", node.name))
            case _ if is_part:
                pass
            case "class" | "module":
                self._put(spot, (node.kind, node.name))
            case "function" if number is not None:
                self._put(spot, ("function", str(number)))
            case "value" if number is not None:
                value = (number, "local", node.name)
                self._flow(value, spot)
                self._flow(spot, value)  # a function may put something into it
            case _:
                pass

    def _take_in_call(self, number: int, call: CallFlow) -> None:
        arguments = tuple((key, tuple(self._spot(number, p) for p in places)) for key, places in call.arguments)
        behind = self._definitions[number][0].owner if call.is_super else None
        site = _Site(self._spot(number, call.result), arguments, call.name, behind)
        for place in call.called:
            self._wait(self._called, self._spot(number, place), site, self._call)
        receivers = [self._spot(number, place) for place in call.receiver]
        for spot in receivers:
            self._wait(self._received, spot, site, self._receive)
            if call.name in ADDING_METHODS:
                self._pass(site, spot)
            if call.name in _GIVING:
                self._flow(spot, site.result)
        for method in self._methods.get(call.name, ()) if call.receiver else ():
            self._bind(site, method, is_method=True)

    def _call(self, site: _Site, value: _Value) -> None:
        """Take in that a value is called."""
        kind, name = value
        match kind:
            case "class":
                self._put(site.result, ("instance", name))
                self._construct(site, name)
            case "function":
                self._bind(site, int(name), is_method=False)
            case "library":
                self._give_away(site, name)
            case "method":
                pass  # whatever its receiver is, a call by that name has been taken in
            case "python":
                self._pass(site, site.result)
                for attribute in descriptions_read(name, site.name):
                    self._pass(site, (_EVERYWHERE, "described", attribute))
                # `map(make, xs)`, `field(default_factory=Model)`: what it is given may be called by it.
                for spot in {spot for _, spots in site.arguments for spot in spots}:
                    self._wait(self._called, spot, _Site(site.result, ()), self._call)
            case _:
                for method in self._methods.get("__call__", ()):
                    if self._definitions[method][0].instance == name:
                        self._bind(site, method, is_method=True)

    def _receive(self, site: _Site, value: _Value) -> None:
        """Take in that a method of a value is called."""
        kind, name = value
        is_own = kind in {"instance", "class"} and self._has_library_base(name)
        is_inherited = is_own and self._code.member(name, site.name, after=site.behind).kind == "outside"
        if kind == "library" or is_inherited:
            self._give_away(site, name if kind == "library" else "")

    def _construct(self, site: _Site, class_name: str) -> None:
        own = [n for n in self._methods.get("__init__", ()) if self._definitions[n][0].instance == class_name]
        for method in own:
            self._bind(site, method, is_method=True)
        if own:
            return
        if self._has_library_base(class_name):
            self._give_away(site, "")
        fields = annotated_names(self._code, class_name)
        for key, spots in site.arguments:
            names = fields if key == "*" else fields[int(key) : int(key) + 1] if key.isdecimal() else (key,)
            for spot in spots:
                for field in names:
                    self._flow(spot, (_EVERYWHERE, "attribute", field))

    def _give_away(self, site: _Site, library: str) -> None:
        if not only_writes(site.name):
            self._pass(site, _GIVEN_AWAY)
        for attribute in descriptions_read(library, site.name):
            self._pass(site, _told(attribute))
        self._put(site.result, ("library", library))

    def _bind(self, site: _Site, number: int, *, is_method: bool) -> None:
        """Take in that a definition may be called: parameters are what is given, and the call gives its result."""
        self._flow((number, *RESULT), site.result)
        for function in self.functions(number):
            parameters = function.parameters
            if is_method and _ON_NOTHING not in map(_last, function.decorators):
                parameters = parameters[1:]
            for key, spots in site.arguments:
                for index, parameter in enumerate(parameters):
                    is_rest = parameter.kind in {"var_positional", "var_keyword"}
                    if key in {"*", str(index), parameter.name} or is_rest:
                        for spot in spots:
                            self._flow(spot, (number, "local", parameter.name))

    def _has_library_base(self, class_name: str) -> bool:
        info = self._code.class_info(class_name)
        return info is not None and info.dialect is None and any(map(is_open_base, info.unseen))

    def _pass(self, site: _Site, to: _Spot) -> None:
        for _, spots in site.arguments:
            for spot in spots:
                self._flow(spot, to)

    def _spot(self, number: int, place: Place) -> _Spot:
        return (_EVERYWHERE if place[0] in {"attribute", "described"} else number, *place)

    def _be_part(self, part: _Spot, holder: _Spot) -> None:
        """Let what is read of something of a library be of the library, too."""
        self._parts.setdefault(holder, set()).add(part)
        for value in tuple(self._values.get(holder, ())):
            if value[0] == "library":
                self._put(part, value)

    def _flow(self, source: _Spot, to: _Spot) -> None:
        known = self._next.setdefault(source, set())
        if to not in known and to != source:
            known.add(to)
            for value in tuple(self._values.get(source, ())):
                self._put(to, value)

    def _wait(self, sites: dict[_Spot, list[_Site]], spot: _Spot, site: _Site, act: _Act) -> None:
        sites.setdefault(spot, []).append(site)
        for value in tuple(self._values.get(spot, ())):
            act(site, value)

    def _put(self, spot: _Spot, value: _Value) -> None:
        known = self._values.setdefault(spot, set())
        if value not in known:
            known.add(value)
            self._waiting.append((spot, value))


def _last(decorator: Expression) -> str:
    return (dotted_name(decorator) or "").rpartition(".")[2]


def _told(attribute: str) -> _Spot:
    """What is given to a library that reads that attribute of functions and classes."""
    return _EVERYWHERE, "told", attribute


def _key(node: resolve.Node) -> tuple[str, str, str]:
    return node.kind, node.name, node.module


def _first_parameters(function: FunctionDefinition) -> Iterator[str]:
    """Yield the names under which a decorator may get what it decorates, be it by a function inside of it."""
    for node in walk(function):
        if isinstance(node, FunctionDefinition):
            yield from (parameter.name for parameter in node.parameters[:1])
