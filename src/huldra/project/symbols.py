"""Where a name leads: through imports, re-exports, star imports and aliases, in any file. Evaluates nothing."""

import builtins
import sys
from collections.abc import Callable, Collection, Iterator, Mapping

from msgspec import Struct

from huldra.facts.expressions import Attribute, Expression, Literal, Name, Subscript
from huldra.facts.statements import ClassDefinition, FileFacts, FunctionDefinition
from huldra.facts.walk import walk
from huldra.formats.dialect import DIALECTS, public_name
from huldra.project.bindings import (
    Binding,
    ImportedFrom,
    ImportedModule,
    Namespace,
    When,
    imports_inside,
    module_namespace,
)
from huldra.project.lazy_names import lazy_imports
from huldra.project.modules import ModuleTable, absolute_module
from huldra.project.standard_stars import standard_names

TRUSTED_MODULES = sys.stdlib_module_names | {"chz", "pydantic"} | {dialect.name for dialect in DIALECTS}
"""Packages that an `except ImportError` fallback inside the project does not take precedence over."""

_LIBRARY_NAMES = frozenset(
    {f"{dialect.name}.{name}" for dialect in DIALECTS for name in ("chz", "MISSING", "submitit")}
    | {public_name(name) for dialect in DIALECTS for name in dialect.experiment_classes | dialect.collection_classes}
)
"""What a star import of the library brings, as far as it matters here."""


class ClassSymbol(Struct, frozen=True):
    """A class of the project, by `module.qualname`."""

    name: str


class FunctionSymbol(Struct, frozen=True):
    """A function of the project, by `module.qualname`."""

    name: str


class ModuleSymbol(Struct, frozen=True):
    """A module or package of the project."""

    name: str


class ValueSymbol(Struct, frozen=True):
    """A module-level name of the project that is bound to a value."""

    module: str
    name: str


class ExternalSymbol(Struct, frozen=True):
    """Something outside the project, by its dotted name."""

    name: str


class UnresolvedSymbol(Struct, frozen=True):
    """A name that leads nowhere, and why; `module` is where the search ended, if that was a module of the project."""

    reason: str
    module: str | None = None


Symbol = ClassSymbol | FunctionSymbol | ModuleSymbol | ValueSymbol | ExternalSymbol | UnresolvedSymbol


class SymbolTable:
    """Looks names up. Facts of a module are asked for when a name first leads there, and its namespace is kept.

    Args:
        modules: The modules of the project.
        facts: The facts of its files.
        is_value: Whether a module binds a name that is not in its namespace: `A, B = f()`, `for name in names`.
    """

    def __init__(
        self, modules: ModuleTable, facts: Mapping[str, FileFacts], is_value: Callable[[str, str], bool] | None = None
    ) -> None:
        self.modules = modules
        self._facts = facts
        self._is_value = is_value
        self._namespaces: dict[str, Namespace | None] = {}
        self._resolved: dict[tuple[str, str], Symbol] = {}
        self._inside: dict[str, Mapping[str, tuple[Binding, ...]]] = {}
        self._is_for_readers = False

    def for_readers(self) -> "SymbolTable":
        """Return a table in which `KIND = Kind["tree"]` is no other name of `Kind`, as a base class would be."""
        table = SymbolTable(self.modules, self._facts, self._is_value)
        table._namespaces, table._inside, table._is_for_readers = self._namespaces, self._inside, True
        return table

    def with_facts(self, facts: Mapping[str, FileFacts], edited: Collection[str]) -> "SymbolTable":
        """Return the table of a state in which names lead where they led.

        Args:
            facts: The facts of that state.
            edited: The modules whose facts are other ones.
        """
        table = SymbolTable(self.modules, facts, self._is_value)
        table._namespaces.update((m, found) for m, found in self._namespaces.items() if m not in edited)
        table._resolved.update(self._resolved)
        table._inside.update((m, found) for m, found in self._inside.items() if m not in edited)
        return table

    @property
    def seen_modules(self) -> tuple[str, ...]:
        """The modules whose names have been looked at."""
        return tuple(self._namespaces)

    def namespace(self, module: str) -> Namespace | None:
        """Return what a module binds; None for a namespace package or a file that cannot be read."""
        if module not in self._namespaces:
            file = self.modules.file_of.get(module)
            facts = None if file is None else self._facts.get(file)
            self._namespaces[module] = None if file is None or facts is None else module_namespace(file, facts)
        return self._namespaces[module]

    def resolve(self, module: str, name: str) -> Symbol:
        """Return what `module.name` is."""
        return self._resolve(module, name, frozenset())

    def bindings_of(self, module: str, name: str) -> list[tuple[Symbol, Binding]]:
        """Return everything that a module binds a name to at run time, in the order written."""
        namespace = self.namespace(module)
        bindings = () if namespace is None else namespace.bindings.get(name, ())
        seen = frozenset({(module, name)})
        return [(self._follow(module, name, b, seen), b) for b in bindings if b.when != "typing"]

    def resolve_expression(self, module: str, expression: Expression, enclosing: tuple[str, ...] = ()) -> Symbol:
        """Return what a dotted name means at a place; a subscript (`Base[T]`) means what is subscripted.

        Args:
            module: The module in which the expression stands.
            expression: A name, attribute or subscript; anything else is unresolved.
            enclosing: The qualnames of the classes whose bodies hold the expression, outermost first.
        """
        match expression:
            case Name(id=name):
                if enclosing and (nested := self._class_member(f"{module}.{enclosing[-1]}", name)):
                    return nested
                found = self.resolve(module, name)
                if isinstance(found, UnresolvedSymbol) and hasattr(builtins, name):
                    return ExternalSymbol(f"builtins.{name}")
                return self._imported_inside(module, name) or found if isinstance(found, UnresolvedSymbol) else found
            case Attribute(value=value, name=name):
                return self._member(self.resolve_expression(module, value, enclosing), name, frozenset())
            case Subscript(value=value):
                return self.resolve_expression(module, value, enclosing)
            case _:
                return UnresolvedSymbol("not a name")

    def _imported_inside(self, module: str, name: str) -> Symbol | None:
        """Return what functions of a module import by a name that the module itself does not bind; None if they differ.

        A class that is defined in a function (`from dataclasses import dataclass` above it) says such names.
        """
        file = self.modules.file_of.get(module)
        facts = None if file is None else self._facts.get(file)
        if file is None or facts is None:
            return None
        if module not in self._inside:
            self._inside[module] = imports_inside(file, facts)
        bindings = self._inside[module].get(name, ())
        found = {self._follow(module, name, binding, frozenset({(module, name)})) for binding in bindings}
        return found.pop() if len(found) == 1 else None

    def module_symbol(self, module: str) -> Symbol:
        """Return the symbol of a module by its absolute name."""
        if module in self.modules.file_of or module in self.modules.packages:
            return ModuleSymbol(module)
        return ExternalSymbol(module)

    def _resolve(self, module: str, name: str, seen: frozenset[tuple[str, str]]) -> Symbol:
        key = (module, name)
        if key in self._resolved:
            return self._resolved[key]
        if key in seen:
            # `from . import name` in a package finds the module of that name, for nothing else is there yet.
            found = self.modules.submodule(module, name)
            return ModuleSymbol(found) if found else UnresolvedSymbol(f"{module}.{name} is imported in a circle")
        symbol = self._look_up(module, name, seen | {key})
        if not seen:
            self._resolved[key] = symbol
        return symbol

    def _look_up(self, module: str, name: str, seen: frozenset[tuple[str, str]]) -> Symbol:
        namespace = self.namespace(module)
        bindings = () if namespace is None else namespace.bindings.get(name, ())
        if bindings:
            # Those that come later bind the name anew, if they bring it.
            found = self._through_stars(module, name, _stars_after(namespace, bindings), seen)
            if not isinstance(found, UnresolvedSymbol):
                return found
            return self._best([self._follow(module, name, b, seen) for b in _by_precedence(bindings)])
        if (submodule := self.modules.submodule(module, name)) is not None:
            return ModuleSymbol(submodule)
        if namespace is None:
            known = module in self.modules.packages or module in self.modules.file_of
            return UnresolvedSymbol(f"{module} cannot be read", module) if known else ExternalSymbol(f"{module}.{name}")
        if self._is_value is not None and self._is_value(module, name):
            return ValueSymbol(module, name)
        found = self._through_stars(module, name, namespace.star_imports, seen)
        if isinstance(found, UnresolvedSymbol):
            return next(self._lazily(module, name, namespace, seen), found)
        return found

    def _lazily(
        self, module: str, name: str, namespace: Namespace, seen: frozenset[tuple[str, str]]
    ) -> Iterator[Symbol]:
        """Yield what a module's `__getattr__` seems to give: what it imports, or what a table of names says."""
        for binding in namespace.bindings.get("__getattr__", ()):
            for source, imported in lazy_imports(binding.target, name, namespace):
                level = len(source) - len(source.lstrip("."))
                found = self._imported(module, level, source[level:], imported, seen)
                if not isinstance(found, UnresolvedSymbol | ExternalSymbol):
                    yield found

    def _through_stars(
        self, module: str, name: str, stars: tuple[tuple[int, str], ...], seen: frozenset[tuple[str, str]]
    ) -> Symbol:
        for level, target in reversed(stars):
            source = absolute_module(module, level, target, is_package=self.modules.is_package(module))
            if source is None:
                continue
            if isinstance(self.module_symbol(source), ExternalSymbol):
                if f"{source}.{name}" in _LIBRARY_NAMES or name in (standard_names(source) or ()):
                    return ExternalSymbol(public_name(f"{source}.{name}"))
                continue
            exported = self.namespace(source)
            listed = exported is not None and exported.exported is not None
            if name in exported.exported if listed and exported and exported.exported else not name.startswith("_"):
                found = self._resolve(source, name, seen)
                if not isinstance(found, UnresolvedSymbol):
                    return found
        return UnresolvedSymbol(f"{module} has no name {name!r}", module)

    def _follow(self, module: str, name: str, binding: Binding, seen: frozenset[tuple[str, str]]) -> Symbol:
        match binding.target:
            case ImportedModule(bound=bound):
                return self.module_symbol(bound)
            case ImportedFrom(level=level, module=target, name=imported):
                return self._imported(module, level, target, imported, seen)
            case ClassDefinition():
                return ClassSymbol(f"{module}.{name}")
            case FunctionDefinition():
                return FunctionSymbol(f"{module}.{name}")
            case expression:
                return self._alias(module, name, expression, seen)

    def _imported(self, module: str, level: int, target: str, name: str, seen: frozenset[tuple[str, str]]) -> Symbol:
        source = absolute_module(module, level, target, is_package=self.modules.is_package(module))
        if source is None:
            return UnresolvedSymbol(f"the dots of `from {'.' * level}{target}` lead out of the package")
        if source == module and (submodule := self.modules.submodule(module, name)) is not None:
            return ModuleSymbol(submodule)  # what the package binds to that name comes later
        if isinstance(self.module_symbol(source), ModuleSymbol):
            return self._resolve(source, name, seen)
        top = source.partition(".")[0]
        if top in self.modules.file_of or top in self.modules.packages:
            return UnresolvedSymbol(f"there is no module {source}")
        return ExternalSymbol(public_name(f"{source}.{name}"))

    def _alias(self, module: str, name: str, expression: Expression, seen: frozenset[tuple[str, str]]) -> Symbol:
        """Follow `Base = huldra.Huldra` and `Base = Huldra[int]`; any other value is a value."""
        value = expression.value if isinstance(expression, Subscript) else expression
        steps: list[str] = []
        while isinstance(value, Attribute):
            steps.append(value.name)
            value = value.value
        if not isinstance(value, Name):
            return ValueSymbol(module, name)
        symbol = self._resolve(module, value.id, seen)
        if isinstance(symbol, UnresolvedSymbol):
            return ExternalSymbol(f"builtins.{value.id}") if hasattr(builtins, value.id) else symbol
        for step in reversed(steps):
            symbol = self._member(symbol, step, seen)
        is_part = self._is_for_readers and isinstance(expression, Subscript)
        if is_part and isinstance(expression, Subscript) and isinstance(symbol, ClassSymbol):
            is_part = not self._says_types(module, expression.index, seen)
        return ValueSymbol(module, name) if is_part or isinstance(symbol, ValueSymbol | UnresolvedSymbol) else symbol

    def _says_types(self, module: str, index: Expression, seen: frozenset[tuple[str, str]]) -> bool:
        """Whether a subscript says what a class is to hold, as far as one can see, not which part of it is meant."""
        nodes = tuple(walk(index))
        names = (self._resolve(module, node.id, seen) for node in nodes if isinstance(node, Name))
        is_key = any(isinstance(node, Literal) for node in nodes)
        return not is_key and not any(isinstance(symbol, ValueSymbol) for symbol in names)

    def _member(self, symbol: Symbol, name: str, seen: frozenset[tuple[str, str]]) -> Symbol:
        match symbol:
            case ModuleSymbol(name=module):
                return self._resolve(module, name, seen)
            case ClassSymbol(name=owner):
                return self._class_member(owner, name) or UnresolvedSymbol(f"{owner} has no nested class {name!r}")
            case ExternalSymbol(name=owner):
                return ExternalSymbol(public_name(f"{owner}.{name}"))
            case FunctionSymbol() | ValueSymbol():
                return UnresolvedSymbol(f"an attribute of the value {symbol.name}")
            case UnresolvedSymbol():
                return symbol

    def _class_member(self, owner: str, name: str) -> Symbol | None:
        """Return a class or function that is defined in a class's body."""
        definition = self.class_definition(owner)
        for statement in () if definition is None else definition.body:
            if isinstance(statement, ClassDefinition) and statement.name == name:
                return ClassSymbol(f"{owner}.{name}")
            if isinstance(statement, FunctionDefinition) and statement.name == name:
                return FunctionSymbol(f"{owner}.{name}")
        return None

    def class_definition(self, name: str) -> ClassDefinition | None:
        """Return the definition of a class by `module.qualname`, for top-level classes and those nested in them."""
        parts = name.split(".")
        for count in range(len(parts) - 1, 0, -1):
            namespace = self.namespace(".".join(parts[:count]))
            if namespace is not None:
                return _nested_definition(namespace, parts[count:])
        return None

    @staticmethod
    def _best(candidates: list[Symbol]) -> Symbol:
        """Of alternatives (`try: from fast import X` / `except ImportError: from slow import X`) take what is there."""
        for symbol in candidates:
            if isinstance(symbol, ExternalSymbol) and symbol.name.partition(".")[0] in TRUSTED_MODULES:
                return symbol
            if not isinstance(symbol, ExternalSymbol | UnresolvedSymbol):
                return symbol
        return next((s for s in candidates if isinstance(s, ExternalSymbol)), candidates[0])


def _stars_after(namespace: Namespace | None, bindings: tuple[Binding, ...]) -> tuple[tuple[int, str], ...]:
    """Return the star imports of a module that certainly run, and after all bindings of a name."""
    stars = () if namespace is None else namespace.star_imports[max(each.stars_before for each in bindings) :]
    return tuple(star for star in stars if namespace is not None and star not in namespace.tried)


def _by_precedence(bindings: tuple[Binding, ...]) -> list[Binding]:
    """The last unconditional binding first, then conditional ones, then those for type checkers only."""
    whens: tuple[When, ...] = ("always", "sometimes", "typing")
    return [binding for when in whens for binding in reversed(bindings) if binding.when == when]


def _nested_definition(namespace: Namespace, parts: list[str]) -> ClassDefinition | None:
    targets = [binding.target for binding in namespace.bindings.get(parts[0], ())]
    found = next((target for target in reversed(targets) if isinstance(target, ClassDefinition)), None)
    for part in parts[1:]:
        body = () if found is None else found.body
        found = next((s for s in body if isinstance(s, ClassDefinition) and s.name == part), None)
    return found
