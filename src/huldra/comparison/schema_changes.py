"""Where a recorded config no longer fits its class: fields added, removed, renamed, of another type."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from difflib import SequenceMatcher

from huldra.comparison.heirs import broken_home, missing_class
from huldra.comparison.match import nested_configs
from huldra.comparison.model import Reason
from huldra.experiments.frozen import Doubt
from huldra.experiments.model import Experiments
from huldra.formats.config_documents import value_document
from huldra.formats.config_values import ConfigValue, DictValue, ListValue, Value, is_flat
from huldra.formats.json_values import dump_json
from huldra.project.fields import FieldDeclaration
from huldra.project.link import Project
from huldra.project.symbols import ExternalSymbol

_SIMILAR = 0.6
_SCALARS: Mapping[str, tuple[type, ...]] = {
    "builtins.int": (int, float),
    "builtins.float": (int, float),
    "builtins.bool": (bool, int),
    "builtins.str": (str,),
}


def config_shape(value: Value) -> Hashable:
    """Return what it depends on whether a recorded config fits its class: of configs of one shape all do, or none."""
    match value:
        case ConfigValue(class_name, pairs):
            if is_flat(value):
                return (class_name, *[(name, type(item)) for name, item in pairs])
            return (class_name, *((name, config_shape(item)) for name, item in pairs))
        case ListValue(items):
            return (ListValue, frozenset(map(config_shape, items)))
        case DictValue(pairs):
            return (DictValue, frozenset(config_shape(item) for _, item in pairs))
        case _:
            return type(value)


def schema_reasons(
    project: Project, experiments: Experiments, config: ConfigValue, is_outside: Callable[[str], bool]
) -> Iterator[Reason]:
    """Yield how a recorded config, and each config nested in it, differs from what its class declares now.

    Args:
        project: Today's classes.
        experiments: What today's code builds.
        config: What was recorded.
        is_outside: Says whether a class never was one of the project.
    """
    yield from _class_reasons(project, experiments, config, "")
    seen: set[str] = set()
    for path, nested in nested_configs(config):
        if nested.class_name not in project.classes and is_outside(nested.class_name):
            continue
        for reason in _class_reasons(project, experiments, nested, path):
            if reason.message not in seen:
                seen.add(reason.message)
                yield reason


def class_standing(project: Project, experiments: Experiments, name: str) -> tuple[object, ...]:
    """Return all that it depends on, in the code, how the records of a class's configs differ from its declaration."""
    info = project.classes.get(name)
    if info is None or not project.tables.is_config_class(name):
        return (info is not None, project.experiment(name) is not None)
    fields = project.tables.table(name).values()
    defaults = tuple(experiments.defaults.get((name, field.name)) for field in fields)
    dialect = None if info.dialect is None else info.dialect.name
    return (dialect, info.is_local, info.name_place, *((f, _scalars(project, f)) for f in fields), *defaults)


def own_schema_reasons(project: Project, experiments: Experiments, config: ConfigValue) -> Iterator[Reason]:
    """Yield how a recorded config differs from what its class declares now, nested configs left out."""
    yield from _class_reasons(project, experiments, config, "")


def _class_reasons(project: Project, experiments: Experiments, config: ConfigValue, path: str) -> Iterator[Reason]:
    name = config.class_name
    if not project.tables.is_config_class(name):
        if path and name not in project.classes and broken_home(project, name) is None:
            yield missing_class(project, name, config, "")
        return
    table = project.tables.table(name)
    stored = dict(config.fields)
    # Private fields have no part in what a config is; they are recorded all the same.
    added = [field for field in table.values() if field.name not in stored and not field.is_private]
    removed = [field for field in stored if field not in table and not field.startswith("_")]
    nested = f" (nested: {name})" if path else ""
    for old, new in _renames(project, config, removed, added):
        removed.remove(old)
        added.remove(new)
        message = f"field {old!r} seems to be {new.name!r} now{nested}"
        yield Reason("field-renamed", message, f"{name}.{new.name}", new.place, certainty="likely")
    for field in added:
        filled = _filled(experiments, name, field)
        yield Reason(
            "field-added", f"field {field.name!r} was added; {filled}{nested}", f"{name}.{field.name}", field.place
        )
    place = project.classes[name].name_place
    for field_name in removed:
        yield Reason("field-removed", f"field {field_name!r} was removed{nested}", f"{name}.{field_name}", place)
    for field in table.values():
        if field.name in stored and not field.is_private and not _fits(project, field, stored[field.name]):
            shown = dump_json(value_document(stored[field.name]))
            message = f"field {field.name!r} is {field.annotation_text} now, the run has {shown}{nested}"
            yield Reason("field-type-changed", message, f"{name}.{field.name}", field.place)


def _renames(
    project: Project, config: ConfigValue, removed: list[str], added: list[FieldDeclaration]
) -> list[tuple[str, FieldDeclaration]]:
    """One field that went and one that came are taken for one that was renamed.

    Their names must be alike, or the new one stands where the old one stood and takes its value.
    """
    if len(removed) != 1 or len(added) != 1:
        return []
    old, new = removed[0], added[0]
    stored = dict(config.fields)
    is_alike = SequenceMatcher(None, old, new.name).ratio() >= _SIMILAR
    stands_there = list(stored).index(old) == list(project.tables.table(config.class_name)).index(new.name)
    return [(old, new)] if is_alike or (stands_there and _fits(project, new, stored[old])) else []


def _filled(experiments: Experiments, name: str, field: FieldDeclaration) -> str:
    if field.is_required:
        return "it has no default, so the old config cannot be built"
    if field.factory is not None:
        return "its default factory fills the gap"
    default = experiments.defaults.get((name, field.name))
    if default is None or isinstance(default, Doubt):
        return "its default fills the gap"
    return f"its default {dump_json(value_document(default))} fills the gap"


def _fits(project: Project, field: FieldDeclaration, value: Value) -> bool:
    """Whether a recorded value can be of the annotated type; only plain scalars are told apart, the rest fits."""
    if field.annotation is None or value is None:
        return True
    allowed = _scalars(project, field)
    if allowed is None:
        return True
    if isinstance(value, ConfigValue | DictValue | ListValue):
        return False
    return isinstance(value, allowed)


def _scalars(project: Project, field: FieldDeclaration) -> tuple[type, ...] | None:
    """Return the types of which a value of a field is; None where that is not told apart."""
    if field.annotation is None:
        return None
    owner = project.classes[field.owner]
    symbol = project.symbols.resolve_expression(owner.module, field.annotation, owner.enclosing)
    return _SCALARS.get(symbol.name) if isinstance(symbol, ExternalSymbol) else None
