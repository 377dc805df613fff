"""The state of an evaluation, and the one way in which its parts reach each other. Holds no rule of the language."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType

from msgspec import Struct

from huldra.experiments.evaluate.conditions import Conditions
from huldra.experiments.evaluate.frames import CallArguments, Frame, Noting
from huldra.experiments.evaluate.imports import Imports
from huldra.experiments.evaluate.journal import Journal, take
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluate.outcome import Beginning, Changed, Outcome, beginning_of
from huldra.experiments.evaluate.parts import Part
from huldra.experiments.evaluate.reachable import mutable_parts_of
from huldra.experiments.evaluate.recorded import (
    ClassFault,
    Construction,
    EnumMember,
    Load,
    Site,
    SiteKind,
    SiteReference,
)
from huldra.experiments.evaluate.signals import OutOfSteps, TooLarge
from huldra.experiments.evaluate.steps import MOST_RECOVERIES, Steps
from huldra.experiments.frozen import PartialConfig
from huldra.experiments.made_names import MadeName
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    FunctionObject,
    InstanceObject,
    Mutable,
    Scope,
    Unknown,
)
from huldra.facts.expressions import Expression, Node
from huldra.facts.statements import FunctionDefinition, Statement
from huldra.formats.config_values import ConfigValue
from huldra.project.link import Project
from huldra.project.local_names import LocalNames, local_names
from huldra.project.places import Place
from huldra.project.problems import Problem, Severity

_STEPS_OF_TOO_LARGE = 1000
CHANGED_LATER = Unknown("something that the config holds is changed after it was built")
"""The doubt of a config whose identity is no longer that which it had at its site."""

ATTRIBUTES_CHANGED = Unknown("its attributes were read as a dict, which may have changed them")
"""The doubt of an instance whose `__dict__` was changed, and the other way round."""

Freeze = Callable[["Machine", ConfigObject, Place], ConfigValue | PartialConfig]


class Handlers:
    """The rules of the language, as functions; filled in once by `run`."""

    evaluate: Callable[["Machine", Expression, Frame], AbstractValue]
    execute: Callable[["Machine", Sequence[Statement], Frame], None]
    call: Callable[["Machine", AbstractValue, CallArguments, Frame], AbstractValue]
    attribute: Callable[["Machine", AbstractValue, str, Frame, Place], AbstractValue]
    iterate: Callable[["Machine", AbstractValue, Frame, Place], "list[AbstractValue] | Unknown"]
    assign: Callable[["Machine", Expression, AbstractValue, Frame], None]
    rehearse: Callable[["Machine", FunctionObject | BoundMethod, Unknown, Frame], None]
    compare: Callable[["Machine", str, AbstractValue, AbstractValue, Frame, Place], AbstractValue]
    freeze: Freeze
    module: Callable[["Machine", str], Scope | None]
    define_class: Callable[["Machine", str], ClassObject | None]


class Inertness(Struct, frozen=True, eq=False):
    """Whether a function is inert, and what that follows from: it is so as long as none of that changes."""

    is_inert: bool
    definition: Node
    since: int
    modules: tuple[tuple[str, Scope], ...]
    classes: tuple[tuple[str, Scope], ...]
    functions: tuple[FunctionObject, ...]


class Machine:
    """One evaluation of a project: scopes of modules, classes, sites, problems, and what is left of the limits."""

    def __init__(self, project: Project, limits: Limits, handlers: Handlers) -> None:
        self.project = project
        self.limits = limits
        self.rules = handlers
        self.journal = Journal()
        self.found = Outcome()
        """What the present piece of work has found."""
        self.modules: dict[str, Scope] = {}
        self.imported: dict[str, Outcome] = {}
        self.looked_into: dict[bool, tuple[int, Mapping[str, frozenset[str]]]] = {}
        """What modules look into, and so on, once so many have been run; with the packages that they are in, or not."""
        self.parts: dict[str, list[Part]] = {}
        """What each top-level statement of a module found, in order."""
        self.classes: dict[str, ClassObject] = {}
        self.enums: dict[str, Mapping[str, EnumMember]] = {}
        self.class_faults: dict[str, ClassFault] = {}
        self.plain_fields: dict[str, frozenset[str]] = {}
        self.constructions: dict[str, Construction] = {}
        self.spelled: dict[int, tuple[Node, tuple[str, ...], tuple[str, ...]]] = {}
        self.let_go: dict[int, tuple[FunctionDefinition, frozenset[str] | None]] = {}
        self.acting: dict[int, tuple[Node, bool]] = {}
        self.inert: dict[int, Inertness] = {}
        """By function, which is held so that its id stays its own."""
        self.outermost_call: Place | None = None
        self.factories: list[tuple[str, str]] = []
        self.is_guessing, self.rehearsed = False, set[int]()
        self.noting: Noting | None = None
        """What the next body of a generator tells what it gives."""
        self.assumes_environment_defaults = False
        self.building_names: frozenset[str] = frozenset()
        self.skimmed_unless: frozenset[str] | None = None
        self.building_loops: dict[int, tuple[Node, bool]] = {}
        self.sweeping_loops: dict[int, tuple[Node, bool]] = {}
        self.frozen: dict[int, tuple[ConfigObject, ConfigValue | PartialConfig, int, int]] = {}
        self.conditions = Conditions()
        self.kinds: list[SiteKind] = ["call"]
        self.main_module: str | None = None
        self.reassigned: dict[str, Unknown] = {}
        self.is_reassigned_by_work = False
        """Whether somebody else than a module that was being imported has set an attribute of a class from outside."""
        self.held: dict[int, tuple[Mutable, list[ConfigObject]]] = {}
        self._local_names: dict[int, tuple[FunctionDefinition, LocalNames]] = {}
        self.steps = Steps(limits, self.journal, self._note_steps)
        self.step, self.fresh_steps = self.steps.take, self.steps.fresh
        self.gives_up = False
        """Whether a limit ends the piece of work: somebody will try it another way."""
        self._imports = Imports()
        self._remembering = self._numbers = 0
        self.remembered: set[Beginning] = set()
        """The functions whose results are kept with values, so that nobody runs them a second time."""

    @property
    def sites(self) -> list[Site]:
        """The sites that the present piece of work has found."""
        return self.found.sites

    @property
    def problems(self) -> set[Problem]:
        """The problems that the present piece of work has found."""
        return self.found.problems

    @property
    def doubtful_calls(self) -> int:
        """How many calls of the present piece of work may raise, as far as anybody can tell."""
        return self.found.doubtful_calls

    @doubtful_calls.setter
    def doubtful_calls(self, count: int) -> None:
        self.found.doubtful_calls = count

    @contextmanager
    def piece_of_work(self) -> Generator[Outcome]:
        """What is found inside, and what is looked at, is noted apart from what was before."""
        outer, self.found = self.found, Outcome()
        try:
            yield self.found
        finally:
            self.found.rest()
            self.found = outer

    @contextmanager
    def part_of_work(self) -> Generator[Outcome]:
        """What is found inside is noted apart, and then found by the present piece of work, too."""
        outer = self.found
        with self.piece_of_work() as part:
            yield part
        outer.take_in(part)

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
        self.found.reads.add(name)
        scope = self.rules.module(self, name)
        if self._imports.is_unfinished(name):
            self.found.unfinished.add(name)
        return scope

    def class_object(self, name: str) -> ClassObject | None:
        """Return a project class, running its module if need be; one that a function makes, as that made it."""
        if type(name) is MadeName and isinstance(name.made, ClassObject):
            return name.made
        info = self.project.classes.get(name)
        if info is None:
            return None
        self.found.reads.add(info.module)
        if self._imports.is_unfinished(info.module):
            self.found.unfinished.add(info.module)
        return self.classes.get(name) or self.rules.define_class(self, name)

    def ran(self, function: FunctionObject) -> None:
        """Note that the body of a function is run."""
        self.found.reads.add(function.module)
        beginning = beginning_of(function)
        self.found.ran.add(beginning)
        if self._remembering:
            self.remembered.add(beginning)

    def tell_building_names(self, names: frozenset[str]) -> None:
        """Effect: from now on these names can lead to an experiment; what follows from others is forgotten."""
        self.building_names = names
        self.building_loops.clear()
        self.sweeping_loops.clear()

    @contextmanager
    def remembering(self) -> Generator[None]:
        """What is computed inside is kept with the value that it belongs to, whoever asks for it first."""
        self._remembering += 1
        try:
            yield
        finally:
            self._remembering -= 1

    def _note_steps(self, steps: int) -> None:
        self.found.steps += steps

    def recovers(self, limit: OutOfSteps) -> bool:
        """Whether a loop that has taken all steps may be left as one that ran any number of times; not without end.

        Effect: reports the limit, and leaves some steps for what follows.
        """
        if self.gives_up or self.steps.recoveries >= MOST_RECOVERIES:
            return False
        self.steps.recoveries += 1
        self.report("HUL003", "warning", str(limit), limit.place)
        self.steps.go_on()
        return True

    def too_large(self, limit: TooLarge) -> Unknown:
        """Effect: report a value that is too large. Return what stands for it."""
        if self.gives_up:
            raise limit
        self.report("HUL003", "warning", str(limit), limit.place)
        self.step(limit.place, _STEPS_OF_TOO_LARGE)
        return Unknown(str(limit), limit.place)

    @contextmanager
    def rehearsal(self) -> Generator[None]:
        """What is built or found inside is forgotten again: only what it changes counts."""
        found = self.found
        mark = found.mark()
        try:
            yield
        finally:
            found.back_to(mark)

    @contextmanager
    def building(self, kind: SiteKind) -> Generator[None]:
        """Sites recorded inside are of this kind."""
        self.kinds.append(kind)
        try:
            yield
        finally:
            self.kinds.pop()

    @contextmanager
    def importing(self, module: str) -> Generator[Outcome]:
        """What is done inside is done by importing a module: it is the same whoever does it first, and it lasts."""
        outer = self.conditions, self.outermost_call, self.factories, self.main_module
        flags = self.is_guessing, self.skimmed_unless, self.gives_up
        self.conditions, self.outermost_call, self.factories, self.main_module = Conditions(), None, [], None
        self.is_guessing, self.skimmed_unless, self.gives_up = False, None, False
        remembering, self._remembering = self._remembering, 0
        self._imports.begin(module)
        try:
            with (
                self.journal.importing(),
                self.piece_of_work() as outcome,
                self.steps.aside(len(self.project.aside)) if module in self.project.aside else self.fresh_steps(),
                self.building("call"),
            ):
                yield outcome
        finally:
            self._imports.end()
            self._remembering = remembering
            self.conditions, self.outermost_call, self.factories, self.main_module = outer
            self.is_guessing, self.skimmed_unless, self.gives_up = flags

    def reassign(self, cls: ClassObject, doubt: Unknown) -> None:
        """Effect: note that an attribute of a class is set from outside it."""
        self.reassigned[cls.name] = doubt
        self.is_reassigned_by_work |= not self._imports.is_running

    def note_raised(self) -> None:
        """Effect: note that a path has raised: whoever catches exceptions around this may or may not have to."""
        self.doubtful_calls += 1
        self.conditions.note_raised()

    def touch(self, value: Mutable) -> None:
        """Note that code is about to change a value; what is a view of the same is in doubt from then on."""
        self.note_change(value)
        other = value.mirror if type(value) is InstanceObject or type(value) is DictObject else None
        if other is not None and other.unknown is None:
            self.note_change(other)
            other.unknown = ATTRIBUTES_CHANGED

    def note_change(self, value: Mutable) -> None:
        """Note that a value is about to change; a config that holds it then has another identity than before."""
        owner = self._imports.other_owner(value)
        if owner is not None and id(value) not in self.found.changed:
            self.found.changed[id(value)] = Changed(owner, value, take(value))
        self.journal.touch(value)
        for config in self.held.get(id(value), (value, ()))[1]:
            if CHANGED_LATER not in config.doubts:
                config.doubts = (*config.doubts, CHANGED_LATER)
                self.found.doubted[id(config)] = config

    def hold(self, config: ConfigObject) -> None:
        """Remember the mutable values that a new config holds, directly or in configs inside it."""
        for part in mutable_parts_of(config):
            self.held.setdefault(id(part), (part, []))[1].append(config)

    def record(self, config: ConfigObject, place: Place, arguments: Mapping[str, Place] = MappingProxyType({})) -> None:
        """Record that a config is built at a place, its arguments at theirs; past the limit only count it."""
        count = self.found.counts.get(place, 0) + 1
        self.found.counts[place] = count
        if count > self.limits.configs_per_site:
            return
        self.hold(config)
        self.sites.append(
            Site(
                SiteReference(place, self.kinds[-1], bool(self.conditions)),
                config=config,
                frozen=self.rules.freeze(self, config, place),
                doubts=len(config.doubts),
                through=self.outermost_call,
                arguments=arguments,
            )
        )

    def record_load(self, config: ConfigObject, place: Place) -> None:
        """Record that a config's result is asked for at a place."""
        self.found.loads.append(Load(config, place, self.outermost_call, bool(self.conditions)))

    def is_of_main(self, class_name: str) -> bool:
        """Whether a class is, at this moment, one of the file that runs as a script."""
        info = self.project.classes.get(class_name)
        return self.main_module is not None and info is not None and info.module == self.main_module

    def report(self, code: str, severity: Severity, text: str, place: Place, named: tuple[Place, ...] = ()) -> None:
        """Record a problem once; `text` has `LINE` for the line of each of the places that it names."""
        self.problems.add(Problem(place, code, severity, text, named))

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
