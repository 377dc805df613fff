"""Where a field of a config class is declared, given a value and read, in all of the code. Changes nothing.

A use whose owner cannot be told is said to be so: nobody is to rename half of a field.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from huldra.facts.expressions import (
    Argument,
    Attribute,
    Call,
    DictDisplay,
    Expression,
    FormattedString,
    Literal,
    Name,
    Node,
)
from huldra.facts.statements import Case, ClassPattern, FunctionDefinition, Parameter
from huldra.facts.walk import walk
from huldra.project.fields import RAW_PREFIX, FieldDeclaration
from huldra.project.link import Project
from huldra.project.places import Place
from huldra.project.scopes import Placed, placed_nodes
from huldra.project.symbols import ClassSymbol, ExternalSymbol
from huldra.project.told import ClassItself, Function, Instance, Library, Several, Told, is_outside
from huldra.project.told_calls import is_replacing
from huldra.project.told_classes import ToldClasses

_PLAIN = frozenset(
    {
        *(f"builtins.{name}" for name in ("int", "float", "str", "bool", "bytes", "list", "tuple", "dict", "set")),
        *("builtins.frozenset", "pathlib.Path", "datetime.datetime"),
    }
)
_BY_NAME = frozenset({"getattr", "setattr", "hasattr", "delattr"})


class FieldUse(Struct, frozen=True, order=True):
    """A place where a field is named.

    Attributes:
        place: The name alone; of a read inside an f-string the whole string, since facts say no more.
        word: How it is named.
        doubt: Why it may be something else; None if it is certain.
        in_string: Which of the reads inside one f-string this is, from 1; 0 elsewhere.
    """

    place: Place
    word: str
    doubt: str | None = None
    in_string: int = 0


def field_family(project: Project, class_name: str, field: str) -> frozenset[str]:
    """Return the classes that have one field in common with a class, through those above and below them."""
    tables = project.tables
    having = {name for name in project.classes if tables.is_config_class(name) and field in tables.table(name)}
    found: set[str] = set()
    waiting = [class_name] if class_name in having else []
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for other in project.classes[name].order if other in having]
            waiting += [other for other in having if name in project.classes[other].order]
    return frozenset(found)


def field_uses(project: Project, class_name: str, field: str, files: Iterable[str]) -> tuple[FieldUse, ...]:
    """Return where a field is named, those that are sure and those in doubt, sorted.

    Args:
        project: The code.
        class_name: A config class that has the field.
        field: Its public name.
        files: Where to look, root-relative.
    """
    reader = _Reader(project, field, field_family(project, class_name, field))
    return tuple(sorted({use for file in files for use in reader.uses(file)}))


class FieldReads:
    """Tells which config class's field an attribute is; for hovers and the like."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._told = ToldClasses(project)

    def in_file(self, file: str) -> Mapping[Place, tuple[str, str]]:
        """Return the class and field of every attribute that surely reads one, by the place of its name."""
        module = self._project.modules.module_of.get(file)
        facts = self._project.facts.get(file)
        found: dict[Place, tuple[str, str]] = {}
        if module is None or facts is None or file not in self._project.relevant:
            return found
        for placed in placed_nodes(file, facts, self._told.module(module)):
            node = placed.node
            if isinstance(node, Attribute):
                owner = self._owner(self._told.told(node.value, placed.scope), node.name)
                if owner is not None:
                    found[_end_of(placed, node, node.name)] = (owner, node.name.removeprefix(RAW_PREFIX))
        return found

    def _owner(self, told: Told, name: str) -> str | None:
        tables = self._project.tables
        for class_name in sorted(told.class_names) if isinstance(told, Instance) else ():
            if tables.is_config_class(class_name) and name.removeprefix(RAW_PREFIX) in tables.table(class_name):
                return class_name
        return None


class _Reader:
    def __init__(self, project: Project, field: str, family: frozenset[str]) -> None:
        self.project = project
        self.words = frozenset({field, f"{RAW_PREFIX}{field}"})
        self.family = family
        self.above = frozenset(name for owner in family for name in project.classes[owner].order) - family
        self.told = ToldClasses(project)
        self.can_be_called = any(_can_be_called(project, project.tables.table(name)[field]) for name in family)
        self.called: set[int] = set()
        """The attributes that are called, of a field whose value cannot be: `text.split()` reads no field `split`."""
        self.strings: dict[Place, int] = {}
        """The f-strings so far, with how many reads of the field there are inside each."""

    def uses(self, file: str) -> Iterator[FieldUse]:
        """Yield the uses in a file."""
        facts = self.project.facts.get(file)
        module = self.project.modules.module_of.get(file)
        self.called.clear()
        self.strings.clear()
        if facts is None or module is None:
            return
        for placed in placed_nodes(file, facts, self.told.module(module)):
            yield from self._node(placed)

    def _node(self, placed: Placed) -> Iterator[FieldUse]:
        node = placed.node
        match node:
            case Attribute(value=value, name=name) if name in self.words:
                is_ours = self._instance(value, placed)
                if is_ours or id(node) not in self.called:
                    yield from self._read(node, placed, is_ours=is_ours)
            case FormattedString(at=at):
                self.strings.setdefault(placed.origin.place(at), 0)
            case Call():
                if not self.can_be_called and isinstance(node.function, Attribute):
                    self.called.add(id(node.function))
                yield from self._call(node, placed)
            case Case(pattern=pattern):
                yield from self._patterns(pattern, placed)
            case _ if placed.scope.kind == "class":
                yield from self._in_body(node, placed)
            case _:
                return

    def _read(self, node: Attribute, placed: Placed, *, is_ours: bool | None) -> Iterator[FieldUse]:
        whole = placed.origin.place(node.at)
        if whole not in self.strings:
            yield from _use(_end_of(placed, node, node.name), node.name, is_ours=is_ours)
        elif is_ours is not False:
            self.strings[whole] += 1
            doubt = None if is_ours else f"whose {node.name} this is cannot be told"
            yield FieldUse(whole, node.name, doubt, self.strings[whole])

    def _in_body(self, node: Node, placed: Placed) -> Iterator[FieldUse]:
        """What a class body binds and reads by the field's name."""
        if placed.scope.class_name not in self.family:
            return
        match node:
            case Name(id=name) if name in self.words:
                yield FieldUse(placed.origin.place(node.at), name)
            case FunctionDefinition(name=name, name_at=at) if name in self.words:
                yield FieldUse(placed.origin.place(at), name)
            case _:
                return

    def _instance(self, value: Expression, placed: Placed) -> bool | None:
        """Whether an expression is a config that has the field; None where that cannot be told."""
        told = self.told.told(value, placed.scope)
        match told:
            case Instance(class_names=names) | ClassItself(class_names=names):
                return self._is_ours(names)
            case _:
                return False if is_outside(told) or not _is_open(told) else None

    def _is_ours(self, names: frozenset[str]) -> bool | None:
        if names <= self.family:
            return True
        is_apart = not names & (self.family | self.above) and not any(self._is_protocol(name) for name in names)
        return False if is_apart else None

    def _is_protocol(self, name: str) -> bool:
        info = self.project.classes.get(name)
        return info is None or any(base.name.endswith("Protocol") for base in info.bases)

    def _call(self, call: Call, placed: Placed) -> Iterator[FieldUse]:
        function = self.told.told(call.function, placed.scope)
        is_ours = self._takes_field(function, call, placed)
        for argument in call.arguments:
            if argument.name in self.words:
                yield from _use(_start_of(placed, argument), argument.name or "", is_ours=is_ours)
            elif argument.star == "**":
                yield from self._unpacked(argument, placed, is_ours=is_ours)
        if isinstance(call.function, Name) and call.function.id in _BY_NAME and len(call.arguments) > 1:
            yield from self._by_name(call, placed)

    def _takes_field(self, function: Told, call: Call, placed: Placed) -> bool | None:
        """Whether a keyword of a call is the field; None where that cannot be told."""
        match function:
            case ClassItself(class_names=names):
                return self._is_ours(names)
            case Library(name="functools.partial"):
                first = self.told.told(call.arguments[0].value, placed.scope) if call.arguments else None
                return self._is_ours(first.class_names) if isinstance(first, ClassItself) else _unless_outside(first)
            case Library(name=name) if is_replacing(name):
                return self._instance(call.arguments[0].value, placed) if call.arguments else None
            case Function(definition=definition):
                return self._handed_on(definition.parameters)
            case Several() | Instance():
                return False
            case _:
                return _unless_outside(function)

    def _handed_on(self, parameters: tuple[Parameter, ...]) -> bool | None:
        """A function with the parameter means that; one that takes any keyword may hand it on."""
        if any(parameter.name in self.words for parameter in parameters):
            return False
        return None if any(parameter.kind == "var_keyword" for parameter in parameters) else False

    def _unpacked(self, argument: Argument, placed: Placed, *, is_ours: bool | None) -> Iterator[FieldUse]:
        if is_ours is False:
            return
        place = placed.origin.place(argument.at)
        value = argument.value
        if not isinstance(value, DictDisplay):
            if is_ours:
                yield FieldUse(place, "**", "what is unpacked here may name the field")
            return
        for key, _ in value.entries:
            if not isinstance(key, Literal) or key.source[1:-1] in self.words:
                yield FieldUse(place, "**", "what is unpacked here may name the field")

    def _by_name(self, call: Call, placed: Placed) -> Iterator[FieldUse]:
        receiver, name = call.arguments[0].value, call.arguments[1].value
        is_word = isinstance(name, Literal) and name.source[1:-1] in self.words
        if is_word and self._instance(receiver, placed) is not False:
            yield FieldUse(placed.origin.place(name.at), "text", "the field is named by a text here")

    def _patterns(self, pattern: Node, placed: Placed) -> Iterator[FieldUse]:
        for inner in walk(pattern):
            if isinstance(inner, ClassPattern) and any(name in self.words for name, _ in inner.keywords):
                told = self.told.told(inner.cls, placed.scope)
                names = told.class_names if isinstance(told, ClassItself) else frozenset[str]()
                if (self._is_ours(names) if names else _unless_outside(told)) is not False:
                    place = placed.origin.place(placed.node.at) if isinstance(placed.node, Case) else None
                    if place is not None:
                        yield FieldUse(place, "pattern", "a pattern names the field here")


def _use(place: Place, word: str, *, is_ours: bool | None) -> Iterator[FieldUse]:
    if is_ours is not False:
        yield FieldUse(place, word, None if is_ours else f"whose {word} this is cannot be told")


def _is_open(told: Told) -> bool:
    """Whether something may be an instance without our knowing."""
    return not isinstance(told, Several | Function) and not (isinstance(told, Library) and is_outside(told))


def _unless_outside(told: Told | None) -> bool | None:
    return False if told is not None and is_outside(told) else None


def _end_of(placed: Placed, node: Attribute, word: str) -> Place:
    whole = placed.origin.place(node.at)
    return Place(whole.file, whole.end_line, whole.end_column - len(word), whole.end_line, whole.end_column)


def _start_of(placed: Placed, argument: Argument) -> Place:
    whole = placed.origin.place(argument.at)
    return Place(whole.file, whole.line, whole.column, whole.line, whole.column + len(argument.name or ""))


def _can_be_called(project: Project, field: FieldDeclaration) -> bool:
    """Whether the value of a field may be a function, as far as its annotation says."""
    if field.annotation is None:
        return True
    owner = project.classes[field.owner]
    for node in walk(field.annotation, stop_at=(Attribute,)):
        if isinstance(node, Name | Attribute):
            symbol = project.symbols.resolve_expression(owner.module, node, owner.enclosing)
            is_plain = isinstance(symbol, ExternalSymbol) and symbol.name in _PLAIN
            if not is_plain and not (isinstance(symbol, ClassSymbol) and _is_no_function(project, symbol.name)):
                return True
        elif isinstance(node, Literal):
            return True
    return False


def _is_no_function(project: Project, name: str) -> bool:
    info = project.classes.get(name)
    if info is None or any(not base.startswith("enum.") for base in info.unseen):
        return False
    return not any(
        "__call__" in project.tables.body(ancestor).members for ancestor in info.order if ancestor in project.classes
    )
