"""What code does with what it names, and which texts it hands on: looked for at once. Resolves no name."""

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from huldra.facts.expressions import (
    Argument,
    Attribute,
    Call,
    Comparison,
    Conditional,
    Expression,
    Literal,
    Logical,
    Name,
    Node,
    Parameter,
    Slice,
    Span,
    Subscript,
    Unary,
)
from huldra.facts.statements import (
    AnnotatedAssign,
    Assert,
    Assign,
    ClassDefinition,
    FunctionDefinition,
    If,
    Raise,
    Return,
)
from huldra.facts.walk import walk
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.looks import Look, looks_of
from huldra.fingerprints.puts import Puts, puts_of

_RECEIVERS = frozenset({"self", "cls"})
_WORDS = re.compile(r"[\w@+-][\w./@+-]{0,99}")


class Uses(Struct, frozen=True):
    """What a definition does with what it names.

    Attributes:
        keyed: Where values stand that are asked for an entry (`x[key]`, `key in x`), or whether there is any, that are
            bound anew, or told in an error.
        keys: The form of the literal by which each such value is asked for an entry, `x["a"]` or `x.get("a")` (by where
            `x.get` stands).
        called: Where something is named only to be called, so that nothing can ask it for its name.
        looks: Where it looks through all that something has.
        passed: By which names each call passes arguments, by where what is called stands; `**` for an unpacked mapping.
        asks_types: It does something with the class of a value, and not only with the name of that.
        given: The texts that it hands on, to what it calls or as the value of a name: any may become a part of a file's
            name. What decorators are given is left out.
        puts: Where something is only put into a value, or it is looked whether that has something.
    """

    keyed: frozenset[Span] = frozenset()
    called: frozenset[Span] = frozenset()
    given: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()
    asks_types: bool = False
    passed: Mapping[Span, frozenset[str]] = {}
    keys: Mapping[Span, str] = {}
    puts: Puts = Puts()


def uses_of(parts: Iterable[Node | None]) -> Uses:
    """Return what is done in some parts of a definition."""
    keyed: set[Span] = set()
    called: set[Span] = set()
    passed: dict[Span, frozenset[str]] = {}
    given: dict[str, None] = {}
    keys: dict[Span, str] = {}
    decorators: set[int] = set()
    kept = tuple(parts)
    for node in (inner for part in kept if part is not None for inner in walk(part)):
        match node:
            case Call(function=function, arguments=arguments):
                called.add(function.at)
                names = frozenset(a.name or "**" for a in arguments if a.name is not None or a.star == "**")
                passed[function.at] = names | passed.get(function.at, frozenset())
                keys.update(_key_of_get(node))
                if id(node) not in decorators:
                    given.update((text, None) for argument in arguments for text in _texts(argument.value))
            case Subscript(value=Name() | Attribute() as value, index=index) if not isinstance(index, Slice):
                keyed.add(value.at)
                if isinstance(index, Literal):
                    keys[value.at] = literal_form(index.source)
            case Unary(operator="not", operand=Name() | Attribute() as value) | If(test=Name() | Attribute() as value):
                keyed.add(value.at)
            case Comparison(rest=rest):
                keyed.update(operand.at for operator, operand in rest if operator in {"in", "not in"})
            case Assign(targets=targets, value=value):
                keyed.update(target.at for target in targets)
                given.update((text, None) for text in _texts(value))
            case Parameter(default=value) | AnnotatedAssign(value=value) | Return(value=value):
                given.update((text, None) for text in _texts(value))
            case FunctionDefinition(decorators=found) | ClassDefinition(decorators=found):
                # They are walked after what they decorate is known.
                decorators.update(id(inner) for decorator in found for inner in walk(decorator))
            case Raise() | Assert(message=Node()):
                told = node.message if isinstance(node, Assert) and node.message is not None else node
                keyed.update(inner.at for inner in walk(told) if isinstance(inner, Name | Attribute))
            case _:
                pass
    return Uses(
        frozenset(keyed),
        frozenset(called),
        tuple(given),
        looks_of(kept),
        _asks_types(kept),
        passed,
        keys,
        puts_of(kept),
    )


def _key_of_get(call: Call) -> Iterator[tuple[Span, str]]:
    match call:
        case Call(
            function=Attribute(value=Name() | Attribute(), name="get") as function,
            arguments=(Argument(value=Literal(source=source), name=None, star=""), *_),
        ):
            yield function.at, literal_form(source)
        case _:
            return


def _asks_types(parts: Iterable[Node | None]) -> bool:
    named: set[int] = set()
    for node in (inner for part in parts if part is not None for inner in walk(part)):
        match node:
            case Attribute(value=value, name="__name__" | "__qualname__" | "__module__"):
                named.add(id(value))
            case Comparison(first=first, rest=rest):
                named.update(map(id, (first, *(operand for _, operand in rest))))
            case Call(function=Name(id="type"), arguments=(Argument(value=value),)):
                if id(node) not in named and not (isinstance(value, Name) and value.id in _RECEIVERS):
                    return True
            case Attribute(value=value, name="__class__"):
                if id(node) not in named and not (isinstance(value, Name) and value.id in _RECEIVERS):
                    return True
            case _:
                pass
    return False


def _texts(value: Expression | None) -> Iterator[str]:
    match value:
        case Literal(source=source):
            text = literal_form(source) if source[-1:] in "\"'" else ""
            if text.startswith("str ") and _WORDS.fullmatch(text[5:-1]):
                yield text[5:-1]
        case Conditional(body=body, orelse=orelse):
            yield from (*_texts(body), *_texts(orelse))
        case Logical():
            yield from (text for inner in walk(value) if isinstance(inner, Literal) for text in _texts(inner))
        case _:
            return
