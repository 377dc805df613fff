"""From a linked project to its experiments: evaluate, freeze, hash, and gather what is built where."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from huldra.experiments.evaluate.default_values import report_mutable_defaults, shared_default
from huldra.experiments.evaluate.machine import CallArguments, Frame, Limits, Machine
from huldra.experiments.evaluate.run import deep_calls, report_dropped, run_project, start_machine
from huldra.experiments.evaluate.signals import LimitReached, Raised
from huldra.experiments.findings import report_duplicates, report_empty_sweeps
from huldra.experiments.freeze import Freezer, freeze_now
from huldra.experiments.frozen import Doubt
from huldra.experiments.gathered import Gathered
from huldra.experiments.manifests import BuiltEntry, build_manifests
from huldra.experiments.method_edges import follow_methods
from huldra.experiments.model import ClassDependency, Experiments, ManifestEntry, with_alternatives
from huldra.experiments.values import AbstractValue, ConfigObject, FieldCall, Scope, Unknown
from huldra.formats.config_values import Value
from huldra.project.definition_errors import definition_error
from huldra.project.fields import FieldDeclaration
from huldra.project.hierarchy import experiment_classes
from huldra.project.link import Project
from huldra.project.places import Place
from huldra.project.problems import Problem


def discover_experiments(
    project: Project, limits: Limits | None = None, manifests: Mapping[str, str] = MappingProxyType({})
) -> Experiments:
    """Return every experiment that a project's code builds, and every site whose config cannot be known.

    Args:
        project: The linked project.
        limits: How far to go; None is the usual.
        manifests: The texts of manifests, by file.
    """
    limits = limits or Limits()
    machine, gathered, entries, edges = _evaluated(project, limits, manifests)
    by_key = gathered.experiments()
    if machine.has_environment_defaults:
        _, assumed, _, _ = _evaluated(project, limits, manifests, assumes_environment_defaults=True)
        by_key = with_alternatives(by_key, assumed.experiments())
    report_dropped(machine)
    report_empty_sweeps(machine)
    report_duplicates(machine, _lists(machine, gathered))
    manifest = tuple(_manifest_entry(gathered, entry) for entry in entries)
    keys, places = tuple(entry.key for entry in manifest), tuple(entry.place for entry in manifest)
    report_duplicates(machine, [(keys, places)])
    defaults = _defaults(project, machine)
    return Experiments(
        by_key=by_key,
        dynamic=tuple(sorted(gathered.dynamic.values(), key=lambda site: (site.place, site.class_name))),
        problems=tuple(sorted(machine.problems)),
        defaults=defaults,
        class_dependencies=tuple(sorted(edges)),
        sweeps=gathered.sweeps(),
        manifest=manifest,
    )


def _evaluated(
    project: Project, limits: Limits, manifests: Mapping[str, str], *, assumes_environment_defaults: bool = False
) -> tuple[Machine, Gathered, Sequence[BuiltEntry], Collection[ClassDependency]]:
    """Run everything that can be run. Environment variables are unknown, or all of them are not set."""
    machine = start_machine(project, limits, freeze_now)
    machine.assumes_environment_defaults = assumes_environment_defaults
    gathered = Gathered(project, machine)
    with deep_calls(limits):
        run_project(machine)
        entries = build_manifests(machine, manifests)
        edges = follow_methods(machine, gathered, machine.building_names)
    return machine, gathered, entries, edges


def _manifest_entry(gathered: Gathered, entry: BuiltEntry) -> ManifestEntry:
    identity = None if entry.config is None else gathered.identify(entry.config, entry.place)
    class_name = None if entry.config is None else entry.config.cls.name
    key = identity if isinstance(identity, str) else None
    return ManifestEntry(entry.place, entry.name, entry.tags, class_name, key)


def _lists(machine: Machine, gathered: Gathered) -> Iterator[tuple[tuple[str | None, ...], tuple[Place, ...]]]:
    """Yield the lists of experiments; a list in a config's field is no list of experiments to run."""
    in_fields = {id(value) for site in machine.sites for value in site.config.raw.values()}
    for group in machine.groups:
        if id(group.value) not in in_fields:
            keys = (
                gathered.identify(item, place) if isinstance(item, ConfigObject) else None
                for item, place in zip(group.items, group.places, strict=True)
            )
            yield tuple(key if isinstance(key, str) else None for key in keys), group.places


def _defaults(project: Project, machine: Machine) -> Mapping[tuple[str, str], Value | Doubt]:
    """Return what the defaults of all experiment classes are worth, those of factories included."""
    found: dict[tuple[str, str], Value | Doubt] = {}
    for info in experiment_classes(project.classes):
        cls = machine.class_object(info.name)
        if cls is not None and definition_error(info.name, project.tables, project.symbols) is None:
            report_mutable_defaults(machine, cls)
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
    sites, loads, problems = len(machine.sites), len(machine.loads), set(machine.problems)
    shared: Problem | None = None
    try:
        made = _made(machine, factory, field)
        shared = shared_default(field, made, _made(machine, factory, field))
    except (Raised, LimitReached) as stopped:
        return Unknown(f"the default factory stops: {stopped}", stopped.place)
    else:
        return made
    finally:
        # A question is not a site: what the answer built, no code has built.
        del machine.sites[sites:]
        del machine.loads[loads:]
        machine.problems = problems | ({shared} if shared is not None else set())


def _made(machine: Machine, factory: AbstractValue, field: FieldDeclaration) -> AbstractValue:
    with machine.fresh_steps():
        frame = Frame(Scope(), field.owner, field.origin)
        return machine.call(factory, CallArguments([], {}, field.place), frame)


def _unevaluated(place: Place) -> Unknown:
    return Unknown("a default that could not be evaluated", place)
