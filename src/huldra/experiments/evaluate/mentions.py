"""What spelling alone tells: which names can lead to an experiment, since what mentions none of them builds none.

Too many names cost time, too few would lose sites; so scopes are ignored, and every module shares one set.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from huldra.experiments.evaluate.reachable import mutable_parts
from huldra.experiments.values import (
    ClassObject,
    ConfigObject,
    DictObject,
    FunctionObject,
    InstanceObject,
    Scope,
    SetObject,
)
from huldra.facts.expressions import Attribute, Call, Constant, Expression, Literal, Name, Node, Unary
from huldra.facts.statements import ClassDefinition, FileFacts, FunctionDefinition, ImportedName, Statement
from huldra.facts.walk import walk
from huldra.project.bindings import bound_names, walk_block
from huldra.project.link import Project

_MANY_DEFINITIONS = 50_000
_KINDS_WITH_NAMES = frozenset({Name, Attribute, ImportedName, Call})
_BY_ANOTHER = "of the class of another"
"""Stands among the names for what builds an experiment without naming its class: `chz.replace(x)`, `type(x)(…)`,
`x.__class__(…)`, `cls(…)`."""


@dataclass(frozen=True, slots=True)
class FileMentions:
    """Of one file: which names the value or body of each name mentions, which functions mention, and all of them."""

    by_name: Mapping[str, frozenset[str]]
    in_functions: frozenset[str]
    everything: frozenset[str]


class Mentions:
    """What the files of a project mention; of files and functions that did not change it is known already."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[FileFacts, FileMentions]] = {}
        self._definitions: dict[int, tuple[Node, frozenset[str]]] = {}
        self._names: BuildingNames | None = None

    def building_names(self, project: Project) -> "BuildingNames":
        """Return the names that can lead to an experiment; the same object as long as they are the same."""
        files = tuple(self.of_file(project, file) for file in project.relevant)
        wanted = (info for info in project.classes.values() if info.dialect is not None or info.is_collection)
        seeds = frozenset(info.definition.name for info in wanted)
        seeds |= {_BY_ANOTHER} if seeds else frozenset()
        if self._names is None or not self._names.follows_from(files, seeds):
            self._names = BuildingNames(files, seeds, self)
        return self._names

    def of_file(self, project: Project, file: str) -> FileMentions:
        """Return what a file mentions."""
        facts = project.facts[file]
        kept = self._files.get(file)
        if kept is None or kept[0] is not facts:
            found = _file_mentions(facts)
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
    `mentioned_in_functions` is every name that a function or method mentions but for its own.
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
        self._names = frozenset(name for found in files for name in found.by_name)
        self.holders: frozenset[str] = frozenset()
        """The names of what holds something that may lead to an experiment, once modules have been run."""
        self.at_last = self.at_first

    def is_like(self, other: "BuildingNames") -> bool:
        """Whether it says of everything that a project defines what another one says."""
        differing = self.mentioned_in_functions ^ other.mentioned_in_functions
        same = self.at_first == other.at_first and self.at_last == other.at_last
        return self is other or (same and differing.isdisjoint(self._names | other._names))

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

    def _closure(self, seeds: Iterable[str]) -> frozenset[str]:
        reached: set[str] = set()
        queue = list(seeds)
        while queue:
            name = queue.pop()
            if name not in reached:
                reached.add(name)
                queue.extend(self._mentioned_by.get(name, ()))
        return frozenset(reached)


def _file_mentions(facts: FileFacts) -> FileMentions:
    mentions: dict[str, set[str]] = {}
    in_functions: set[str] = set()
    everything: set[str] = set()
    for piece in facts.pieces:
        everything |= _add_mentions(piece.facts.statements, mentions)
        for statement in piece.facts.statements:
            for node in walk(statement, stop_at=(FunctionDefinition,)):
                if isinstance(node, FunctionDefinition):
                    in_functions |= mentioned_names(node) - {node.name}
    everything.update(mentions, in_functions)
    by_name = {name: frozenset(found) for name, found in mentions.items()}
    return FileMentions(by_name, frozenset(in_functions), frozenset(everything))


def names_of_holders(modules: Iterable[Scope]) -> Iterator[str]:
    """Yield the names of the containers that hold classes or functions: registries, filled by decorators, say."""
    for scope in modules:
        for name, value in scope.names.items():
            parts = (part for part in mutable_parts([value]) if not isinstance(part, InstanceObject | SetObject))
            held = (
                item for part in parts for item in (part.items.values() if isinstance(part, DictObject) else part.items)
            )
            if any(isinstance(item, ClassObject | FunctionObject | ConfigObject) for item in held):
                yield name


def _add_mentions(block: Iterable[Statement], mentions: dict[str, set[str]]) -> set[str]:
    """Note, for each name that a block binds, which names its value or body mentions. Return all that it mentions."""
    everything: set[str] = set()
    for statement, _ in walk_block(block, "always"):
        if isinstance(statement, ClassDefinition):
            # Its body is gone through for the names that it binds, so it needs no second walk.
            found = _add_mentions(statement.body, mentions) | mentioned_names(replace(statement, body=()))
        else:
            found = mentioned_names(statement)
        for name, _ in bound_names(statement):
            mentions.setdefault(name, set()).update(found)
        everything |= found
    return everything


def mentioned_names(node: Node) -> frozenset[str]:
    """Return every identifier that stands inside a node, attribute and imported names included."""
    found: set[str] = set()
    for inner in walk(node):
        if type(inner) in _KINDS_WITH_NAMES:
            match inner:
                case Name(id=name) | Attribute(name=name):
                    found.add(name)
                case ImportedName(name=name, alias=alias):
                    found.update(part for part in (*name.split("."), alias) if part)
                case Call(function=function) if _builds_like_another(function):
                    found.add(_BY_ANOTHER)
                case _:
                    pass
    return frozenset(found)


def _builds_like_another(function: Expression) -> bool:
    match function:
        case Name(id="cls" | "replace") | Attribute(name="__class__") | Call(function=Name(id="type")):
            return True
        case Attribute(name="replace", value=Name(id="chz" | "copy") | Attribute(name="chz")):
            return True
        case _:
            return False


def calls_builder(node: Node, names: frozenset[str]) -> bool:
    """Whether a node contains a call of something that can lead to an experiment."""
    return any(isinstance(inner, Call) and may_build(inner.function, names) for inner in walk(node))


def is_written_out(value: Expression) -> bool:
    """Whether a value is a number, a text or a constant as it stands."""
    return isinstance(value.operand if isinstance(value, Unary) else value, Literal | Constant)


def may_build(definition: Node, names: frozenset[str]) -> bool:
    """Whether a function mentions a name that can lead to an experiment."""
    return not names.isdisjoint(mentioned_names(definition))
