"""The classes of the project with their bases linked and their order of ancestors. Knows no field and no value."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from huldra.facts.expressions import Argument, Call, Expression, Name
from huldra.facts.statements import ClassDefinition, FileFacts, FunctionDefinition, Statement
from huldra.formats.dialect import CONFIG_DECORATORS, HULDRA, Dialect, dialect_of_class, dialect_of_collection
from huldra.formats.names import LOCALS
from huldra.project.bindings import COMPOUND, walk_block
from huldra.project.linearize import LinearizationError, linearize
from huldra.project.places import Origin, Place
from huldra.project.symbols import (
    ClassSymbol,
    ExternalSymbol,
    FunctionSymbol,
    ModuleSymbol,
    Symbol,
    SymbolTable,
    UnresolvedSymbol,
    ValueSymbol,
)

_TRANSPARENT = frozenset(
    {
        *("builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Generic"),
        *("typing_extensions.Protocol",),
    }
)
"""Bases that add neither fields nor behaviour, so that not seeing their code leaves no doubt."""


class Base(Struct, frozen=True):
    """A direct base: what it resolves to, and the name to show."""

    symbol: Symbol
    name: str
    doubt: str | None = None
    """Why it may be another class at the place where it is named."""


class ClassInfo(Struct, frozen=True):
    """A class with its ancestry.

    Attributes:
        name: `module.qualname`, as the runtime would name it.
        enclosing: Qualnames of the classes around it, outermost first.
        order: The class and its ancestors in method resolution order; just the class when no order exists.
        order_error: Why no order exists.
        unseen: Bases outside the project that are not known by name: what they define cannot be told.
        dialect: The library's name that its experiment base class has; None when it is no experiment.
        is_config: Whether it is decorated as a plain config class, in itself.
        is_collection: Whether it derives from the library's collection class.
    """

    name: str
    module: str
    qualname: str
    origin: Origin
    definition: ClassDefinition
    enclosing: tuple[str, ...]
    bases: tuple[Base, ...]
    order: tuple[str, ...]
    order_error: str | None
    unseen: tuple[str, ...]
    dialect: Dialect | None
    is_config: bool
    is_collection: bool

    @property
    def place(self) -> Place:
        """Where the class stands, without its decorators."""
        return self.origin.place(self.definition.at)

    @property
    def name_place(self) -> Place:
        """Where its name stands."""
        return self.origin.place(self.definition.name_at)

    @property
    def is_local(self) -> bool:
        """Whether it is defined inside a function."""
        return LOCALS in self.qualname

    @property
    def keywords(self) -> tuple[Argument, ...]:
        """The keyword arguments of its header."""
        return tuple(argument for argument in self.definition.arguments if argument.name is not None)


class _Found(Struct, frozen=True):
    module: str
    qualname: str
    origin: Origin
    definition: ClassDefinition
    enclosing: tuple[str, ...]


def link_classes(
    files: Mapping[str, FileFacts], symbols: SymbolTable, extra_bases: frozenset[str] = frozenset()
) -> dict[str, ClassInfo]:
    """Return every class of the given files by name, and every project class that these inherit from.

    Args:
        files: The facts of the files to look in.
        symbols: Where names lead.
        extra_bases: Dotted names of classes outside the project that count as experiment base classes.
    """
    found: dict[str, _Found] = {}
    for file in sorted(files):
        module = symbols.modules.module_of.get(file)
        if module is not None and symbols.modules.file_of.get(module) == file:
            found.update((f"{c.module}.{c.qualname}", c) for c in _classes_of_file(file, module, files[file]))
    bases: dict[str, tuple[Base, ...]] = {}
    queue = list(found)
    while queue:
        name = queue.pop()
        if name in bases:
            continue
        bases[name] = _bases(found[name], symbols, found)
        for base in bases[name]:
            if isinstance(base.symbol, ClassSymbol) and base.symbol.name not in found:
                outside = _find_elsewhere(base.symbol.name, symbols)
                if outside is not None:
                    found[base.symbol.name] = outside
                    queue.append(base.symbol.name)
    orders: dict[str, tuple[str, ...]] = {}
    linked = {name: _link(found[name], bases, symbols, extra_bases, orders) for name in found}
    return dict(sorted(linked.items()))


def with_definitions(infos: Mapping[str, ClassInfo], file: str, module: str, facts: FileFacts) -> dict[str, ClassInfo]:
    """Return the classes of a file that stand there otherwise now; but for that, all of them is what it was."""
    found = {f"{c.module}.{c.qualname}": c for c in _classes_of_file(file, module, facts)}
    return {
        name: replace(infos[name], definition=c.definition, origin=c.origin)
        for name, c in found.items()
        if name in infos and (infos[name].definition is not c.definition or infos[name].origin != c.origin)
    }


def _classes_of_file(file: str, module: str, facts: FileFacts) -> Iterator[_Found]:
    for piece in facts.pieces:
        origin = Origin(file, piece.first_line)
        yield from _classes_in(piece.facts.statements, module, origin, "", ())


def _classes_in(
    block: Iterable[Statement], module: str, origin: Origin, prefix: str, enclosing: tuple[str, ...]
) -> Iterator[_Found]:
    for statement in block:
        kind = type(statement)
        if kind is ClassDefinition or kind is FunctionDefinition:
            yield from _classes_of(statement, module, origin, prefix, enclosing)
        elif kind in COMPOUND:
            for inner, _ in walk_block((statement,), "always"):
                yield from _classes_of(inner, module, origin, prefix, enclosing)


def _classes_of(
    statement: Statement, module: str, origin: Origin, prefix: str, enclosing: tuple[str, ...]
) -> Iterator[_Found]:
    if isinstance(statement, ClassDefinition):
        qualname = f"{prefix}{statement.name}"
        yield _Found(module, qualname, origin, statement, enclosing)
        yield from _classes_in(statement.body, module, origin, f"{qualname}.", (*enclosing, qualname))
    elif isinstance(statement, FunctionDefinition):
        inner = f"{prefix}{statement.name}.{LOCALS}."
        yield from _classes_in(statement.body, module, origin, inner, ())


def _find_elsewhere(name: str, symbols: SymbolTable) -> _Found | None:
    """Return a class of a file that was not among those given: a base class that names no library."""
    definition = symbols.class_definition(name)
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:count])
        namespace = symbols.namespace(module)
        if definition is not None and namespace is not None:
            origin = next(b.origin for b in namespace.bindings[parts[count]] if isinstance(b.target, ClassDefinition))
            nested = parts[count:]
            enclosing = tuple(".".join(nested[: i + 1]) for i in range(len(nested) - 1))
            return _Found(module, ".".join(nested), origin, definition, enclosing)
    return None


def _bases(found: _Found, symbols: SymbolTable, others: Mapping[str, _Found]) -> tuple[Base, ...]:
    result: list[Base] = []
    for argument in found.definition.arguments:
        if argument.name is None and not argument.star:
            beside = _beside(found, argument.value, others)
            symbol = beside or symbols.resolve_expression(found.module, argument.value, found.enclosing)
            doubt = None
            if isinstance(argument.value, Name) and not found.enclosing and beside is None:
                symbol, doubt = _at_place(found, argument.value.id, symbol, symbols)
            result.append(Base(symbol, _symbol_name(symbol), doubt))
        elif argument.star:
            result.append(Base(ExternalSymbol("*"), "*"))
    return tuple(result)


def _beside(found: _Found, base: Expression, others: Mapping[str, _Found]) -> ClassSymbol | None:
    """Return the class that a function makes for itself, where a class that it makes too has its name as a base."""
    place = found.qualname
    while isinstance(base, Name) and LOCALS in place:
        place = place.rpartition(f"{LOCALS}.")[0]
        name = f"{found.module}.{place}{LOCALS}.{base.id}"
        if name in others and others[name] is not found:
            return ClassSymbol(name)
    return None


def _at_place(found: _Found, name: str, symbol: Symbol, symbols: SymbolTable) -> tuple[Symbol, str | None]:
    """Return what a name means where a class names it as a base, and why that may be something else.

    A name that is bound more than once means the last binding above; one that a condition binds may mean either.
    """
    bindings = symbols.bindings_of(found.module, name)
    meanings = {meaning for meaning, _ in bindings}
    if len(meanings) < 2 or any(isinstance(m, ExternalSymbol | UnresolvedSymbol) for m in meanings):
        return symbol, None
    if any(binding.when != "always" for _, binding in bindings):
        return symbol, f"{name} (bound more than once, under a condition)"
    above = [meaning for meaning, binding in bindings if binding.origin.first_line < found.origin.first_line]
    return (above[-1], None) if above else (symbol, None)


def _symbol_name(symbol: Symbol) -> str:
    match symbol:
        case ClassSymbol(name=name) | ExternalSymbol(name=name):
            return name
        case UnresolvedSymbol(reason=reason):
            return f"? ({reason})"
        case FunctionSymbol(name=name) | ModuleSymbol(name=name) | ValueSymbol(name=name):
            return f"? ({name})"


def _link(
    found: _Found,
    bases: Mapping[str, tuple[Base, ...]],
    symbols: SymbolTable,
    extra_bases: frozenset[str],
    orders: dict[str, tuple[str, ...]],
) -> ClassInfo:
    name = f"{found.module}.{found.qualname}"

    def bases_of(cls: str) -> list[str]:
        return [base.name for base in bases.get(cls, ())]

    error: str | None = None
    try:
        order = linearize(name, bases_of, orders)
    except LinearizationError as problem:
        order, error = (name, *bases_of(name)), str(problem)
    outside = [ancestor for ancestor in order if ancestor not in bases]
    dialects = [dialect for ancestor in outside if (dialect := dialect_of_class(ancestor)) is not None]
    if extra_bases.intersection(outside):
        dialects.append(HULDRA)
    decorators = (symbols.resolve_expression(found.module, _called(d), ()) for d in found.definition.decorators)
    return ClassInfo(
        name=name,
        module=found.module,
        qualname=found.qualname,
        origin=found.origin,
        definition=found.definition,
        enclosing=found.enclosing,
        bases=bases[name],
        order=order,
        order_error=error,
        unseen=(
            *(a for a in outside if not _is_known(a)),
            *(base.doubt for base in bases[name] if base.doubt is not None),
        ),
        dialect=dialects[0] if dialects else None,
        is_config=any(isinstance(d, ExternalSymbol) and d.name in CONFIG_DECORATORS for d in decorators),
        is_collection=any(dialect_of_collection(ancestor) is not None for ancestor in outside),
    )


def _called(decorator: Expression) -> Expression:
    """`@chz.chz(version=…)` is the decorator `chz.chz`."""
    return decorator.function if isinstance(decorator, Call) else decorator


def _is_known(name: str) -> bool:
    return name in _TRANSPARENT or dialect_of_class(name) is not None or dialect_of_collection(name) is not None


def is_transparent(name: str) -> bool:
    """Whether a base outside the project adds nothing, so that listings leave it out."""
    return name in _TRANSPARENT
