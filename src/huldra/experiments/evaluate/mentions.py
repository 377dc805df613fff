"""What spelling alone tells: which names can lead to an experiment, since what mentions none of them builds none.

Too many names cost time, too few would lose sites; so scopes are ignored, and every module shares one set.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from huldra.experiments.by_piece import ByPiece
from huldra.experiments.evaluate.mentioned import (
    BY_TEXT,
    EVERYWHERE,
    WITHOUT_NAMES,
    mentioned_in_functions_of,
    mentioned_names,
    on_self,
)
from huldra.experiments.evaluate.reachable import mutable_parts
from huldra.experiments.values import (
    ClassObject,
    ConfigObject,
    DictObject,
    FunctionObject,
    InstanceObject,
    Mutable,
    Scope,
    SetObject,
    next_birth,
)
from huldra.facts.expressions import Call, Constant, Expression, Literal, Node, Unary
from huldra.facts.statements import ClassDefinition, FileFacts, FunctionDefinition, PieceFacts, Statement
from huldra.facts.walk import walk
from huldra.project.bindings import bound_names, walk_block
from huldra.project.link import Project
from huldra.project.reachable import reachable

_MANY_DEFINITIONS = 50_000
_FROM_TEXT = frozenset(
    {"__dict__", "__import__", "eval", "exec", "getattr", "globals", "import_module", "locals", "modules", "vars"}
)
"""By these a script may get hold of what it does not name."""
_Held = ClassObject | FunctionObject | ConfigObject


class FileMentions(Struct, frozen=True):
    """Of a file or piece: which names the value or body of each name mentions, which functions do, and all of them."""

    by_name: Mapping[str, frozenset[str]]
    in_functions: frozenset[str]
    everything: frozenset[str]


class _Containers(Struct, frozen=True):
    """What the containers of a module held at the moment `since`."""

    scope: Scope
    since: int
    parts: Sequence[Mutable]
    held: Sequence[tuple[str, Sequence[_Held]]]

    def is_so_still(self) -> bool:
        """Whether nothing has been changed since."""
        return self.scope.touched < self.since and all(part.touched < self.since for part in self.parts)


class Mentions:
    """What the files of a project mention; of files and functions that did not change it is known already."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[FileFacts, FileMentions]] = {}
        self._pieces = ByPiece[FileMentions]()
        self._definitions: dict[int, tuple[Node, frozenset[str]]] = {}
        self._names: BuildingNames | None = None
        self._containers: dict[int, _Containers] = {}

    def containers(self, modules: Iterable[Scope]) -> Iterator[tuple[str, Sequence[_Held]]]:
        """Yield the containers of modules that hold classes, functions or configs, with these: registries, say."""
        before, self._containers = self._containers, {}
        for scope in modules:
            known = before.get(id(scope))
            if known is None or not known.is_so_still():
                known = _containers(scope)
            self._containers[id(scope)] = known
            yield from known.held

    def building_names(self, project: Project) -> "BuildingNames":
        """Return the names that can lead to an experiment; the same object as long as they are the same."""
        files = tuple(self.of_file(project, file) for file in project.relevant)
        wanted = (info for info in project.classes.values() if info.dialect is not None or info.is_collection)
        seeds = frozenset(info.definition.name for info in wanted)
        seeds |= WITHOUT_NAMES if seeds else frozenset()
        if self._names is None or not self._names.follows_from(files, seeds):
            self._names = BuildingNames(files, seeds, self)
        return self._names

    def of_file(self, project: Project, file: str) -> FileMentions:
        """Return what a file mentions."""
        facts = project.facts[file]
        kept = self._files.get(file)
        if kept is None or kept[0] is not facts:
            names_in = self.of_definition
            found = _together(self._pieces.of(file, facts, lambda piece: _piece_mentions(piece, names_in)))
            if kept is not None and kept[1] == found:
                found = kept[1]
            kept = self._files[file] = (facts, found)
        return kept[1]

    def of_definition(self, definition: Node) -> frozenset[str]:
        """Return every name that stands inside a definition."""
        kept = self._definitions.get(id(definition))
        if kept is None:
            if len(self._definitions) > _MANY_DEFINITIONS:
                self._definitions.clear()  # most of them are no longer there
            # The node is kept with the answer, so that its id stays its own.
            kept = self._definitions[id(definition)] = (definition, mentioned_names(definition))
        return kept[1]


class BuildingNames:
    """The names that can lead to an experiment, in one state of a project.

    `at_first` are those that the text tells, `at_last` those that running all modules has told.
    `mentioned_in_functions` is every name that a function or method mentions but for its own, `defined` every name that
    a module or class defines.
    """

    def __init__(self, files: tuple[FileMentions, ...], seeds: frozenset[str], mentions: Mentions) -> None:
        self._files = files
        self._seeds = seeds
        self._mentions = mentions
        self._mentioned_by: dict[str, set[str]] = {}
        for found in files:
            for name, others in found.by_name.items():
                for other in others:
                    self._mentioned_by.setdefault(other, set()).add(name)
        self.at_first = self._closure(seeds)
        self.mentioned_in_functions = frozenset[str]().union(*(found.in_functions for found in files))
        self.defined = frozenset(name for found in files for name in found.by_name)
        self.holders: frozenset[str] = frozenset()
        """The names of what holds something that may lead to an experiment, once modules have been run."""
        self.at_last = self.at_first

    @property
    def is_empty(self) -> bool:
        """Whether there is no experiment class, so that nothing can build one."""
        return not self._seeds

    def is_like(self, other: "BuildingNames") -> bool:
        """Whether it says of everything that a project defines what another one says."""
        differing = self.mentioned_in_functions ^ other.mentioned_in_functions
        same = self.at_first == other.at_first and self.at_last == other.at_last
        return self is other or (same and differing.isdisjoint(self.defined | other.defined))

    def look_into(self, modules: Iterable[Scope]) -> None:
        """Effect: take in which containers of these modules hold something that may lead to an experiment."""
        waiting = [] if self.is_empty else list(self._mentions.containers(modules))
        holders, names = set[str](), self.at_first
        while True:
            found = {name for name, held in waiting if any(self._leads_to_one(value, names) for value in held)}
            if not found:
                break
            # What a container holds may build by way of another one.
            waiting = [(name, held) for name, held in waiting if name not in found]
            holders |= found
            names = self._closure({*self._seeds, *holders})
        self.hold(frozenset(holders))

    def _leads_to_one(self, value: _Held, names: frozenset[str]) -> bool:
        if not isinstance(value, FunctionObject) or value.scope.parent is not None:
            return True  # what a function closes over has the names that it has there
        return not names.isdisjoint(self._mentions.of_definition(value.definition))

    def hold(self, holders: frozenset[str]) -> None:
        """Effect: take in the names of what holds something that may lead to an experiment."""
        if holders != self.holders:
            self.holders = holders
            self.at_last = self._closure({*self._seeds, *holders})

    def follows_from(self, files: tuple[FileMentions, ...], seeds: frozenset[str]) -> bool:
        """Whether these are what it was made of."""
        return self._seeds == seeds and self._files == files

    def may_build(self, definition: Node) -> bool:
        """Whether a definition mentions a name that can lead to an experiment."""
        return not self.at_last.isdisjoint(self._mentions.of_definition(definition))

    def any_may_build(self, values: Iterable[FunctionObject | ClassObject | ConfigObject]) -> bool:
        """Whether any of some values is, or mentions what can lead to, an experiment."""
        return any(
            self.may_build(value.definition)
            if isinstance(value, FunctionObject)
            else isinstance(value, ConfigObject) or value.info.dialect is not None or value.info.is_collection
            for value in values
        )

    def script_may_build(self, block: Node) -> bool:
        """Whether a block that runs as a script mentions such a name, or may find something by a text."""
        return not self.is_empty and (
            self.may_build(block) or not _FROM_TEXT.isdisjoint(self._mentions.of_definition(block))
        )

    def _closure(self, seeds: Iterable[str]) -> frozenset[str]:
        return frozenset(reachable(seeds, lambda name: self._mentioned_by.get(name, ())))


def file_mentions(facts: FileFacts) -> FileMentions:
    """Return what a file mentions."""
    names_in = Mentions().of_definition
    return _together([_piece_mentions(piece.facts, names_in) for piece in facts.pieces])


def _together(pieces: Iterable[FileMentions]) -> FileMentions:
    """Return what the file mentions that is made of some pieces."""
    by_name, in_functions, everything = dict[str, frozenset[str]](), set[str](), set[str]()
    for piece in pieces:
        for name, found in piece.by_name.items():
            by_name[name] = by_name[name] | found if name in by_name else found
        in_functions |= piece.in_functions
        everything |= piece.everything
    return FileMentions(by_name, frozenset(in_functions), frozenset(everything))


def _piece_mentions(piece: PieceFacts, names_in: Callable[[FunctionDefinition], frozenset[str]]) -> FileMentions:
    mentions: dict[str, set[str]] = {}
    everything = _add_mentions(piece.statements, mentions, names_in)
    in_functions = mentioned_in_functions_of(piece, names_in)
    everything.update(mentions, in_functions)
    by_name = {name: frozenset(found) for name, found in mentions.items()}
    return FileMentions(by_name, in_functions, frozenset(everything))


def _containers(scope: Scope) -> "_Containers":
    since, parts_of_all, found = next_birth(), list[Mutable](), list[tuple[str, Sequence[_Held]]]()
    for name, value in scope.names.items():
        parts = list(mutable_parts([value]))
        parts_of_all += parts
        containers = (part for part in parts if not isinstance(part, InstanceObject | SetObject))
        inside = (
            item
            for part in containers
            for item in (part.items.values() if isinstance(part, DictObject) else part.items)
        )
        held = [item for item in inside if isinstance(item, _Held)]
        if held:
            found.append((name, held))
    return _Containers(scope, since, parts_of_all, found)


def _add_mentions(
    block: Iterable[Statement],
    mentions: dict[str, set[str]],
    names_in: Callable[[FunctionDefinition], frozenset[str]],
    *,
    is_class: bool = False,
) -> set[str]:
    """Note, for each name that a block binds, which names its value or body mentions. Return all that it mentions.

    That a method finds something by a text is not said of names that everything has, such as `get`, but on `self`.
    """
    everything: set[str] = set()
    for statement, _ in walk_block(block, "always"):
        if isinstance(statement, ClassDefinition):
            # Its body is gone through for the names that it binds, so it needs no second walk.
            found = _add_mentions(statement.body, mentions, names_in, is_class=True) - {BY_TEXT}
            found |= mentioned_names(replace(statement, body=()))
        elif isinstance(statement, FunctionDefinition):
            found = names_in(statement)
        else:
            found = mentioned_names(statement)
        for name, _ in bound_names(statement):
            if is_class and name in EVERYWHERE:
                mentions.setdefault(on_self(name), set()).update(found)
                mentions.setdefault(name, set()).update(found - {BY_TEXT})
            else:
                mentions.setdefault(name, set()).update(found)
        everything |= found
    return everything


def calls_builder(node: Node, names: frozenset[str]) -> bool:
    """Whether a node contains a call of something that can lead to an experiment."""
    return any(isinstance(inner, Call) and may_build(inner.function, names) for inner in walk(node))


def is_written_out(value: Expression) -> bool:
    """Whether a value is a number, a text or a constant as it stands."""
    return isinstance(value.operand if isinstance(value, Unary) else value, Literal | Constant)


def may_build(definition: Node, names: frozenset[str]) -> bool:
    """Whether a function mentions a name that can lead to an experiment."""
    return not names.isdisjoint(mentioned_names(definition))
