"""What differs between two states of a file: nothing, the bodies of functions alone, or more. Knows no values."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from huldra.facts.expressions import Attribute, Call, Expression, Name, Subscript
from huldra.facts.statements import (
    AnnotatedAssign,
    Assert,
    Assign,
    AugmentedAssign,
    ClassDefinition,
    ExpressionStatement,
    FileFacts,
    For,
    FunctionDefinition,
    If,
    Import,
    ImportFrom,
    PieceFacts,
    ScopeDeclaration,
    Statement,
    With,
)
from huldra.facts.walk import walk
from huldra.project.bindings import bound_names, walk_block

_EXPORTED = "__all__"


class EditedBody(Struct, frozen=True):
    """A function of a module or class of which only the body is another one, and stands where it stood.

    `line` and `column` (from 0) are where it begins in the file.
    """

    line: int
    column: int
    before: FunctionDefinition
    after: FunctionDefinition


def edited_bodies(before: FileFacts, after: FileFacts) -> tuple[EditedBody, ...] | None:
    """Return the functions whose bodies alone differ between two states of a file; None where more than that does.

    Everything else must be what it was, where it was: a line more or less moves what follows.
    """
    if before.problem != after.problem or len(before.pieces) != len(after.pieces):
        return None
    found: list[EditedBody] = []
    for old, new in zip(before.pieces, after.pieces, strict=True):
        bodies = _in_piece(old.facts, new.facts, old.first_line) if old.first_line == new.first_line else None
        if bodies is None:
            return None
        found += bodies
    return tuple(found)


def leads_alike(before: FileFacts, after: FileFacts) -> bool:
    """Whether all names of a file lead where they led, and its classes have the ancestors and fields that they had.

    Beside the bodies of functions, what module-level statements compute may be another thing, line for line, and so may
    the defaults of fields: a value is a value. A name that is another one's (`Base = other.Base`) leads there. Where a
    module has names that it only gives when it is asked, any value may be a table of these.
    """
    if before.problem != after.problem or len(before.pieces) != len(after.pieces):
        return False
    edited: list[tuple[PieceFacts, PieceFacts, int]] = []
    for old, new in zip(before.pieces, after.pieces, strict=True):
        if old.first_line != new.first_line or old.facts.problem != new.facts.problem:
            return False
        if old.facts is not new.facts:
            edited.append((old.facts, new.facts, old.first_line))
    if edited and _gives_lazily(before):
        return all(_in_piece(old, new, line) is not None for old, new, line in edited)
    return all(_leads_alike(old.statements, new.statements, line) for old, new, line in edited)


def _gives_lazily(facts: FileFacts) -> bool:
    blocks = (walk_block(piece.facts.statements, "always") for piece in facts.pieces)
    return any(name == "__getattr__" for block in blocks for each, _ in block for name, _ in bound_names(each))


def _leads_alike(before: tuple[Statement, ...], after: tuple[Statement, ...], line: int) -> bool:
    return len(before) == len(after) and all(
        old == new or _in_block((old,), (new,), line) is not None or _computes(old, new, line)
        for old, new in zip(before, after, strict=True)
    )


def _computes(before: Statement, after: Statement, line: int) -> bool:
    """Whether two statements bind the same names, to whatever they compute."""
    match before, after:
        case (ExpressionStatement(), ExpressionStatement()) | (Assert(), Assert()):
            return True
        case Assign(), Assign():
            bound = frozenset(name.id for name in before.targets if isinstance(name, Name))
            same = replace(after, value=before.value, at=before.at) == before
            return same and _EXPORTED not in bound and _are_values(before.value, after.value)
        case AnnotatedAssign(value=old), AnnotatedAssign(value=new) if old is not None and new is not None:
            return replace(after, value=old, at=before.at) == before and _are_values(old, new)
        case AugmentedAssign(), AugmentedAssign():
            return replace(after, value=before.value, at=before.at) == before
        case For(), For():
            rest = replace(after, iterable=before.iterable, body=before.body, orelse=before.orelse, at=before.at)
            return rest == before and _blocks_lead_alike(before, after, line)
        case If(), If():
            rest = replace(after, body=before.body, orelse=before.orelse, at=before.at)
            return rest == before and _blocks_lead_alike(before, after, line)
        case With(), With():
            rest = replace(after, body=before.body, at=before.at)
            return rest == before and _leads_alike(before.body, after.body, line)
        case ClassDefinition(), ClassDefinition():
            rest = replace(after, body=before.body, at=(*after.at[:2], *before.at[2:]))
            pairs = zip(before.body, after.body, strict=False)
            return (
                rest == before
                and len(before.body) == len(after.body)
                and all(o == n or _in_block((o,), (n,), line) is not None or _is_default(o, n) for o, n in pairs)
            )
        case _:
            return False


def _is_default(before: Statement, after: Statement) -> bool:
    """Whether two statements of a class give the same field another plain default; a call may say more than that."""
    match before, after:
        case AnnotatedAssign(value=old), AnnotatedAssign(value=new) if old is not None and new is not None:
            return _computes(before, after, 0) and not isinstance(old, Call) and not isinstance(new, Call)
        case _:
            return False


def fields_differ(before: ClassDefinition, after: ClassDefinition) -> bool:
    """Whether annotated names of a class differ in any way, between two states that lead alike."""
    pairs = zip(before.body, after.body, strict=True)
    return any(old != new for old, new in pairs if isinstance(old, AnnotatedAssign))


def _blocks_lead_alike(before: For | If, after: For | If, line: int) -> bool:
    return _leads_alike(before.body, after.body, line) and _leads_alike(before.orelse, after.orelse, line)


def _are_values(*values: Expression) -> bool:
    """Whether none of some expressions can be another name of something (`huldra.Huldra`, `Base[int]`)."""
    return not any(isinstance(_head(value), Name) for value in values)


def _head(value: Expression) -> Expression:
    while isinstance(value, Attribute | Subscript):
        value = value.value
    return value


def _in_piece(before: PieceFacts, after: PieceFacts, line: int) -> list[EditedBody] | None:
    if before is after:
        return []
    return _in_block(before.statements, after.statements, line) if before.problem == after.problem else None


def _in_block(before: tuple[Statement, ...], after: tuple[Statement, ...], line: int) -> list[EditedBody] | None:
    if len(before) != len(after):
        return None
    found: list[EditedBody] = []
    for old, new in zip(before, after, strict=True):
        if old == new:
            continue
        bodies: list[EditedBody] | None = None
        match old, new:
            case FunctionDefinition(), FunctionDefinition():
                bodies = _in_function(old, new, line)
            case ClassDefinition(), ClassDefinition():
                # Where it ends depends on what stands in it.
                same = replace(new, body=old.body, at=(*new.at[:2], *old.at[2:])) == old
                bodies = _in_block(old.body, new.body, line) if same else None
            case _:
                pass
        if bodies is None:
            return None
        found += bodies
    return found


def _in_function(before: FunctionDefinition, after: FunctionDefinition, line: int) -> list[EditedBody] | None:
    same = replace(after, body=before.body, at=(*after.at[:2], *before.at[2:])) == before
    if not same or _says(before.body) != _says(after.body):
        return None
    return [EditedBody(line + before.at[0], before.at[1], before, after)]


def _says(body: Iterable[Statement]) -> list[object]:
    """What a body says of more than itself; where that stands does not count, but for classes."""
    found: list[object] = []
    for statement in body:
        for node in walk(statement):
            match node:
                case ClassDefinition():
                    found.append(id(node))  # two of them are never the same
                case Import(names=names):
                    found.append([(name.name, name.alias) for name in names])
                case ImportFrom(level=level, module=module, names=names, is_star=is_star):
                    found.append((level, module, [(name.name, name.alias) for name in names], is_star))
                case ScopeDeclaration(keyword=keyword, names=names):
                    found.append((keyword, names))
                case _:
                    continue
    return found
