"""Values as a person types them for a field, and how the names in them are reached from a file.

`0.1` is one value; `0.1, 0.2` and `*range(3)` are several, and so a sweep. Runs nothing: names are looked up.
"""

import ast
import builtins
import sys
from collections.abc import Iterator, Mapping

from msgspec import Struct

from huldra.formats.names import LOCALS
from huldra.plans.code_text import Layout
from huldra.project.link import Project
from huldra.project.symbols import (
    ClassSymbol,
    ExternalSymbol,
    FunctionSymbol,
    Symbol,
    UnresolvedSymbol,
    ValueSymbol,
)

_BUILTINS = frozenset(dir(builtins))


class FieldText(Struct, frozen=True):
    """What was typed for a field, in its parts: one value, or the values of a sweep (starred ones are iterables)."""

    parts: tuple[str, ...]

    @property
    def is_several(self) -> bool:
        """Whether it stands for a sweep over the field."""
        return len(self.parts) != 1 or self.parts[0].startswith("*")

    @property
    def iterable(self) -> str:
        """What a loop over the values iterates."""
        if len(self.parts) == 1:
            return self.parts[0].removeprefix("*").strip()
        return f"({', '.join(self.parts)})"


class NotWritable(Struct, frozen=True):
    """Why nothing can be written, with the way out."""

    message: str


def read_field_text(name: str, text: str) -> FieldText | NotWritable:
    """Return the parts of what was typed for a field."""
    source = f"({text.strip().removesuffix(',')}\n,)"
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as error:
        words = error.msg if isinstance(error, SyntaxError) else str(error)
        return NotWritable(f"{name}={text}: this is no Python value: {words}")
    if not text.strip() or not isinstance(tree, ast.Tuple):
        return NotWritable(f"{name}={text}: this is no Python value: it is empty")
    parts = tuple(ast.get_source_segment(source, item) or "" for item in tree.elts)
    if any("\n" in part for part in parts):
        parts = tuple(ast.unparse(item) for item in tree.elts)
    return FieldText(parts)


class Importer(Struct):
    """Decides how names are reached from a file, and which imports that needs.

    Attributes:
        project: Where names are looked up.
        module: The file's module; None for one that has none.
        layout: What the file binds already.
        home: The module of the class that is built: what it can see is known by its short name too.
        added: The names to bind, each with `module` and `name` to import (no name: the module itself).
    """

    project: Project
    module: str | None
    layout: Layout
    home: str
    added: dict[str, tuple[str, str]] = {}

    def class_name(self, dotted: str) -> str | NotWritable:
        """Return the name by which a class of the project is called in the file."""
        owner = self._module_of(dotted)
        if owner is None or LOCALS in dotted:
            return NotWritable(f"{dotted} cannot be imported, so no other file can build it")
        first, _, rest = dotted.removeprefix(f"{owner}.").partition(".")
        name = self._bind(owner, first)
        return f"{name}.{rest}" if rest else name

    def expression(self, text: str, local: frozenset[str]) -> str | NotWritable:
        """Return an expression with its names written as the file can reach them.

        Args:
            text: Python, possibly starred.
            local: Names that are bound where it will stand.
        """
        star = "*" if text.startswith("*") else ""
        source = text.removeprefix("*").strip()
        changes: list[tuple[int, int, str]] = []
        tree = ast.parse(f"({source})", mode="eval")
        inner = local | _bound_inside(tree)
        for chain in _chains(tree.body):
            dotted = ".".join(chain.parts)
            if chain.parts[0] in inner:
                continue
            written = self._chain(dotted)
            if isinstance(written, NotWritable):
                return written
            if written != dotted:
                changes.append((chain.start - 1, chain.end - 1, written))
        data = source.encode()
        for start, end, written in sorted(changes, reverse=True):
            data = data[:start] + written.encode() + data[end:]
        return star + data.decode()

    def import_lines(self) -> tuple[str, ...]:
        """Return the imports that are needed, sorted."""
        by_module: dict[str, list[str]] = {}
        lines: list[str] = []
        for bound, (module, name) in self.added.items():
            if name:
                words = name if bound == name else f"{name} as {bound}"
                by_module.setdefault(self._written_module(module), []).append(words)
            else:
                lines.append(f"import {module}")
        lines.sort()
        return (*lines, *(f"from {m} import {', '.join(sorted(names))}" for m, names in sorted(by_module.items())))

    def _chain(self, dotted: str) -> str | NotWritable:
        root, _, rest = dotted.partition(".")
        if root in self.layout.usable or root in _BUILTINS or (root in self.added and self.added[root][1] == ""):
            return dotted
        owner = self._module_of(dotted)
        if owner is not None and dotted != owner:
            first, _, tail = dotted.removeprefix(f"{owner}.").partition(".")
            name = self._bind(owner, first)
            return f"{name}.{tail}" if tail else name
        seen = self.project.symbols.resolve(self.home, root)
        if isinstance(seen, ClassSymbol) and self._module_of(seen.name) is not None:
            name = self.class_name(seen.name)
            return name if isinstance(name, NotWritable) or not rest else f"{name}.{rest}"
        if (found := self._seen_at_home(seen, root)) is not None:
            name = self._bind(*found)
            return f"{name}.{rest}" if rest else name
        known = [name for name in self.project.classes if name.rpartition(".")[2] == root and LOCALS not in name]
        if len(known) == 1:
            name = self.class_name(known[0])
            return name if isinstance(name, NotWritable) or not rest else f"{name}.{rest}"
        if root in sys.stdlib_module_names and rest:
            self.added[root] = (root, "")
            return dotted
        if len(known) > 1:
            return NotWritable(f"{root} may be any of {', '.join(sorted(known))}: write it out")
        return NotWritable(f"nothing is known of the name {root!r}: write it with its module, or import it in the file")

    def _seen_at_home(self, seen: Symbol, root: str) -> tuple[str, str] | None:
        """Return the module to import what the class's own module calls so from; None where it calls nothing so."""
        match seen:
            case ValueSymbol(module=module, name=name):
                return module, name
            case FunctionSymbol(name=dotted) if (owner := self._module_of(dotted)) is not None:
                return owner, dotted.removeprefix(f"{owner}.")
            case ExternalSymbol(name=dotted) if dotted.rpartition(".")[2] == root and "." in dotted:
                return dotted.rpartition(".")[0], root
            case _:
                return None

    def _bind(self, owner: str, name: str) -> str:
        """Return the name that stands, or will stand, for `owner.name` in the file."""
        if owner == self.module:
            return name
        for bound in sorted(self.layout.usable):
            if self._means(bound, owner, name):
                return bound
        for bound, target in self.added.items():
            if target == (owner, name):
                return bound
        bound, number = name, 2
        while self._is_taken(bound, owner, name):
            bound, number = f"{name}{number}", number + 1
        self.added[bound] = (owner, name)
        return bound

    def _is_taken(self, bound: str, owner: str, name: str) -> bool:
        is_ours = bound in self.layout.late and self._means(bound, owner, name)
        return bound in self.added or (bound in self.layout.bound and not is_ours)

    def _means(self, bound: str, owner: str, name: str) -> bool:
        if self.module is None or self.module not in self.project.modules.file_of:
            return False
        here, there = self.project.symbols.resolve(self.module, bound), self.project.symbols.resolve(owner, name)
        return here == there and not isinstance(here, UnresolvedSymbol)

    def _module_of(self, dotted: str) -> str | None:
        parts = dotted.split(".")
        names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
        return next((name for name in names if name in self.project.modules.file_of), None)

    def _written_module(self, module: str) -> str:
        """A module as the file's other imports would name it."""
        package = self.module.rpartition(".")[0] if self.module is not None else ""
        if self.layout.is_relative and package and module.startswith(f"{package}."):
            return f".{module.removeprefix(f'{package}.')}"
        return module


class _Chain(Struct, frozen=True):
    """A dotted name in an expression, with where it begins and ends in UTF-8."""

    parts: tuple[str, ...]
    start: int
    end: int


def _chains(node: ast.AST) -> Iterator[_Chain]:
    match node:
        case ast.Attribute() | ast.Name():
            parts = _parts(node)
            if parts is not None:
                yield _Chain(parts, node.col_offset, node.end_col_offset or 0)
                return
        case _:
            pass
    for child in ast.iter_child_nodes(node):
        yield from _chains(child)


def _parts(node: ast.AST) -> tuple[str, ...] | None:
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Attribute(value=value, attr=name):
            before = _parts(value)
            return None if before is None else (*before, name)
        case _:
            return None


def _bound_inside(tree: ast.AST) -> frozenset[str]:
    """The names that an expression itself binds: of comprehensions, lambdas and walruses."""
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return frozenset(stored | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)})


def texts_of(values: Mapping[str, str]) -> Mapping[str, FieldText] | NotWritable:
    """Return what was typed for each field, in its parts; or the first that is no value."""
    found: dict[str, FieldText] = {}
    for name, text in values.items():
        parts = read_field_text(name, text)
        if isinstance(parts, NotWritable):
            return parts
        found[name] = parts
    return found
