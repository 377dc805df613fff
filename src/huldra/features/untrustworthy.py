"""What makes a result untrustworthy: what `_create` reaches and its config does not say. Opt-in.

Found in the closures of the experiment classes, by the names of what lies outside the project.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from huldra.analysis.snapshot import Snapshot
from huldra.comparison.code_reasons import place_of
from huldra.facts.expressions import Attribute, Binary, Call, Constant, Literal, Name, Node, dotted_name
from huldra.facts.statements import ScopeDeclaration
from huldra.facts.walk import walk
from huldra.features.findings import Finding
from huldra.features.outside_readings import (
    OPENERS,
    READERS,
    READING_METHODS,
    UNSEEDED_RANDOM,
    is_generator,
    reading_of,
)
from huldra.fingerprints.holdings import Holdings
from huldra.fingerprints.model import Closure, Definition
from huldra.formats.names import short_name
from huldra.project.hierarchy import experiment_classes, missing_methods
from huldra.project.places import Origin, Place

REASSIGNED_GLOBAL, READS_FILE = "HUL403", "HUL406"


class _Hit(Struct, frozen=True):
    """Something that a definition does, and where."""

    code: str
    definition: str
    what: str
    place: Place


def untrustworthy(snapshot: Snapshot) -> tuple[Finding, ...]:
    """Return one finding for each definition and what it reads, whatever number of classes reach it."""
    text = _Text(snapshot)
    classes_of: dict[_Hit, set[str]] = {}
    for name, closure in _closures(snapshot):
        reached = {target for definition in closure.definitions for target in _outside(definition).values()}
        for definition in closure.definitions:
            for hit in _hits(text, _Reads(definition, closure), reached):
                classes_of.setdefault(hit, set()).add(name)
    return tuple(sorted(_finding(hit, sorted(classes)) for hit, classes in classes_of.items()))


def _closures(snapshot: Snapshot) -> Iterator[tuple[str, Closure]]:
    project = snapshot.project
    for info in experiment_classes(project.classes):
        if info.dialect is not None and not missing_methods(info.name, project.tables, project.symbols):
            closure = snapshot.code.closure(info.name, (info.dialect.create_method,), Holdings())
            if closure is not None:
                yield info.name, closure


class _Reads:
    """What a definition reads by name: of what lies outside the project, and of the module-level values inside it."""

    def __init__(self, definition: Definition, closure: Closure) -> None:
        self.definition = definition
        self.outside = _outside(definition)
        targets = ((found.spelling, found.target) for found in definition.references)
        self._values = {
            spelling.partition(".")[0]
            for spelling, target in targets
            if isinstance(target, int) and closure.definitions[target].kind == "value"
        }

    def target(self, expression: Node) -> str:
        """Return the full name of something outside the project; empty for anything else."""
        name = dotted_name(expression) if isinstance(expression, Name | Attribute) else None
        return self.outside.get(name or "", "")

    def named_file(self, path: Node) -> str | None:
        """Return how a path is written that the config has no part in; None if it may have one."""
        match path:
            case Literal(source=source):
                return source
            case Name() | Attribute():
                name = dotted_name(path) or ""
                return name if name.partition(".")[0] in self._values else None
            case Call(function=function, arguments=(first, *_)) if self.target(function) == "pathlib.Path":
                return self.named_file(first.value)
            case Binary(operator="/", left=left, right=right):
                parts = (self.named_file(left), self.named_file(right))
                return None if None in parts else " / ".join(part for part in parts if part is not None)
            case _:
                return None


def _outside(definition: Definition) -> Mapping[str, str]:
    return {found.spelling: found.target for found in definition.references if isinstance(found.target, str)}


class _Text:
    """The syntax of definitions, with places."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._facts = snapshot.project.facts
        self._nodes: dict[Definition, tuple[tuple[Node, Place], ...]] = {}
        self._declarations: dict[str, tuple[tuple[ScopeDeclaration, Place], ...]] = {}

    def nodes(self, definition: Definition) -> tuple[tuple[Node, Place], ...]:
        """Return every name, attribute and call inside a definition, outermost first."""
        if definition not in self._nodes:
            self._nodes[definition] = tuple(self._found(definition))
        return self._nodes[definition]

    def _found(self, definition: Definition) -> Iterator[tuple[Node, Place]]:
        for node, origin in self._in_file(definition.file, definition.end_line):
            if isinstance(node, Name | Attribute | Call):
                place = origin.place(node.at)
                if definition.line <= place.line <= definition.end_line:
                    yield node, place

    def declarations(self, file: str) -> tuple[tuple[ScopeDeclaration, Place], ...]:
        """Return every `global` statement of a file."""
        if file not in self._declarations:
            self._declarations[file] = tuple(
                (node, origin.place(node.at))
                for node, origin in self._in_file(file)
                if isinstance(node, ScopeDeclaration) and node.keyword == "global"
            )
        return self._declarations[file]

    def _in_file(self, file: str, line: int | None = None) -> Iterator[tuple[Node, Origin]]:
        """Yield every node of a file, or only those of the piece that holds a line."""
        facts = self._facts.get(file)
        for piece in () if facts is None else facts.pieces:
            if line is None or piece.first_line < line <= piece.first_line + piece.line_count:
                for statement in piece.facts.statements:
                    for node in walk(statement):
                        yield node, Origin(file, piece.first_line)

    def place(self, definition: Definition, spelling: str) -> Place:
        """Return where a definition first reads a name; its own place where that cannot be told."""
        for node, place in self.nodes(definition):
            if isinstance(node, Name | Attribute) and dotted_name(node) == spelling:
                return place
        return place_of(definition)


def _hits(text: _Text, reads: _Reads, reached: set[str]) -> Iterator[_Hit]:
    definition = reads.definition
    for spelling, target in reads.outside.items():
        code = reading_of(target, reached)
        if code is not None:
            yield _Hit(code, definition.name, f"reads {target}", text.place(definition, spelling))
    if definition.kind == "value":
        yield from _reassignments(text, definition)
    for node, place in text.nodes(definition):
        if isinstance(node, Call):
            yield from _calls(reads, node, place)


def _reassignments(text: _Text, definition: Definition) -> Iterator[_Hit]:
    """A module-level name stands for what it was at import only if no function binds it anew."""
    name = definition.name.rpartition(".")[2]
    for node, place in text.declarations(definition.file):
        if name in node.names:
            yield _Hit(REASSIGNED_GLOBAL, definition.name, "is assigned anew while the code runs", place)


def _calls(reads: _Reads, call: Call, place: Place) -> Iterator[_Hit]:
    target, name = reads.target(call.function), reads.definition.name
    if is_generator(target) and _is_unseeded(call):
        yield _Hit(UNSEEDED_RANDOM, name, f"makes a {target} without a seed", place)
    path = _path_read(call, target)
    file = None if path is None else reads.named_file(path)
    if file is not None:
        yield _Hit(READS_FILE, name, f"reads the file {file}", place)


def _is_unseeded(call: Call) -> bool:
    return all(isinstance(seed.value, Constant) and seed.value.word == "None" for seed in call.arguments)


def _path_read(call: Call, target: str) -> Node | None:
    """Return the path that a call reads from; None if it reads from none."""
    if target in READERS:
        is_written = target in OPENERS and _has_writing_mode(call, 1)
        return None if is_written else next((argument.value for argument in call.arguments if not argument.star), None)
    method = call.function
    if not isinstance(method, Attribute) or method.name not in READING_METHODS:
        return None
    return None if method.name == "open" and _has_writing_mode(call, 0) else method.value


def _has_writing_mode(call: Call, position: int) -> bool:
    modes = [
        argument.value
        for index, argument in enumerate(call.arguments)
        if argument.name == "mode" or (argument.name is None and index == position)
    ]
    return any(isinstance(mode, Literal) and bool(set("wax+") & set(mode.source)) for mode in modes)


def _finding(hit: _Hit, classes: list[str]) -> Finding:
    others = f" and {len(classes) - 1} more" if len(classes) > 1 else ""
    cause = f"{hit.definition} {hit.what}, reached from {short_name(classes[0])}{others}: its config does not say it"
    return Finding(hit.place, hit.code, "warning", cause, f"{hit.definition} {hit.what}")
