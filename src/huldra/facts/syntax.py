"""LibCST's parser, its nodes made of records that check nothing.

LibCST parses in native code, which looks for the class of each node by name in the module `libcst`. To import that
module, with its 230 dataclasses, visitors and matchers, takes ten times as long as to parse a file, and as long as
everything else that a command does after an edit. Readers need the fields of nodes and nothing of what the classes can
do, so the parser is shown a module whose classes are records; LibCST itself is asked only to write code (`code_of`).

Where that cannot be done, since a LibCST yet to come looks for its classes in another way, `cst` is LibCST itself.
Readers see no difference: to type checkers `cst` is LibCST in any case.
"""

import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from huldra.facts.expressions import Span

_shown = threading.Lock()


class UnknownSyntaxError(Exception):
    """LibCST parses what no reader is written for: a Python newer than this version."""


class RefusedError(Exception):
    """The parser lets through what Python refuses.

    Args:
        message: What is wrong.
        at: Where.
    """

    def __init__(self, message: str, at: Span) -> None:
        super().__init__(message)
        self.at = at


Result = TypeVar("Result")


class Readers(dict[type, Callable[..., Result]]):
    """A reader for each class of nodes; to ask for that of another one raises UnknownSyntaxError."""

    def __missing__(self, kind: type) -> Callable[..., Result]:
        raise UnknownSyntaxError(kind.__name__)


class _Record(SimpleNamespace):
    """A node with the fields that the parser gave; those that it left out are None."""

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)


class _Default:
    """What stands for a field that LibCST fills in as it writes code."""


class _MaybeSentinel:
    DEFAULT = _Default()


class _ParserSyntaxError(Exception):
    """Where the parser could not go on; fields as those of LibCST's own."""

    def __init__(self, message: str, *, lines: list[str], raw_line: int, raw_column: int) -> None:
        super().__init__(message)
        self.message = message
        self.lines = lines
        self.raw_line = raw_line
        self.raw_column = raw_column


_Field: TypeAlias = "_Record | _Default | str | bool | list[_Field] | tuple[_Field, ...] | None"


class _Nodes(ModuleType):
    """What the parser takes for `libcst`: a class for each name that anybody asks for."""

    ParserSyntaxError = CSTValidationError = CSTLogicError = _ParserSyntaxError
    """The latter two are raised by LibCST's own nodes, of which there are none here."""

    MaybeSentinel = _MaybeSentinel
    BaseExpression = BaseSmallStatement = _Record
    """What readers ask of a node to please the type checker: which reader it gets follows from its own class."""

    def __init__(self) -> None:
        super().__init__("libcst")
        found = find_spec("libcst")
        if found is None or found.submodule_search_locations is None:
            raise ModuleNotFoundError("there is no module libcst", name="libcst")
        self.__path__ = list(found.submodule_search_locations)
        native = PathFinder.find_spec("libcst.native", self.__path__)
        if native is None or native.loader is None:
            raise ModuleNotFoundError("there is no module libcst.native", name="libcst.native")
        self._native = module_from_spec(native)
        native.loader.exec_module(self._native)

    def __getattr__(self, name: str) -> type[_Record]:
        if name.startswith("_"):
            raise AttributeError(name)
        found = type(name, (_Record,), {"__module__": __name__, "__slots__": ()})
        setattr(self, name, found)
        return found

    def parse_module(self, source: str) -> object:
        """Return the tree of a text; raise ParserSyntaxError."""
        with _in_place_of_libcst(self):
            return self._native.parse_module(source)


@contextmanager
def _in_place_of_libcst(nodes: ModuleType) -> Generator[None]:
    """Effect: `import libcst` gives some module meanwhile."""
    with _shown:
        real = sys.modules.get("libcst")
        sys.modules["libcst"] = nodes
        try:
            yield
        finally:
            if real is None:
                del sys.modules["libcst"]
            else:
                sys.modules["libcst"] = real


def records() -> ModuleType:
    """Return the parser with its records; raise ImportError where LibCST cannot be used so."""
    nodes = _Nodes()
    tree = nodes.parse_module("a\n")
    if isinstance(tree, _Record):
        return nodes
    raise ImportError("LibCST looks for its classes elsewhere", name="libcst")


def _usable() -> ModuleType:
    try:
        return records()
    except (ImportError, AttributeError, TypeError):
        return import_module("libcst")


def code_of(node: "cst.CSTNode") -> str:
    """Return the code that a node stands for, as it was written. Slow: imports LibCST."""
    with _shown:
        libcst = import_module("libcst")
    return libcst.Module([]).code_for_node(_real(node, libcst) if isinstance(node, _Record) else node)


def _real(node: _Record, libcst: ModuleType) -> "cst.CSTNode":
    fields = {name: _real_field(value, libcst) for name, value in vars(node).items()}
    return getattr(libcst, type(node).__name__)(**fields)


def _real_field(value: _Field, libcst: ModuleType) -> object:
    if isinstance(value, _Record):
        return _real(value, libcst)
    if isinstance(value, list | tuple):
        return tuple(_real_field(inner, libcst) for inner in value)
    return libcst.MaybeSentinel.DEFAULT if isinstance(value, _Default) else value


if TYPE_CHECKING:
    import libcst as cst
else:
    cst = _usable()
