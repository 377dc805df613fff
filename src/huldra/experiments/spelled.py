"""What a stretch of code can read of modules, by spelling: too much rather than too little. Knows no values."""

from collections.abc import Mapping

from msgspec import Struct

from huldra.facts.expressions import Attribute, Lambda, Name, Node
from huldra.facts.statements import ClassPattern, FileFacts, FunctionDefinition, ImportedName, ImportFrom, PieceFacts
from huldra.facts.walk import walk
from huldra.formats.dialect import FROM_DICT

_MANY_STATEMENTS = 50_000
_BY_TEXT = frozenset(
    {"__dict__", "__import__", "attrgetter", "dir", "eval", "exec", "format", "format_map", "getattr", "globals"}
    | {"hasattr", "import_module", "inspect", "locals", "methodcaller", "modules", "setattr", "vars"}
    | {FROM_DICT}
)
"""By these code may get hold of what it does not name."""


ChangedNames = Mapping[str, set[str]]
"""Names of modules that are bound to something else, by module."""


class Spelled(Struct, frozen=True):
    """The names that code reads in its own module, those that it may read of any other, and whether it may read all."""

    own: frozenset[str]
    of_others: frozenset[str]
    reads_all: bool

    def may_read(self, module: str, changed: ChangedNames) -> bool:
        """Whether code of a module, which looks into one of those that are changed, may read what is changed."""
        return (
            self.reads_all
            or not self.own.isdisjoint(changed.get(module, ()))
            or any(not self.of_others.isdisjoint(names) for names in changed.values())
        )


class Spelling:
    """What files spell; of statements that did not change it is known already."""

    def __init__(self) -> None:
        self._statements: dict[int, tuple[PieceFacts, Spelled]] = {}
        self._functions: dict[int, tuple[PieceFacts, dict[tuple[int, int], Spelled]]] = {}

    def of_statement(self, piece: PieceFacts) -> Spelled:
        """Return what running a top-level statement can read, but for what functions that it calls can."""
        known = self._statements.get(id(piece))
        if known is None:
            nodes = [node for statement in piece.statements for node in _run_at_once(statement)]
            self._make_room()
            # The facts are kept with the answer, so that their id stays their own.
            known = self._statements[id(piece)] = (piece, _spelled(nodes))
        return known[1]

    def of_function(self, facts: FileFacts, line: int, column: int) -> Spelled | None:
        """Return what a function can read that begins at a line and column (from 0); None where none does."""
        found = None
        for piece in facts.pieces:
            if piece.first_line > line:
                break
            found = self._in_piece(piece.facts).get((line - piece.first_line, column), found)
        return found

    def _in_piece(self, piece: PieceFacts) -> dict[tuple[int, int], Spelled]:
        known = self._functions.get(id(piece))
        if known is None:
            self._make_room()
            nodes = (node for statement in piece.statements for node in walk(statement))
            functions = [node for node in nodes if isinstance(node, FunctionDefinition | Lambda)]
            known = self._functions[id(piece)] = (
                piece,
                {(function.at[0], function.at[1]): _spelled(list(walk(function))) for function in functions},
            )
        return known[1]

    def _make_room(self) -> None:
        if len(self._statements) + len(self._functions) > _MANY_STATEMENTS:
            self._statements.clear()  # most of them are no longer there
            self._functions.clear()


def _run_at_once(statement: Node) -> list[Node]:
    """Return the nodes of a statement that running it goes through: the bodies of functions are left out."""
    found: list[Node] = []
    for node in walk(statement, stop_at=(FunctionDefinition,)):
        found.append(node)
        if isinstance(node, FunctionDefinition):
            outside = (*node.decorators, *node.parameters, node.returns)
            found += [inner for part in outside if part is not None for inner in walk(part)]
    return found


def _spelled(nodes: list[Node]) -> Spelled:
    own, of_others = set[str](), set[str]()
    has_star = False
    for node in nodes:
        match node:
            case Name(id=name):
                own.add(name)
            case Attribute(name=name):
                of_others.add(name)
            case ImportedName(name=name):
                of_others.update(name.split("."))
            case ImportFrom(is_star=True):
                has_star = True
            case ClassPattern(keywords=keywords):
                of_others.update(name for name, _ in keywords)
            case _:
                continue
    return Spelled(frozenset(own), frozenset(of_others), has_star or not _BY_TEXT.isdisjoint(own | of_others))
