"""What the top-level statements of a file may fill and call, in words, so that they are walked once only."""

from collections.abc import Iterator

from msgspec import Struct

from huldra.facts.expressions import Attribute, Call, Expression, Name, Subscript
from huldra.facts.statements import AnnotatedAssign, Assign, ClassDefinition, FunctionDefinition, Statement
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.module_names import runs_only_otherwise
from huldra.fingerprints.scopes import OTHER_SCOPES


class Sketch(Struct, frozen=True):
    """One top-level statement that something runs where its module is imported.

    Attributes:
        name: What it defines or binds, as far as that may be called.
        fills: The names and attributes along what calling that sets the inside of, or calls.
        calls: The names and attributes along what importing the module calls, decorators included.
    """

    statement: Statement
    name: str
    fills: frozenset[str]
    calls: frozenset[str]


def sketches_of(code: Code, file: str) -> tuple[Sketch, ...]:
    """Return those of a file, in order."""
    if file not in code.sketches:
        facts = code.facts.get(file)
        pieces = () if facts is None else facts.pieces
        statements = (statement for piece in pieces for statement in piece.facts.statements)
        code.sketches[file] = tuple(_sketch(each) for each in statements if not runs_only_otherwise(each))
    return tuple(sketch for sketch in code.sketches[file] if isinstance(sketch, Sketch))


def chain_words(value: Expression) -> Iterator[str]:
    """Yield the names and attributes along a chain: `a`, `b` and `c` of `a.b[0].c(1)`."""
    while isinstance(value, Attribute | Subscript | Call):
        if isinstance(value, Attribute):
            yield value.name
        value = value.function if isinstance(value, Call) else value.value
    if isinstance(value, Name):
        yield value.id


def decorators_of(definition: FunctionDefinition | ClassDefinition) -> Iterator[Expression]:
    """Yield the decorators that run as a function or class is made, those of a class's methods included."""
    yield from definition.decorators
    if isinstance(definition, ClassDefinition):
        yield from (d for item in definition.body if isinstance(item, FunctionDefinition) for d in item.decorators)


def _sketch(statement: Statement) -> Sketch:
    calls = frozenset(_calls(statement))
    match statement:
        case FunctionDefinition(name=name):
            return Sketch(statement, name, frozenset(_fills(statement)), calls)
        case ClassDefinition(name=name, body=body):
            functions = [item for item in body if isinstance(item, FunctionDefinition)]
            return Sketch(statement, name, frozenset(word for f in functions for word in _fills(f)), calls)
        case (
            Assign(targets=(Name(id=name),), value=Attribute() | Call() as value)
            | AnnotatedAssign(target=Name(id=name), value=Attribute() | Call() as value)
        ):
            words = (word for node in walk(value) if isinstance(node, Name | Attribute) for word in chain_words(node))
            return Sketch(statement, name, frozenset(words), calls)
        case _:
            return Sketch(statement, "", frozenset(), calls)


def _calls(statement: Statement) -> Iterator[str]:
    for node in walk(statement, stop_at=OTHER_SCOPES):
        if isinstance(node, FunctionDefinition | ClassDefinition):
            for decorator in decorators_of(node):
                yield from chain_words(decorator)
        elif isinstance(node, Call):
            yield from chain_words(node.function)


def _fills(function: FunctionDefinition) -> Iterator[str]:
    for node in walk(function):
        match node:
            case Assign(targets=targets):
                for target in targets:
                    if isinstance(target, Attribute | Subscript):
                        yield from chain_words(target)
            case Call(function=called):
                yield from chain_words(called)
            case _:
                pass
