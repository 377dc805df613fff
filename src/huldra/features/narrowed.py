"""A picture cut down to some files or directories. Knows names, not the disk."""

from msgspec.structs import replace

from huldra.comparison.model import ComparedRun
from huldra.features.picture import ExperimentRow, Picture
from huldra.project.modules import ModuleTable
from huldra.project.places import Place


def narrowed_picture(picture: Picture, modules: ModuleTable, names: tuple[str, ...]) -> Picture:
    """Return what stands in the given files and directories.

    A run stands where its class does, and where a site builds it; a class that is gone stands in the file of its
    module.

    Args:
        picture: The whole.
        modules: The modules of the project.
        names: Root-relative, `/`-separated; empty for the root itself.
    """

    def is_inside(file: str) -> bool:
        return any(not name or file == name or file.startswith(f"{name}/") for name in names)

    def has_place(places: tuple[Place, ...]) -> bool:
        return any(is_inside(place.file) for place in places)

    def has_class(name: str) -> bool:
        return is_inside(_file_of_class(modules, name))

    def keeps_experiment(row: ExperimentRow) -> bool:
        return has_place(tuple(site.place for site in row.experiment.sites))

    def keeps_run(run: ComparedRun) -> bool:
        return has_place(run.sites) or has_class(run.run.class_name)

    classes = tuple(row for row in picture.classes if is_inside(row.place.file))
    experiments = tuple(row for row in picture.experiments if keeps_experiment(row))
    runs = tuple(run for run in picture.runs if keeps_run(run))
    class_names = {row.name for row in classes}
    keys = {row.experiment.key for row in experiments} | {run.key for run in runs}
    return replace(
        picture,
        classes=classes,
        experiments=experiments,
        dynamic=tuple(row for row in picture.dynamic if is_inside(row.site.place.file)),
        sweeps=tuple(row for row in picture.sweeps if is_inside(row.sweep.place.file)),
        runs=runs,
        class_edges=tuple(edge for edge in picture.class_edges if edge.source in class_names),
        experiment_edges=tuple(edge for edge in picture.experiment_edges if edge.source in keys),
        problems=tuple(problem for problem in picture.problems if is_inside(problem.place.file)),
        elsewhere=tuple(row for row in picture.classes if row.name not in class_names),
    )


def _file_of_class(modules: ModuleTable, name: str) -> str:
    parts = name.split(".")
    prefixes = (".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
    return next((modules.file_of[prefix] for prefix in prefixes if prefix in modules.file_of), "")
