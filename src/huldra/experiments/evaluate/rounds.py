"""One round over a project: what its pieces of work found, taken together in their order.

What a piece of work found in an earlier round is used again for as long as somebody keeps it. So the first round and
all later ones are the same code, and the first is the one that found everything anew.
"""

import operator
from collections.abc import Callable, Generator, Hashable, Iterable, Mapping, Sequence
from contextlib import contextmanager

from huldra.experiments.evaluate.defined import Defined, DefinedIn, OwnMethod
from huldra.experiments.evaluate.journal import merge
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.mentions import BuildingNames
from huldra.experiments.evaluate.outcome import Beginning, FunctionKey, Outcome
from huldra.experiments.evaluate.recorded import Group, Site
from huldra.experiments.frozen import Doubt
from huldra.experiments.values import ClassObject, FunctionObject, Unknown
from huldra.formats.config_values import Value
from huldra.project.places import Place, start_of_file
from huldra.project.problems import Problem


class KeptWork:
    """What pieces of work found, by what they are; those that a whole round did not ask for are forgotten."""

    def __init__(self) -> None:
        self.outcomes: dict[Hashable, Outcome] = {}
        self._used: dict[Hashable, Outcome] = {}
        self._scripts: list[Outcome] = []
        self.defined = DefinedIn()
        self.defaults: tuple[Sequence[Outcome], Mapping[tuple[str, str], Value | Doubt]] = (), {}

    def get(self, key: Hashable) -> Outcome | None:
        """Return what a piece of work found the last time, if that still holds."""
        found = self.outcomes.get(key)
        if found is not None:
            self._used[key] = found
        return found

    def put(self, key: Hashable, outcome: Outcome) -> None:
        """Effect: keep what a piece of work has found."""
        self.outcomes[key] = self._used[key] = outcome

    def forget(self, holds: Callable[[Hashable, Outcome], bool]) -> list[Outcome]:
        """Effect: forget what no longer holds, by what it is and what it found. Return it."""
        gone = [key for key, outcome in self.outcomes.items() if not holds(key, outcome)]
        return [self.outcomes.pop(key) for key in gone]

    def say_scripts(self, outcomes: list[Outcome]) -> None:
        """Effect: forget what methods have found where other scripts change what methods may read."""
        if [id(outcome) for outcome in outcomes] != [id(outcome) for outcome in self._scripts]:
            self._scripts = outcomes
            self.forget(lambda _, outcome: not outcome.is_of_method)

    def forget_unused(self) -> list[Outcome]:
        """Effect: forget what has not been asked for since this was last called. Return it."""
        gone = [outcome for key, outcome in self.outcomes.items() if key not in self._used]
        self.outcomes, self._used = self._used, {}
        self.defined.forget_unused()
        return gone


class Round:
    """What has been found in this round so far."""

    def __init__(
        self, machine: Machine, names: BuildingNames, kept: KeptWork, check: Callable[[], None] = lambda: None
    ) -> None:
        """Begin; `check` is called before each piece of work, and what it raises ends the round."""
        self.names = names
        self.check = check
        self.sites: list[Site] = []
        self.groups: list[Group] = []
        self.turns: dict[Place, int] = {}
        self.called: set[FunctionKey] = set()
        self.offered: set[FunctionKey] = set()
        """The functions that code outside the project may call, whoever else does."""
        self.dropped: dict[Place, int] = {}
        self._scripts: list[tuple[str, Outcome]] = []
        self._machine = machine
        self._kept = kept
        self._counts: dict[Place, int] = {}
        self._classes: dict[str, dict[ClassObject, None]] = {}
        self._entrances: dict[str, list[FunctionObject]] = {}
        self._taken: list[Outcome] = []
        self._modules: set[str] = set()

    @property
    def problems(self) -> set[Problem]:
        """What has been found wrong so far."""
        return set[Problem]().union(*(outcome.problems for outcome in self._taken))

    @property
    def has_environment_defaults(self) -> bool:
        """Whether anything so far depends on defaults of environment variables."""
        return any(outcome.has_environment_defaults for outcome in self._taken)

    @property
    def ran(self) -> set[Beginning]:
        """The functions whose bodies were run so far."""
        return set[Beginning]().union(*(outcome.ran for outcome in self._taken))

    def do(self, key: Hashable, work: Callable[[], None]) -> Outcome:
        """Return what a piece of work finds; it is done unless what it found before still holds.

        Args:
            key: What it is: equal for the same work on the same values.
            work: Does it, on a state that it leaves as it was.
        """
        outcome = self._kept.get(key)
        if outcome is None:
            self.check()
            with self._machine.piece_of_work() as outcome:
                work()
            self._kept.put(key, outcome)
        return outcome

    def take_module(self, module: str) -> None:
        """Effect: take in what running a module has found."""
        outcome = self._machine.imported.get(module)
        if outcome is not None and module not in self._modules:
            self._modules.add(module)
            self.take(outcome)

    def take_other_modules(self) -> None:
        """Effect: take in what was found by the modules that others needed, and so on."""
        waiting = sorted(set[str]().union(*(outcome.reads for outcome in self._taken)))
        while waiting:
            module = waiting.pop()
            parent = module.rpartition(".")[0]
            if module not in self._modules:
                self.take_module(module)
                outcome = self._machine.imported.get(module)
                waiting.extend(sorted(() if outcome is None else outcome.reads - self._modules))
                if parent:
                    waiting.append(parent)

    def take(self, outcome: Outcome) -> list[Site]:
        """Effect: take in what a piece of work has found. Return its sites, those past the limit left out."""
        sites = self._within_limits(outcome) if outcome.counts else outcome.sites
        self._taken.append(outcome)  # most say only that they looked at something: who asks for that is told later
        self.sites += sites
        self.groups += outcome.groups
        self.called |= outcome.called
        self.offered |= outcome.offered
        for place, turns in outcome.turns.items():
            self.turns[place] = self.turns.get(place, 0) + turns
        for cls in outcome.classes:
            self._classes.setdefault(cls.info.module, {})[cls] = None
        for function in outcome.entrances:
            known = self._entrances.setdefault(function.module, [])
            if function not in known:
                known.append(function)
        return sites

    def take_defaults(self, outcomes: list[Outcome]) -> Mapping[tuple[str, str], Value | Doubt]:
        """Effect: take in what the defaults of all classes are worth. Return it, the very same where none differs."""
        kept = self._kept.defaults
        if len(outcomes) != len(kept[0]) or not all(map(operator.is_, outcomes, kept[0])):
            defaults: dict[tuple[str, str], Value | Doubt] = {}
            for outcome in outcomes:
                defaults |= outcome.defaults
            self._kept.defaults = kept = (outcomes, defaults)
        for outcome in outcomes:
            self.take(outcome)
        return kept[1]

    def take_script(self, module: str, outcome: Outcome) -> None:
        """Effect: take in what a module does as a script; what it leaves changed is remembered."""
        self.take(outcome)
        if outcome.left:
            self._scripts.append((module, outcome))

    @contextmanager
    def after_any_script(self) -> Generator[None]:
        """Inside, what scripts leave changed is in doubt: what asks for a result may be one of them, or none.

        Effect: what methods have found after other scripts is forgotten.
        """
        self._kept.say_scripts([outcome for _, outcome in self._scripts])
        journal = self._machine.journal
        section = journal.open()
        for module, outcome in self._scripts:
            doubt = Unknown(
                f"the script {module} changes it", start_of_file(self._machine.project.modules.file_of[module])
            )
            for value, state in outcome.left:
                journal.touch(value)
                journal.work += merge(value, state, doubt)
        try:
            yield
        finally:
            journal.undo(section)

    def classes_of(self, module: str) -> list[ClassObject]:
        """Return the classes that a module has made so far."""
        classes = self._machine.classes
        return [cls for cls in self._classes.get(module, ()) if classes.get(cls.name) is cls]

    def defined_in(self, module: str) -> Defined | None:
        """Return what a module and the classes that it has made so far define; None for one that has not been run."""
        scope = self._machine.modules.get(module)
        return None if scope is None else self._kept.defined.of(module, scope, self.classes_of(module), self.names)

    def known_methods(self, cls: ClassObject) -> Sequence[OwnMethod] | None:
        """Return what `keep_methods` was told of a class, if that still holds."""
        return self._kept.defined.methods_of(cls, self._machine.classes, self.names)

    def keep_methods(self, cls: ClassObject, found: Sequence[FunctionObject], builders: Sequence[OwnMethod]) -> None:
        """Effect: keep which methods of a class compute and load a result, and which of these may build something."""
        self._kept.defined.keep_methods(cls, self._machine.classes, self.names, found, builders)

    def entrances_of(self, module: str) -> list[FunctionObject]:
        """Return the functions of a module that somebody outside may call; it grows while work goes on."""
        return self._entrances.setdefault(module, [])

    def entrances(self) -> Iterable[FunctionObject]:
        """Yield the functions of all modules that somebody outside may call."""
        return (function for functions in self._entrances.values() for function in functions)

    def _within_limits(self, outcome: Outcome) -> list[Site]:
        most, over = self._machine.limits.configs_per_site, dict[Place, int]()
        for place, count in outcome.counts.items():
            before = self._counts.get(place, 0)
            self._counts[place] = before + count
            if before + count > most:
                over[place] = max(0, most - before)
                self.dropped[place] = before + count - most
        if not over:
            return outcome.sites
        kept: list[Site] = []
        for site in outcome.sites:
            left = over.get(site.place)
            if left is None or left > 0:
                kept.append(site)
            if left:
                over[site.place] = left - 1
        return kept
