"""Finds again only what depends on files that were edited, where the rest of an evaluation is kept as plain data.

The modules that look into an edited one, directly or not, are evaluated by themselves: once as they were and once as
they are now. All other pieces of work look at nothing that differs, and find what they found. So what the whole finds
differs as what these modules find does. Where that cannot be told (the order of work counts, others build the very
same, what others are told by differs), nothing is said, and the whole is to be evaluated.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from typing import TypeGuard

from msgspec import Struct
from msgspec.structs import replace

from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluate.mentions import FileMentions, Mentions, file_mentions
from huldra.experiments.evaluate.outcome import Outcome, beginning_of
from huldra.experiments.evaluation import Evaluation, Finished, Share
from huldra.experiments.known_names import KnownNames, says_alike, seeds_of
from huldra.experiments.model import Discovered, Experiments
from huldra.experiments.moving_on import modules_that_may_raise
from huldra.experiments.separable import Separable
from huldra.experiments.shares import Shares, are_of_whole, exchanged
from huldra.experiments.trace import Trace
from huldra.experiments.values import FunctionObject
from huldra.project.link import Project
from huldra.project.reachable import reachable

_LARGEST_SHARE = 0.5
"""Of the modules that the whole runs; past that it pays too little, for it may be in vain."""


class _Outside(Struct, frozen=True):
    """What others than the modules of a share may be told by, of what these do."""

    called: frozenset[Hashable]
    turns: frozenset[Hashable]
    counts: frozenset[Hashable]
    built: frozenset[str]
    entrances: frozenset[Hashable]
    classes: frozenset[str]
    supports: frozenset[Hashable]
    may_raise: frozenset[str]


class _Found(Struct, frozen=True):
    experiments: Experiments
    outside: _Outside
    steps: int
    importers: Mapping[str, Collection[str]]


def find_again(
    kept: Discovered, before: Project, after: Project, edited: Collection[str], limits: Limits
) -> Discovered | None:
    """Return the experiments of a state of a project; None where these cannot be told by what depends on the edits.

    Args:
        kept: Those of another state.
        before: That state. Its files import by the same lines, and those matter that do now.
        after: The state.
        edited: The files that differ.
        limits: How far to go.
    """
    part = part_of(kept, before, edited, limits, _LARGEST_SHARE)
    return None if part is None or part.experiments(after, edited) is None else part.discovered()


def part_of(
    kept: Discovered,
    before: Project,
    files: Iterable[str],
    limits: Limits,
    largest: float,
    check: Callable[[], None] = lambda: None,
) -> "Part | None":
    """Return what finds again what depends on some files, however these are edited; None where that cannot be done.

    Args:
        kept: What a state of a project builds.
        before: That state.
        files: What may be edited.
        limits: How far to go.
        largest: Which share of the modules that the whole runs it may look into.
        check: Called now and then; what it raises ends the work.
    """
    separable, table = kept.separable, before.modules
    modules = [table.module_of.get(file, "") for file in files]
    if separable is None or kept.experiments.manifest or not all(module in separable.importers for module in modules):
        return None
    names = KnownNames(kept.trace, separable.at_first, seeds_of(before))
    share = _share(separable, before, modules, _KnownMentions(names), largest)
    if share is None or any(table.file_of[module] in separable.remembered for module in share.modules):
        return None
    part = Part(kept, separable, before, share, names.seeds, limits, check)
    return part if part.is_told_apart else None


class Part:
    """What depends on some files, evaluated by itself in one state after another.

    What it finds now is put in the place of what it found in the state before. Used by one thread at a time.
    """

    def __init__(
        self,
        kept: Discovered,
        separable: Separable,
        before: Project,
        share: Share,
        seeds: frozenset[str],
        limits: Limits,
        check: Callable[[], None],
    ) -> None:
        self.before = before
        self._kept = kept
        self._separable = separable
        self._share = share
        self._seeds = seeds
        self._said: dict[str, FileMentions] = {}
        self._files = frozenset(before.modules.file_of[module] for module in share.modules)
        self._packages = before.modules.packages & share.modules
        self._evaluation = Evaluation(limits, share)
        self._old = self._found(before, check)
        self._last: tuple[Project, _Found, Experiments] | None = None

    @property
    def is_told_apart(self) -> bool:
        """Whether what it found in the state before can be told from what others found."""
        shares = None if self._old is None else self._shares(self._old)
        return shares is not None and are_of_whole(shares, self.before)

    def covers(self, files: Iterable[str]) -> bool:
        """Whether all that depends on some files is part of it."""
        return self._files.issuperset(files)

    def experiments(self, after: Project, edited: Collection[str]) -> Experiments | None:
        """Return the experiments of another state of the project; the same object as the last time if nothing differs.

        None where they cannot be told by this part.

        Args:
            after: The state. Its files import by the same lines as those before, and those matter that did.
            edited: The files that differ from those before.
        """
        last, self._last = self._last, None
        if self._old is None or not self.covers(edited) or seeds_of(after) != self._seeds:
            return None
        relevant = frozenset(after.relevant)
        if not all(self._says_alike(after, file) for file in edited if file in relevant):
            return None
        found = self._found(after)
        if found is None or self._old.outside != found.outside or self._steps(found) > self._separable.most_steps:
            return None
        if last is not None and last[1].experiments is found.experiments:
            experiments = last[2]
        else:
            experiments = exchanged(self._shares(self._old), after, found.experiments)
        if experiments is not None:
            self._last = after, found, experiments
        return experiments

    def discovered(self) -> Discovered | None:
        """Return what was found last, with all that it can be found again by; None where that could not be told."""
        if self._last is None:
            return None
        project, found, experiments = self._last
        trace = _trace_of(self._kept.trace, self._evaluation.trace(), self._files, project)
        # Who looked into what before still counts: it costs time only.
        before = self._separable.importers
        importers = {
            module: tuple(sorted({*before.get(module, ()), *found.importers.get(module, ())}))
            for module in {**before, **found.importers}
        }
        separable = replace(self._separable, importers=importers, steps=self._steps(found))
        return Discovered(experiments, trace, separable)

    def _shares(self, old: _Found) -> Shares:
        return Shares(self._kept.experiments, self._share.modules, self._files, old.experiments)

    def _steps(self, found: _Found) -> int:
        return self._separable.steps - (0 if self._old is None else self._old.steps) + found.steps

    def _says_alike(self, after: Project, file: str) -> bool:
        old = self._said.get(file)
        if old is None:
            old = self._said[file] = file_mentions(self.before.facts[file])
        return says_alike(old, self._share.mentions.of_file(after, file), self._kept.trace)

    def _found(self, project: Project, check: Callable[[], None] = lambda: None) -> _Found | None:
        """Return what is found in a state; None where it cannot be told from what others find."""
        evaluation, files = self._evaluation, self._files
        relevant = tuple(file for file in project.relevant if file in files)
        experiments = evaluation.experiments(replace(project, relevant=relevant), {}, check)
        finished = evaluation.finished()
        importers = None if finished is None else _importers(evaluation, finished, project)
        if finished is None or importers is None or any(file in files for file, _, _ in finished.machine.remembered):
            return None
        outside = _outside(finished, self._share, files, self._packages)
        return _Found(experiments, outside, finished.machine.steps.spent, importers)


def separable_part(evaluation: Evaluation, project: Project, limits: Limits) -> Separable | None:
    """Return what must be known of the last evaluation to find a part of it again; None where that cannot be done."""
    finished = evaluation.finished()
    if finished is None:
        return None
    importers = _importers(evaluation, finished, project)
    if importers is None:
        return None
    machine = finished.machine
    return Separable(
        finished.work.names.at_first,
        {module: tuple(sorted(found - {module})) for module, found in importers.items()},
        frozenset(file for file, _, _ in machine.remembered),
        machine.steps.spent,
        limits.total_steps,
    )


def _importers(evaluation: Evaluation, finished: Finished, project: Project) -> dict[str, set[str]] | None:
    """Return, of each module that was run or looked into, those that do; None where it cannot be told who does."""
    importers = {module: set[str]() for module in finished.machine.imported}
    for module, found in evaluation.importers(finished).items():
        importers.setdefault(module, set()).update(found)
    for key, outcome in finished.outcomes.items():
        module = _module_of(key, project)
        if module is None:
            return None
        for target in outcome.reads:
            importers.setdefault(target, set()).add(module)
    return importers


def _module_of(key: Hashable, project: Project) -> str | None:
    """Return the module whose code a piece of work begins with."""
    match key if _is_tuple(key) else ():
        case ("main", str(module), _) | ("generators", str(module)):
            return module
        case ("defaults", str(name)):
            return project.classes[name].module if name in project.classes else None
        case ("function", FunctionObject(module=module)) | ("method", _, FunctionObject(module=module), _, _, _):
            return module
        case _:
            return None


def _is_tuple(key: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(key, tuple)


class _KnownMentions(Mentions):
    """Knows the names that can lead to an experiment from elsewhere than from the files of a project."""

    def __init__(self, names: KnownNames) -> None:
        super().__init__()
        self._known = names

    def building_names(self, project: Project) -> KnownNames:  # noqa: ARG002  # whatever project: that is the point
        return self._known.again(self)


def _share(
    separable: Separable,
    project: Project,
    edited: Iterable[str],
    mentions: Mentions,
    largest: float,
) -> Share | None:
    """Return what depends on modules that were edited; None where that is too much."""
    modules = reachable(edited, lambda module: separable.importers.get(module, ()))
    targets: dict[str, list[str]] = {}
    for module, found in separable.importers.items():
        for importer in found:
            targets.setdefault(importer, []).append(module)
    looked_into = reachable(modules, lambda module: targets.get(module, ()))
    # Their own work is done twice, as they were and as they are.
    if 2 * len(modules) + len(looked_into - modules) > largest * len(separable.importers):
        return None
    in_order = [project.modules.module_of.get(file, "") for file in project.relevant]
    return Share(frozenset(modules), tuple(module for module in in_order if module in looked_into), mentions)


def _outside(finished: Finished, share: Share, files: frozenset[str], packages: frozenset[str]) -> _Outside:
    work, ours = finished.work, share.modules
    outcomes = tuple(_outcomes(finished, share))
    counts: dict[Hashable, int] = {}
    for outcome in outcomes:
        for place, count in outcome.counts.items():
            counts[place] = counts.get(place, 0) + count if place.file not in files else 0
    functions = (function for outcome in outcomes for function in outcome.entrances if function.module not in ours)
    return _Outside(
        frozenset(key for key in work.called if key[0] not in ours),
        frozenset(item for item in work.turns.items() if item[0].file not in files),
        frozenset(item for item in counts.items() if item[1]),
        frozenset(s.config.cls.name for s in work.sites if s.config.cls.info.module not in ours),
        frozenset((function.module, beginning_of(function)) for function in functions),
        frozenset(cls.name for outcome in outcomes for cls in outcome.classes if cls.info.module not in ours),
        work.names.supports if isinstance(work.names, KnownNames) else frozenset(),
        # Whoever imports a module of a package is told whether the package may raise.
        packages & modules_that_may_raise(finished.machine),
    )


def _outcomes(finished: Finished, share: Share) -> Iterator[Outcome]:
    yield from finished.outcomes.values()
    yield from (found for module, found in finished.machine.imported.items() if module in share.modules)


def _trace_of(old: Trace, found: Trace, files: frozenset[str], project: Project) -> Trace:
    """Return the trace of the whole; what others have run is not known one by one, so all that they had run counts."""
    ran = frozenset(beginning for beginning in old.ran if beginning[0] not in files) | found.ran
    mentions = Mentions()
    relevant = [file for file in project.relevant if file in files]
    mentioned, defined = set(old.mentioned), set(old.defined)
    for file in relevant:
        said = mentions.of_file(project, file)
        mentioned |= said.in_functions
        defined |= said.by_name.keys()
    return Trace(ran, old.building, frozenset(mentioned), frozenset(defined))
