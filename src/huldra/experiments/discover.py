"""From a linked project to its experiments: evaluate, freeze, hash, and gather what is built where."""

from collections.abc import Iterable, Mapping

from huldra.experiments.evaluate.machine import CallArguments, Frame, LimitReached, Limits, Machine, Raised, Site
from huldra.experiments.evaluate.run import run_project
from huldra.experiments.freeze import Doubt, Freezer, PartialConfig
from huldra.experiments.model import Dependency, DynamicSite, Experiment, Experiments, SiteReference
from huldra.experiments.values import AbstractValue, FieldCall, Scope, Unknown
from huldra.formats.config_values import ConfigValue, Value, direct_dependencies
from huldra.formats.identity import IdentityTypeError, IdentityValueError, identity_hash
from huldra.formats.layout import root_name, run_path
from huldra.project.fields import FieldDeclaration
from huldra.project.hierarchy import experiment_classes, is_version_controlled
from huldra.project.link import Project
from huldra.project.places import Place


def discover_experiments(project: Project, limits: Limits | None = None) -> Experiments:
    """Return every experiment that a project's code builds, and every site whose config cannot be known."""
    machine = run_project(project, limits or Limits())
    gathered = _Gathered(project, machine)
    for site in machine.sites:
        gathered.add(site)
    defaults = _defaults(project, machine)
    return Experiments(
        by_key=gathered.experiments(),
        dynamic=tuple(sorted(gathered.dynamic.values(), key=lambda site: (site.place, site.class_name))),
        problems=tuple(sorted(machine.problems)),
        defaults=defaults,
    )


class _Gathered:
    """What has been found so far; one entry for each identity, and one dynamic site for each place and reason."""

    def __init__(self, project: Project, machine: Machine) -> None:
        self._project = project
        self._machine = machine
        self._freezers: dict[str, Freezer] = {}
        self._sites: dict[str, dict[SiteReference, None]] = {}
        self._configs: dict[str, tuple[ConfigValue, str]] = {}
        self._keys: dict[int, tuple[ConfigValue, str | None]] = {}
        self.dynamic: dict[tuple[Place, str, tuple[Doubt, ...]], DynamicSite] = {}

    def add(self, site: Site) -> None:
        """Take one site in."""
        freezer = self._freezers.setdefault(site.place.file, Freezer(self._machine, site.place))
        frozen = freezer.config(site.config)
        if isinstance(frozen, PartialConfig):
            dynamic = DynamicSite(
                frozen.class_name, site.place, site.kind, site.is_conditional, frozen.known, frozen.doubts
            )
            self.dynamic.setdefault((site.place, frozen.class_name, frozen.doubts), dynamic)
            return
        key = self._key(frozen, site.place)
        if key is not None:
            reference = SiteReference(site.place, site.kind, site.is_conditional)
            self._sites.setdefault(key, {})[reference] = None

    def _key(self, config: ConfigValue, place: Place) -> str | None:
        """Return `class/hash`; None, and a problem, for a config that cannot be hashed."""
        kept = self._keys.get(id(config))
        if kept is not None:
            return kept[1]
        key: str | None = None
        info = self._project.classes[config.class_name]
        with_dependencies = info.dialect is not None and info.dialect.hash_has_dependencies
        try:
            digest = identity_hash(config, with_dependencies=with_dependencies)
            key = f"{config.class_name}/{digest}"
            self._configs.setdefault(key, (config, digest))
        except (IdentityTypeError, IdentityValueError) as error:
            self._machine.report("HUL105", "error", f"{info.definition.name} cannot be hashed: {error}", place)
        self._keys[id(config)] = (config, key)
        return key

    def experiments(self) -> Mapping[str, Experiment]:
        """Return the experiments by key, sorted."""
        return {key: self._experiment(key) for key in sorted(self._sites)}

    def _experiment(self, key: str) -> Experiment:
        config, digest = self._configs[key]
        info = self._project.classes[config.class_name]
        controlled = is_version_controlled(config.class_name, self._project.tables)
        if info.dialect is None:
            raise AssertionError("only experiment classes have sites")
        root = root_name(info.dialect, version_controlled=controlled)
        dependencies: dict[Dependency, None] = {}
        for path, found in direct_dependencies(config):
            dependency = self._key(found, info.name_place)
            if dependency is not None:
                dependencies[Dependency(dependency, f"field {path}")] = None
        return Experiment(
            key=key,
            config=config,
            digest=digest,
            path=run_path(root, config.class_name, digest),
            sites=_without_conditional_twins(self._sites[key]),
            dependencies=tuple(dependencies),
        )


def _without_conditional_twins(sites: Iterable[SiteReference]) -> tuple[SiteReference, ...]:
    """One site built both ways is built in any case."""
    certain = {(site.place, site.kind) for site in sites if not site.is_conditional}
    kept = (site for site in sites if not site.is_conditional or (site.place, site.kind) not in certain)
    return tuple(sorted(kept))


def _defaults(project: Project, machine: Machine) -> Mapping[tuple[str, str], Value | Doubt]:
    """Return what the defaults of all experiment classes are worth, those of factories included."""
    found: dict[tuple[str, str], Value | Doubt] = {}
    for info in experiment_classes(project.classes):
        freezer = Freezer(machine, info.name_place)
        for field in project.tables.table(info.name).values():
            if not field.is_required:
                value = _default_value(machine, field)
                found[info.name, field.name] = freezer.value(value, field.name)
    return found


def _default_value(machine: Machine, field: FieldDeclaration) -> AbstractValue:
    owner = machine.class_object(field.owner)
    value = None if owner is None else owner.members.names.get(field.raw_name, _unevaluated(field.place))
    if not isinstance(value, FieldCall):
        return value
    factory = value.arguments.get("default_factory")
    if factory is None:
        return value.arguments.get("default", _unevaluated(field.place))
    sites, problems = len(machine.sites), set(machine.problems)
    frame = Frame(Scope(), field.owner, field.origin)
    try:
        with machine.fresh_steps():
            return machine.call(factory, CallArguments([], {}, field.place), frame)
    except (Raised, LimitReached) as stopped:
        return Unknown(f"the default factory stops: {stopped}", stopped.place)
    finally:
        # A question is not a site: what the answer built, no code has built.
        del machine.sites[sites:]
        machine.problems = problems


def _unevaluated(place: Place) -> Unknown:
    return Unknown("a default that could not be evaluated", place)
