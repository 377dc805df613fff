"""What differs between two states of a file: nothing, the bodies of functions alone, or more. Knows no values."""

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from huldra.facts.statements import (
    ClassDefinition,
    FileFacts,
    FunctionDefinition,
    Import,
    ImportFrom,
    PieceFacts,
    ScopeDeclaration,
    Statement,
)
from huldra.facts.walk import walk


@dataclass(frozen=True, slots=True)
class EditedBody:
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
