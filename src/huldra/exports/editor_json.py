"""Runs and experiments as rows for editors' views. Not a published schema: it goes with its server."""

from collections.abc import Iterable, Mapping

from huldra.comparison.model import ComparedRun
from huldra.features.new_experiment import Form, Preview
from huldra.features.project_view import ProjectView
from huldra.features.value_text import value_text
from huldra.features.verdict_counts import MISSING
from huldra.plans.new_code import NewCode
from huldra.project.places import Place
from huldra.stored_runs.model import StoredRun


def run_rows(view: ProjectView, runs: Iterable[ComparedRun] | None = None) -> list[Mapping[str, object]]:
    """Return a row for each run and each experiment without one, by class and hash; or for some runs."""
    if runs is not None:
        return [_row(view, run.key, run) for run in runs]
    stored = [(run.key, run.run.path, run) for run in view.picture.runs]
    shown = view.runs
    missing = [(key, "", None) for key in view.experiments if key not in shown]
    return [_row(view, key, run) for key, _, run in sorted((*stored, *missing), key=lambda row: row[:2])]


def form_object(form: Form, short: str, root: str, values: Mapping[str, str]) -> dict[str, object]:
    """Return a form as `huldra/form` answers it."""
    fields = [
        {
            "name": field.name,
            "annotation": field.annotation,
            "required": field.is_required,
            "default": field.default,
            "value": values.get(field.name),
            "held": [{"value": value, "count": count} for value, count in field.held],
        }
        for field in form.fields
    ]
    return {"class": form.class_name, "short": short, "root": root, "home": form.home, "fields": fields}


def preview_object(code: NewCode, preview: Preview) -> dict[str, object]:
    """Return what new code would build, as `huldra/preview` answers it."""
    rows = [(key.rpartition("/"), verdict) for key, verdict in preview.experiments]
    return {
        "code": code.code,
        "imports": list(code.imports),
        "file": code.file,
        "new": code.is_new,
        "experiments": [{"class": key[0], "hash": key[2], "verdict": verdict} for key, verdict in rows],
        "problems": list(preview.problems),
    }


def _row(view: ProjectView, key: str, run: ComparedRun | None) -> Mapping[str, object]:
    experiment = view.experiments.get(key)
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
        "store": run.run.store if run is not None else "",
        "config": {name: value_text(value) for name, value in fields},
        "created_at": None if stored is None else stored.created_at,
        "duration_s": None if stored is None else stored.duration_s,
        "sites": [_place(view.shown(site.place)) for site in sites],
    }


def _place(place: Place) -> Mapping[str, object]:
    return {"file": place.file, "line": place.line, "column": place.column}
