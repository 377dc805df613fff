"""Runs that are judged as one: plain successes of one class, shape and state of code. Each may still be an orphan."""

from collections.abc import Hashable

from huldra.comparison.code_reasons import CodeJudge
from huldra.experiments.model import Experiment
from huldra.formats.config_values import PLAIN_TYPES
from huldra.formats.json_values import JsonObject
from huldra.project.link import Project
from huldra.stored_runs.liveness import SUCCESSES
from huldra.stored_runs.model import StoredRun


def flat_document(run: StoredRun) -> JsonObject | None:
    """Return the config of a success of which nothing is odd, if it holds nothing but plain scalars; else None."""
    if run.result not in SUCCESSES or run.is_active or run.notes:
        return None
    document = run.config_document
    if not isinstance(document, dict) or not PLAIN_TYPES.issuperset(map(type, document.values())):
        return None
    return document


def likeness(
    run: StoredRun, document: JsonObject, built: Experiment | None, project: Project, code: CodeJudge
) -> Hashable | None:
    """Return what the judgement of a run follows from, but for whether code builds it and what it builds instead.

    None where it follows from more.

    Args:
        run: A run.
        document: Its config, which is flat.
        built: What today's code builds with its hash.
        project: Today's classes.
        code: Says what the code of runs did.
    """
    if (built is not None and built.dependencies) or project.experiment(run.class_name) is None:
        return None
    standing = code.standing(run)
    if standing is None:
        return None
    is_dirty = None if run.provenance is None else run.provenance.is_dirty
    shape = (*document, *map(type, document.values()))
    return (run.class_name, run.config_class, shape, built is not None, is_dirty, standing)
