"""What became of a class that is no longer where a run says: moved, renamed or gone, with the evidence."""

from collections.abc import Iterable

from huldra.comparison.model import Reason
from huldra.formats.config_values import ConfigValue
from huldra.formats.names import short_name
from huldra.project.classes import ClassInfo
from huldra.project.link import Project


def missing_class(project: Project, name: str, config: ConfigValue | None, where: str) -> Reason:
    """Return the reason for a class that the project does not have.

    Args:
        project: The project as it is now.
        name: The class as the run recorded it.
        config: What the run recorded of an instance; its field names tell heirs apart.
        where: The path of the field that holds the instance; empty for the run's own class.
    """
    fields = frozenset(() if config is None else (field for field, _ in config.fields))
    at = f" (in field {where})" if where else ""
    moved = _moved(project, name, fields)
    if moved is not None:
        message = f"{name} is now {moved.name}: same name, {_shared(project, moved, fields)}{at}"
        return Reason("class-moved", message, moved.name, moved.name_place)
    renamed = _renamed(project, name, fields)
    if renamed is not None:
        message = f"{name} is probably {renamed.name} now: same module, {_shared(project, renamed, fields)}{at}"
        return Reason("class-renamed", message, renamed.name, renamed.name_place)
    return Reason("class-missing", f"{name} is not in the code any more{at}", name)


def broken_home(project: Project, class_name: str) -> str | None:
    """Return the file in which a class that was not found may stand, for it could not be read in full."""
    parts = class_name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        file = project.modules.file_of.get(".".join(parts[:count]))
        facts = None if file is None else project.facts.get(file)
        if file is not None and facts is None:
            return file  # it is too large, say
        if facts is not None:
            return None if facts.is_whole else file
    return None


def last_names(project: Project) -> frozenset[str]:
    """Return the last names of all experiment classes: what became of a class of such a name may be one of them."""
    return frozenset(info.definition.name for info in _experiments(project))


def _experiments(project: Project) -> Iterable[ClassInfo]:
    return (info for info in project.classes.values() if info.dialect is not None and not info.is_local)


def _moved(project: Project, name: str, fields: frozenset[str]) -> ClassInfo | None:
    """The one class elsewhere of the same name; of several the one whose fields agree best."""
    last = short_name(name)
    candidates = [info for info in _experiments(project) if info.definition.name == last]
    if not candidates:
        return None
    best = max(candidates, key=lambda info: _overlap(project, info, fields))
    return best if _overlap(project, best, fields) >= 0.5 else None


def _renamed(project: Project, name: str, fields: frozenset[str]) -> ClassInfo | None:
    """The one class of the same module with the very same fields."""
    module = name.rpartition(".")[0]
    candidates = [
        info
        for info in _experiments(project)
        if info.module == module and fields and frozenset(project.tables.table(info.name)) == fields
    ]
    return candidates[0] if len(candidates) == 1 else None


def _overlap(project: Project, info: ClassInfo, fields: frozenset[str]) -> float:
    table = frozenset(project.tables.table(info.name))
    return len(table & fields) / len(table | fields) if table | fields else 1.0


def _shared(project: Project, info: ClassInfo, fields: frozenset[str]) -> str:
    table = frozenset(project.tables.table(info.name))
    return "same fields" if table == fields else f"{len(table & fields)} of {len(table | fields)} fields shared"
