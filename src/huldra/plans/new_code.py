"""An experiment or a sweep as new code in a file: where, with which imports, under which name. Writes nothing."""

import keyword
import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from huldra.plans.code_text import EMPTY, Layout, read_layout
from huldra.plans.values_in_code import FieldText, Importer, NotWritable, texts_of
from huldra.project.link import Project

_INDENT = "    "
_LONGEST_LINE = 88


class Wish(Struct, frozen=True):
    """What is to be built: a class by its whole name, and Python for its fields; `name` is the variable to bind."""

    class_name: str
    values: Mapping[str, str]
    name: str | None = None


class NewCode(Struct, frozen=True):
    """A file with the new code in it.

    Attributes:
        file: Root-relative name.
        after: The whole text.
        code: The new statement.
        imports: The new import lines.
        first_line, last_line: Where the statement stands in `after`, from 1.
        is_new: Whether the file is not there yet.
        is_sweep: Whether several experiments are built.
    """

    file: str
    after: str
    code: str
    imports: tuple[str, ...]
    first_line: int
    last_line: int
    is_new: bool
    is_sweep: bool


def new_code(wish: Wish, file: str, text: str | None, project: Project) -> NewCode | NotWritable:
    """Return a file with the wished-for code in it, or why that cannot be written.

    Args:
        wish: What to build; its class is one of the project's.
        file: Root-relative name.
        text: What the file holds; None for one that is not there.
        project: Where names are looked up.
    """
    texts = texts_of(wish.values)
    if isinstance(texts, NotWritable):
        return texts
    layout = EMPTY if text is None else read_layout(text)
    if isinstance(layout, SyntaxError):
        return NotWritable(f"{file}:{layout.lineno or 1}: {layout.msg}; mend it first")
    info = project.classes[wish.class_name]
    module = project.modules.module_of.get(file)
    importer = Importer(project, module, layout, project.modules.module_of.get(info.origin.file, ""))
    called = importer.class_name(wish.class_name)
    if isinstance(called, NotWritable):
        return called
    name = _variable(wish, texts, layout)
    if isinstance(name, NotWritable):
        return name
    code = _statement(name, called, texts, importer)
    return (
        code if isinstance(code, NotWritable) else _inserted(file, text, layout, importer.import_lines(), code, texts)
    )


def _variable(wish: Wish, texts: Mapping[str, FieldText], layout: Layout) -> str | NotWritable:
    """The name to bind: the wished-for one, or one made of the class's that is free."""
    if wish.name is not None:
        if not wish.name.isidentifier() or keyword.iskeyword(wish.name):
            return NotWritable(f"{wish.name!r} is no name in Python")
        return NotWritable(f"{wish.name} is bound in the file already") if wish.name in layout.bound else wish.name
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", wish.class_name.rpartition(".")[2]).lower()
    stem = f"{words}_sweep" if any(text.is_several for text in texts.values()) else words
    name, number = stem, 2
    while name in layout.bound:
        name, number = f"{stem}_{number}", number + 1
    return name


def _statement(name: str, called: str, texts: Mapping[str, FieldText], importer: Importer) -> str | NotWritable:
    axes = {
        field: f"{field}_value" if field in importer.layout.bound else field
        for field in texts
        if texts[field].is_several
    }
    arguments: list[str] = []
    for field, text in texts.items():
        value = axes.get(field) or importer.expression(text.parts[0], frozenset())
        if isinstance(value, NotWritable):
            return value
        arguments.append(f"{field}={value}")
    loops: list[str] = []
    for field, variable in axes.items():
        parts = [importer.expression(part, frozenset()) for part in texts[field].parts]
        faults = [part for part in parts if isinstance(part, NotWritable)]
        if faults:
            return faults[0]
        written = FieldText(tuple(part for part in parts if isinstance(part, str)))
        loops.append(f"for {variable} in {written.iterable}")
    if not loops:
        return _bracketed(f"{name} = {called}(", arguments, ")", 0)
    inner = _bracketed(f"{called}(", arguments, ")", 1)
    return "\n".join((f"{name} = [", *(f"{_INDENT}{line}" for line in (inner, *loops)), "]"))


def _bracketed(opening: str, parts: list[str], closing: str, depth: int) -> str:
    line = f"{opening}{', '.join(parts)}{closing}"
    if len(line) + depth * len(_INDENT) <= _LONGEST_LINE:
        return line
    inner = _INDENT * (depth + 1)
    return "\n".join((opening, *(f"{inner}{part}," for part in parts), f"{_INDENT * depth}{closing}"))


def _inserted(
    file: str, text: str | None, layout: Layout, imports: tuple[str, ...], code: str, texts: Mapping[str, FieldText]
) -> NewCode:
    end = layout.newline
    cut, until = layout.imports_after, layout.code_before
    head, body, tail = layout.lines[:cut], list(layout.lines[cut:until]), layout.lines[until:]
    while body and not body[-1].strip():
        body.pop()
    is_apart = bool(head) and (head[-1].startswith("#") or head[-1].rstrip().endswith(('"', "'")))
    lines = [*_ended(head, end), *([end] if imports and is_apart else []), *(f"{line}{end}" for line in imports)]
    if imports and body and body[0].strip():
        lines.append(end)
    lines += _ended(body, end)
    if lines:
        # Two lines stand between the definitions of a file, one between its statements.
        last = next((line for line in reversed(lines) if line.strip()), "")
        lines += [end] * (2 if last[:1].isspace() else 1)
    first = len(lines) + 1
    statement = code.split("\n")
    lines += [f"{line}{end}" for line in statement]
    if tail:
        lines += [end, end, *tail]
    return NewCode(
        file=file,
        after=layout.mark + "".join(lines),
        code=code,
        imports=imports,
        first_line=first,
        last_line=first + len(statement) - 1,
        is_new=text is None,
        is_sweep=any(text.is_several for text in texts.values()),
    )


def _ended(lines: Sequence[str], end: str) -> list[str]:
    """Lines of which the last is ended too."""
    return [*lines[:-1], lines[-1] if lines[-1].endswith("\n") else f"{lines[-1]}{end}"] if lines else []
