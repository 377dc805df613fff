"""Statements as plain data, and the facts of a piece and of a file. Positions are relative to the piece.

Nothing here knows LibCST, files or values.
"""

from typing import Literal as OneOf

import msgspec

from huldra.facts.expressions import Argument, Expression, Node, Parameter, Span


class TypeParameter(Node, frozen=True):
    """`T: bound = default`, `*Ts` or `**P` of a generic class, function or type alias."""

    name: str
    star: OneOf["", "*", "**"]
    bound: Expression | None
    default: Expression | None


class ExpressionStatement(Node, frozen=True):
    """An expression that stands by itself; a docstring is one."""

    value: Expression
    at: Span


class Assign(Node, frozen=True):
    """`first = second = value`."""

    targets: tuple[Expression, ...]
    value: Expression
    at: Span


class AnnotatedAssign(Node, frozen=True):
    """`target: annotation = value`; `annotation_text` is the annotation as written."""

    target: Expression
    annotation: Expression
    annotation_text: str
    value: Expression | None
    at: Span


class AugmentedAssign(Node, frozen=True):
    """`target += value`; the operator is `+`."""

    target: Expression
    operator: str
    value: Expression
    at: Span


class Return(Node, frozen=True):
    """`return value`."""

    value: Expression | None
    at: Span


class Raise(Node, frozen=True):
    """`raise exception from cause`."""

    exception: Expression | None
    cause: Expression | None
    at: Span


class Assert(Node, frozen=True):
    """`assert test, message`."""

    test: Expression
    message: Expression | None
    at: Span


class Delete(Node, frozen=True):
    """`del first, second`."""

    targets: tuple[Expression, ...]
    at: Span


class Pass(Node, frozen=True):
    """`pass`."""

    at: Span


class Break(Node, frozen=True):
    """`break`."""

    at: Span


class Continue(Node, frozen=True):
    """`continue`."""

    at: Span


class ScopeDeclaration(Node, frozen=True):
    """`global a, b` or `nonlocal a, b`."""

    keyword: OneOf["global", "nonlocal"]
    names: tuple[str, ...]
    at: Span


class ImportedName(Node, frozen=True):
    """One `name as alias` of an import; `name` is dotted in `import a.b`."""

    name: str
    alias: str | None
    at: Span


class Import(Node, frozen=True):
    """`import a.b as c, d`."""

    names: tuple[ImportedName, ...]
    at: Span


class ImportFrom(Node, frozen=True):
    """`from ..module import names`; `level` counts the dots, and a star import has no names."""

    level: int
    module: str
    names: tuple[ImportedName, ...]
    is_star: bool
    at: Span


class If(Node, frozen=True):
    """`if test: body else: orelse`; an `elif` is an If alone in `orelse`."""

    test: Expression
    body: tuple["Statement", ...]
    orelse: tuple["Statement", ...]
    at: Span


class While(Node, frozen=True):
    """`while test: body else: orelse`."""

    test: Expression
    body: tuple["Statement", ...]
    orelse: tuple["Statement", ...]
    at: Span


class For(Node, frozen=True):
    """`for target in iterable: body else: orelse`."""

    target: Expression
    iterable: Expression
    body: tuple["Statement", ...]
    orelse: tuple["Statement", ...]
    is_async: bool
    at: Span


class With(Node, frozen=True):
    """`with value as target: body`; pairs of value and target."""

    items: tuple[tuple[Expression, Expression | None], ...]
    body: tuple["Statement", ...]
    is_async: bool
    at: Span


class Handler(Node, frozen=True):
    """`except caught as name: body`; several types without parentheses are a TupleDisplay."""

    caught: Expression | None
    name: str | None
    body: tuple["Statement", ...]
    at: Span


class Try(Node, frozen=True):
    """`try: … except …: … else: … finally: …`; `is_group` for `except*`."""

    body: tuple["Statement", ...]
    handlers: tuple[Handler, ...]
    orelse: tuple["Statement", ...]
    final: tuple["Statement", ...]
    is_group: bool
    at: Span


class ValuePattern(Node, frozen=True):
    """A literal, a dotted name, or None, True, False."""

    value: Expression


class SequencePattern(Node, frozen=True):
    """`[a, *rest]`."""

    items: tuple["Pattern", ...]


class StarPattern(Node, frozen=True):
    """`*rest` in a sequence pattern; None for `*_`."""

    name: str | None


class MappingPattern(Node, frozen=True):
    """`{key: pattern, **rest}`."""

    entries: tuple[tuple[Expression, "Pattern"], ...]
    rest: str | None


class ClassPattern(Node, frozen=True):
    """`Class(pattern, name=pattern)`."""

    cls: Expression
    positional: tuple["Pattern", ...]
    keywords: tuple[tuple[str, "Pattern"], ...]


class AsPattern(Node, frozen=True):
    """`pattern as name`; without a pattern a capture, without a name too the wildcard `_`."""

    pattern: "Pattern | None"
    name: str | None


class OrPattern(Node, frozen=True):
    """`a | b`."""

    alternatives: tuple["Pattern", ...]


Pattern = ValuePattern | SequencePattern | StarPattern | MappingPattern | ClassPattern | AsPattern | OrPattern


class Case(Node, frozen=True):
    """`case pattern if guard: body`."""

    pattern: Pattern
    guard: Expression | None
    body: tuple["Statement", ...]
    at: Span


class Match(Node, frozen=True):
    """`match subject: cases`."""

    subject: Expression
    cases: tuple[Case, ...]
    at: Span


class FunctionDefinition(Node, frozen=True):
    """A function or method. `at` begins at `def` (or `async`), not at the decorators."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: Expression | None
    decorators: tuple[Expression, ...]
    body: tuple["Statement", ...]
    type_parameters: tuple[TypeParameter, ...]
    is_async: bool
    at: Span
    name_at: Span


class ClassDefinition(Node, frozen=True):
    """A class. `arguments` are bases and keywords as written; `at` begins at `class`, not at the decorators."""

    name: str
    arguments: tuple[Argument, ...]
    decorators: tuple[Expression, ...]
    body: tuple["Statement", ...]
    type_parameters: tuple[TypeParameter, ...]
    at: Span
    name_at: Span


class TypeAlias(Node, frozen=True):
    """`type name[T] = value`."""

    name: str
    type_parameters: tuple[TypeParameter, ...]
    value: Expression
    at: Span


Statement = (
    ExpressionStatement
    | Assign
    | AnnotatedAssign
    | AugmentedAssign
    | Return
    | Raise
    | Assert
    | Delete
    | Pass
    | Break
    | Continue
    | ScopeDeclaration
    | Import
    | ImportFrom
    | If
    | While
    | For
    | With
    | Try
    | Match
    | FunctionDefinition
    | ClassDefinition
    | TypeAlias
)


class SyntaxProblem(msgspec.Struct, frozen=True, array_like=True):
    """Why a piece could not be parsed, and where."""

    message: str
    at: Span


class PieceFacts(msgspec.Struct, frozen=True, array_like=True):
    """What one piece says: its statements, or the problem that keeps it from having any.

    `names_store` says that its text holds a word by which code says where results lie; it may find too much.
    """

    statements: tuple[Statement, ...]
    problem: SyntaxProblem | None = None
    names_store: bool = False


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """A piece in its file: the line it begins at (from 0), how many lines it has, and its facts."""

    first_line: int
    line_count: int
    facts: PieceFacts


class FileFacts(msgspec.Struct, frozen=True, array_like=True):
    """What one file says, piece by piece; `problem` is set when the whole file cannot be read as Python."""

    pieces: tuple[Piece, ...]
    problem: SyntaxProblem | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of it could be parsed."""
        return self.problem is None and not any(piece.facts.problem for piece in self.pieces)
