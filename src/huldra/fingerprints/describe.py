"""A definition as a closure needs it: its form, where it stands, and the context that its names are read in."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from huldra.facts.expressions import Span
from huldra.facts.statements import ClassDefinition, FunctionDefinition, Statement
from huldra.fingerprints.acts import statements_acting
from huldra.fingerprints.annotated import annotations_count
from huldra.fingerprints.bound_before import bound_before
from huldra.fingerprints.code import Code
from huldra.fingerprints.effects import effects_on
from huldra.fingerprints.equivalents import acting_keywords
from huldra.fingerprints.file_names import FileMention
from huldra.fingerprints.flows import DOCSTRING
from huldra.fingerprints.flows_in import annotations_of, functions_of
from huldra.fingerprints.forms import (
    Form,
    annotations_form,
    bases_form,
    class_form,
    docstring_form,
    expressions_form,
    function_form,
    method_form,
    value_form,
)
from huldra.fingerprints.model import DefinitionKind
from huldra.fingerprints.module_names import (
    PlacedStatement,
    conditions_of,
    imported_under,
    is_import_key,
    own_statements,
)
from huldra.fingerprints.programs import program_statements
from huldra.fingerprints.quiet import QuietCallsIn
from huldra.fingerprints.resolve import NUMBERED, Context, Node, NodeKind
from huldra.fingerprints.set_by_name import set_by_name
from huldra.fingerprints.source_texts import SOURCE, SOURCE_OF
from huldra.fingerprints.type_tests import members_tested
from huldra.fingerprints.written import import_writes
from huldra.formats.names import short_name
from huldra.project.classes import ClassInfo
from huldra.project.places import Origin

_NOTHING = Form("", (), frozenset(), frozenset(), (), ())


class Described(Struct, frozen=True):
    """A definition.

    Attributes:
        first_line: The line (from 1) that the positions inside its form are relative to.
        line: Its own first line, from 1.
    """

    name: str
    kind: DefinitionKind
    file: str
    first_line: int
    line: int
    end_line: int
    form: Form
    context: Context


def describe(code: Code, node: Node, ignored_calls: tuple[str, ...]) -> Described:
    """Return what a definition means and where it stands."""
    match node.kind:
        case "function" | "value":
            return _module_level(code, node, ignored_calls)
        case "method" | "member" | "default":
            return _member(code, node, ignored_calls)
        case "module":
            file = code.modules.file_of.get(node.name, "")
            # What lies beside the modules of a package may be found by way of it: `files(lab.data) / "words.txt"`.
            directory = (FileMention(f"./{node.name.replace('.', '/')}", (0, 0, 0, 0)),)
            form = replace(_NOTHING, files=directory) if code.modules.is_package(node.name) else _NOTHING
            return Described(node.name, "value", file, 1, 1, 1, form, Context(node.name))
        case "program":
            return _program(code, node.name, ignored_calls)
        case "write":
            placed = [(write.statement, write.origin) for write in import_writes(code, node.module, node.name)]
            return _statements(code, node.name, node.module, placed, ignored_calls)
        case "act":
            placed = statements_acting(code, node.module, node.name)
            return _statements(code, f"{node.module}.{short_name(node.name)}", node.module, placed, ignored_calls)
        case "effect":
            set_by_import = (each.placed for each in set_by_name(code, node.module) if each.owner == node.name)
            placed = (*effects_on(code, node.module, node.name), *dict.fromkeys(set_by_import))
            return _statements(code, f"{node.module}.{node.name}", node.module, placed, ignored_calls)
        case "class" | "type" | "decorators" | "instance":
            return _class(code, node, ignored_calls)
        case "description":
            return _description(code, node, ignored_calls)


def _module_level(code: Code, node: Node, ignored_calls: tuple[str, ...]) -> Described:
    context = Context(node.module)
    quiet = QuietCallsIn(code, ignored_calls, context)
    placed = code.module_statements(node.module, node.name)
    statements = own_statements([statement for statement, _ in placed], node.name)
    functions = tuple(statement for statement in statements if isinstance(statement, FunctionDefinition))
    is_function = bool(functions) and len(functions) == len(statements)
    if is_import_key(node.name):
        kept = (each for statement in statements for each in conditions_of(statement, imported_under(node.name)))
        form = expressions_form(kept, quiet, frozenset())
    else:
        form = function_form(functions, quiet) if is_function else value_form(statements, quiet)
        own = set(map(id, statements))
        made = [(statement, origin, statement.at) for statement, origin in placed if id(statement) in own]
        form = _in_its_place(form, bound_before(code, node.module, node.name, made))
    file = code.modules.file_of.get(node.module, "")
    name = f"{node.module}.{imported_under(node.name)}"
    if not placed:
        return Described(name, "value", file, 1, 1, 1, form, context)
    last, origin = placed[-1]
    line, end_line = _lines(origin, last.at)
    kind: DefinitionKind = "function" if is_function else "value"
    return Described(name, kind, file, origin.first_line + 1, line, end_line, form, context)


def _in_its_place(form: Form, order: str) -> Form:
    """Return a form that is another one where names that it reads once, as it is made, are bound in another order."""
    return replace(form, digest=f"{form.digest} {order}", entries=()) if order else form


def _statements(
    code: Code, name: str, module: str, placed: Sequence[PlacedStatement], ignored_calls: tuple[str, ...]
) -> Described:
    """Statements at the top of a module that belong together though they bind no name."""
    context = Context(module)
    form = value_form([statement for statement, _ in placed], QuietCallsIn(code, ignored_calls, context))
    last, origin = placed[-1]
    line, end_line = _lines(origin, last.at)
    return Described(name, "value", origin.file, origin.first_line + 1, line, end_line, form, context)


def _program(code: Code, module: str, ignored_calls: tuple[str, ...]) -> Described:
    placed = program_statements(code, module)
    if not placed:
        return Described(module, "value", code.modules.file_of.get(module, ""), 1, 1, 1, _NOTHING, Context(module))
    first, origin = placed[0]
    found = _statements(code, module, module, placed, ignored_calls)
    return replace(found, line=_lines(origin, first.at)[0])


def _lines(origin: Origin, span: Span) -> tuple[int, int]:
    place = origin.place(span)
    return place.line, place.end_line


def _member(code: Code, node: Node, ignored_calls: tuple[str, ...]) -> Described:
    context = Context(_module(code, node.owner), node.owner, node.instance, node.label)
    quiet = QuietCallsIn(code, ignored_calls, context)
    member = code.member(node.owner, node.name)
    names = code.class_names(node.owner)
    info = code.class_info(node.owner)
    if member.functions:
        form = method_form(member.functions, quiet, names, _own_name(code, info), member.values)
        span = member.functions[-1].at
    else:
        form = expressions_form(member.values, quiet, names)
        span = next((value.at for value in member.values if value is not None), None)
    if node.label.startswith(NUMBERED):
        form = replace(form, digest=f"{form.digest}{node.label}")
    name = f"{node.owner}.{node.name}"
    kind: DefinitionKind = "method" if member.functions else "default" if node.kind == "default" else "value"
    if info is None:
        return Described(name, kind, "", 1, 1, 1, form, context)
    made = ((part, info.origin, info.definition.at) for part in (*member.functions, *member.values) if part is not None)
    form = _in_its_place(form, bound_before(code, info.module, info.qualname, made))
    line, end_line = _lines(info.origin, span or info.definition.at)
    return Described(name, kind, info.origin.file, info.origin.first_line + 1, line, end_line, form, context)


def _own_name(code: Code, info: ClassInfo | None) -> str:
    """Return the name by which methods of a class find it; empty where a decorator or a statement may exchange it."""
    placed = () if info is None else code.module_statements(info.module, info.qualname)
    match [statement for statement, _ in placed]:
        case [ClassDefinition(name=name, decorators=())]:
            return name
        case _:
            return ""


def describe_part(code: Code, node: Node, ignored_calls: tuple[str, ...], kept: ClassDefinition) -> Described:
    """Return what a class means without some statements of its body."""
    found = describe(code, node, ignored_calls)
    info = code.class_info(node.name)
    if info is None:
        return found
    quiet = QuietCallsIn(code, ignored_calls, found.context)
    counts = annotations_count(code, info)
    form = class_form(kept, quiet, code.class_names(node.name), _acts(code, info), annotations_count=counts)
    return replace(found, form=form)


def _class(code: Code, node: Node, ignored_calls: tuple[str, ...]) -> Described:
    info = code.class_info(node.name)
    context = Context(_module(code, node.name), node.name, node.name, node.label)
    if info is None:
        return Described(node.name, "class", "", 1, 1, 1, _NOTHING, context)
    quiet = QuietCallsIn(code, ignored_calls, context)
    names = code.class_names(node.name)
    match node.kind:
        case "class":
            counts = annotations_count(code, info)
            form = class_form(info.definition, quiet, names, _acts(code, info), annotations_count=counts)
        case "type":
            form = bases_form(info.definition, quiet, sorted(members_tested(code, node.name)))
        case "decorators":
            form = expressions_form((*info.definition.decorators, *acting_keywords(info.keywords)), quiet, frozenset())
        case _:
            form = _NOTHING
    line, end_line = _lines(info.origin, info.definition.at)
    kind: DefinitionKind = "instance" if node.kind == "instance" else "class"
    first_line = info.origin.first_line + 1
    return Described(node.name, kind, info.origin.file, first_line, line, end_line, form, context)


def _description(code: Code, node: Node, ignored_calls: tuple[str, ...]) -> Described:
    is_module = node.name in code.modules.file_of and not (node.owner or node.module)
    of: NodeKind = "module" if is_module else "method" if node.owner else "function" if node.module else "class"
    found = describe(code, replace(node, kind=of), ignored_calls)
    if is_module or node.label == SOURCE:
        return _as_text(code, found)
    info = code.class_info(node.name) if of == "class" else None
    definitions = functions_of(code, node) if info is None else (info.definition,)
    body = definitions[-1].body if definitions else ()
    names = frozenset[str]() if of == "function" else code.class_names(node.owner or node.name)
    quiet = QuietCallsIn(code, ignored_calls, found.context)
    is_doc = node.label == DOCSTRING
    form = docstring_form(body) if is_doc else annotations_form(annotations_of(code, node), quiet, names)
    return replace(found, name=f"{found.name}.{node.label}", kind="value", form=form)


def _as_text(code: Code, found: Described) -> Described:
    """What a definition says as text, which only its file can tell."""
    module = code.modules.module_of.get(found.file, "")
    qualname = "" if found.name == module else found.name.removeprefix(f"{module}.")
    read = FileMention(f"{SOURCE_OF}{qualname}", (0, 0, 0, 0))
    return replace(found, name=f"{found.name} as text", kind="value", form=replace(_NOTHING, files=(read,)))


def _module(code: Code, class_name: str) -> str:
    return code.module_of(class_name) or ""


def is_decorated(info: ClassInfo) -> bool:
    """Whether a class is made by more than its bases and its body."""
    return bool(info.definition.decorators or acting_keywords(info.keywords))


def _acts(code: Code, info: ClassInfo) -> tuple[Statement, ...]:
    if "." in info.qualname:
        return ()
    placed = code.module_statements(info.module, info.qualname)
    return tuple(statement for statement, _ in placed if not isinstance(statement, ClassDefinition))
