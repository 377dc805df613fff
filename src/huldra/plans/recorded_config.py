"""A config as its class declares it, from a record that lost the kinds of its values. What stays unsure is a fault.

A record keeps an enum member as its value and a path as text. What code builds for the same field says which it was;
else the annotation does.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from huldra.comparison.match import document_text
from huldra.experiments.model import Experiments
from huldra.formats.config_documents import value_document
from huldra.formats.config_values import (
    ConfigValue,
    DictValue,
    ListValue,
    PathValue,
    SetValue,
    TupleValue,
    Value,
    child_values,
)
from huldra.project.fields import FieldDeclaration
from huldra.project.link import Project
from huldra.project.symbols import ExternalSymbol

KnownValues = Mapping[tuple[str, str, str], Value]
"""By class, field and the text of the document: a value that code builds, or that is a default."""

_PATHS = frozenset({"pathlib.Path", "pathlib.PosixPath", "pathlib.PurePath", "pathlib.PurePosixPath"})


def known_values(experiments: Experiments) -> KnownValues:
    """Return the values of all fields that code builds."""
    found: dict[tuple[str, str, str], Value] = {}
    for experiment in experiments.by_key.values():
        for config in (experiment.config, *_configs_in(experiment.config)):
            for name, value in config.fields:
                found.setdefault((config.class_name, name, document_text(value_document(value))), value)
    return found


class CannotRestore(Struct, frozen=True):
    """Why the record of a config does not say enough to build it."""

    reason: str


class _UnsureError(Exception):
    """A value whose kind the record does not keep."""


def restore_config(config: ConfigValue, project: Project, known: KnownValues) -> ConfigValue | CannotRestore:
    """Return the config that a record stands for, or what it does not say."""
    try:
        return _Restoring(project, known).config(config)
    except _UnsureError as error:
        return CannotRestore(str(error))


class _Restoring(Struct, frozen=True):
    project: Project
    known: KnownValues

    def config(self, config: ConfigValue) -> ConfigValue:
        name = config.class_name
        is_declared = self.project.tables.is_config_class(name)
        table = self.project.tables.table(name) if is_declared else dict[str, FieldDeclaration]()
        fields = tuple((field, self.field(config, field, value, table.get(field))) for field, value in config.fields)
        return replace(config, fields=fields)

    def field(self, config: ConfigValue, name: str, value: Value, field: FieldDeclaration | None) -> Value:
        built = self.known.get((config.class_name, name, document_text(value_document(value))))
        if built is not None:
            return built
        return self.value(value, field, f"{config.class_name}.{name}")

    def value(self, value: Value, field: FieldDeclaration | None, where: str) -> Value:
        match value:
            case ConfigValue():
                return self.config(value)
            case str() if field is not None and field.annotation is not None:
                return self.text(value, field, where)
            case ListValue(items):
                restored = tuple(self.value(item, _element(field), where) for item in items)
                return _container(restored, field)
            case DictValue(pairs):
                return DictValue(tuple((key, self.value(item, _element(field), where)) for key, item in pairs))
            case _:
                return value

    def text(self, value: str, field: FieldDeclaration, where: str) -> Value:
        if field.annotation is None or "Path" not in field.annotation_text:
            return value
        owner = self.project.classes[field.owner]
        symbol = self.project.symbols.resolve_expression(owner.module, field.annotation, owner.enclosing)
        if isinstance(symbol, ExternalSymbol) and symbol.name in _PATHS:
            return PathValue(value)
        raise _UnsureError(
            f"the record of {where} does not keep whether it is a path: it is annotated {field.annotation_text}"
        )


def _element(field: FieldDeclaration | None) -> FieldDeclaration | None:
    """What stands inside a container has no declaration of its own; where it may be a path it is unsure."""
    return None if field is None or "Path" not in field.annotation_text else field


def _container(items: tuple[Value, ...], field: FieldDeclaration | None) -> Value:
    head = "" if field is None else field.annotation_text.replace("typing.", "").partition("[")[0].strip().lower()
    match head:
        case "tuple":
            return TupleValue(items)
        case "set":
            return SetValue(items)
        case "frozenset":
            return SetValue(items, is_frozen=True)
        case _:
            return ListValue(items)


def _configs_in(value: Value) -> Iterable[ConfigValue]:
    for _, child in child_values(value):
        if isinstance(child, ConfigValue):
            yield child
        yield from _configs_in(child)
