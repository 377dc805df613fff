"""Follows the methods of every config that code builds, and of the configs that these build, until nothing is new."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from huldra.experiments.evaluate.defined import OwnMethod
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.outcome import Outcome
from huldra.experiments.evaluate.own_methods import MethodRunner
from huldra.experiments.evaluate.project_order import run_functions, run_methods_left
from huldra.experiments.evaluate.recorded import Load, Site
from huldra.experiments.evaluate.rounds import Round
from huldra.experiments.evaluate.run_alone import Doubted, who_changes
from huldra.experiments.findings import Loading, report_cycles
from huldra.experiments.frozen import PartialConfig
from huldra.experiments.gathered import Gathered
from huldra.experiments.identities import Followed
from huldra.experiments.model import ClassDependency, Dependency, Via
from huldra.experiments.values import ClassObject, ConfigObject, DictObject, ListObject, Unknown
from huldra.project.hierarchy import experiment_classes, missing_methods
from huldra.project.places import Place

_DEEPEST = 200
"""Experiments that build experiments that build experiments …: past this something builds without end."""


class _Task(Struct, frozen=True):
    """A site whose config's methods are to be run; `depth` counts the methods that led to it, built in `modules`."""

    site: Site
    depth: int
    modules: frozenset[str]


def follow_methods(machine: Machine, gathered: Gathered, work: Round) -> set[ClassDependency]:
    """Effect: take in all sites, those that methods of configs build included, with the edges to them.

    Return what classes build inside their methods.
    """
    follower = _Follower(machine, gathered, work)
    follower.follow_new()
    # Whatever methods call is best seen with what they pass, so the functions that are named somewhere come later.
    run_functions(machine, work, are_mentioned=False)
    follower.follow_new()
    run_functions(machine, work, are_mentioned=True)
    follower.follow_new()
    follower.follow_unbuilt()
    run_methods_left(machine, work)
    follower.follow_new()
    follower.runner.report_left_out()
    report_cycles(machine, follower.loadings)
    return follower.class_edges


class _Follower:
    def __init__(self, machine: Machine, gathered: Gathered, work: Round) -> None:
        self.runner = MethodRunner(machine, work)
        self.class_edges: set[ClassDependency] = set()
        self.loadings: list[Loading] = []
        self._followed = 0
        self._machine = machine
        self._work = work
        self._gathered = gathered
        self._seen: set[tuple[str | PartialConfig, frozenset[str]]] = set()
        """The configs whose methods have been run, with whose changes were in doubt for them."""
        self._certain: set[str | PartialConfig] = set()
        self._among: dict[tuple[str, frozenset[str]], frozenset[str]] = {}

    def follow_new(self) -> None:
        """Effect: take in new sites, run the methods of their configs, and so on with what these build."""
        with self._work.after_any_script():
            self._follow_sites()

    def _follow_sites(self) -> None:
        found = self._work.sites[self._followed :]
        queue = deque(_Task(site, 0, frozenset()) for site in found)
        self._take(found)
        identify, methods, seen = self._gathered.identify_site, self.runner.methods, self._seen
        while queue:
            task = queue.popleft()
            owner = identify(task.site)
            if owner is None:
                continue
            changed = self.runner.changed(task.site.config, lambda: self._modules_of(task))  # noqa: B023
            as_seen = owner, who_changes(changed)
            if as_seen in seen:
                continue
            seen.add(as_seen)
            for method in methods(task.site.config):
                if task.depth >= _DEEPEST:
                    message = f"experiments that build each other more than {_DEEPEST} deep are not followed"
                    self._machine.report("HUL003", "warning", message, task.site.place)
                    break
                built = self._run(task, owner, method, changed)
                if built:
                    modules = self._modules_of(task)
                    queue.extend(_Task(site, task.depth + 1, modules) for site in built)
        self._followed = len(self._work.sites)

    def follow_unbuilt(self) -> None:
        """Effect: run the methods of classes of which no config is built, on one whose fields are not known.

        Classes with subclasses are left out, for these may have other attributes.
        """
        with self._work.after_any_script():
            self._follow_unbuilt()

    def _follow_unbuilt(self) -> None:
        for cls in _unbuilt_classes(self._machine, self._work):
            reason = f"an attribute of an instance of {cls.info.definition.name} that is not known"
            unknown = Unknown(reason, cls.info.name_place)
            table = self._machine.project.tables.table(cls.name)
            config = ConfigObject(cls, dict.fromkeys(table, unknown), (unknown,))
            changed = self.runner.changed(config)
            for method in self.runner.methods(config):
                outcome = self.runner.run(cls, method, config, changed)
                built = [site for site in self._work.take(outcome) if site.kind == "dependency"]
                self._note(self._leads_to(config, None, method, built, outcome.loads))

    def _take(self, sites: Iterable[Site]) -> None:
        for site in sites:
            identity = self._gathered.add(site)
            if identity is not None and not site.is_conditional:
                self._certain.add(identity)

    def _modules_of(self, task: _Task) -> frozenset[str]:
        """Return the modules that lead to a site, its own included."""
        file = task.site.place.file
        among = self._among.get((file, task.modules))
        if among is None:
            module = self._machine.project.modules.module_of.get(file)  # none for a manifest
            among = task.modules if module is None else task.modules | {module}
            self._among[file, task.modules] = among
        return among

    def _run(
        self, task: _Task, owner: str | PartialConfig, method: OwnMethod, changed: Sequence[Doubted]
    ) -> list[Site]:
        """Run one method of a config; return the sites that it adds."""
        site = task.site
        condition = None if owner in self._certain else site.place
        outcome = self.runner.run(site, method, site.config, changed, condition)
        built = self._work.take(outcome)
        if built or outcome.loads:
            self._take(built)
            self._add(site.config, owner, method, built, outcome)
        return built

    def _add(
        self,
        config: ConfigObject,
        owner: str | PartialConfig,
        method: OwnMethod,
        built: list[Site],
        outcome: Outcome,
    ) -> None:
        """Note where a method leads; that is found once for as long as its piece of work stands."""
        known = self._gathered.followed.get(outcome)
        if known is None or known.owner != owner:
            dependencies = [site for site in built if site.kind == "dependency"]
            known = self._leads_to(config, owner, method, dependencies, outcome.loads)
            # What cannot be hashed is a problem of each round.
            if known.is_known and len(built) == len(outcome.sites):
                self._gathered.followed.put(outcome, known)
        self._note(known)

    def _note(self, found: Followed) -> None:
        self.class_edges.update(found.classes)
        self.loadings += found.loadings
        if isinstance(found.owner, str):
            for dependency in found.edges:
                self._gathered.add_edge(found.owner, dependency)

    def _leads_to(
        self,
        config: ConfigObject,
        owner: str | PartialConfig | None,
        method: OwnMethod,
        built: list[Site],
        loaded: list[Load],
    ) -> Followed:
        """Return what a method builds, and what it loads that is neither built there nor held in a field."""
        loadings = tuple(self._loadings(config, owner, method, loaded)) if isinstance(owner, str) else ()
        reached = {owner, *(self._gathered.held_by(owner) if isinstance(owner, str) else ())}
        held = _held_configs(config) if loaded else frozenset[int]()
        classes, edges = list[ClassDependency](), list[Dependency]()
        asked_for = {loading.target for loading in loadings}
        is_known = True
        for made in (*built, *loaded):
            target = self._gathered.identify(made.config, made.place)
            is_known = is_known and target is not None
            if target is None or (isinstance(made, Load) and (target in reached or id(made.config) in held)):
                continue
            reached.add(target)
            via = Via(f"method {method.name}", _said_at(made.place, made.through, method))
            classes.append(ClassDependency(config.cls.name, made.config.cls.name, via))
            if isinstance(owner, str) and isinstance(target, str):
                edges.append(Dependency(target, via, target in asked_for))
        return Followed(owner, tuple(classes), tuple(edges), loadings, is_known=is_known)

    def _loadings(self, config: ConfigObject, owner: str, method: OwnMethod, loaded: list[Load]) -> Iterator[Loading]:
        """Yield what a method certainly asks for the result of, as it computes that of its config."""
        dialect = config.cls.info.dialect
        for load in loaded:
            target = self._gathered.identify(load.config, load.place)
            certain = not load.is_conditional and dialect is not None and method.name == dialect.create_method
            if certain and isinstance(target, str):
                yield Loading(owner, target, load.place)


def _unbuilt_classes(machine: Machine, work: Round) -> list[ClassObject]:
    """Return the experiment classes that could be built, are not, and have no subclass."""
    project = machine.project
    classes, files = experiment_classes(project.classes), frozenset(project.relevant)
    # What derives from an experiment class is one.
    left_out = {site.config.cls.name for site in work.sites}.union(*(info.order[1:] for info in classes))
    # Where a part of the project is evaluated by itself, the classes of others are theirs.
    ours = (info for info in classes if info.origin.file in files)
    leaves = (info for info in ours if info.name not in left_out and not info.is_local)
    concrete = (i for i in leaves if not missing_methods(i.name, project.tables, project.symbols))
    return [machine.classes[info.name] for info in concrete if info.name in machine.classes]


def _held_configs(config: ConfigObject) -> frozenset[int]:
    """Return the ids of the configs in a config's fields, containers opened."""
    found: set[int] = set()
    queue = [*config.raw.values(), *config.cooked.values()]
    while queue:
        value = queue.pop()
        match value:
            case ConfigObject():
                found.add(id(value))
            case ListObject(items=items):
                queue.extend(items)
            case tuple():
                queue.extend(value)
            case DictObject(items=items):
                queue.extend(items.values())
            case _:
                pass
    return frozenset(found)


def _said_at(place: Place, through: Place | None, method: OwnMethod) -> Place:
    """Return the place inside the method that leads to a place, however deep in helpers that is."""
    function = method.function
    inside = through is not None and through.file == function.origin.file
    if inside and through is not None and method.member is not function:
        # What wraps the method has called it: that line says nothing of where in it something is built.
        own = function.origin.place(function.definition.at)
        inside = own.line <= through.line <= own.end_line
    return through if inside and through is not None else place
