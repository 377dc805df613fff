"""Which files are known only as they last were, since they cannot be read as they stand."""

from collections.abc import Iterable

from huldra.features.project_view import ProjectView


def broken_file(view: ProjectView, keys: Iterable[str]) -> str | None:
    """Return a file that builds one of some experiments, or defines the class of one, and cannot be read.

    Args:
        view: The state.
        keys: Experiments, as `class/hash`.
    """
    places = view.snapshot.inputs.places
    found: set[str] = set()
    for key in keys:
        row, info = view.experiments.get(key), view.class_info(key.rpartition("/")[0])
        found |= {site.place.file for site in row.experiment.sites} if row is not None else set()
        found |= {info.name_place.file} if info is not None else set()
    return next((file for file in sorted(found) if not places.is_as_written(file)), None)
