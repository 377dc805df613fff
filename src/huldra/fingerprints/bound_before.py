"""Which of several statements that bind a name have run by the time at which a definition reads it, for good.

`HALF = LR / 2` reads `LR` once, as do the decorators and defaults of a function and the body of a class. Where `LR` is
bound again, it counts on which side of that the definition stands.
"""

from collections.abc import Iterable, Iterator, Sequence

from huldra.facts.expressions import Lambda, Name, Node, Parameter, Span
from huldra.facts.statements import ClassDefinition, FunctionDefinition, Statement
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.equivalents import only_overloads
from huldra.fingerprints.module_names import names_bound
from huldra.fingerprints.scopes import OTHER_SCOPES
from huldra.project.places import Origin


def bound_before(code: Code, module: str, own: str, made: Iterable[tuple[Node, Origin, Span]]) -> str:
    """Return what is to be told of the order in which a module binds what a definition of it reads as it is made.

    It is empty where each name has been bound once by then, which is so of almost all.

    Args:
        code: The state.
        module: The module.
        own: The name of the definition, which its own statements bind.
        made: What is run to make it, and the statement of the module in which that stands: its piece, and where there.
    """
    found: dict[str, None] = {}
    for node, origin, span in made:
        here = _point(origin, span)
        for name in sorted(set(_read_when_made(node)) - {own}):
            binding = code.module_statements(module, name)
            running = ((each, place) for each, place in binding if not _is_for_checkers(each))
            count = sum(_point(place, each.at) < here for each, place in running)
            if count != 1 and any(name in names_bound(other) for other, _ in binding):
                found[f"{name} {count}"] = None
    return " ".join(found)


def _is_for_checkers(statement: Statement) -> bool:
    return isinstance(statement, FunctionDefinition) and only_overloads(statement)


def _point(origin: Origin, span: Span) -> tuple[int, int]:
    return origin.first_line + span[0], span[1]


def _read_when_made(statement: Node) -> Iterator[str]:
    """Yield the names that running a statement reads; not those that what it defines will read."""
    match statement:
        case FunctionDefinition(decorators=decorators, parameters=parameters):
            yield from _read_in(decorators)
            yield from _of_defaults(parameters)
        case ClassDefinition(decorators=decorators, arguments=arguments, body=body):
            yield from _read_in((*decorators, *arguments))
            for item in body:
                yield from _read_when_made(item)
        case _:
            yield from _read_in((statement,))


def _read_in(nodes: Iterable[Node]) -> Iterator[str]:
    for inner in (each for node in nodes for each in walk(node, stop_at=OTHER_SCOPES)):
        if isinstance(inner, Name):
            yield inner.id
        elif isinstance(inner, Lambda):
            yield from _of_defaults(inner.parameters)
        elif isinstance(inner, FunctionDefinition | ClassDefinition):
            yield from _read_when_made(inner)


def _of_defaults(parameters: Sequence[Parameter]) -> Iterator[str]:
    yield from _read_in(each.default for each in parameters if each.default is not None)
