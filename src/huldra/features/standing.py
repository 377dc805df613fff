"""What stands at a point: a site, a field, a class, a function or a hash. The same for all requests."""

from msgspec import Struct

from huldra.facts.expressions import Attribute, Expression, Name
from huldra.facts.statements import FunctionDefinition
from huldra.features.manifest_point import manifest_point
from huldra.features.project_view import ProjectView, SiteHere
from huldra.features.words_in_text import hash_at, line_of, word_at
from huldra.project.places import Place
from huldra.project.symbols import ClassSymbol, FunctionSymbol, Symbol

_NOWHERE = (0, 0, 0, 0)


class SiteThere(Struct, frozen=True):
    """The name by which a site calls what it builds."""

    site: SiteHere
    place: Place


class FieldThere(Struct, frozen=True):
    """A field of an experiment class, where it is declared, given a value or read."""

    class_name: str
    field: str
    place: Place
    is_read: bool = False


class ClassThere(Struct, frozen=True):
    """An experiment class, where it is defined or named."""

    class_name: str
    place: Place


class FunctionThere(Struct, frozen=True):
    """A function or method of the project, where it is defined or named; `module.qualname`."""

    name: str
    place: Place


class HashThere(Struct, frozen=True):
    """A hash that code or store know; `keys` are the experiments that have it."""

    digest: str
    keys: tuple[str, ...]
    place: Place


Standing = SiteThere | FieldThere | ClassThere | FunctionThere | HashThere


def standing_at(view: ProjectView, file: str, line: int, column: int) -> Standing | None:
    """Return what stands at a point (from 1, in code points) that huldra knows something of; None for the rest."""
    text = view.text(file) or ""
    written = standing_in_text(view, text, file, line, column)
    if written is not None:
        return written
    if file in view.snapshot.inputs.manifests:
        return _in_manifest(view, text, file, line, column)
    word = word_at(text, file, line, column)
    if word is None:
        return None
    declared = _declared_field(view, word.place)
    if declared is not None:
        return declared
    site = _innermost(view.sites.get(file, ()), line, column)
    if site is not None:
        head = _head(text, site.place)
        if _is_inside(head, line, column):
            return SiteThere(site, head)
        if word.is_keyword:
            for class_name in site.class_names:
                if class_name in view.classes and word.name in view.snapshot.project.tables.table(class_name):
                    return FieldThere(class_name, word.name, word.place)
    if "." in word.dotted:
        read = view.fields_read_in(file).get(word.place)
        if read is not None:
            return FieldThere(*read, word.place, is_read=True)
    return _named(view, file, word.dotted, word.place)


def standing_in_text(view: ProjectView, text: str, file: str, line: int, column: int) -> HashThere | None:
    """Return the hash that stands at a point of any text, code or not."""
    found = hash_at(text, file, line, column)
    if found is None or found[0] not in view.keys_of_hash:
        return None
    return HashThere(found[0], view.keys_of_hash[found[0]], found[1])


def _in_manifest(view: ProjectView, text: str, file: str, line: int, column: int) -> Standing | None:
    """An entry, by its name or its brace; its class; and its fields."""
    found = manifest_point(text, file, line, column)
    if found is None:
        return None
    if found.kind == "field" and found.class_name in view.classes:
        is_field = found.word in view.snapshot.project.tables.table(found.class_name)
        return FieldThere(found.class_name, found.word, found.place) if is_field else None
    if found.kind == "class" and found.word in view.classes:
        return ClassThere(found.word, found.place)
    site = _innermost(view.sites.get(file, ()), line, column)
    return SiteThere(site, found.place) if found.kind == "entry" and site is not None else None


def _declared_field(view: ProjectView, place: Place) -> FieldThere | None:
    tables = view.snapshot.project.tables
    for row in view.classes_in.get(place.file, ()):
        if row.place.line <= place.line <= row.place.end_line:
            for field in tables.own(row.name):
                if (field.place.line, field.place.column) == (
                    place.line,
                    place.column,
                ) and field.place.file == place.file:
                    return FieldThere(row.name, field.name, place)
    return None


def _innermost(sites: tuple[SiteHere, ...], line: int, column: int) -> SiteHere | None:
    around = [site for site in sites if _is_inside(site.place, line, column)]
    return min(
        around, key=lambda s: (s.place.end_line - s.place.line, s.place.end_column - s.place.column), default=None
    )


def _is_inside(place: Place, line: int, column: int) -> bool:
    return (place.line, place.column) <= (line, column) <= (place.end_line, place.end_column)


def _head(text: str, place: Place) -> Place:
    """The part of a site before its first bracket, which says what is called; the first line of one without."""
    content = line_of(text, place.line)
    last = place.end_column - 1 if place.end_line == place.line else len(content)
    bracket = content.find("(", place.column - 1, last)
    end = bracket if bracket > place.column - 1 else last
    return Place(place.file, place.line, place.column, place.line, end + 1)


def _named(view: ProjectView, file: str, dotted: str, place: Place) -> Standing | None:
    """What a name means in a module; a method where it is defined."""
    project = view.snapshot.project
    for info in project.classes.values():
        if info.name_place == place and info.dialect is not None:
            return ClassThere(info.name, place)
    defined = _defined_function(view, place)
    if defined is not None:
        return FunctionThere(defined, place)
    match _meaning(view, file, dotted):
        case ClassSymbol(name=name) if name in view.classes:
            return ClassThere(name, place)
        case FunctionSymbol(name=name):
            return FunctionThere(name, place)
        case _:
            return None


def class_named(view: ProjectView, file: str, dotted: str) -> str | None:
    """Return the experiment class that a dotted name means at the top of a file; None for anything else."""
    match _meaning(view, file, dotted):
        case ClassSymbol(name=name) if name in view.classes:
            return name
        case _:
            return None


def _meaning(view: ProjectView, file: str, dotted: str) -> Symbol | None:
    project = view.snapshot.project
    module = project.modules.module_of.get(file)
    if module is None or file not in project.relevant:
        return None
    return project.symbols.resolve_expression(module, _expression(dotted))


def _defined_function(view: ProjectView, place: Place) -> str | None:
    """The function or method whose name stands at a place."""
    project = view.snapshot.project
    module = project.modules.module_of.get(place.file)
    if module is None or place.file not in project.relevant:
        return None
    for info in project.classes.values():
        if info.origin.file == place.file:
            for statement in info.definition.body:
                if isinstance(statement, FunctionDefinition) and info.origin.place(statement.name_at) == place:
                    return f"{info.name}.{statement.name}"
    namespace = project.symbols.namespace(module)
    bindings = () if namespace is None else (b for found in namespace.bindings.values() for b in found)
    for binding in bindings:
        target = binding.target
        if isinstance(target, FunctionDefinition) and binding.origin.place(target.name_at) == place:
            return f"{module}.{target.name}"
    return None


def _expression(dotted: str) -> Expression:
    first, *rest = dotted.split(".")
    expression: Expression = Name(first, _NOWHERE)
    for name in rest:
        expression = Attribute(expression, name, _NOWHERE)
    return expression
