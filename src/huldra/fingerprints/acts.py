"""Statements at the top of modules that change what others hold otherwise than plainly: by calls, aliases, loops.

`put(TABLE, 7)`, `for table in (A, B): table["a"] = 7` and `set_width(4)`: what they change `changing` tells.
What `registrations`, `written` and the value's own module tell of by themselves is left to them.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct

from huldra.facts.expressions import Call, Expression, Name
from huldra.facts.statements import (
    AnnotatedAssign,
    Assign,
    ClassDefinition,
    FunctionDefinition,
    Import,
    ImportFrom,
    Pass,
    Statement,
)
from huldra.facts.walk import walk
from huldra.fingerprints.changes import NOWHERE, Places
from huldra.fingerprints.changing import Reader
from huldra.fingerprints.code import Code
from huldra.fingerprints.deepening import done_in_parts
from huldra.fingerprints.model import Lines
from huldra.fingerprints.module_names import PlacedStatement, runs_only_otherwise
from huldra.fingerprints.registrations import Registered, keys_of_decorated, registered_statements
from huldra.fingerprints.resolve import Node
from huldra.fingerprints.scopes import OTHER_SCOPES
from huldra.fingerprints.summaries import Key, Summary, summaries_of
from huldra.project.places import Origin


class Act(Struct, frozen=True):
    """A statement at the top of a module, the full names of what it changes, and what was asked to tell that."""

    placed: PlacedStatement
    changed: frozenset[str]
    asked: frozenset[Lines]


def acts_of(code: Code, module: str) -> tuple[Act, ...]:
    """Return what importing a module changes, statement by statement; kept."""
    if module not in code.acts:
        code.acts[module] = tuple(_in_module(code, module))
    return tuple(each for each in code.acts[module] if isinstance(each, Act))


class _Acts(Struct, frozen=True):
    """What importing several modules changes: by what is changed, and all that was asked."""

    on: Mapping[str, tuple[tuple[str, Act], ...]]
    asked: tuple[Lines, ...]


def _together(code: Code, modules: frozenset[str]) -> _Acts:
    found = code.acts_together.get(modules)
    if not isinstance(found, _Acts):
        on: dict[str, list[tuple[str, Act]]] = {}
        asked: set[Lines] = set()
        for module in sorted(modules):
            for act in acts_of(code, module):
                asked |= act.asked
                for place in act.changed:
                    on.setdefault(place, []).append((module, act))
        found = _Acts({place: tuple(acts) for place, acts in on.items()}, tuple(sorted(asked)))
        code.acts_together[modules] = found
    return found


def acts_on(code: Code, modules: frozenset[str], nodes: Sequence[Node]) -> Iterator[tuple[int, Registered]]:
    """Yield the definitions by which importing modules changes some of what is reached, by its number."""
    on = _together(code, modules).on
    for number, node in enumerate(nodes):
        for place in _places(code, node):
            for module, act in on.get(place, ()):
                if not _is_told(code, module, act.placed[0], place):
                    yield number, _definition(module, act.placed[0], place)


def _definition(module: str, statement: Statement, place: str) -> Registered:
    match statement:
        case FunctionDefinition(name=name):
            return Registered(Node("function", name, module), keys_of_decorated(statement))
        case ClassDefinition(name=name):
            return Registered(Node("class", f"{module}.{name}"), keys_of_decorated(statement))
        case _:
            return Registered(Node("act", place, module))


def statements_acting(code: Code, module: str, place: str) -> tuple[PlacedStatement, ...]:
    """Return the statements of a module that change one thing and define nothing, in order."""
    return tuple(
        act.placed
        for act in acts_of(code, module)
        if place in act.changed
        and not isinstance(act.placed[0], FunctionDefinition | ClassDefinition)
        and not _is_told(code, module, act.placed[0], place)
    )


def lines_asked(code: Code, modules: frozenset[str]) -> tuple[Lines, ...]:
    """Return the lines of what was asked to tell what importing some modules changes, sorted."""
    return _together(code, modules).asked


def _places(code: Code, node: Node) -> tuple[str, ...]:
    match node.kind:
        case "value" | "function":
            return (f"{node.module}.{node.name}",)
        case "class":
            return (node.name,)
        case "instance" if node.label:
            info = code.class_info(node.name)
            return () if info is None else info.order
        case _:
            return ()


def _in_module(code: Code, module: str) -> Iterator[Act]:
    file = code.modules.file_of.get(module, "")
    facts = code.facts.get(file)
    for piece in () if facts is None else facts.pieces:
        for statement in piece.facts.statements:
            if _may_act(statement):
                yield Act((statement, Origin(file, piece.first_line)), *_changes_at_import(code, module, statement))


def _changes_at_import(code: Code, module: str, statement: Statement) -> tuple[Places, frozenset[Lines]]:
    """Return what a top-level statement changes as its module is imported, and what was asked for that."""

    def read() -> tuple[Places, frozenset[Lines]]:
        reader = Reader(code, module)
        reader.statement(statement)
        return reader.found(()).changed, frozenset(reader.asked)

    def read_again(key: Key, known: Summary) -> Summary:
        reader = Reader(code, *key[:2])
        changes = done_in_parts(partial(reader.function, known.function))
        return Summary(known.function, changes, known.asked | reader.asked)

    try:
        found = done_in_parts(read)
        while summaries_of(code).settle(read_again):
            found = done_in_parts(read)
    except RecursionError:  # a statement by itself that nests deeper than Python calls
        return NOWHERE, frozenset()
    return found


def _may_act(statement: Statement) -> bool:
    """Whether a statement may change what is not its own. Most only define or import."""
    match statement:
        case Import() | ImportFrom() | Pass():
            return False
        case FunctionDefinition(decorators=decorators):
            return bool(decorators)
        case AnnotatedAssign(value=None):
            return False
        case Assign(targets=targets):
            return _is_more_than_bound(targets, statement)
        case AnnotatedAssign(target=target):
            return _is_more_than_bound((target,), statement)
        case _:
            return not runs_only_otherwise(statement)


def _is_more_than_bound(targets: tuple[Expression, ...], statement: Statement) -> bool:
    """Whether an assignment calls something, or does not only bind names."""
    is_plain = all(isinstance(target, Name) for target in targets)
    return not is_plain or any(isinstance(node, Call) for node in walk(statement, stop_at=OTHER_SCOPES))


def _is_told(code: Code, module: str, statement: Statement, place: str) -> bool:
    """Whether what a statement does to something is told by the thing itself, or as an entry of it."""
    owner = place.rpartition(".")[0] if code.class_info(place) is None else code.module_of(place) or ""
    name = place.removeprefix(f"{owner}.")
    if owner == module and any(each is statement for each, _ in code.module_statements(owner, name)):
        return True
    return any(each is statement for each in registered_statements(code, owner, name))
