"""Running definitions and imports: what they bind, and what their decorators make of them."""

from huldra.experiments.evaluate.library import external_value
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine, Raised
from huldra.experiments.evaluate.targets import bind
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    External,
    FunctionObject,
    ModuleObject,
    PropertyObject,
    Scope,
    Unknown,
)
from huldra.facts.statements import ClassDefinition, FunctionDefinition, Import, ImportFrom, TypeAlias
from huldra.formats.dialect import CONFIG_DECORATORS, public_name
from huldra.project.modules import absolute_module
from huldra.project.symbols import ClassSymbol, ExternalSymbol, FunctionSymbol

_TRANSPARENT = frozenset(
    {
        *("functools.cache", "functools.lru_cache", "functools.wraps", "abc.abstractmethod", "typing.override"),
        *("typing_extensions.override", "typing.final", "typing.overload", "typing.no_type_check"),
        *("chz.validate", "huldra.chz.validate", "gren.chz.validate", "furu.chz.validate", "enum.unique"),
        *("dataclasses.dataclass", "typing.runtime_checkable", "typing.dataclass_transform", "pydantic.computed_field"),
        *("functools.total_ordering", "typing_extensions.final", "contextlib.suppress"),
    }
)
"""Decorators that, for our purpose, give back what they decorate."""

_PROPERTIES = frozenset({"builtins.property", "functools.cached_property", "abc.abstractproperty"})
_INIT_PROPERTIES = frozenset({"chz.init_property", "huldra.chz.init_property", "gren.chz.init_property"})


def run_function(machine: Machine, node: FunctionDefinition, frame: Frame) -> None:
    """`def f(…): …`: defaults are evaluated now, then decorators are applied from the inside out."""
    defaults = {p.name: machine.evaluate(p.default, frame) for p in node.parameters if p.default is not None}
    owner = machine.project.classes.get(f"{frame.module}.{frame.enclosing[-1]}") if frame.enclosing else None
    scope = _closure(frame)
    value: AbstractValue = FunctionObject(node, scope, frame.module, frame.origin, defaults, owner)
    for decorator in reversed(node.decorators):
        value = _decorate(machine, value, machine.evaluate(decorator, frame), frame)
    bind(machine, node.name, value, frame)


def _closure(frame: Frame) -> Scope:
    """Functions see the scopes around a class, not the class's own."""
    scope: Scope | None = frame.scope
    while scope is not None and scope.is_class:
        scope = scope.parent
    return scope if scope is not None else Scope()


def _decorate(machine: Machine, value: AbstractValue, decorator: AbstractValue, frame: Frame) -> AbstractValue:
    name = _decorator_name(decorator)
    if name in _TRANSPARENT or name in CONFIG_DECORATORS:
        return value
    if name in _PROPERTIES or name in _INIT_PROPERTIES:
        return PropertyObject(value)
    if isinstance(value, FunctionObject) and name == "builtins.staticmethod":
        value.kind = "static"
        return value
    if isinstance(value, FunctionObject) and name == "builtins.classmethod":
        value.kind = "class"
        return value
    if isinstance(value, PropertyObject) and name is None and isinstance(decorator, Unknown):
        return value  # `@area.setter`: the getter stays what it was
    place = frame.place((0, 0, 0, 0))
    if isinstance(value, FunctionObject):
        place = value.origin.place(value.definition.at)
    if isinstance(decorator, FunctionObject):
        return machine.call(decorator, CallArguments([value], {}, place), frame)
    if isinstance(value, FunctionObject):
        machine.entrances.append(value)  # `@click.command()`: somebody outside will call it
    shown = name or (decorator.reason if isinstance(decorator, Unknown) else "a decorator")
    return Unknown(f"what the decorator {shown} makes of a function", place)


def _decorator_name(decorator: AbstractValue) -> str | None:
    """Return the dotted name of a decorator, also of one that was called (`@lru_cache(maxsize=None)`)."""
    match decorator:
        case External(name=name):
            return name
        case Unknown(result_of=name):
            return name
        case _:
            return None


def run_class(machine: Machine, node: ClassDefinition, frame: Frame) -> None:
    """`class K(…): …`: the body is run in a scope of its own, and the class is known by its name from then on."""
    qualname = f"{frame.enclosing[-1]}.{node.name}" if frame.enclosing else node.name
    if frame.function is not None:
        qualname = f"{frame.function.name}.<locals>.{node.name}"
    info = machine.project.classes.get(f"{frame.module}.{qualname}")
    if info is None:
        info = next((i for i in machine.project.classes.values() if i.definition is node), None)
    if info is None:
        bind(machine, node.name, Unknown(f"the class {node.name}", frame.place(node.at)), frame)
        return
    scope = Scope(parent=frame.scope, is_class=True)
    cls = ClassObject(info, scope)
    machine.classes[info.name] = cls
    inner = Frame(scope, frame.module, frame.origin, frame.function, None, (*frame.enclosing, qualname), frame.depth)
    with machine.building("list" if info.is_collection else machine.kinds[-1]):
        machine.execute(node.body, inner)
    value: AbstractValue = cls
    for decorator in reversed(node.decorators):
        name = _decorator_name(machine.evaluate(decorator, frame))
        if name not in _TRANSPARENT and name not in CONFIG_DECORATORS:
            value = value if info.dialect is not None else Unknown(f"a class made by {name}", frame.place(node.at))
    bind(machine, node.name, value, frame)


def run_type_alias(machine: Machine, node: TypeAlias, frame: Frame) -> None:
    """`type X = …`: evaluated lazily by Python, never by us."""
    bind(machine, node.name, External(f"type {node.name}"), frame)


def run_import(machine: Machine, node: Import, frame: Frame) -> None:
    """`import a.b as c`."""
    for imported in node.names:
        head = imported.name.partition(".")[0]
        parts = imported.name.split(".")
        for count in range(1, len(parts) + 1):
            machine.module(".".join(parts[:count]))
        name = imported.name if imported.alias is not None else head
        symbol = machine.project.symbols.module_symbol(name)
        value = External(name) if isinstance(symbol, ExternalSymbol) else ModuleObject(name)
        bind(machine, imported.alias or head, value, frame)


def run_import_from(machine: Machine, node: ImportFrom, frame: Frame) -> None:
    """`from ..module import names`, and star imports."""
    is_package = machine.project.modules.is_package(frame.module)
    source = absolute_module(frame.module, node.level, node.module, is_package=is_package)
    if source is None:
        raise Raised("ImportError", "the dots lead out of the package", frame.place(node.at))
    symbol = machine.project.symbols.module_symbol(source)
    if node.is_star:
        _import_star(machine, source, frame)
        return
    for imported in node.names:
        if isinstance(symbol, ExternalSymbol):
            value = _external_import(machine, source, imported.name, frame, node)
        else:
            value = _imported_value(machine, source, imported.name, frame, node)
        bind(machine, imported.alias or imported.name, value, frame)


def _external_import(machine: Machine, source: str, name: str, frame: Frame, node: ImportFrom) -> AbstractValue:
    top = source.partition(".")[0]
    if top in machine.project.modules.packages or top in machine.project.modules.file_of:
        raise Raised("ImportError", f"there is no module {source}", frame.place(node.at))
    return external_value(public_name(f"{source}.{name}"))


def _imported_value(machine: Machine, source: str, name: str, frame: Frame, node: ImportFrom) -> AbstractValue:
    scope = machine.module(source)
    if scope is not None and name in scope.names:
        return scope.names[name]
    submodule = machine.project.modules.submodule(source, name)
    if submodule is not None:
        machine.module(submodule)
        return ModuleObject(submodule)
    return _not_yet_bound(machine, source, name, frame, node)


def _not_yet_bound(machine: Machine, source: str, name: str, frame: Frame, node: ImportFrom) -> AbstractValue:
    """Modules that import each other: whoever comes first in a real run is not known, so follow the names instead."""
    symbol = machine.project.symbols.resolve(source, name)
    if isinstance(symbol, ClassSymbol) and symbol.name in machine.classes:
        return machine.classes[symbol.name]
    if isinstance(symbol, ClassSymbol | FunctionSymbol):
        return Unknown(f"{symbol.name}, which modules import in a circle", frame.place(node.at))
    if isinstance(symbol, ExternalSymbol):
        return external_value(symbol.name)
    return Unknown(f"the name {name!r}, which {source} does not have", frame.place(node.at))


def _import_star(machine: Machine, source: str, frame: Frame) -> None:
    scope = machine.module(source)
    namespace = machine.project.symbols.namespace(source)
    if scope is None:
        return
    exported = None if namespace is None else namespace.exported
    for name, value in list(scope.names.items()):
        if name in exported if exported is not None else not name.startswith("_"):
            bind(machine, name, value, frame)
