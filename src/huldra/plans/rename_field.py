"""A field under another name, as edits of all files that name it. What cannot be told is a reason to change nothing."""

import json
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from huldra.analysis.snapshot import Snapshot
from huldra.facts.collect import normal_text
from huldra.facts.tokens import Lines
from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.positioned_json import (
    JsonArray,
    JsonMember,
    JsonNode,
    JsonScalar,
    JsonSyntaxError,
    JsonTable,
    parse_positioned,
)
from huldra.plans.values_in_code import NotWritable
from huldra.project.bindings import ImportedFrom, ImportedModule
from huldra.project.field_uses import FieldUse, field_family, field_uses
from huldra.project.fields import RAW_PREFIX
from huldra.project.link import Project
from huldra.project.modules import absolute_module
from huldra.project.places import Place, Shown

_MOST_NAMED = 4
_UNWRITTEN = "it cannot be told where in the text it is"


class Replacement(Struct, frozen=True):
    """A place, and what is to stand there."""

    place: Place
    text: str


class RenamePlan(Struct, frozen=True):
    """Edits that give a field another name everywhere.

    Attributes:
        family: The classes that have the field.
        old, new: Its names.
        edits: In the order of the text, for each file.
        after: The texts with the edits in them, line ends as newlines.
    """

    family: frozenset[str]
    old: str
    new: str
    edits: Mapping[str, tuple[Replacement, ...]]
    after: Mapping[str, str]


def plan_rename(snapshot: Snapshot, class_name: str, field: str, new: str) -> RenamePlan | NotWritable:
    """Return the edits that rename a field, or why there are none.

    Args:
        snapshot: The state of the code.
        class_name: A class that has the field.
        field: Its public name.
        new: What it is to be called.
    """
    project, texts = snapshot.project, snapshot.inputs.texts
    family = field_family(project, class_name, field)
    obstacle = _obstacle(project, family, field, new)
    if obstacle is not None:
        return NotWritable(obstacle)
    places = snapshot.inputs.places
    files = [f for f in _files(project) if field in texts.get(f, "") or field in places.texts.get(f, "")]
    broken = [file for file in files if _is_broken(project, file) or not places.is_as_written(file)]
    if broken:
        return NotWritable(f"{', '.join(broken)} cannot be read in full: mend it first")
    uses = field_uses(project, class_name, field, files)
    found = _written(texts, uses)
    doubtful = [use for use in found if use.doubt is not None]
    if doubtful:
        return NotWritable(_in_doubt(field, doubtful, places.place))
    words = {field: new, f"{RAW_PREFIX}{field}": f"{RAW_PREFIX}{new}"}
    edits: dict[str, list[Replacement]] = {}
    for use in found:
        edits.setdefault(use.place.file, []).append(Replacement(use.place, words[use.word]))
    manifests = snapshot.inputs.manifests
    for file, text in manifests.items():
        keys = list(_in_manifest(file, normal_text(text), family, field, new))
        edits |= {file: keys} if keys else {}
    after = {file: _after(snapshot, file, some) for file, some in edits.items()}
    return RenamePlan(family, field, new, {file: tuple(some) for file, some in edits.items()}, after)


def _obstacle(project: Project, family: frozenset[str], field: str, new: str) -> str | None:
    """Return why a field cannot be called so."""
    if not new.isidentifier() or keyword.iskeyword(new):
        return f"{new!r} is no name in Python"
    if new.startswith(("__", RAW_PREFIX)):
        return f"a field cannot be called {new}: such names have a meaning of their own"
    if new == field:
        return f"it is called {field} already"
    if not family:
        return f"there is no such field: {field}"
    for name in sorted(family):
        info = project.classes[name]
        if info.unseen or info.order_error is not None:
            what = info.unseen[0] if info.unseen else info.order_error
            return f"{name} has a base that cannot be looked into ({what}): it may use the field too"
        if info.dialect is not None and new in info.dialect.reserved_names:
            return f"the library has a {new} of its own"
    for info in project.classes.values():
        if family.intersection(info.order):
            names = {*project.tables.table(info.name), *_members(project, info.order)}
            if new in names or f"{RAW_PREFIX}{new}" in names:
                return f"{info.name} has a {new} already"
    return None


def _members(project: Project, order: Iterable[str]) -> Iterator[str]:
    for ancestor in order:
        if ancestor in project.classes:
            yield from project.tables.body(ancestor).members


def _files(project: Project) -> tuple[str, ...]:
    """The files that can see an experiment class, and those that they import, since these may be given one."""
    found = dict.fromkeys(project.relevant)
    for file in project.relevant:
        module = project.modules.module_of.get(file)
        for name in () if module is None else _imported(project, module):
            found |= {project.modules.file_of[name]: None} if name in project.modules.file_of else {}
    return tuple(found)


def _imported(project: Project, module: str) -> Iterator[str]:
    namespace = project.symbols.namespace(module)
    is_package = project.modules.is_package(module)
    for binding in () if namespace is None else (b for found in namespace.bindings.values() for b in found):
        match binding.target:
            case ImportedModule(full=full):
                yield full
            case ImportedFrom(level=level, module=target, name=name):
                source = absolute_module(module, level, target, is_package=is_package)
                yield from () if source is None else (source, f"{source}.{name}")
            case _:
                pass


def _is_broken(project: Project, file: str) -> bool:
    facts = project.facts[file]
    return not facts.is_whole


def _in_doubt(field: str, uses: list[FieldUse], where: Shown) -> str:
    shown = [f"{use.place.file}:{where(use.place).line} ({use.doubt})" for use in uses[:_MOST_NAMED]]
    more = f", and {len(uses) - _MOST_NAMED} more" if len(uses) > _MOST_NAMED else ""
    return f"nothing was renamed, since some uses of {field} cannot be told: {', '.join(shown)}{more}"


def _written(texts: Mapping[str, str], uses: Iterable[FieldUse]) -> list[FieldUse]:
    """Return the uses at the very places of their words; those that cannot be found in the text are in doubt."""
    found: list[FieldUse] = []
    inside: dict[Place, list[FieldUse]] = {}
    for use in uses:
        if use.in_string:
            inside.setdefault(use.place, []).append(use)
        elif use.doubt is None and _text_at(texts, use.place) != use.word:
            found.append(replace(use, doubt=_UNWRITTEN))
        else:
            found.append(use)
    for place, reads in inside.items():
        places = list(_reads_in_string(texts[place.file], place, {use.word for use in reads}))
        is_clear = len(places) == len(reads) and all(use.doubt is None for use in reads)
        found += [FieldUse(*where) for where in places] if is_clear else [replace(reads[0], doubt=_UNWRITTEN)]
    return sorted(found)


def _reads_in_string(text: str, place: Place, words: Iterable[str]) -> Iterator[tuple[Place, str]]:
    """Yield where an f-string has a dot and one of the words, be it code or not."""
    normal = normal_text(text)
    lines = Lines(normal)
    start = lines.start(place.line - 1) + place.column - 1
    end = lines.start(place.end_line - 1) + place.end_column - 1
    for read in re.finditer(rf"\.\s*({'|'.join(map(re.escape, words))})\b", normal[start:end]):
        (line, column), (last, after) = (lines.place(start + offset) for offset in read.span(1))
        yield Place(place.file, line + 1, column + 1, last + 1, after + 1), read[1]


def _text_at(texts: Mapping[str, str], place: Place) -> str:
    lines = normal_text(texts.get(place.file, "")).split("\n")
    return lines[place.line - 1][place.column - 1 : place.end_column - 1] if place.line <= len(lines) else ""


def _after(snapshot: Snapshot, file: str, edits: Iterable[Replacement]) -> str:
    """Return the text of a file as its reader sees it, with edits of what was analysed."""
    inputs = snapshot.inputs
    text = inputs.places.text(file, {**inputs.texts, **inputs.manifests}.__getitem__)
    return _with_edits(normal_text(text or ""), [replace(e, place=inputs.places.place(e.place)) for e in edits])


def _with_edits(text: str, edits: Iterable[Replacement]) -> str:
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: edit.place, reverse=True):
        place = edit.place
        line = lines[place.line - 1]
        lines[place.line - 1] = line[: place.column - 1] + edit.text + line[place.end_column - 1 :]
    return "\n".join(lines)


def _in_manifest(file: str, text: str, family: frozenset[str], field: str, new: str) -> Iterator[Replacement]:
    """Yield the edits of the keys that name the field; a manifest that is no JSON has none."""
    try:
        tree = parse_positioned(text)
    except JsonSyntaxError:
        return
    lines = Lines(text)
    for member in _members_of(tree, family, None):
        if member.key == field:
            end = member.start + len(_key_text(text, member))
            (line, column), (last, after) = lines.place(member.start), lines.place(end)
            yield Replacement(Place(file, line + 1, column + 1, last + 1, after + 1), json.dumps(new))


def _key_text(text: str, member: JsonMember) -> str:
    _, length = json.JSONDecoder().raw_decode(text[member.start : member.end])
    return text[member.start : member.start + length]


def _members_of(node: JsonNode, family: frozenset[str], named: str | None) -> Iterator[JsonMember]:
    """Yield the members of the configs of the classes; `named` is the class that the entry around it names."""
    match node:
        case JsonArray(items=items):
            for item in items:
                yield from _members_of(item, family, None)
        case JsonTable(members=members):
            texts = {m.key: m.value.value for m in members if isinstance(m.value, JsonScalar)}
            own = texts.get(CLASS_MARKER, named)
            if own in family:
                yield from members
            for member in members:
                inner = texts.get("class") if member.key == "config" else None
                yield from _members_of(member.value, family, inner if isinstance(inner, str) else None)
        case JsonScalar():
            return
