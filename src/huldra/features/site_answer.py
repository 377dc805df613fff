"""What a place in the code builds: experiments with their verdicts, dynamic sites, or what stands near it instead."""

from msgspec import Struct

from huldra.analysis.host import Workspace
from huldra.analysis.snapshot import Snapshot
from huldra.features.picture import DynamicRow, ExperimentRow, Picture
from huldra.project.places import Place

_MOST_NEAR = 3


class BuiltHere(Struct, frozen=True):
    """An experiment, and the site of it that was asked for."""

    row: ExperimentRow
    place: Place


class SiteAnswer(Struct, frozen=True):
    """What a place builds, in the order of the text."""

    experiments: tuple[BuiltHere, ...]
    dynamic: tuple[DynamicRow, ...]


class NothingThere(Struct, frozen=True):
    """Why there is no answer, and the nearest places of the file that build something, with the class's name."""

    reason: str
    near: tuple[tuple[Place, str], ...]


def answer_site(
    snapshot: Snapshot, picture: Picture, workspace: Workspace, file: str, line: int, column: int | None = None
) -> SiteAnswer | NothingThere:
    """Return what a place builds.

    A line means the sites that begin on it; if none does, the smallest that runs over it. With a column it is the
    smallest site around that character.

    Args:
        snapshot: The state.
        picture: Its picture.
        workspace: The project, which knows why a file is not part of it.
        file: Root-relative name.
        line: From 1.
        column: From 1, in code points.
    """
    found: list[tuple[Place, ExperimentRow | DynamicRow]] = [
        (site.place, row) for row in picture.experiments for site in row.experiment.sites if site.place.file == file
    ]
    found += [(row.site.place, row) for row in picture.dynamic if row.site.place.file == file]
    chosen = [(place, row) for place, row in found if place.line == line] if column is None else []
    if not chosen:
        around = [(place, row) for place, row in found if _covers(place, line, column)]
        smallest = min((_extent(place) for place, _ in around), default=None)
        chosen = [(place, row) for place, row in around if _extent(place) == smallest]
    if not chosen:
        near = {(place, _class_of(row)) for place, row in found}
        nearest = sorted(near, key=lambda pair: (abs(pair[0].line - line), pair))
        is_beside = column is not None and any(_covers(place, line, None) for place, _ in found)
        reason = f"no experiment is built at column {column} of {file}:{line}" if is_beside else None
        reason = reason or _reason(snapshot, picture, workspace, file, line)
        return NothingThere(reason, tuple(nearest[:_MOST_NEAR]))
    experiments = [BuiltHere(row, place) for place, row in chosen if isinstance(row, ExperimentRow)]
    dynamic = [row for _, row in chosen if isinstance(row, DynamicRow)]
    return SiteAnswer(
        tuple(sorted(experiments, key=lambda built: (built.place, built.row.experiment.key))),
        tuple(sorted(dynamic, key=lambda row: (row.site.place, row.site.class_name))),
    )


def _class_of(row: ExperimentRow | DynamicRow) -> str:
    return row.experiment.config.class_name if isinstance(row, ExperimentRow) else row.site.class_name


def _covers(place: Place, line: int, column: int | None) -> bool:
    if column is None:
        return place.line <= line <= place.end_line
    return (place.line, place.column) <= (line, column) < (place.end_line, place.end_column)


def _extent(place: Place) -> tuple[int, int]:
    return place.end_line - place.line, place.end_column - place.column


def _reason(snapshot: Snapshot, picture: Picture, workspace: Workspace, file: str, line: int) -> str:
    if file not in workspace.discovery.files:
        faults = [problem.message for problem in workspace.discovery.problems if problem.name == file]
        return f"{file} is not one of the project's Python files{f': {faults[0]}' if faults else ''}"
    broken = [p for p in picture.problems if p.place.file == file and p.code in {"HUL001", "HUL003"}]
    if broken:
        return f"{file}:{broken[0].place.line} could not be read: {broken[0].message}"
    here = [p for p in picture.problems if p.place.file == file and p.place.line <= line <= p.place.end_line]
    if here:
        return f"{file}:{line} builds nothing: {here[0].code} {here[0].message}"
    classes = [row for row in picture.classes if row.place.file == file and row.place.line == line]
    if classes:
        return f"{file}:{line} defines {classes[0].name}; ask for a line that builds one"
    if file not in snapshot.project.relevant:
        return f"{file} does not see an experiment class"
    return f"no experiment is built at {file}:{line}"
