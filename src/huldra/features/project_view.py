"""One state arranged for questions about places: what stands in a file, which runs a class has. Answers nothing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property, partial

from msgspec import Struct

from huldra.analysis.held_texts import HeldTexts
from huldra.analysis.host import Workspace
from huldra.analysis.snapshot import Snapshot
from huldra.comparison.differing import differing
from huldra.comparison.model import ComparedRun, Comparison, RunsByKey
from huldra.features.blast_radius import Effect, effects_of_edit
from huldra.features.check import all_findings, suppressions_of
from huldra.features.chosen_problems import OPT_IN, Choice, UnknownCode, chooser, problem_choice
from huldra.features.findings import Finding, find_findings
from huldra.features.keys_of_hash import KeysOfHash
from huldra.features.picture import ClassRow, DynamicRow, ExperimentRow, Known, Picture, picture_after, whole_picture
from huldra.features.short_names import short_names
from huldra.features.suppressed import Suppressions
from huldra.project.classes import ClassInfo
from huldra.project.field_uses import FieldReads
from huldra.project.places import Place
from huldra.project.problems import Problem
from huldra.stored_runs.model import StoredRun, UnreadableRun


class SiteHere(Struct, frozen=True):
    """A place that builds experiments: one, or the members of a sweep, or some that cannot be known."""

    place: Place
    experiments: tuple[ExperimentRow, ...]
    dynamic: tuple[DynamicRow, ...]

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes of what is built, each once."""
        found = [row.experiment.config.class_name for row in self.experiments]
        return tuple(dict.fromkeys((*found, *(row.site.class_name for row in self.dynamic))))


class ProjectView:
    """A snapshot by file, by class and by hash. Never changes; what it computes it keeps."""

    def __init__(
        self,
        workspace: Workspace,
        snapshot: Snapshot,
        verdicts_before: Mapping[str, str] | None = None,
        last: "ProjectView | None" = None,
    ) -> None:
        """Arrange a snapshot.

        Args:
            workspace: The project.
            snapshot: The state.
            verdicts_before: What runs are by the committed code, by `class/hash`.
            last: The view of another state, which may have much in common with this one.
        """
        self.workspace = workspace
        self.snapshot = snapshot
        self._verdicts_before = verdicts_before
        if last is not None:
            self._share(last)

    def _share(self, last: "ProjectView") -> None:
        """Effect: take over what a view of another state says, as far as it is the same here."""
        picture = picture_after(last.picture, last.snapshot, self.snapshot)
        if picture is None:
            known = Known(last.snapshot, last.picture, last.classes, last.experiments)
            self.picture = whole_picture(self.snapshot, known)
            self._share_runs(last, self.snapshot.comparison)
            self._share_sites(last)
            if self._named == last._named:
                self.names = last.names
            return
        self.picture = picture
        if picture.runs is not last.picture.runs:
            self._share_but_some_runs(last, picture)
            return
        self.sites, self.runs, self.runs_of = last.sites, last.runs, last.runs_of
        self.experiments, self.experiments_of = last.experiments, last.experiments_of
        self.keys_of_hash, self.names = last.keys_of_hash, last.names
        self._site_hashes, self._sites_hash, self._runs_hash = last._site_hashes, last._sites_hash, last._runs_hash
        if self._verdicts_before is last._verdicts_before:
            self.effects_in = last.effects_in

    def _share_but_some_runs(self, last: "ProjectView", picture: Picture) -> None:
        """Effect: take over what a view of a state with other runs says, but for these."""
        self._share_runs(last, self.snapshot.comparison)
        if picture.experiments is last.picture.experiments and picture.dynamic is last.picture.dynamic:
            self.sites, self.experiments = last.sites, last.experiments
            self.experiments_of = last.experiments_of
            self._site_hashes, self._sites_hash = last._site_hashes, last._sites_hash
        if self.runs_of.keys() == last.runs_of.keys():
            self.names = last.names

    def _share_runs(self, last: "ProjectView", comparison: Comparison) -> None:
        """Effect: take over what a view of another state says of runs alone, but for those that differ."""
        gone, come = differing(last.picture.runs, comparison.runs)
        self._runs_hash = (last._runs_hash - _hash_of(gone) + _hash_of(come)) % _HASHES
        self.runs_of = _runs_of(last.runs_of, gone, come)

    def _share_sites(self, last: "ProjectView") -> None:
        """Effect: take over what stands in files in which nothing is built otherwise."""
        now, before = self.experiments, last.experiments
        rows = [row for key, row in now.items() if before.get(key) is not row]
        rows += [row for key, row in before.items() if now.get(key) is not row]
        files = {site.place.file for row in rows for site in row.experiment.sites}
        dynamic, dynamic_before = _by_file(self.picture.dynamic), _by_file(last.picture.dynamic)
        names = dynamic.keys() | dynamic_before.keys()
        files |= {file for file in names if dynamic.get(file) != dynamic_before.get(file)}
        found = {file: sites for file, sites in last.sites.items() if file not in files}
        found |= _sites_of(self.picture, files)
        self.sites = dict(sorted(found.items()))
        known = last._site_hashes
        self._site_hashes = {
            file: known[file] if last.sites.get(file) is sites else _hash_of_sites(file, sites)
            for file, sites in self.sites.items()
        }

    def text(self, file: str) -> str | None:
        """Return what was analysed of a file or a manifest; None of anything else."""
        inputs = self.snapshot.inputs
        found = inputs.manifests.get(file)
        return inputs.texts.get(file) if found is None else found

    def all_texts(self) -> Iterator[tuple[str, str]]:
        """Effect: read what is not at hand. Yield every file and manifest with its text."""
        inputs = self.snapshot.inputs
        aside = inputs.texts.aside if isinstance(inputs.texts, HeldTexts) else inputs.texts.__getitem__
        yield from ((name, aside(name)) for name in inputs.texts)
        yield from inputs.manifests.items()

    def shown(self, place: Place) -> Place:
        """Return where a place stands for its reader; other places of a view are those of what was analysed."""
        return self.snapshot.inputs.places.place(place)

    @cached_property
    def _reads(self) -> FieldReads:
        return FieldReads(self.snapshot.project)

    @cached_property
    def _reads_in(self) -> dict[str, Mapping[Place, tuple[str, str]]]:
        return {}

    def fields_read_in(self, file: str) -> Mapping[Place, tuple[str, str]]:
        """Return the class and field of every attribute of a file that surely reads one, by the place of its name."""
        if file not in self._reads_in:
            self._reads_in[file] = self._reads.in_file(file)
        return self._reads_in[file]

    @cached_property
    def picture(self) -> Picture:
        """Everything, as flat rows."""
        return whole_picture(self.snapshot)

    @cached_property
    def sites(self) -> Mapping[str, tuple[SiteHere, ...]]:
        """The sites of each file, in the order of the text, outer before inner."""
        return _sites_of(self.picture)

    @cached_property
    def classes(self) -> Mapping[str, ClassRow]:
        """The experiment classes by name."""
        return {row.name: row for row in self.picture.classes}

    @cached_property
    def classes_in(self) -> Mapping[str, tuple[ClassRow, ...]]:
        """The experiment classes of each file, in the order of the text."""
        by_file: dict[str, list[ClassRow]] = {}
        for row in sorted(self.picture.classes, key=lambda row: row.place):
            by_file.setdefault(row.place.file, []).append(row)
        return {file: tuple(rows) for file, rows in by_file.items()}

    def class_info(self, name: str) -> ClassInfo | None:
        """Return a class of the project."""
        return self.snapshot.project.classes.get(name)

    @cached_property
    def runs(self) -> Mapping[str, ComparedRun]:
        """The runs by `class/hash`: of what the code builds those that the runtime would find."""
        return RunsByKey(self.snapshot.comparison, self.snapshot.experiments)

    @cached_property
    def runs_of(self) -> Mapping[str, tuple[ComparedRun, ...]]:
        """The runs of each class."""
        return _runs_of({}, (), self.picture.runs)

    @cached_property
    def experiments(self) -> Mapping[str, ExperimentRow]:
        """What the code builds, by `class/hash`."""
        return {row.experiment.key: row for row in self.picture.experiments}

    @cached_property
    def experiments_of(self) -> Mapping[str, tuple[ExperimentRow, ...]]:
        """What the code builds of each class."""
        found: dict[str, list[ExperimentRow]] = {}
        for row in self.picture.experiments:
            found.setdefault(row.experiment.config.class_name, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def keys_of_hash(self) -> Mapping[str, tuple[str, ...]]:
        """The `class/hash` of every hash that code or store know."""
        return KeysOfHash(self.experiments.keys(), self.picture.runs, self.runs)

    @property
    def _named(self) -> tuple[Collection[str], ...]:
        """All that has a short name."""
        return self.classes.keys(), self.runs_of.keys(), self.experiments_of.keys()

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The short name of every class that code or store know."""
        return short_names((*self.classes, *self.runs_of, *self.experiments_of))

    @cached_property
    def problems_in(self) -> Mapping[str, tuple[Problem, ...]]:
        """What is wrong in each file."""
        found: dict[str, list[Problem]] = {}
        for problem in self.picture.problems:
            found.setdefault(problem.place.file, []).append(problem)
        return {file: tuple(problems) for file, problems in found.items()}

    @cached_property
    def suppressions(self) -> Suppressions:
        """The comments that silence problems."""
        return suppressions_of(self.snapshot)

    @cached_property
    def choice(self) -> Choice:
        """Which problems the settings choose; all that are seen unasked where they choose what there is not."""
        return Choice((), OPT_IN) if isinstance(self._chosen, UnknownCode) else self._chosen

    @property
    def unknown_code(self) -> UnknownCode | None:
        """What the settings choose and there is not."""
        return self._chosen if isinstance(self._chosen, UnknownCode) else None

    @cached_property
    def _chosen(self) -> Choice | UnknownCode:
        return problem_choice(self.workspace.settings, (), ())

    @cached_property
    def is_chosen(self) -> Callable[[str, str], bool]:
        """The test whether a code is to be shown in a file."""
        return chooser(self.choice)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What `huldra check` finds, before anything is chosen. Computed only where somebody asks for it."""
        return all_findings(self.snapshot, self.picture, self.choice)

    @cached_property
    def effects_in(self) -> Mapping[str, tuple[Effect, ...]]:
        """What is stale only since the last commit, by the file of the definition that was edited."""
        if not self._verdicts_before:
            return {}
        found: dict[str, list[Effect]] = {}
        find = partial(find_findings, self.snapshot, self.picture)
        for effect in effects_of_edit(self._verdicts_before, find, self.picture):
            found.setdefault(effect.place.file, []).append(effect)
        return {file: tuple(effects) for file, effects in found.items()}

    @cached_property
    def fingerprint(self) -> int:
        """A number that changes when what is shown does; where it stands does not count."""
        problems = tuple((problem.place.file, problem.code, problem.text) for problem in self.picture.problems)
        effects = tuple((file, tuple(effect.runs for effect in found)) for file, found in self.effects_in.items())
        built = (self._sites_hash, self._runs_hash, len(self.experiments))
        return hash((built, problems, effects))

    @cached_property
    def _sites_hash(self) -> int:
        return hash((tuple(self._site_hashes.values()), tuple(self.experiments)))

    @cached_property
    def _site_hashes(self) -> Mapping[str, int]:
        return {file: _hash_of_sites(file, sites) for file, sites in sorted(self.sites.items())}

    @cached_property
    def _runs_hash(self) -> int:
        return _hash_of(self.picture.runs)

    def prepare(self) -> None:
        """Compute what lenses and problems need, so that asking for them costs nothing."""
        _ = (
            self.effects_in,
            self.sites,
            self.classes_in,
            self.runs_of,
            self.experiments_of,
            self.names,
            self.problems_in,
        )
        _ = self.fingerprint


def _sites_of(picture: Picture, files: Collection[str] | None = None) -> dict[str, tuple[SiteHere, ...]]:
    """Return the sites of some files, or of all, each in the order of the text, outer before inner."""
    built: dict[Place, list[ExperimentRow]] = {}
    dynamic: dict[Place, list[DynamicRow]] = {}
    for row in picture.experiments:
        for site in row.experiment.sites:
            if files is None or site.place.file in files:
                built.setdefault(site.place, []).append(row)
    for row in picture.dynamic:
        if files is None or row.site.place.file in files:
            dynamic.setdefault(row.site.place, []).append(row)
    places = sorted({*built, *dynamic}, key=lambda p: (p.file, p.line, p.column, -p.end_line, -p.end_column))
    by_file: dict[str, list[SiteHere]] = {}
    for place in places:
        here = SiteHere(place, tuple(built.get(place, ())), tuple(dynamic.get(place, ())))
        by_file.setdefault(place.file, []).append(here)
    return {file: tuple(found) for file, found in by_file.items()}


def _by_file(rows: Iterable[DynamicRow]) -> Mapping[str, list[DynamicRow]]:
    found: dict[str, list[DynamicRow]] = {}
    for row in rows:
        found.setdefault(row.site.place.file, []).append(row)
    return found


def _hash_of_sites(file: str, sites: tuple[SiteHere, ...]) -> int:
    return hash((file, tuple(site.class_names for site in sites)))


_HASHES = 1 << 64


def _hash_of(runs: Iterable[ComparedRun]) -> int:
    """Return a number for runs in any order, from which that of some of them can be taken away."""
    return sum(hash((run.key, run.verdict, run.reasons, _content_of(run.run))) for run in runs) % _HASHES


def _content_of(run: StoredRun | UnreadableRun) -> int:
    return run.content_hash if isinstance(run, StoredRun) else hash(run)


def _runs_of(
    before: Mapping[str, tuple[ComparedRun, ...]], gone: Iterable[ComparedRun], come: Iterable[ComparedRun]
) -> Mapping[str, tuple[ComparedRun, ...]]:
    """Return runs by class, each in path order, after some have gone and others have come."""
    away = {id(run) for run in gone}
    new: dict[str, list[ComparedRun]] = {run.run.class_name: [] for run in gone}
    for run in come:
        new.setdefault(run.run.class_name, []).append(run)
    found = dict(before)
    for name, runs in new.items():
        kept = [run for run in found.pop(name, ()) if id(run) not in away]
        if kept or runs:
            found[name] = tuple(sorted((*kept, *runs), key=lambda run: run.run.path))
    return found
