"""The form of a definition: its own meaning as a hash, and what it reads by name. Resolves no name, knows no file.

What a definition refers to is not in its form, so that moving or renaming a helper changes no form but its own place.
"""

import ast
import hashlib
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from huldra.facts.expressions import (
    Await,
    Call,
    Concatenation,
    DictDisplay,
    Expression,
    Literal,
    Name,
    Node,
    Walrus,
)
from huldra.facts.statements import (
    AnnotatedAssign,
    Assign,
    ClassDefinition,
    ExpressionStatement,
    FunctionDefinition,
    Statement,
)
from huldra.facts.walk import walk
from huldra.fingerprints.equivalents import acting_bases, implementations
from huldra.fingerprints.file_names import FileMention, file_mentions
from huldra.fingerprints.forwarding import FORWARDED, only_forwards
from huldra.fingerprints.literals import literal_form, plain_text
from huldra.fingerprints.mentions import Dynamic, Mention, QuietCalls
from huldra.fingerprints.model import VERSION, Entry
from huldra.fingerprints.reader import FormReader
from huldra.fingerprints.said_texts import SaidTexts
from huldra.fingerprints.uses import Uses, uses_of

_OF_KEYS = ("str ", "int ")
"""Keys of which one form stands for all that is equal to them, but for numbers of other types."""
_ACTING = Call | Await | Walrus
"""What may do something to others as it is computed."""


class Form(Struct, frozen=True):
    """What a definition means by itself.

    Attributes:
        digest: `v1:` and 20 hex digits of the SHA-256 of the normalised code.
        parameters: The parameters that a caller may pass by name.
        keywords: The keyword names that its calls use; `**` for an unpacked mapping.
        attributes: The attributes read of values that are not known by name.
        mentions: What it reads by name, in order; each stands for one `@` of the normalised code.
        dynamic: The constructs that cannot be followed.
        files: The texts in it that may name files which it reads.
        uses: What it does with what it names.
        entries: What is in it, of a dictionary.
    """

    digest: str
    parameters: tuple[str, ...]
    keywords: frozenset[str]
    attributes: frozenset[str]
    mentions: tuple[Mention, ...]
    dynamic: tuple[Dynamic, ...]
    files: tuple[FileMention, ...] = ()
    uses: Uses = Uses()
    entries: tuple[Entry, ...] = ()


def function_form(definitions: Iterable[FunctionDefinition], quiet: QuietCalls) -> Form:
    """Return the form of a module's function; a name that is defined several times has them all."""
    reader = FormReader(quiet)
    kept = implementations(definitions)
    for definition in kept:
        reader.function(definition)
    return _form(reader, kept, kept)


def method_form(
    definitions: Iterable[FunctionDefinition],
    quiet: QuietCalls,
    class_names: frozenset[str],
    owner: str,
    values: tuple[Expression | None, ...] = (),
) -> Form:
    """Return the form of a method or property; getter, setter and deleter belong together.

    `owner` is the name of its class, where nothing else may go by it; `values` are what else the class's body binds to
    the name of the method.
    """
    reader = FormReader(quiet, class_names, owner)
    kept = implementations(definitions)
    for definition in kept:
        reader.method(definition)
    for value in values:
        reader.read(value)
    return _form(reader, kept, (*kept, *values))


def class_form(
    definition: ClassDefinition,
    quiet: QuietCalls,
    class_names: frozenset[str],
    acts: Iterable[Statement] = (),
    *,
    annotations_count: bool = True,
) -> Form:
    """Return the form of a class without its methods: decorators, bases, keywords, and the values in its body.

    `acts` are the statements of the module that change the class after it is made, and annotations count where
    something that makes the class may look at them.
    """
    reader = FormReader(quiet, class_names)
    acting = tuple(acts)
    reader.read(definition.decorators)
    reader.read(tuple(acting_bases(definition.arguments)))
    reader.class_body(definition, left_out=FunctionDefinition, keeps=annotations_count)
    for statement in acting:
        reader.read(statement)
    values = [inner for inner in definition.body if not isinstance(inner, FunctionDefinition | ClassDefinition)]
    return _form(reader, (), (*definition.decorators, *values, *acting))


def bases_form(definition: ClassDefinition, quiet: QuietCalls, members: Iterable[str]) -> Form:
    """Return the form of a class as far as type tests see it: what it inherits from, and the members that it asks for.

    A member that nothing in the closure has is a member all the same: its name counts.
    """
    reader = FormReader(quiet)
    reader.tokens.extend(f"asks for {name}" for name in members)
    reader.read(tuple(argument.value for argument in acting_bases(definition.arguments) if argument.name is None))
    return _form(reader, (), ())


def annotations_form(
    annotations: Iterable[tuple[str, Expression | None]], quiet: QuietCalls, class_names: frozenset[str]
) -> Form:
    """Return the form of what a function or a class annotates, by name."""
    reader = FormReader(quiet, class_names)
    for name, annotation in annotations:
        reader.tokens.append(name)
        reader.read(annotation)
    return _form(reader, (), ())


def docstring_form(body: tuple[Statement, ...]) -> Form:
    """Return the form of the docstring that a body begins with."""
    return Form(_digest((_docstring(body),)), (), frozenset(), frozenset(), (), ())


def _docstring(body: tuple[Statement, ...]) -> str:
    """Return a docstring without the indentation that `inspect.getdoc` takes away; empty where there is none."""
    from inspect import cleandoc  # noqa: PLC0415  # takes long to import, and few docstrings count

    match body[:1]:
        case (ExpressionStatement(value=Literal(source=source)),):
            form = literal_form(source)
        case (ExpressionStatement(value=Concatenation() as value),):
            form = plain_text(value) or ""
        case _:
            return ""
    kind, _, text = form.partition(" ")
    return cleandoc(str(ast.literal_eval(text))) if kind == "str" else ""


def value_form(statements: Iterable[Statement], quiet: QuietCalls) -> Form:
    """Return the form of a module-level name: the statements that bind it or act on it."""
    reader = FormReader(quiet)
    kept = tuple(statements)
    for statement in kept:
        reader.read(statement)
    form = _form(reader, (), kept)
    match kept:
        case (Assign(targets=(Name(),), value=DictDisplay() as value),):
            return replace(form, entries=_entries(value, FormReader(quiet), len(form.mentions)))
        case (AnnotatedAssign(target=Name(), value=DictDisplay() as value),):
            return replace(form, entries=_entries(value, FormReader(quiet), len(form.mentions)))
        case _:
            return form


def expressions_form(expressions: Iterable[Expression | None], quiet: QuietCalls, class_names: frozenset[str]) -> Form:
    """Return the form of values in a class's body, such as a field's default."""
    reader = FormReader(quiet, class_names)
    kept = tuple(expressions)
    for expression in kept:
        reader.read(expression)
    form = _form(reader, (), kept)
    match kept:
        case (DictDisplay() as value,):
            return replace(form, entries=_entries(value, FormReader(quiet, class_names), len(form.mentions)))
        case _:
            return form


def _entries(display: DictDisplay, reader: FormReader, count: int) -> tuple[Entry, ...]:
    """Return the entries of a dictionary; none where a key is no text or whole number, or comes twice.

    Args:
        display: The dictionary, with which what it is the value of ends.
        reader: A new one.
        count: How many mentions there are in all.
    """
    found: list[tuple[str, str, int, int, bool]] = []
    for key, value in display.entries:
        if not isinstance(key, Literal) or not literal_form(key.source).startswith(_OF_KEYS):
            return ()
        tokens, first = len(reader.tokens), len(reader.mentions)
        reader.read(value)
        is_plain = not any(isinstance(inner, _ACTING) for inner in walk(value))
        digest = _digest(reader.tokens[tokens:])
        found.append((literal_form(key.source), digest, first, len(reader.mentions), is_plain))
    before = count - len(reader.mentions)
    if len({key for key, *_ in found}) < len(found) or before < 0:
        return ()
    return tuple(Entry(key, digest, before + first, before + end, plain) for key, digest, first, end, plain in found)


def _forwarded(reader: FormReader, parts: tuple[Node | None, ...]) -> frozenset[str]:
    return FORWARDED if not FORWARDED.isdisjoint(reader.keywords) and only_forwards(parts) else frozenset()


def _form(reader: FormReader, functions: tuple[FunctionDefinition, ...], parts: Iterable[Node | None]) -> Form:
    parts = tuple(parts)
    named = dict.fromkeys(
        parameter.name
        for function in functions
        for parameter in function.parameters
        if parameter.kind in {"positional", "keyword_only"}
    )
    said = SaidTexts(parts, reader.mentions, reader.quiet.text_of)
    return Form(
        digest=_digest(reader.tokens),
        parameters=tuple(named),
        keywords=frozenset(reader.keywords - _forwarded(reader, parts)),
        attributes=frozenset(reader.attributes),
        mentions=tuple(reader.mentions),
        dynamic=tuple(reader.dynamic),
        files=file_mentions(parts, lambda call: reader.quietness(call) == "arguments", said),
        uses=uses_of(parts),
    )


def _digest(tokens: Iterable[str]) -> str:
    digest = hashlib.sha256("\x1f".join(tokens).encode("utf-8", "surrogatepass")).hexdigest()[:20]
    return f"v{VERSION}:{digest}"
