"""From a linked project to its experiments: evaluate, freeze, hash, and gather what is built where."""

from collections.abc import Mapping
from types import MappingProxyType

from huldra.experiments.dependents import separable_part
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluation import Evaluation
from huldra.experiments.model import Discovered, Experiments
from huldra.project.link import Project


def discover_experiments(
    project: Project, limits: Limits | None = None, manifests: Mapping[str, str] = MappingProxyType({})
) -> Experiments:
    """Return every experiment that a project's code builds, and every site whose config cannot be known.

    Args:
        project: The linked project.
        limits: How far to go; None is the usual.
        manifests: The texts of manifests, by file.
    """
    return discover_with_trace(project, limits or Limits(), manifests).experiments


def discover_with_trace(project: Project, limits: Limits, manifests: Mapping[str, str]) -> Discovered:
    """Return the same, and what finding it looked at."""
    evaluation = Evaluation(limits)
    experiments = evaluation.experiments(project, manifests)
    return Discovered(experiments, evaluation.trace(), separable_part(evaluation, project, limits))
