"""Takes an evaluation from one state of a project to the next: what does not hold any more is dropped from it."""

from collections.abc import Collection, Mapping

from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.outcome import Beginning, beginning_of
from huldra.experiments.evaluate.recorded import Site
from huldra.experiments.reuse import Difference
from huldra.facts.statements import FunctionDefinition
from huldra.project.link import Project

_MANY_LEFTOVERS = 1000


def move_on(machine: Machine, project: Project, difference: Difference) -> None:
    """Effect: make an evaluation one of another state of the project, in which some modules have not been run.

    Args:
        machine: The evaluation.
        project: The state now.
        difference: What of the evaluation does not hold in it.
    """
    for module in difference.modules:
        machine.modules.pop(module, None)
        machine.imported.pop(module, None)
        machine.parts.pop(module, None)
    gone = [name for name, cls in machine.classes.items() if cls.info.module in difference.modules]
    for name in gone:
        del machine.classes[name]
    for kept in (machine.enums, machine.class_faults, machine.plain_fields, machine.constructions):
        for name in gone:
            kept.pop(name, None)
    machine.project = project
    for name, cls in machine.classes.items():
        cls.info = project.classes.get(name, cls.info)
    for module, bodies in difference.bodies.items():
        file = project.modules.file_of[module]
        after = {(file, body.line, body.column): body.after for body in bodies}
        if module in machine.imported:
            _exchange(machine, module, after)


def modules_that_may_raise(machine: Machine) -> frozenset[str]:
    """Return the modules that may raise while they are imported, as far as anybody can tell."""
    return frozenset(module for module, outcome in machine.imported.items() if outcome.doubtful_calls)


def _exchange(machine: Machine, module: str, after: Mapping[Beginning, FunctionDefinition]) -> None:
    """Effect: let the functions of a module have other bodies."""
    for function in machine.imported[module].functions:
        # By where it begins: an edit makes new facts of all that stands in the same class, edited or not.
        beginning = beginning_of(function)
        if beginning in after:
            function.definition = after[beginning]


def forget_leftovers(machine: Machine, sites: Collection[Site]) -> None:
    """Effect: forget what is known of configs that are no longer there, once that is most of it."""
    if len(machine.frozen) > _MANY_LEFTOVERS + 4 * len(sites):
        machine.frozen.clear()
        machine.held.clear()
        for site in sites:
            machine.hold(site.config)
