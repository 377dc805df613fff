"""Of which classes instances may come into the hands of a library, which may call any of their methods.

Values are followed from where they are made through names, attributes, parameters, containers and results, as far as
definitions of one closure say: a points-to analysis that tells attributes apart by name alone and minds no order
(Andersen, Program Analysis and Specialization for the C Programming Language, 1994).
"""

import re
import sys
from collections.abc import Callable, Sequence

from msgspec import Struct

from huldra.facts.expressions import Expression, Name, dotted_name
from huldra.facts.statements import AnnotatedAssign, FunctionDefinition
from huldra.fingerprints import resolve
from huldra.fingerprints.called_members import CALL_NOTHING, is_open_base
from huldra.fingerprints.code import Code
from huldra.fingerprints.effects import effects_on
from huldra.fingerprints.flows import NO_FLOWS, RESULT, CallFlow, Flows, Place, flows_of
from huldra.fingerprints.module_names import ADDING_METHODS
from huldra.fingerprints.programs import program_statements
from huldra.fingerprints.resolve import Context, Resolver
from huldra.fingerprints.written import import_writes
from huldra.formats.dialect import DIALECTS

_GIVING = frozenset(
    {"get", "pop", "popitem", "popleft", "values", "items", "copy", "setdefault", "__getitem__", "result"}
)
"""Methods of containers that give what is in them."""
_LIKE_PYTHON = (
    sys.stdlib_module_names | CALL_NOTHING | {"builtins", "tqdm", "rich", "loguru", *(d.name for d in DIALECTS)}
)
"""What calls no method of what it is given that has no double underscores, and may give it back."""
_ONLY_WRITTEN = re.compile(r"save|dump|write|log|print|show")
"""How the names of functions of libraries begin that write what they are given, as pickle does."""
_PROPERTIES = frozenset({"property", "cached_property"})
_ON_CLASS = "classmethod"
_ON_NOTHING = "staticmethod"

_Value = tuple[str, str]
"""An `instance` or a `class` by name, a `function` by its number, something of a `library`, or of `python`."""
_Spot = tuple[int, str, str]
"""A place in the definition of that number; attributes belong to none."""
_EVERYWHERE = -1
_GIVEN_AWAY: _Spot = (_EVERYWHERE, "library", "")
_LIBRARY: _Value = ("library", "")
_PYTHON: _Value = ("python", "")


class _Site(Struct, frozen=True):
    """A call, with its places as spots."""

    result: _Spot
    arguments: tuple[tuple[str, tuple[_Spot, ...]], ...]
    name: str = ""
    """The last name of what is called."""
    behind: str | None = None
    """The class behind which the method is looked for, as `super()` does."""


_Act = Callable[[_Site, _Value], None]


def is_library(name: str) -> bool:
    """Return whether something outside the project is of an installed package that may call what it is given."""
    return "." in name and " " not in name and name.partition(".")[0] not in _LIKE_PYTHON


def given_away(code: Code, resolver: Resolver, definitions: Sequence[tuple[resolve.Node, Context]]) -> frozenset[str]:
    """Return the classes of which an instance, or which themselves, may be given to a library.

    Args:
        code: The state of the code.
        resolver: Says where mentions lead.
        definitions: All that a closure reaches, with where its names are read.
    """
    analysis = _Analysis(code, definitions)
    for number, (_, context) in enumerate(definitions):
        analysis.take_in(number, resolver, context)
    analysis.run()
    return analysis.escaped()


class _Analysis:
    def __init__(self, code: Code, definitions: Sequence[tuple[resolve.Node, Context]]) -> None:
        self._code = code
        self._definitions = definitions
        self._number = {(node.kind, node.name, node.module): n for n, (node, _) in enumerate(definitions)}
        self._methods: dict[str, list[int]] = {}
        self._values: dict[_Spot, set[_Value]] = {}
        self._next: dict[_Spot, set[_Spot]] = {}
        self._called: dict[_Spot, list[_Site]] = {}
        self._received: dict[_Spot, list[_Site]] = {}
        self._waiting: list[tuple[_Spot, _Value]] = []
        for number, (node, _) in enumerate(definitions):
            if node.kind == "method":
                self._methods.setdefault(node.name, []).append(number)

    def take_in(self, number: int, resolver: Resolver, context: Context) -> None:
        """Take in one definition."""
        node = self._definitions[number][0]
        flows = _flows(self._code, node)
        if node.kind == "method":
            self._take_in_method(number, node)
        for index, mention in enumerate(flows.mentions):
            spot = (number, "mention", str(index))
            for target in resolver.resolve(mention, context).targets:
                if not target.rest or isinstance(target.node, str):
                    self._mention(spot, target.node)
        for source, to in flows.moves:
            self._flow(self._spot(number, source), self._spot(number, to))
        for call in flows.calls:
            self._take_in_call(number, call)

    def run(self) -> None:
        """Let values go wherever they may."""
        while self._waiting:
            spot, value = self._waiting.pop()
            for to in self._next.get(spot, ()):
                self._put(to, value)
            for site in self._called.get(spot, ()):
                self._call(site, value)
            for site in self._received.get(spot, ()):
                self._receive(site, value)
            if spot == _GIVEN_AWAY and value[0] == "function":
                self._flow((int(value[1]), *RESULT), _GIVEN_AWAY)

    def escaped(self) -> frozenset[str]:
        """Return the classes of what is given away."""
        return frozenset(name for kind, name in self._values.get(_GIVEN_AWAY, ()) if kind in {"instance", "class"})

    def _take_in_method(self, number: int, node: resolve.Node) -> None:
        functions = self._code.member(node.owner, node.name).functions
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

    def _mention(self, spot: _Spot, node: resolve.Node | str) -> None:
        if isinstance(node, str):
            if "." in node and " " not in node:
                self._put(spot, _LIBRARY if is_library(node) else _PYTHON)
            return
        number = self._number.get((node.kind, node.name, node.module))
        match node.kind:
            case "class":
                self._put(spot, ("class", node.name))
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
                self._give_away(site)
            case "python":
                self._pass(site, site.result)
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
            self._give_away(site)

    def _construct(self, site: _Site, class_name: str) -> None:
        own = [n for n in self._methods.get("__init__", ()) if self._definitions[n][0].instance == class_name]
        for method in own:
            self._bind(site, method, is_method=True)
        if own:
            return
        if self._has_library_base(class_name):
            self._give_away(site)
        fields = _annotated(self._code, class_name)
        for key, spots in site.arguments:
            names = fields if key == "*" else fields[int(key) : int(key) + 1] if key.isdecimal() else (key,)
            for spot in spots:
                for field in names:
                    self._flow(spot, (_EVERYWHERE, "attribute", field))

    def _give_away(self, site: _Site) -> None:
        if not _ONLY_WRITTEN.match(site.name):
            self._pass(site, _GIVEN_AWAY)
        self._put(site.result, _LIBRARY)

    def _bind(self, site: _Site, number: int, *, is_method: bool) -> None:
        """Take in that a definition may be called: parameters are what is given, and the call gives its result."""
        self._flow((number, *RESULT), site.result)
        for function in self._functions(number):
            parameters = function.parameters
            if is_method and _ON_NOTHING not in map(_last, function.decorators):
                parameters = parameters[1:]
            for key, spots in site.arguments:
                for index, parameter in enumerate(parameters):
                    is_rest = parameter.kind in {"var_positional", "var_keyword"}
                    if key in {"*", str(index), parameter.name} or is_rest:
                        for spot in spots:
                            self._flow(spot, (number, "local", parameter.name))

    def _functions(self, number: int) -> tuple[FunctionDefinition, ...]:
        node = self._definitions[number][0]
        if node.kind == "method":
            return self._code.member(node.owner, node.name).functions
        statements = (statement for statement, _ in self._code.module_statements(node.module, node.name))
        return tuple(statement for statement in statements if isinstance(statement, FunctionDefinition))

    def _has_library_base(self, class_name: str) -> bool:
        info = self._code.class_info(class_name)
        return info is not None and info.dialect is None and any(map(is_open_base, info.unseen))

    def _pass(self, site: _Site, to: _Spot) -> None:
        for _, spots in site.arguments:
            for spot in spots:
                self._flow(spot, to)

    def _spot(self, number: int, place: Place) -> _Spot:
        return (_EVERYWHERE if place[0] == "attribute" else number, *place)

    def _flow(self, source: _Spot, to: _Spot) -> None:
        known = self._next.setdefault(source, set())
        if to not in known and to != source:
            known.add(to)
            for value in tuple(self._values.get(source, ())):
                self._put(to, value)

    def _wait(
        self, sites: dict[_Spot, list[_Site]], spot: _Spot, site: _Site, act: Callable[[_Site, _Value], None]
    ) -> None:
        sites.setdefault(spot, []).append(site)
        for value in tuple(self._values.get(spot, ())):
            act(site, value)

    def _put(self, spot: _Spot, value: _Value) -> None:
        known = self._values.setdefault(spot, set())
        if value not in known:
            known.add(value)
            self._waiting.append((spot, value))


def _flows(code: Code, node: resolve.Node) -> Flows:
    """Return the flows of a definition, which are the same in every closure of a state."""
    key = (node.kind, node.name, node.module, node.owner)
    found = code.flows.get(key)
    if not isinstance(found, Flows):
        found = code.flows[key] = _read(code, node)
    return found


def _read(code: Code, node: resolve.Node) -> Flows:
    match node.kind:
        case "function" | "value":
            return flows_of(statement for statement, _ in code.module_statements(node.module, node.name))
        case "method":
            return flows_of(code.member(node.owner, node.name).functions)
        case "member" | "default":
            member = code.member(node.owner, node.name)
            return flows_of(member.values, value_of=node.name)
        case "class":
            info = code.class_info(node.name)
            return NO_FLOWS if info is None else flows_of((info.definition,))
        case "write":
            return flows_of(write.statement for write in import_writes(code, node.module, node.name))
        case "effect":
            return flows_of(statement for statement, _ in effects_on(code, node.module, node.name))
        case "program":
            return flows_of(statement for statement, _ in program_statements(code, node.name))
        case "type" | "decorators" | "instance" | "module":
            return NO_FLOWS


def _annotated(code: Code, class_name: str) -> tuple[str, ...]:
    """Return the annotated names of a class and its ancestors, the furthest first, as a dataclass takes them."""
    info, tables = code.class_info(class_name), code.tables(class_name)
    if info is None or tables is None:
        return ()
    bodies = (tables.classes[name].definition.body for name in reversed(info.order) if name in tables.classes)
    return tuple(
        item.target.id
        for body in bodies
        for item in body
        if isinstance(item, AnnotatedAssign) and isinstance(item.target, Name)
    )


def _last(decorator: Expression) -> str:
    return (dotted_name(decorator) or "").rpartition(".")[2]
