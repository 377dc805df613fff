"""Runs and experiments as rows for editors' views. Not a published schema: it goes with its server."""

from collections.abc import Mapping

from huldra.features.project_view import ProjectView
from huldra.features.value_text import value_text
from huldra.features.verdict_counts import MISSING
from huldra.project.places import Place
from huldra.stored_runs.model import StoredRun


def run_rows(view: ProjectView) -> list[Mapping[str, object]]:
    """Return a row for each run and each experiment without one, by class and hash."""
    keys = sorted({*view.runs, *view.experiments})
    return [_row(view, key) for key in keys]


def _row(view: ProjectView, key: str) -> Mapping[str, object]:
    run, experiment = view.runs.get(key), view.experiments.get(key)
    class_name, _, digest = key.rpartition("/")
    stored = run.run if run is not None and isinstance(run.run, StoredRun) else None
    config = experiment.experiment.config if experiment is not None else None if stored is None else stored.config
    sites = () if experiment is None else experiment.experiment.sites
    fields = () if config is None else config.fields
    return {
        "class": class_name,
        "hash": digest,
        "verdict": run.verdict if run is not None else experiment.verdict if experiment is not None else MISSING,
        "certainty": "certain" if run is None else run.certainty,
        "reasons": [] if run is None else [{"code": r.code, "message": r.message} for r in run.reasons],
        "path": run.run.path if run is not None else experiment.experiment.path if experiment is not None else "",
        "config": {name: value_text(value) for name, value in fields},
        "created_at": None if stored is None else stored.created_at,
        "duration_s": None if stored is None else stored.duration_s,
        "sites": [_place(site.place) for site in sites],
    }


def _place(place: Place) -> Mapping[str, object]:
    return {"file": place.file, "line": place.line, "column": place.column}
