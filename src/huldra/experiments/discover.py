"""From a linked project to its experiments: evaluate, freeze, hash, and gather what is built where."""

from collections.abc import Mapping

from huldra.experiments.evaluate.machine import CallArguments, Frame, LimitReached, Limits, Machine, Raised
from huldra.experiments.evaluate.mentions import building_names
from huldra.experiments.evaluate.run import deep_calls, report_dropped, run_project, start_machine
from huldra.experiments.freeze import Doubt, Freezer
from huldra.experiments.gathered import Gathered
from huldra.experiments.method_edges import follow_methods
from huldra.experiments.model import Experiments
from huldra.experiments.values import AbstractValue, FieldCall, Scope, Unknown
from huldra.formats.config_values import Value
from huldra.project.fields import FieldDeclaration
from huldra.project.hierarchy import experiment_classes
from huldra.project.link import Project
from huldra.project.places import Place


def discover_experiments(project: Project, limits: Limits | None = None) -> Experiments:
    """Return every experiment that a project's code builds, and every site whose config cannot be known."""
    limits = limits or Limits()
    machine = start_machine(project, limits)
    gathered = Gathered(project, machine)
    names = building_names(project)
    with deep_calls(limits):
        run_project(machine, names)
        edges = follow_methods(machine, gathered, names)
    report_dropped(machine)
    defaults = _defaults(project, machine)
    return Experiments(
        by_key=gathered.experiments(),
        dynamic=tuple(sorted(gathered.dynamic.values(), key=lambda site: (site.place, site.class_name))),
        problems=tuple(sorted(machine.problems)),
        defaults=defaults,
        class_dependencies=tuple(sorted(edges)),
        sweeps=gathered.sweeps(),
    )


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
