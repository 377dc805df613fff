"""The evaluation of a project that goes on from state to state: what an edit cannot have changed is not found again."""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from huldra.experiments.defaults import find_defaults
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.mentions import BuildingNames, Mentions
from huldra.experiments.evaluate.outcome import Beginning, Outcome
from huldra.experiments.evaluate.project_order import run_modules
from huldra.experiments.evaluate.rounds import KeptWork, Round
from huldra.experiments.evaluate.run import deep_calls, run_module, start_machine
from huldra.experiments.findings import once_a_file, report_dropped, report_duplicates, report_empty_sweeps
from huldra.experiments.freeze import freeze_now
from huldra.experiments.frozen import Doubt
from huldra.experiments.gathered import Gathered
from huldra.experiments.identities import Identities
from huldra.experiments.manifests import BuiltEntry, build_manifests
from huldra.experiments.method_edges import follow_methods
from huldra.experiments.model import ClassDependency, Experiments, ManifestEntry, with_alternatives
from huldra.experiments.moving_on import forget_leftovers, modules_that_may_raise, move_on
from huldra.experiments.parts_again import run_again
from huldra.experiments.reuse import (
    Difference,
    ImportGraph,
    find_difference,
    is_contained,
    keeps_its_order,
    mentions_any,
    still_holds,
    went_in_order,
)
from huldra.experiments.spelled import Spelling
from huldra.experiments.trace import Trace
from huldra.experiments.values import ConfigObject
from huldra.formats.config_values import Value
from huldra.project.hierarchy import experiment_classes
from huldra.project.link import Project
from huldra.project.places import Place, place_order
from huldra.project.problems import Problem, problem_order


class _Found(Struct, frozen=True):
    """What one round has found, taken together."""

    machine: Machine
    work: Round
    between: Outcome
    """What is found between pieces of work, by whoever asks about these."""
    gathered: Gathered
    entries: tuple[BuiltEntry, ...]
    edges: Collection[ClassDependency]
    defaults: Mapping[tuple[str, str], Value | Doubt]
    problems: frozenset[Problem]


class Share(Struct, frozen=True):
    """A part of a project that is evaluated by itself: as in the whole, but nothing else is found.

    Attributes:
        modules: The modules whose experiments are found; the relevant ones of the project that is evaluated.
        looked_into: These, and all that they look into, in the order in which the whole would run them.
        mentions: Knows the names that can lead to an experiment anywhere in the whole.
    """

    modules: frozenset[str]
    looked_into: tuple[str, ...]
    mentions: Mentions


class Finished(Struct, frozen=True):
    """What the last experiments were found by; `outcomes` are those of all pieces of work but modules."""

    machine: Machine
    work: Round
    outcomes: Mapping[Hashable, Outcome]


class Evaluation:
    """Finds the experiments of one state of a project after another. Used by one thread at a time."""

    def __init__(self, limits: Limits, share: Share | None = None) -> None:
        """Begin.

        Args:
            limits: How far to go.
            share: What to evaluate of each project, if not all of it.
        """
        self.limits = limits
        self._last: tuple[_Found, _Found | None, Experiments] | None = None
        self._unset = _Evaluated(limits, share, assumes_environment_defaults=False)
        self._assumed = _Evaluated(limits, share, assumes_environment_defaults=True)

    def experiments(
        self, project: Project, manifests: Mapping[str, str], check: Callable[[], None] = lambda: None
    ) -> Experiments:
        """Return every experiment that a state of the code builds; the same object where nothing differs.

        Args:
            project: The linked project.
            manifests: The texts of manifests, by file.
            check: Called now and then; what it raises ends the work, and the next begins anew.
        """
        found = self._unset.found(project, manifests, check)
        # Past the total there is little left to compare with: a second evaluation would double the time.
        asks_twice = found.work.has_environment_defaults and found.machine.steps.spent <= self.limits.total_steps
        assumed = self._assumed.found(project, manifests, check) if asks_twice else None
        if self._last is None or self._last[0] is not found or self._last[1] is not assumed:
            self._last = (found, assumed, _experiments(found, assumed))
        return self._last[2]

    def finished(self) -> Finished | None:
        """Return what the last experiments were found by; None where it counts in which order, or next to what else."""
        if self._last is None or self._last[1] is not None or self._last[0].work.has_environment_defaults:
            return None
        found = self._last[0]
        outcomes = self._unset.outcomes_in_any_order(found)
        return None if outcomes is None else Finished(found.machine, found.work, outcomes)

    def importers(self, finished: Finished) -> Mapping[str, Collection[str]]:
        """Return, for each module that was run, those that look into it as they are imported, or as their text says."""
        return self._unset.graph.importers(finished.machine.project, finished.machine.imported)

    def trace(self) -> Trace:
        """Return what finding the last experiments looked at; there must be some."""
        if self._last is None:
            raise RuntimeError("nothing has been evaluated yet")
        rounds = tuple(found for found in self._last[:2] if found is not None)
        ran = (o.ran for found in rounds for o in (found.work, found.between, *found.machine.imported.values()))
        names = [found.work.names for found in rounds]
        return Trace(
            frozenset[Beginning]().union(*ran),
            frozenset[str]().union(*(each.at_last for each in names)),
            frozenset[str]().union(*(each.mentioned_in_functions for each in names)),
            frozenset[str]().union(*(each.defined for each in names)),
        )


def _experiments(found: "_Found", assumed: "_Found | None") -> Experiments:
    by_key = found.gathered.experiments()
    return Experiments(
        by_key=by_key if assumed is None else with_alternatives(by_key, assumed.gathered.experiments()),
        dynamic=tuple(
            sorted(found.gathered.dynamic.values(), key=lambda site: (place_order(site.place), site.class_name))
        ),
        problems=tuple(sorted(found.problems, key=problem_order)),
        defaults=found.defaults,
        class_dependencies=tuple(sorted(found.edges)),
        sweeps=found.gathered.sweeps(found.work.dropped),
        manifest=tuple(_manifest_entry(found.gathered, entry) for entry in found.entries),
    )


class _Last(Struct, frozen=True):
    """The round before, where it may be gone on with."""

    found: _Found
    names: BuildingNames
    manifests: Mapping[str, str]


class _Evaluated:
    """One of the two ways to evaluate: environment variables are unknown, or all of them are not set."""

    def __init__(self, limits: Limits, share: Share | None, *, assumes_environment_defaults: bool) -> None:
        self._limits = limits
        self._share = share
        self._assumes_environment_defaults = assumes_environment_defaults
        self._mentions = Mentions() if share is None else share.mentions
        self.graph = ImportGraph()
        self._spelling = Spelling()
        self._identities = Identities()
        self._kept = KeptWork()
        self._last: _Last | None = None

    def found(self, project: Project, manifests: Mapping[str, str], check: Callable[[], None]) -> _Found:
        """Return what a round over the project finds; the very same where nothing differs."""
        last, self._last = self._last, None  # what ends early leaves nothing to go on with
        names = self._mentions.building_names(project)
        difference = None if last is None else self._difference(last, project, names)
        found = None
        if last is not None and difference is not None:
            gone, may_raise = (
                self._kept.forget(still_holds(project, self._spelling, difference)),
                modules_that_may_raise(last.found.machine),
            )
            move_on(last.found.machine, project, difference)
            if not gone and manifests == last.manifests and self._is_same(last, names, difference):
                self._last = replace(last, names=names)
                return last.found
            if self._run_parts_again(last.found.machine, names, difference):
                found = self._round(last.found.machine, names, manifests, last.names.at_last, check)
            # Whoever imports a module of a package is told so, too, and has not been asked again; nor has whoever looks
            # into a module that another one changes now, nor who has made what another piece of work puts in doubt now.
            if found is not None and not (
                may_raise == modules_that_may_raise(found.machine)
                and went_in_order(found.machine, difference)
                and self._holds_by_itself(found.machine)
            ):
                found = None
        if found is None:
            found = self._round(self._begin(project), names, manifests, names.at_last, check)
        machine = found.machine
        self._kept.forget_unused()
        self._identities.keep(found.gathered.hashed(), found.gathered.places())
        forget_leftovers(machine, found.work.sites)
        if self._holds_by_itself(machine):
            self._last = _Last(found, names, manifests)
        return found

    def outcomes_in_any_order(self, found: _Found) -> Mapping[Hashable, Outcome] | None:
        """Return what the pieces of work of the last round found; None where their order counts, or a limit did."""
        if self._last is None or self._last.found is not found or not keeps_its_order(found.machine):
            return None
        outcomes = self._kept.outcomes
        all_outcomes = (*outcomes.values(), *found.machine.imported.values())
        if found.work.dropped or any(o.touched or o.left or o.is_slow for o in all_outcomes):
            return None
        return outcomes

    def _run_parts_again(self, machine: Machine, names: BuildingNames, difference: Difference) -> bool:
        """Effect: run those statements again that do not hold. Return whether all that they are told apart by does."""
        machine.tell_building_names(names.at_first)
        with deep_calls(self._limits):
            return run_again(machine, machine.project, self._spelling, difference.again)

    def _holds_by_itself(self, machine: Machine) -> bool:
        """Whether what each piece of work has found does not depend on which of them were done before it."""
        return self._is_within_total(machine) and all(map(is_contained, self._kept.outcomes.values()))

    def _is_within_total(self, machine: Machine) -> bool:
        """Whether every piece of work had all its steps: past the total, which ones had depends on their order."""
        return machine.steps.spent <= self._limits.total_steps

    def _begin(self, project: Project) -> Machine:
        """Return an evaluation that knows nothing."""
        self._kept, self._identities = KeptWork(), Identities()
        machine = start_machine(project, self._limits, freeze_now)
        machine.assumes_environment_defaults = self._assumes_environment_defaults
        return machine

    def _difference(self, last: _Last, project: Project, names: BuildingNames) -> Difference | None:
        tell = mentions_any(project, self._mentions, last.names.at_first ^ names.at_first)
        return find_difference(last.found.machine, project, self.graph, self._spelling, tell)

    def _is_same(self, last: _Last, names: BuildingNames, difference: Difference) -> bool:
        """Whether a round would find what the last one has found, which all still holds."""
        if difference.modules or difference.again.parts:
            return False
        names.hold(last.names.holders)
        bodies = (body for found in difference.bodies.values() for body in found)
        return names.is_like(last.names) and all(
            names.may_build(body.before) == names.may_build(body.after) for body in bodies
        )

    def _round(
        self,
        machine: Machine,
        names: BuildingNames,
        manifests: Mapping[str, str],
        known: frozenset[str],
        check: Callable[[], None],
    ) -> _Found:
        """Do whatever is not known.

        Args:
            machine: The evaluation.
            names: The names that can lead to an experiment, as far as the text tells.
            manifests: The texts of manifests, by file.
            known: The names that could lead to an experiment when what is known was found.
            check: Called now and then.
        """
        aside = machine.project.aside
        imported = (outcome for module, outcome in machine.imported.items() if module not in aside)
        machine.steps.spent = sum(outcome.steps for outcome in (*self._kept.outcomes.values(), *imported))
        work, gathered = Round(machine, names, self._kept, check), Gathered(machine.project, machine, self._identities)
        with machine.piece_of_work() as between:
            with deep_calls(self._limits):
                self._run_what_is_looked_into(machine, work)
                run_modules(machine, work)
                work.names.look_into(machine.modules.values())
                renamed = known ^ work.names.at_last
                if renamed:
                    tell = mentions_any(machine.project, self._mentions, renamed)
                    self._kept.forget(lambda _, outcome: not any(map(tell, outcome.reads)))
                machine.tell_building_names(work.names.at_last)
                entries = _take_manifests(machine, work, manifests)
                edges = follow_methods(machine, gathered, work)
                defaults = _take_defaults(machine, work, self._share)
            work.take_other_modules()
            _report(machine, work, gathered, entries)
        problems = frozenset(once_a_file(work.problems | between.problems, self._limits))
        return _Found(machine, work, between, gathered, entries, edges, defaults, problems)

    def _run_what_is_looked_into(self, machine: Machine, work: Round) -> None:
        """Effect: run what a share looks into as early as the whole would; who may be called in it is known."""
        if self._share is None:
            return
        machine.tell_building_names(work.names.at_first)
        for module in self._share.looked_into:
            work.check()
            run_module(machine, module)
        for module in self._share.looked_into:
            outcome = machine.imported.get(module)
            if outcome is not None and module not in self._share.modules:
                for function in outcome.entrances:
                    known = work.entrances_of(function.module)
                    if function not in known:
                        known.append(function)


def _take_manifests(machine: Machine, work: Round, manifests: Mapping[str, str]) -> tuple[BuiltEntry, ...]:
    entries: list[BuiltEntry] = []
    for file, text in sorted(manifests.items()):
        outcome = work.do(("manifest", file, text), lambda: _build(machine, file, text))  # noqa: B023
        work.take(outcome)
        entries += outcome.entries
    return tuple(entries)


def _build(machine: Machine, file: str, text: str) -> None:
    machine.found.entries = build_manifests(machine, {file: text})


def _take_defaults(machine: Machine, work: Round, share: Share | None) -> Mapping[tuple[str, str], Value | Doubt]:
    classes = experiment_classes(machine.project.classes)
    ours = (info for info in classes if share is None or info.module in share.modules)
    outcomes = [work.do(("defaults", info.name), lambda: find_defaults(machine, info)) for info in ours]  # noqa: B023
    return work.take_defaults(outcomes)


def _report(machine: Machine, work: Round, gathered: Gathered, entries: Collection[BuiltEntry]) -> None:
    report_dropped(machine, work.dropped)
    report_empty_sweeps(machine, work.turns)
    report_duplicates(machine, _lists(work, gathered))
    manifest = [_manifest_entry(gathered, entry) for entry in entries]
    report_duplicates(machine, [(tuple(e.key for e in manifest), tuple(e.place for e in manifest))])


def _manifest_entry(gathered: Gathered, entry: BuiltEntry) -> ManifestEntry:
    identity = None if entry.config is None else gathered.identify(entry.config, entry.place)
    class_name = None if entry.config is None else entry.config.cls.name
    key = identity if isinstance(identity, str) else None
    return ManifestEntry(entry.place, entry.name, entry.tags, class_name, key)


def _lists(work: Round, gathered: Gathered) -> Iterator[tuple[tuple[str | None, ...], tuple[Place, ...]]]:
    """Yield the lists of experiments; a list in a config's field is no list of experiments to run."""
    raw = (site.config.raw.values() for site in work.sites) if work.groups else ()
    in_fields = set(map(id, chain.from_iterable(raw)))
    for group in work.groups:
        if id(group.value) not in in_fields:
            keys = (
                gathered.identify(item, place) if isinstance(item, ConfigObject) else None
                for item, place in zip(group.items, group.places, strict=True)
            )
            yield tuple(key if isinstance(key, str) else None for key in keys), group.places
