"""Runs the methods that compute and load an experiment, its config known: what they build and load is seen as it is.

Leaves the state of the evaluation as it was, but for the sites, loads and problems that were found.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import nullcontext

from huldra.experiments.evaluate.class_members import bind_member, look_up
from huldra.experiments.evaluate.defined import OwnMethod
from huldra.experiments.evaluate.functions import own_parameters, run_body, unknown_parameters
from huldra.experiments.evaluate.journal import differs, merge
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.outcome import FunctionKey, Outcome, key_of
from huldra.experiments.evaluate.rounds import Round
from huldra.experiments.evaluate.run_alone import Doubted, changed_by_others, put_in_doubt, who_changes
from huldra.experiments.evaluate.signals import LimitReached, Raised
from huldra.experiments.evaluate.wrapped import is_closure, stands_behind
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    DictView,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    ListObject,
    Mutable,
    Partial,
    PropertyObject,
    Scope,
    Snapshot,
    Unknown,
    next_birth,
)
from huldra.project.places import Place

_STEPS_OF_ONE = 20_000
_STEPS_OF_ALL = 5_000_000
_After = dict[int, tuple[Mutable, Snapshot]]


class MethodRunner:
    """Runs methods of configs; remembers which need long loops skimmed, and what has been spent."""

    def __init__(self, machine: Machine, work: Round) -> None:
        self._machine = machine
        self._work = work
        self._spent = 0
        self._left_out = 0
        self._slow: set[int] = set()
        self._lasting: dict[int, AbstractValue | Scope] | None = None
        self._known: dict[ClassObject, Sequence[OwnMethod]] = {}
        self._names: dict[OwnMethod, FunctionKey] = {}
        self._changed: dict[tuple[str, frozenset[str]], list[Doubted]] = {}
        self._is_any_changed = any(found.changed or found.alone for found in machine.imported.values())
        self._hidden = 0
        """How many methods were looked for behind decorators: who is found there changes as work goes on."""

    def methods(self, config: ConfigObject) -> Sequence[OwnMethod]:
        """Return the methods by which a config's result is computed and loaded, as far as they may build something."""
        cls, dialect = config.cls, config.cls.info.dialect
        known = self._known.get(cls)
        if known is not None:
            return known
        methods = self._work.known_methods(cls)
        if methods is not None:
            self._known[cls] = methods
            return methods
        hidden = self._hidden
        names = () if dialect is None else (dialect.create_method, dialect.restore_method)
        found = [method for name in names if (method := self._method(cls, name)) is not None]
        behind = [tuple(stands_behind(self._machine, method.member)) for method in found]
        may_build = self._work.names.any_may_build
        methods = tuple(method for method, values in zip(found, behind, strict=True) if may_build(values))
        if hidden == self._hidden:
            self._known[cls] = methods
            # What a closure or an instance holds may be another thing the next time, and nobody tells.
            if all(values == (method.function,) for method, values in zip(found, behind, strict=True)):
                self._work.keep_methods(cls, [method.function for method in found], methods)
        return methods

    def _method(self, cls: ClassObject, name: str) -> OwnMethod | None:
        found = look_up(self._machine, cls.info.order, name)
        if found is None:
            return None
        member, owner = found
        if isinstance(member, FunctionObject) and not is_closure(member):
            return OwnMethod(name, member, member)
        behind = [value for value in stands_behind(self._machine, member) if isinstance(value, FunctionObject)]
        if isinstance(member, Unknown):
            self._hidden += 1
            # A decorator from outside hides the function, but what it wraps will be called.
            functions = (f for f in self._work.entrances() if f.owner is not None and f.owner.name == owner.name)
            behind += [function for function in functions if function.name == name]
        wrapped = next((function for function in behind if function.name == name), None)
        function = wrapped or next(iter(behind), None)
        return None if function is None else self._known_by(name, member, function)

    def _known_by(self, name: str, member: AbstractValue, function: FunctionObject) -> OwnMethod:
        if not isinstance(member, Unknown):
            return OwnMethod(name, member, function)
        options = [alias for alias in member.aliases if isinstance(alias, FunctionObject)]
        # One of several is called as such; what else is in doubt is called as whoever decorates it would.
        called = member if len(options) > 1 else options[0] if options else function
        return OwnMethod(name, called, function, is_certain=False)

    def run(
        self,
        key: Hashable,
        method: OwnMethod,
        config: ConfigObject,
        changed: Sequence[Doubted] = (),
        condition: Place | None = None,
    ) -> Outcome:
        """Return what running a method with `self` known finds; past the limit for all of them, only count it.

        Args:
            key: What the config is: equal only for the very same one.
            method: The method.
            config: The config.
            changed: What is in doubt, as others have changed it.
            condition: Where what is not certain to be built is built; the same for the same config, if it has one.
        """
        function = method.function
        if method not in self._names:
            self._names[method] = key_of(function)
            called = (function, method.member)
            self._work.called |= {key_of(each) for each in called if isinstance(each, FunctionObject)}
        if self._spent > _STEPS_OF_ALL:
            self._left_out += 1
            return Outcome()
        is_slow = id(function.definition) in self._slow

        def run() -> None:
            with nullcontext() if condition is None else self._machine.conditions.under(condition):
                self._run_in_doubt(changed, method, config, is_slow=is_slow)

        if method.member is not function:
            key = key, method.name  # the same function may stand behind two methods, each wrapped another way
        # Where it stands follows from what it is, and takes longer to tell from others.
        by = who_changes(changed)
        outcome = self._work.do(("method", key, function, condition is not None, is_slow, by), run)
        self._spent += outcome.steps
        if outcome.is_slow:
            self._slow.add(id(function.definition))
        return outcome

    def report_left_out(self) -> None:
        """Effect: say how many methods were not followed."""
        if self._left_out:
            limit = LimitReached(f"{self._left_out} methods of configs are not followed", self._work.sites[-1].place)
            self._machine.report("HUL003", "warning", str(limit), limit.place)

    def changed(self, config: ConfigObject, built_in: Callable[[], frozenset[str]] = frozenset) -> Sequence[Doubted]:
        """Return what methods of a config may see that modules have changed which are not imported where they run.

        Args:
            config: The config.
            built_in: Gives the modules that lead to it: what they import is there when it runs.
        """
        if not self._is_any_changed:
            return ()
        modules = built_in() | {method.function.module for method in self.methods(config)}
        kept = self._changed.get((config.cls.info.module, modules))
        if kept is None:
            kept = changed_by_others(self._machine, config.cls.info.module, *modules)
            self._changed[config.cls.info.module, modules] = kept
        return kept

    def _run_in_doubt(
        self, changed: Sequence[Doubted], method: OwnMethod, config: ConfigObject, *, is_slow: bool
    ) -> None:
        section = self._machine.journal.open()
        try:
            put_in_doubt(self._machine, changed)
            self._run(method, config, is_slow=is_slow)
        finally:
            self._machine.journal.undo(section)

    def _run(self, method: OwnMethod, config: ConfigObject, *, is_slow: bool) -> None:
        machine, found = self._machine, self._machine.found
        found.is_of_method = True
        if not is_slow:
            mark = found.mark()
            machine.gives_up = True
            try:
                if self._run_settled(method, config) is None:
                    return
            finally:
                machine.gives_up = False
            found.back_to(mark)
        found.is_slow = True
        machine.skimmed_unless = machine.building_names
        try:
            limit = self._run_settled(method, config)
        finally:
            machine.skimmed_unless = None
        if limit is not None:
            machine.report("HUL003", "warning", f"{method.name}: {limit}", limit.place)

    def _run_settled(self, method: OwnMethod, config: ConfigObject) -> LimitReached | None:
        """Run; if that changes what a second run would see, run again with all that differs in doubt."""
        machine = self._machine
        mark, first = machine.found.mark(), next_birth()
        limit, after = self._run_once(method, config)
        older = ((value, state) for value, state in after.values() if value.born < first)
        changed = [pair for pair in older if id(pair[0]) in self._lasting_values() and differs(*pair)]
        if not changed:
            return limit
        problems = machine.found.problems
        machine.found.back_to(mark)
        machine.found.problems = problems
        place = method.function.origin.place(method.function.definition.at)
        doubt = Unknown(f"{method.name} changes it, so it depends on what has run before", place)
        section = machine.journal.open()
        for value, state in changed:
            machine.touch(value)
            machine.journal.work += merge(value, state, doubt)
        try:
            limit, _ = self._run_once(method, config)
        finally:
            machine.journal.undo(section)
        return limit

    def _lasting_values(self) -> dict[int, AbstractValue | Scope]:
        if self._lasting is None:
            self._lasting = _lasting_values(self._machine)
        return self._lasting

    def _run_once(self, method: OwnMethod, config: ConfigObject) -> tuple[LimitReached | None, _After]:
        machine = self._machine
        stopped: LimitReached | None = None
        outer, machine.outermost_call = machine.outermost_call, None
        section = machine.journal.open()
        with machine.fresh_steps(_STEPS_OF_ONE), machine.building("dependency"):
            try:
                _call(machine, method, config)
            except Raised:
                pass
            except LimitReached as limit:
                stopped = limit
            finally:
                machine.outermost_call = outer
                after = machine.journal.undo(section)
        return stopped, after


def _call(machine: Machine, method: OwnMethod, config: ConfigObject) -> None:
    """Effect: do what the library does: call what the class has under the name, with nothing but the config."""
    member, function = method.member, method.function
    if isinstance(member, FunctionObject) and member.kind == "plain":
        parameters = own_parameters if method.is_certain else unknown_parameters
        run_body(machine, member, parameters(machine, member, config), 0, config)
        return
    place = function.origin.place(function.definition.at)
    frame = Frame(function.scope, function.module, function.origin)
    bound = bind_member(machine, member, config, frame, place)
    machine.rules.call(
        machine, bound, CallArguments([], {}, place), frame
    )  # the library calls it, no line of code does


def _lasting_values(machine: Machine) -> dict[int, AbstractValue | Scope]:
    """Return all values that outlive a call, by id: what modules and classes hold, however deep."""
    found: dict[int, AbstractValue | Scope] = {}
    queue: list[AbstractValue | Scope] = [*machine.modules.values(), *machine.classes.values()]
    while queue:
        value = queue.pop()
        if id(value) not in found:
            found[id(value)] = value
            queue.extend(_held(value))
    return found


def _held(value: AbstractValue | Scope) -> Iterator[AbstractValue | Scope]:
    match value:
        case Scope(names=names):
            yield from names.values()
        case ListObject(items=items):
            yield from items
        case IteratorObject(items=items, sources=sources, state=state):
            yield from (*items, *sources, state)
        case DictView(table=table):
            yield table
        case DictObject(items=items):
            yield from items.values()
        case tuple():
            yield from value
        case InstanceObject(attributes=attributes):
            yield from attributes.values()
        case ClassObject(members=members):
            yield members
        case ConfigObject(raw=raw):
            yield from raw.values()
        case FunctionObject(defaults=defaults, scope=scope, attributes=attributes):
            yield from defaults.values()
            yield scope
            if attributes is not None:
                yield attributes
        case BoundMethod(function=function, receiver=receiver):
            yield from (function, receiver)
        case PropertyObject(function=function):
            yield function
        case Partial(function=function, positional=positional, keywords=keywords):
            yield from (function, *positional, *keywords.values())
        case _:
            return
