"""The state of an evaluation, and the one way in which its parts reach each other. Holds no rule of the language."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from huldra.experiments.evaluate.journal import Journal, Section
from huldra.experiments.evaluate.reachable import mutable_parts
from huldra.experiments.evaluate.recorded import ClassFault, EnumMember, Group, Load, Site, SiteKind
from huldra.experiments.evaluate.signals import OutOfSteps, TooLarge
from huldra.experiments.frozen import PartialConfig
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    External,
    FunctionObject,
    ListObject,
    Mutable,
    Scope,
    Snapshot,
    Unknown,
)
from huldra.facts.expressions import Expression, Node, Span
from huldra.facts.statements import FunctionDefinition, Statement
from huldra.formats.config_values import ConfigValue
from huldra.project.link import Project
from huldra.project.local_names import LocalNames, local_names
from huldra.project.places import Origin, Place
from huldra.project.problems import Problem, Severity

_MOST_RECOVERIES = 8
_CHANGED_LATER = "something that the config holds is changed after it was built"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far an evaluation goes. A limit that is reached is a problem HUL003, never silence."""

    configs_per_site: int = 10_000
    call_depth: int = 50
    steps: int = 500_000
    sequence_length: int = 1_000_000
    generated_values: int = 10_000


@dataclass(slots=True)
class Paths:
    """What other paths, which left a stretch of code early, gave; and what has changed since they left."""

    values: list[AbstractValue] = field(default_factory=list["AbstractValue"])
    sections: list[tuple[Section, Unknown]] = field(default_factory=list[tuple[Section, Unknown]])


@dataclass(slots=True)
class Frame:
    """Where evaluation stands: the scope that names are looked up in, and the code's own place.

    `paths` keeps what other paths through the function returned and what has changed since, `loops` the same for
    each loop that is running; `yielded` collects a generator's values; `exports` are the names declared global.
    """

    scope: Scope
    module: str
    origin: Origin
    function: FunctionObject | None = None
    receiver: AbstractValue = None
    enclosing: tuple[str, ...] = ()
    depth: int = 0
    paths: Paths = field(default_factory=Paths)
    loops: list[Paths] = field(default_factory=list[Paths])
    yielded: ListObject | None = None
    exports: frozenset[str] = frozenset()
    handed: dict[int, tuple[Mutable, Snapshot]] = field(default_factory=dict[int, tuple[Mutable, Snapshot]])
    """What a generator has given away, as it was at that moment."""

    def place(self, span: Span) -> Place:
        """Return the place of a span in the code that is evaluated."""
        return self.origin.place(span)


@dataclass(slots=True)
class CallArguments:
    """The evaluated arguments of a call; `unknown` is set when a star argument hides how many there are.

    `places` are those of the keywords, and of the first positional argument under ""; `literals` are the keywords whose
    value is written out.
    """

    positional: list[AbstractValue]
    keywords: dict[str, AbstractValue]
    place: Place
    unknown: Unknown | None = None
    places: Mapping[str, Place] = field(default_factory=dict[str, Place])
    literals: frozenset[str] = frozenset()


Freeze = Callable[["Machine", ConfigObject, Place], ConfigValue | PartialConfig]


class Handlers:
    """The rules of the language, as functions; filled in once by `run`."""

    evaluate: Callable[["Machine", Expression, Frame], AbstractValue]
    execute: Callable[["Machine", Sequence[Statement], Frame], None]
    call: Callable[["Machine", AbstractValue, CallArguments, Frame], AbstractValue]
    attribute: Callable[["Machine", AbstractValue, str, Frame, Place], AbstractValue]
    iterate: Callable[["Machine", AbstractValue, Frame, Place], "list[AbstractValue] | Unknown"]
    assign: Callable[["Machine", Expression, AbstractValue, Frame], None]
    compare: Callable[["Machine", str, AbstractValue, AbstractValue, Frame, Place], AbstractValue]
    freeze: Freeze
    module: Callable[["Machine", str], Scope | None]
    define_class: Callable[["Machine", str], ClassObject | None]


class Machine:
    """One evaluation of a project: scopes of modules, classes, sites, problems, and what is left of the limits."""

    def __init__(self, project: Project, limits: Limits, handlers: Handlers) -> None:
        self.project = project
        self.limits = limits
        self.rules = handlers
        self.journal = Journal()
        self.modules: dict[str, Scope] = {}
        self.classes: dict[str, ClassObject] = {}
        self.enums: dict[str, Mapping[str, EnumMember]] = {}
        self.class_faults: dict[str, ClassFault] = {}
        self.plain_fields: dict[str, frozenset[str]] = {}
        self.sites: list[Site] = []
        self.loads: list[Load] = []
        self.outermost_call: Place | None = None
        self.factories: list[tuple[str, str]] = []
        self.groups: list[Group] = []
        self.turns: dict[Place, int] = {}
        self.is_guessing = False
        self.has_environment_defaults = False
        self.assumes_environment_defaults = False
        self.building_names: frozenset[str] = frozenset()
        self.skimmed_unless: frozenset[str] | None = None
        self.building_loops: dict[int, tuple[Node, bool]] = {}
        self.sweeping_loops: dict[int, tuple[Node, bool]] = {}
        self.frozen: dict[int, tuple[ConfigObject, ConfigValue | PartialConfig, int, int]] = {}
        self.problems: set[Problem] = set()
        self.entrances: list[FunctionObject] = []
        self.called: set[tuple[str, Place]] = set()
        self.conditions: list[Place] = []
        self.kinds: list[SiteKind] = ["call"]
        self.main_module: str | None = None
        self.dropped: dict[Place, int] = {}
        self.reassigned: dict[str, Unknown] = {}
        self.doubtful_calls = 0
        self._held: dict[int, tuple[Mutable, list[ConfigObject]]] = {}
        self._local_names: dict[int, tuple[FunctionDefinition, LocalNames]] = {}
        self._steps = 0
        self._recoveries: int = 0
        self.gives_up = False
        """Whether a limit ends the piece of work: somebody will try it another way."""
        self._allowance = limits.steps
        self._per_site: dict[Place, int] = {}
        self._numbers = 0

    def evaluate(self, expression: Expression, frame: Frame) -> AbstractValue:
        """Return what an expression means."""
        return self.rules.evaluate(self, expression, frame)

    def execute(self, block: Sequence[Statement], frame: Frame) -> None:
        """Effect: run statements in a frame."""
        self.rules.execute(self, block, frame)

    def call(self, function: AbstractValue, arguments: CallArguments, frame: Frame) -> AbstractValue:
        """Return what a call gives."""
        outer = self.outermost_call
        self.outermost_call = outer or arguments.place
        try:
            return self.rules.call(self, function, arguments, frame)
        finally:
            self.outermost_call = outer

    def call_with(
        self, function: AbstractValue, positional: list[AbstractValue], frame: Frame, place: Place
    ) -> AbstractValue:
        """Return what a call with positional arguments gives."""
        return self.call(function, CallArguments(positional, {}, place), frame)

    def attribute(self, value: AbstractValue, name: str, frame: Frame, place: Place) -> AbstractValue:
        """Return `value.name`."""
        return self.rules.attribute(self, value, name, frame, place)

    def iterate(self, value: AbstractValue, frame: Frame, place: Place) -> list[AbstractValue] | Unknown:
        """Return the elements that iterating over a value gives, consuming an iterator."""
        return self.rules.iterate(self, value, frame, place)

    def module(self, name: str) -> Scope | None:
        """Return the scope of a project module, running it if it has not been; None when it has no file."""
        return self.rules.module(self, name)

    def class_object(self, name: str) -> ClassObject | None:
        """Return a project class, running its module if need be."""
        return self.rules.define_class(self, name)

    def step(self, place: Place, weight: int = 1) -> None:
        """Count a step of the current piece of work; raise LimitReached past the limit."""
        self._steps += weight
        if self._steps > self._allowance:
            raise OutOfSteps(f"evaluation stopped after {self._allowance} steps", place)

    @property
    def steps_taken(self) -> int:
        """How many steps the current piece of work has taken."""
        return self._steps

    def recovers(self, limit: OutOfSteps) -> bool:
        """Whether a loop that has taken all steps may be left as one that ran any number of times; not without end.

        Effect: reports the limit, and leaves some steps for what follows.
        """
        if self.gives_up or self._recoveries >= _MOST_RECOVERIES:
            return False
        self._recoveries += 1
        self.report("HUL003", "warning", str(limit), limit.place)
        self.go_on()
        return True

    def too_large(self, limit: TooLarge) -> Unknown:
        """Effect: report a value that is too large. Return what stands for it."""
        if self.gives_up:
            raise limit
        self.report("HUL003", "warning", str(limit), limit.place)
        return Unknown(str(limit), limit.place)

    def go_on(self) -> None:
        """Leave some steps for what follows a piece that used up all of them."""
        self._steps = min(self._steps, self._allowance * 9 // 10)

    @contextmanager
    def fresh_steps(self, allowance: int | None = None) -> Generator[None]:
        """A new allowance of steps for a piece of work of its own; the usual one unless another is given."""
        outer = self._steps, self._allowance, self._recoveries
        self._steps, self._allowance, self._recoveries = 0, self.limits.steps if allowance is None else allowance, 0
        try:
            yield
        finally:
            self._steps, self._allowance, self._recoveries = outer

    @contextmanager
    def rehearsal(self) -> Generator[None]:
        """What is built or found inside is forgotten again: only what it changes counts."""
        sites, problems = len(self.sites), set(self.problems)
        counts, dropped = dict(self._per_site), dict(self.dropped)
        try:
            yield
        finally:
            del self.sites[sites:]
            self.problems, self._per_site, self.dropped = problems, counts, dropped

    @contextmanager
    def building(self, kind: SiteKind) -> Generator[None]:
        """Sites recorded inside are of this kind."""
        self.kinds.append(kind)
        try:
            yield
        finally:
            self.kinds.pop()

    @contextmanager
    def importing(self) -> Generator[None]:
        """What is done inside is done by importing a module: it is the same whoever does it first, and it lasts."""
        outer = self.conditions, self.outermost_call, self.factories, self.main_module
        flags = self.is_guessing, self.skimmed_unless, self.gives_up
        self.conditions, self.outermost_call, self.factories, self.main_module = [], None, [], None
        self.is_guessing, self.skimmed_unless, self.gives_up = False, None, False
        try:
            with self.journal.importing(), self.fresh_steps(), self.building("call"):
                yield
        finally:
            self.conditions, self.outermost_call, self.factories, self.main_module = outer
            self.is_guessing, self.skimmed_unless, self.gives_up = flags

    @contextmanager
    def guessing(self, function: FunctionObject) -> Generator[None]:
        """What is done inside is done with parameters that nobody passed, if the function has any but `self`."""
        outer = self.is_guessing
        self.is_guessing = len(function.definition.parameters) > (function.owner is not None)
        try:
            yield
        finally:
            self.is_guessing = outer

    @contextmanager
    def condition(self, place: Place) -> Generator[None]:
        """What is built inside depends on a condition that is not known."""
        self.conditions.append(place)
        try:
            yield
        finally:
            self.conditions.pop()

    def touch(self, value: Mutable) -> None:
        """Note that code is about to change a value; a config that holds it then has another identity than before."""
        self.journal.touch(value)
        for config in self._held.get(id(value), (value, ()))[1]:
            if not any(doubt.reason == _CHANGED_LATER for doubt in config.doubts):
                config.doubts = (*config.doubts, Unknown(_CHANGED_LATER))

    def hold(self, config: ConfigObject) -> None:
        """Remember the mutable values that a new config holds, directly or in configs inside it."""
        values = list(config.raw.values())
        seen: set[int] = set()
        for value in values:
            if isinstance(value, ConfigObject) and id(value) not in seen:
                seen.add(id(value))
                values.extend(value.raw.values())
        for part in mutable_parts(values):
            self._held.setdefault(id(part), (part, []))[1].append(config)

    def record(self, config: ConfigObject, place: Place, arguments: Mapping[str, Place] = MappingProxyType({})) -> None:
        """Record that a config is built at a place, its arguments at theirs; past the limit only count it."""
        count = self._per_site.get(place, 0) + 1
        self._per_site[place] = count
        if count > self.limits.configs_per_site:
            self.dropped[place] = count - self.limits.configs_per_site
            return
        self.hold(config)
        self.sites.append(
            Site(
                place=place,
                kind=self.kinds[-1],
                is_conditional=bool(self.conditions),
                config=config,
                frozen=self.rules.freeze(self, config, place),
                doubts=len(config.doubts),
                through=self.outermost_call,
                arguments=arguments,
            )
        )

    def record_load(self, config: ConfigObject, place: Place) -> None:
        """Record that a config's result is asked for at a place."""
        self.loads.append(Load(config, place, self.outermost_call, bool(self.conditions)))

    def is_of_main(self, class_name: str) -> bool:
        """Whether a class is, at this moment, one of the file that runs as a script."""
        info = self.project.classes.get(class_name)
        return self.main_module is not None and info is not None and info.module == self.main_module

    def report(self, code: str, severity: Severity, message: str, place: Place) -> None:
        """Record a problem once."""
        self.problems.add(Problem(place, code, severity, message))

    def unknown(self, reason: str, place: Place | None) -> Unknown:
        """Return an unknown value."""
        return Unknown(reason, place)

    def local_names(self, definition: FunctionDefinition) -> LocalNames:
        """Return the names of a function's own scope, computed once; definitions are told apart by identity."""
        kept = self._local_names.get(id(definition))
        if kept is None:
            kept = self._local_names[id(definition)] = (definition, local_names(definition))
        return kept[1]

    def exported_names(self, function: FunctionObject) -> frozenset[str]:
        """Return the names that a function, or one inside it, declares global."""
        definition = function.definition
        return (
            self.local_names(definition).exported_below if isinstance(definition, FunctionDefinition) else frozenset()
        )

    def next_number(self) -> int:
        """Return a number that no earlier call returned, to tell opaque objects apart."""
        self._numbers += 1
        return self._numbers


def external_name(value: AbstractValue) -> str | None:
    """Return the dotted name of something outside the project, None for anything else."""
    return value.name if isinstance(value, External) else None
