"""The verdict of a run, and why. The first law: never `current` of what is not."""

from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property, partial

from msgspec.structs import replace

from huldra.comparison.alike import flat_document, likeness
from huldra.comparison.bonds import Bonds
from huldra.comparison.code_reasons import CodeFindings, CodeJudge
from huldra.comparison.heirs import broken_home, missing_class
from huldra.comparison.hidden_runs import HiddenRuns
from huldra.comparison.match import BuiltConfigs, StoredConfigs, nested_configs, run_key, sees_all
from huldra.comparison.model import REASON_ORDER, ComparedRun, Judged, Note, Reason, Verdict
from huldra.comparison.schema_changes import config_shape, own_schema_reasons, schema_reasons
from huldra.comparison.upstream import Dependency, upstream_reasons
from huldra.experiments.model import Experiments, Via
from huldra.formats.config_values import ConfigValue, direct_dependencies, is_flat
from huldra.formats.names import short_name
from huldra.project.link import Project
from huldra.project.places import Place
from huldra.stored_runs.liveness import SUCCESSES, Present, attempt_verdict
from huldra.stored_runs.model import StoredRun
from huldra.stored_runs.roots import OWN_ROOTS, root_of


def sites_of(experiments: Experiments, key: str) -> tuple[Place, ...]:
    """Return where today's code builds what a run is of."""
    experiment = experiments.by_key.get(key)
    return () if experiment is None else tuple(site.place for site in experiment.sites)


class Judge:
    """Judges runs; a run's own causes are found once, since those downstream ask for them again.

    What is kept is kept by path: several roots and stores may each hold a run of one `class/hash`.
    """

    def __init__(
        self,
        project: Project,
        experiments: Experiments,
        stored: StoredConfigs,
        present: Present,
        code: CodeJudge,
        built: frozenset[str],
        bonds: Bonds,
        hidden: HiddenRuns,
    ) -> None:
        self.bonds = bonds
        self._hidden = hidden
        self._project = project
        self._experiments = experiments
        self._present = present
        self._code = code
        self._findings: dict[str, CodeFindings] = {}
        self._doubts_of: dict[str, tuple[Reason, ...]] = {}
        self._built = built
        self._fitting: set[Hashable] = set()  # shapes of configs that fit their classes
        self._held: dict[str, tuple[Dependency, ...]] = {}
        self._stored = stored
        self._built_configs = BuiltConfigs(experiments)
        self._alike: dict[Hashable, Judged] = {}
        self._alike_but_built: dict[tuple[Hashable, bool], Judged] = {}
        self._without_reasons: dict[Judged, Judged] = {}
        self._asked: set[str] = set()
        self._not_alike: set[Hashable] = set()
        self._reasons: dict[str, tuple[Reason, ...]] = {}

    @cached_property
    def _sees_all(self) -> bool:
        return sees_all(self._project, self._experiments)

    def compared(self, run: StoredRun) -> ComparedRun:
        """Return a run with its verdict, reasons and notes."""
        return ComparedRun(run, self.judged(run))

    def judged(self, run: StoredRun) -> Judged:
        """Return what is said of a run."""
        key = run_key(run)
        found, note = self._found(run, key), self._elsewhere(run, key)
        return found if note is None else replace(found, notes=(*found.notes, note))

    def was_asked_about(self, run: StoredRun) -> bool:
        """Return whether somebody asked what a run was made from, beside who judges."""
        return run.path in self._asked

    def _elsewhere(self, run: StoredRun, key: str) -> Note | None:
        """Return that the runtime does not look where a run lies, so that it would make the experiment again."""
        built = self._experiments.by_key.get(key)
        if run.store:
            again = "" if self._stored.has_own(key) else ", and would make this again"
            return Note("in-another-store", f"lies in the store {run.store}; the runtime uses only its own{again}")
        root = None if built is None else root_of(built.path, OWN_ROOTS)
        if built is not None and root is not None and root.version_controlled is not run.version_controlled:
            again = "" if self._stored.has_path(built.path) else ", and would make this again"
            return Note("in-another-root", f"lies in {run.root}/; the runtime looks for it in {root.name}/{again}")
        return None

    def _found(self, run: StoredRun, key: str) -> Judged:
        document = flat_document(run)
        built = self._experiments.by_key.get(key)
        alike = None if document is None else likeness(run, document, built, self._project, self._code)
        if document is None or alike is None or alike in self._not_alike:
            return self._judged(run, key)
        if built is None and self._built_configs.may_find(run.config_class, document):
            return self._judged(run, key)
        if alike not in self._alike:
            if self._own_reasons(run):
                self._not_alike.add(alike)
            else:
                self._alike[alike] = self._judged(run, key)
            return self._alike.get(alike) or self._judged(run, key)
        return self._as_alike(run, key, alike)

    def _as_alike(self, run: StoredRun, key: str, alike: Hashable) -> Judged:
        """Return what is said of a run that is like another one: the very same, but for where code builds it."""
        other, is_referenced, sites = self._alike[alike], key in self._built, sites_of(self._experiments, key)
        if (is_referenced, sites) == (other.is_referenced, other.sites):
            return other
        known = self._alike_but_built.get((alike, is_referenced)) if not sites else None
        if known is not None:
            return known
        verdict = other.verdict
        if verdict in ("current", "orphan"):
            verdict = "current" if is_referenced else "orphan"
        if verdict == other.verdict or self._sees_all:
            found = replace(other, verdict=verdict, is_referenced=is_referenced, sites=sites, dependencies=())
        else:
            found = self._judged(run, key)
        if not sites:
            self._alike_but_built[alike, is_referenced] = found
        return found

    def _judged(self, run: StoredRun, key: str) -> Judged:
        ended = self.attempt_verdict(run)
        is_success = run.result in SUCCESSES
        reasons = self.reasons(run) if is_success else self._own_reasons(run)
        doubts = self.doubts(run) if is_success else ()
        if ended is not None:
            verdict: Verdict = ended
        elif reasons:
            verdict = "stale"
        elif doubts:
            verdict = "unverifiable"
        else:
            verdict = "current" if key in self._built else "orphan"
        shown = doubts if verdict == "unverifiable" else reasons
        is_certain = all(reason.certainty == "certain" for reason in shown[:1])
        is_open = verdict in {"current", "orphan"} and bool(self._open(run))
        is_open = is_open or (verdict == "orphan" and not self._sees_all)
        found = Judged(
            verdict=verdict,
            certainty="certain" if is_certain and not is_open else "likely",
            reasons=tuple(shown),
            notes=tuple(dict.fromkeys(self._notes(run, is_success=is_success))),
            is_referenced=key in self._built,
            sites=sites_of(self._experiments, key),
            dependencies=self._made_from(run),
        )
        # Reasons may be equal and yet come with other evidence.
        return found if reasons or doubts else self._without_reasons.setdefault(found, found)

    def dependencies(self, run: StoredRun) -> tuple[tuple[str, Via], ...]:
        """Return the keys of the runs that a run was made from, with where that is said."""
        self._asked.add(run.path)
        return self._made_from(run)

    def _made_from(self, run: StoredRun) -> tuple[tuple[str, Via], ...]:
        return tuple((run_key(found), via) for found, via in self._upstream(run))

    def attempt_verdict(self, run: StoredRun) -> Verdict | None:
        """Return what the latest attempt says when no valid success stands; None for a success."""
        return attempt_verdict(run, self._present)

    def reasons(self, run: StoredRun) -> tuple[Reason, ...]:
        """Return why a success is stale: its own causes first, then what comes from upstream."""
        if run.path not in self._reasons:
            self._reasons[run.path] = ()  # a run that holds itself is its own upstream
            found = [
                *self._own_reasons(run),
                *self._code_findings(run).reasons,
                *upstream_reasons(run, self._dependencies(run), self._upstream_of, self._hidden.may_hold),
            ]
            self._reasons[run.path] = tuple(sorted(found, key=lambda reason: REASON_ORDER[reason.code]))
        return self._reasons[run.path]

    def _code_findings(self, run: StoredRun) -> CodeFindings:
        if run.path not in self._findings:
            self._findings[run.path] = self._code.findings(run)
        return self._findings[run.path]

    def _upstream_of(self, run: StoredRun) -> tuple[Verdict | None, tuple[Reason, ...]]:
        return self.attempt_verdict(run), self.reasons(run)

    def _own_reasons(self, run: StoredRun) -> tuple[Reason, ...]:
        """Return what the run's own class and config say; nothing when today's code builds the very same hash."""
        project = self._project
        if run_key(run) in self._experiments.by_key:
            return ()
        if project.experiment(run.class_name) is None:
            if broken_home(project, run.class_name) is not None or self._code.is_outside(run, run.class_name):
                return ()
            reason = missing_class(project, run.class_name, run.config, "")
            return (reason, *self._heir_reasons(run, reason), *self._nested_reasons(run))
        return self._nested_reasons(run)

    def _heir_reasons(self, run: StoredRun, reason: Reason) -> tuple[Reason, ...]:
        """Return how the config of a class that is gone differs from what its heir declares."""
        if run.config is None or reason.code == "class-missing" or reason.definition is None:
            return ()
        inherited = replace(run.config, class_name=reason.definition)
        return tuple(own_schema_reasons(self._project, self._experiments, inherited))

    def _nested_reasons(self, run: StoredRun) -> tuple[Reason, ...]:
        if run.config is None:
            return ()
        shape = config_shape(run.config)
        if shape not in self._fitting:
            is_outside = partial(self._code.is_outside, run)
            reasons = tuple(schema_reasons(self._project, self._experiments, run.config, is_outside))
            if reasons:
                return reasons
            # Which package was outside the project is told by the run's own code.
            if not any(self._classes_not_found(run)):
                self._fitting.add(shape)
        return self._identity_reason(run)

    def _identity_reason(self, run: StoredRun) -> tuple[Reason, ...]:
        """Return that today's code gives the same fields another hash; likely, for a record does not hold types."""
        heir = None if run.config is None else self._built_configs.find(run.config)
        if heir is None or heir.digest == run.hash:
            return ()
        message = f"the same fields give the hash {heir.digest} today"
        place = heir.sites[0].place
        return (Reason("identity-changed", message, run.class_name, place, certainty="likely"),)

    def doubts(self, run: StoredRun) -> tuple[Reason, ...]:
        """Return what keeps a success, against which nothing speaks, from being called current."""
        if run.path not in self._doubts_of:
            self._doubts_of[run.path] = ()  # a run that holds itself is its own upstream
            self._doubts_of[run.path] = tuple(self._find_doubts(run))
        return self._doubts_of[run.path]

    def _find_doubts(self, run: StoredRun) -> Iterator[Reason]:
        for name in self._classes_not_found(run):
            broken = broken_home(self._project, name)
            if broken is not None:
                yield Reason("cannot-be-parsed", f"{name} may stand in {broken}, which cannot be parsed", name)
        name = run.class_name
        if name not in self._project.classes and self._code.is_outside(run, name):
            message = f"{name} is of no package of this project, and its code is not compared; ask its own project"
            yield Reason("code-unknown", message, name)
        unknown = self._code_findings(run).unknown
        if unknown is not None:
            yield unknown
        for upstream, via in self._upstream(run):
            if upstream.result in SUCCESSES:
                for doubt in self.doubts(upstream)[:1]:
                    name = f"{short_name(upstream.class_name)} {upstream.hash[:8]} ({via.name})"
                    message = f"{name} cannot be verified: {doubt.message}"
                    yield Reason("upstream-unverifiable", message, doubt.definition, None, run_key(upstream))

    def _classes_not_found(self, run: StoredRun) -> Iterator[str]:
        """Yield the classes of a run and of the configs that it holds that the code does not have."""
        if self._project.experiment(run.class_name) is None:
            yield run.class_name
        elif run.config is not None and not is_flat(run.config):
            held = (nested.class_name for _, nested in nested_configs(run.config))
            yield from (name for name in dict.fromkeys(held) if name not in self._project.classes)

    def _open(self, run: StoredRun) -> tuple[str, ...]:
        """Return what could not be followed in the code of a run and of those that it holds, at any depth."""
        if not self._dependencies(run):
            return (run_key(run),) if self._code_findings(run).is_open else ()
        seen: dict[str, StoredRun] = {}
        queue = [run]
        while queue:
            found = queue.pop()
            if run_key(found) not in seen:
                seen[run_key(found)] = found
                queue.extend(upstream for upstream, _ in self._upstream(found))
        return tuple(key for key, found in seen.items() if self._code_findings(found).is_open)

    def _notes(self, run: StoredRun, *, is_success: bool) -> Iterator[Note]:
        if is_success:
            yield from self._code_findings(run).notes
            yield from (
                Note("upstream-not-followed", f"the code of {key} could not be followed in full")
                for key in self._open(run)
                if key != run_key(run)
            )
        if run.provenance is not None and run.provenance.is_dirty:
            yield Note("made-from-dirty-tree", "made from a working tree with uncommitted changes")
        yield from (Note(note.code, note.message) for note in run.notes)

    def _upstream(self, run: StoredRun) -> Iterator[tuple[StoredRun, Via]]:
        """Yield the runs that a run was made from, with where that is said."""
        return ((found.run, found.via) for found in self._dependencies(run) if found.run is not None)

    def _dependencies(self, run: StoredRun) -> tuple[Dependency, ...]:
        if run.path not in self._held:
            config = self._known_config(run)
            self.bonds.hold(run.class_name, _classes_in(config))
            direct = (*self._in_fields(run, config), *self._in_methods(run))
            self._held[run.path] = (*direct, *self._in_loads(run, direct))
        return self._held[run.path]

    def _known_config(self, run: StoredRun) -> ConfigValue | None:
        """The config of a run: the record of it, or else what code builds of that hash, which is the same."""
        built = self._experiments.by_key.get(run_key(run)) if run.config is None else None
        return run.config if built is None else built.config

    def _in_fields(self, run: StoredRun, held: ConfigValue | None) -> Iterator[Dependency]:
        for path, config in () if held is None else direct_dependencies(held, self._is_plain):
            found = self._stored.find(config, run.store)
            if found is None:
                self.bonds.wait(run_key(run), config.class_name)
            else:
                self.bonds.bind(run_key(run), run_key(found))
            if found is not None or self._project.experiment(config.class_name) is not None:
                via = Via(f"field {path}")
                key = self._built_key(run, via) if found is None else run_key(found)
                yield Dependency(config.class_name, via, found, key)

    def _built_key(self, run: StoredRun, via: Via) -> str | None:
        """What code that builds a run builds in a field; a record alone does not say all that its hash is made of."""
        experiment = self._experiments.by_key.get(run_key(run))
        edges = () if experiment is None else experiment.dependencies
        return next((edge.key for edge in edges if edge.via == via), None)

    def _is_plain(self, name: str) -> bool:
        """Whether a class that a record names is no experiment's; of one that is gone only its runs tell."""
        return self._project.experiment(name) is None and not self._stored.of_class(name)

    def _in_methods(self, run: StoredRun) -> Iterator[Dependency]:
        """What `_create` builds and loads; known of what today's code builds, and a `_load` makes nothing."""
        experiment = self._experiments.by_key.get(run_key(run))
        for edge in () if experiment is None else experiment.dependencies:
            found = self._stored.with_key(edge.key, run.store)
            self.bonds.bind(run_key(run), edge.key)
            is_create = edge.via.name.startswith(f"method {run.dialect.create_method}")
            if is_create and (found is not None or edge.is_asked_for):
                yield Dependency(edge.key.rpartition("/")[0], edge.via, found, edge.key)

    def _in_loads(self, run: StoredRun, direct: Iterable[Dependency]) -> Iterator[Dependency]:
        """What the `_load` of a dependency loads itself: it runs whenever that dependency is loaded."""
        seen = {run_key(run), *(run_key(found.run) for found in direct if found.run is not None)}
        queue = [found.run for found in direct if found.run is not None]
        while queue:
            upstream = queue.pop()
            experiment = self._experiments.by_key.get(run_key(upstream))
            for edge in () if experiment is None else experiment.dependencies:
                if edge.key in seen or not edge.via.name.startswith(f"method {upstream.dialect.restore_method}"):
                    continue
                seen.add(edge.key)
                self.bonds.bind(run_key(run), edge.key)
                found = self._stored.with_key(edge.key, run.store)
                if found is not None:
                    via = replace(edge.via, name=f"{edge.via.name} of {short_name(upstream.class_name)}")
                    yield Dependency(found.class_name, via, found, edge.key)
                    queue.append(found)


def _classes_in(config: ConfigValue | None) -> Iterator[str]:
    """Yield the classes that a config is of and holds."""
    if config is not None:
        yield config.class_name
        if any(True for _ in direct_dependencies(config)):
            yield from (nested.class_name for _, nested in nested_configs(config))
