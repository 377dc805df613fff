"""Which texts code hands on, to what it calls or as the value of a name: any may become a part of a file's name."""

import re
from collections.abc import Iterable, Iterator

from huldra.facts.expressions import Call, Conditional, Expression, Literal, Logical, Node, Parameter
from huldra.facts.statements import AnnotatedAssign, Assign, ClassDefinition, FunctionDefinition, Return
from huldra.facts.walk import walk
from huldra.fingerprints.literals import literal_form

_WORDS = re.compile(r"[\w@+-][\w./@+-]{0,99}")


def given_texts(parts: Iterable[Node | None]) -> tuple[str, ...]:
    """Return the texts that may go elsewhere from here, each once; what decorators are given is left out."""
    found: dict[str, None] = {}
    for part in parts:
        nodes = () if part is None else tuple(walk(part))
        decorators = {
            id(inner)
            for node in nodes
            if isinstance(node, FunctionDefinition | ClassDefinition)
            for decorator in node.decorators
            for inner in walk(decorator)
        }
        for node in nodes:
            if id(node) not in decorators:
                found.update((text, None) for value in _handed_on(node) for text in _texts(value))
    return tuple(found)


def _handed_on(node: Node) -> Iterator[Expression | None]:
    match node:
        case Call(arguments=arguments):
            yield from (argument.value for argument in arguments)
        case Parameter(default=value) | Assign(value=value) | AnnotatedAssign(value=value) | Return(value=value):
            yield value
        case _:
            return


def _texts(value: Expression | None) -> Iterator[str]:
    match value:
        case Literal(source=source):
            text = literal_form(source)
            if text.startswith("str ") and _WORDS.fullmatch(text[5:-1]):
                yield text[5:-1]
        case Conditional(body=body, orelse=orelse):
            yield from (*_texts(body), *_texts(orelse))
        case Logical():
            yield from (text for inner in walk(value) if isinstance(inner, Literal) for text in _texts(inner))
        case _:
            return
