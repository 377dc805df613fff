"""What one piece of work of an evaluation found, and what it looked at: enough to use it again instead of doing it."""

from msgspec import Struct

from huldra.experiments.evaluate.empty import EmptyDict, EmptyList, EmptySet
from huldra.experiments.evaluate.recorded import Group, Load, Site
from huldra.experiments.frozen import Doubt
from huldra.experiments.values import ClassObject, ConfigObject, FunctionObject, Mutable, Snapshot
from huldra.formats.config_values import Value
from huldra.project.places import Place
from huldra.project.problems import Problem

FunctionKey = tuple[str, Place]
"""A function by its module and where it is defined."""

Beginning = tuple[str, int, int]
"""A function by its file, and the line and column (from 0) where it begins: the same after an edit of bodies alone."""


def key_of(function: FunctionObject) -> FunctionKey:
    """Return what tells a function from others."""
    return function.module, function.origin.place(function.definition.at)


def beginning_of(function: FunctionObject) -> Beginning:
    """Return where a function begins."""
    line, column, *_ = function.definition.at
    return function.origin.file, function.origin.first_line + line, column


class BuiltEntry(Struct, frozen=True):
    """An entry of a manifest as written, and the config that it builds, if it builds one; else a problem says why."""

    name: str | None
    tags: tuple[str, ...]
    place: Place
    config: ConfigObject | None


class Changed(Struct, frozen=True):
    """A value of another module that importing one changes, and as it was before."""

    owner: str
    value: Mutable
    before: Snapshot


_NO_SITES = EmptyList[Site]()
_NO_LOADS = EmptyList[Load]()
_NO_GROUPS = EmptyList[Group]()
_NO_PROBLEMS = EmptySet[Problem]()
_NO_TURNS = EmptyDict[Place, int]()
_NO_CALLED = EmptySet[FunctionKey]()
_NO_ENTRANCES = EmptyList[FunctionObject]()
_NO_CLASSES = EmptyList[ClassObject]()
_NO_READS = EmptySet[str]()
_NO_RAN = EmptySet[Beginning]()
_NO_CHANGED = EmptyDict[int, Changed]()
_NO_DOUBTED = EmptyDict[int, ConfigObject]()
_NO_DEFAULTS = EmptyDict[tuple[str, str], Value | Doubt]()


class Outcome(Struct):
    """What a piece of work found, and what that follows from.

    Attributes:
        sites: The configs that it built, in order.
        loads: The configs whose results it asked for.
        groups: The lists of configs that it wrote as one.
        problems: What is wrong.
        turns: How often each loop that builds went round.
        counts: How many configs each place built, those past the limit included.
        called: The functions that it called.
        entrances: The functions that somebody outside may call from now on.
        offered: The functions that it gave to code outside the project, which may call them with anything.
        functions: The functions of modules and classes that it made.
        classes: The classes that it made.
        reads: The modules that it looked into.
        ran: The functions whose bodies it ran, or went through for what they read.
        changed: The values of other modules that it changed for good, by id.
        unfinished: The modules that it looked into while they were being imported.
        doubted: The configs that hold something that it changed, by id.
        has_environment_defaults: Whether it depends on defaults of environment variables.
        doubtful_calls: How many of its calls may raise, as far as anybody can tell.
        steps: How long it took.
        rehearsed: How many functions it ran only to see what they would change.
        is_slow: Whether it took too many steps, and was done once more without its long loops.
        defaults: What the defaults of a class's fields are worth, where that was the question.
        entries: What a manifest builds, where that was the question.
        is_of_method: Whether it is what a method of a config does.
        left: What a script has changed that was there before it, as it leaves it; what a module that is looked at
            alone has made another way.
        alone: What importing a module finds where others have not changed what it sees, if that may differ.
    """

    sites: list[Site] = []
    loads: list[Load] = []
    groups: list[Group] = []
    problems: set[Problem] = set()
    turns: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    called: set[FunctionKey] = set()
    entrances: list[FunctionObject] = []
    offered: set[FunctionKey] = set()
    functions: list[FunctionObject] = []
    classes: list[ClassObject] = []
    reads: set[str] = set()
    ran: set[Beginning] = set()
    changed: dict[int, Changed] = {}
    unfinished: set[str] = set()
    doubted: dict[int, ConfigObject] = {}
    has_environment_defaults: bool = False
    doubtful_calls: int = 0
    steps: int = 0
    rehearsed: int = 0
    is_slow: bool = False
    defaults: dict[tuple[str, str], Value | Doubt] = {}
    entries: tuple[BuiltEntry, ...] = ()
    is_of_method: bool = False
    left: tuple[tuple[Mutable, Snapshot], ...] = ()
    alone: "Outcome | None" = None

    @property
    def touched(self) -> set[str]:
        """The modules whose values it changed for good, its own left out."""
        return {each.owner for each in self.changed.values()}

    def mark(self) -> "Mark":
        """Return where it stands, to come back to."""
        return Mark(len(self.sites), len(self.loads), set(self.problems), dict(self.counts))

    def back_to(self, mark: "Mark") -> None:
        """Effect: forget what was built and found wrong since then; what was looked at still counts."""
        del self.sites[mark.sites :]
        del self.loads[mark.loads :]
        self.problems, self.counts = mark.problems, mark.counts

    def rest(self) -> None:
        """Effect: hold nothing for what was not found; nothing is added to it from here on."""
        self.sites = self.sites or _NO_SITES
        self.loads = self.loads or _NO_LOADS
        self.groups = self.groups or _NO_GROUPS
        self.problems = self.problems or _NO_PROBLEMS
        self.turns = self.turns or _NO_TURNS
        self.counts = self.counts or _NO_TURNS
        self.called = self.called or _NO_CALLED
        self.entrances = self.entrances or _NO_ENTRANCES
        self.offered = self.offered or _NO_CALLED
        self.functions = self.functions or _NO_ENTRANCES
        self.classes = self.classes or _NO_CLASSES
        self.reads = self.reads or _NO_READS
        self.ran = self.ran or _NO_RAN
        self.changed = self.changed or _NO_CHANGED
        self.unfinished = self.unfinished or _NO_READS
        self.doubted = self.doubted or _NO_DOUBTED
        self.defaults = self.defaults or _NO_DEFAULTS

    def take_in(self, other: "Outcome") -> None:
        """Effect: add what a part of this piece of work has found, and what that follows from."""
        self.sites += other.sites
        self.loads += other.loads
        self.groups += other.groups
        self.entrances += other.entrances
        self.offered |= other.offered
        self.functions += other.functions
        self.classes += other.classes
        for place, turns in other.turns.items():
            self.turns[place] = self.turns.get(place, 0) + turns
        for place, count in other.counts.items():
            self.counts[place] = self.counts.get(place, 0) + count
        self.problems |= other.problems
        self.called |= other.called
        self.changed = {**other.changed, **self.changed}  # as it was before the first change
        self.unfinished |= other.unfinished
        self.doubtful_calls += other.doubtful_calls
        self.steps += other.steps
        self.also_looked_at(other)

    def also_looked_at(self, other: "Outcome") -> None:
        """Effect: let what another piece of work follows from be what this one follows from, too."""
        self.reads |= other.reads
        self.ran |= other.ran
        self.doubted |= other.doubted
        self.has_environment_defaults |= other.has_environment_defaults


class Mark(Struct, frozen=True):
    """How much a piece of work had found at some moment."""

    sites: int
    loads: int
    problems: set[Problem]
    counts: dict[Place, int]
