"""Running definitions and imports: what they bind, and what their decorators make of them."""

from msgspec.structs import replace

from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.enum_instances import init_members
from huldra.experiments.evaluate.enums import MARKS, mark
from huldra.experiments.evaluate.footprints import read_by
from huldra.experiments.evaluate.function_attributes import KINDS_OF_METHODS
from huldra.experiments.evaluate.generated_managers import DECORATOR, is_followed
from huldra.experiments.evaluate.importing import count_outside, import_module
from huldra.experiments.evaluate.library import FACTORY, external_value
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.spoiling import spoil, spoil_scope
from huldra.experiments.evaluate.targets import bind, closure_of, closure_owner
from huldra.experiments.evaluate.unseen_bases import tell_unseen_bases
from huldra.experiments.made_names import MadeName
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    Method,
    ModuleObject,
    Partial,
    PropertyObject,
    Scope,
    Unknown,
)
from huldra.facts.expressions import Name
from huldra.facts.statements import ClassDefinition, FunctionDefinition, Import, ImportFrom, TypeAlias
from huldra.formats.dialect import CONFIG_DECORATORS, DIALECTS, public_name
from huldra.project.classes import ClassInfo
from huldra.project.modules import absolute_module
from huldra.project.standard_stars import standard_names
from huldra.project.symbols import ClassSymbol, ExternalSymbol, FunctionSymbol

_TRANSPARENT = frozenset(
    {
        *("abc.abstractmethod", "typing.override"),
        *("typing_extensions.override", "typing.final", "typing.overload", "typing.no_type_check"),
        *("chz.validate", "huldra.chz.validate", "gren.chz.validate", "furu.chz.validate", "enum.unique"),
        *("dataclasses.dataclass", "typing.runtime_checkable", "typing.dataclass_transform", "pydantic.computed_field"),
        *("functools.total_ordering", "typing_extensions.final", "contextlib.suppress"),
    }
)
"""Decorators that, for our purpose, give back what they decorate."""

_MAKING_A_CLASS = ("__new__", "__init__", "__prepare__", "__call__")
_CALLED = FunctionObject | BoundMethod | Partial | ClassObject | InstanceObject | Method
"""What decorates by being called: the project's own functions, classes and instances, and `table.append`."""
_CACHES = frozenset({"functools.cache", "functools.lru_cache"})
_PROPERTIES = frozenset({"builtins.property", "functools.cached_property", "abc.abstractproperty"})
_INIT_PROPERTIES = frozenset({"chz.init_property", "huldra.chz.init_property", "gren.chz.init_property"})


def run_function(machine: Machine, node: FunctionDefinition, frame: Frame) -> None:
    """`def f(…): …`: defaults are evaluated now, then decorators are applied from the inside out."""
    defaults = {p.name: machine.evaluate(p.default, frame) for p in node.parameters if p.default is not None}
    owner = closure_owner(machine, frame)
    function = FunctionObject(node, closure_of(frame), frame.module, frame.origin, defaults, owner)
    value: AbstractValue = function
    for decorator in reversed(node.decorators):
        value = _decorate(machine, value, machine.evaluate(decorator, frame), frame)
    if frame.function is None:
        machine.found.functions.append(function)
        if isinstance(value, Unknown) and function not in machine.found.entrances:
            machine.found.entrances.append(function)
    bind(machine, node.name, value, frame)


def _decorate(machine: Machine, value: AbstractValue, decorator: AbstractValue, frame: Frame) -> AbstractValue:
    name = _decorator_name(decorator)
    if name in _CACHES and isinstance(value, FunctionObject):
        value.memo = DictObject({})
        return value
    if name in _TRANSPARENT or name in CONFIG_DECORATORS:
        return value
    if name in MARKS:
        return mark(name, value)
    if name in _PROPERTIES or name in _INIT_PROPERTIES:
        return PropertyObject(value, is_cached=name == "functools.cached_property")
    inner = value.positional[0] if isinstance(value, Partial) and value.function == FACTORY else value
    if isinstance(inner, FunctionObject) and name in KINDS_OF_METHODS:
        inner.kind = KINDS_OF_METHODS[name]
        return value
    if isinstance(decorator, Method) and isinstance(decorator.receiver, PropertyObject):
        return _changed_property(decorator.receiver, decorator.name, value)
    place = frame.place((0, 0, 0, 0))
    if isinstance(value, FunctionObject):
        place = value.origin.place(value.definition.at)
    if isinstance(decorator, _CALLED):
        return machine.call(decorator, CallArguments([value], {}, place), frame)
    if isinstance(value, FunctionObject) and name == DECORATOR and is_followed(value):
        machine.found.entrances.append(value)
        return Partial(FACTORY, (value,), {})
    if isinstance(value, FunctionObject):
        machine.found.entrances.append(value)  # `@click.command()`: somebody outside will call it
    shown = name or (decorator.reason if isinstance(decorator, Unknown) else "a decorator")
    aliases = (value,) if isinstance(value, FunctionObject) else ()
    return Unknown(f"what the decorator {shown} makes of a function", place, aliases=aliases)


def _changed_property(before: PropertyObject, name: str, function: AbstractValue) -> PropertyObject:
    """`@area.setter`, `@area.getter`; what deletes it is not followed."""
    match name:
        case "setter":
            return replace(before, setter=function)
        case "getter":
            return replace(before, function=function)
        case _:
            return before


def _decorator_name(decorator: AbstractValue) -> str | None:
    """Return the dotted name of a decorator, also of one that was called (`@lru_cache(maxsize=None)`)."""
    match decorator:
        case External(name=name):
            return name
        case Unknown(result_of=name) | Partial(function=External(name="contextlib.suppress" as name)):
            return name
        case _:
            return None


def run_class(machine: Machine, node: ClassDefinition, frame: Frame) -> None:
    """`class K(…): …`: the body is run in a scope of its own, and the class is known by its name from then on."""
    qualname = f"{frame.enclosing[-1]}.{node.name}" if frame.enclosing else node.name
    if frame.function is not None:
        qualname = f"{frame.function.name}.<locals>.{node.name}"
    info = machine.project.classes.get(f"{frame.module}.{qualname}")
    if info is not None and info.definition is not node:
        # Another definition of the name, later in the file, is what the rest of the engine knows as this class.
        info = replace(info, definition=node, unseen=(f"{qualname}, which is defined more than once",))
    if info is None:
        info = next((i for i in machine.project.classes.values() if i.definition is node), None)
    if info is None:
        bind(machine, node.name, Unknown(f"the class {node.name}", frame.place(node.at)), frame)
        return
    scope = Scope(parent=frame.scope, is_class=True)
    is_known = machine.project.classes[info.name] is info
    cls = _made_by_function(machine, info, scope, node, frame) if info.is_local else ClassObject(info, scope)
    if is_known:
        machine.classes[info.name] = cls
        machine.found.classes.append(cls)
    tell_unseen_bases(machine, info, node, frame)
    inner = Frame(
        scope, frame.module, frame.origin, frame.function, None, (*frame.enclosing, info.qualname), frame.depth
    )
    with machine.building("list" if info.is_collection else machine.kinds[-1]):
        machine.execute(node.body, inner)
    cls.is_ever_false = any(look_up(machine, (info.name, *info.order[1:]), name) for name in ("__bool__", "__len__"))
    init_members(machine, cls, frame)
    _tell_names(machine, cls, frame)
    _doubt_metaclass(machine, cls)
    _tell_ancestors(machine, cls, node, frame)
    value: AbstractValue = cls
    for decorator in reversed(node.decorators):
        value = _decorate_class(machine, cls, value, machine.evaluate(decorator, frame), frame)
    bind(machine, node.name, value, frame)


def _made_by_function(
    machine: Machine, info: ClassInfo, scope: Scope, node: ClassDefinition, frame: Frame
) -> ClassObject:
    """Return a class that is made anew at each call of a function, as those of its bases are that stand beside it."""
    name = MadeName(info.name)
    known: dict[str, str] = {info.name: name}
    for argument in node.arguments:
        base = machine.evaluate(argument.value, frame) if isinstance(argument.value, Name) else None
        if isinstance(base, ClassObject):
            known |= {each: each for each in base.info.order if isinstance(each, MadeName)}
    cls = ClassObject(replace(info, order=tuple(known.get(each, each) for each in info.order)), scope)
    name.made = cls
    return cls


def _decorate_class(
    machine: Machine, cls: ClassObject, value: AbstractValue, decorator: AbstractValue, frame: Frame
) -> AbstractValue:
    """The project's own decorators are called; those from outside are taken to give experiments back as they are."""
    name = _decorator_name(decorator)
    if name in _TRANSPARENT or name in CONFIG_DECORATORS:
        return value
    if name in MARKS:
        return mark(name, value)
    place = cls.info.name_place
    if isinstance(decorator, _CALLED):
        return machine.call(decorator, CallArguments([value], {}, place), frame)
    machine.doubtful_calls += 1
    shown = name or (decorator.reason if isinstance(decorator, Unknown) else "a decorator")
    return value if cls.info.dialect is not None else Unknown(f"a class made by {shown}", place)


def _doubt_metaclass(machine: Machine, cls: ClassObject) -> None:
    """A metaclass of the project may do anything as a class is made: what it may have changed is in doubt."""
    infos = [info for name in cls.info.order if (info := machine.project.classes.get(name)) is not None]
    named = [(info, a.value) for info in infos for a in info.keywords if a.name == "metaclass"]
    symbols = (machine.project.symbols.resolve_expression(i.module, value, i.enclosing) for i, value in named)
    name = next((symbol.name for symbol in symbols if isinstance(symbol, ClassSymbol)), None)
    meta = None if name is None else machine.class_object(name)
    if meta is None:
        return
    members = [look_up(machine, meta.info.order, name) for name in _MAKING_A_CLASS]
    hooks = [found[0] for found in members if found is not None and isinstance(found[0], FunctionObject)]
    if not hooks:
        return
    doubt = Unknown(f"what the metaclass {meta.info.qualname} does", cls.info.name_place)
    owners = (machine.class_object(n) for n in meta.info.order if n in machine.project.classes)
    for owner in (cls, *owners):
        if owner is not None:
            spoil_scope(machine, owner.members, doubt)
    for hook in hooks:
        spoil(machine, read_by(machine, hook), doubt)
        for name in machine.exported_names(hook):
            bind(machine, name, doubt, Frame(machine.modules[hook.module], hook.module, hook.origin))


def _tell_names(machine: Machine, cls: ClassObject, frame: Frame) -> None:
    """Run the `__set_name__` of what the class has."""
    for name, member in list(cls.members.names.items()):
        if isinstance(member, InstanceObject):
            found = look_up(machine, member.cls.info.order, "__set_name__")
            if found is not None and isinstance(found[0], FunctionObject):
                machine.call_with(BoundMethod(found[0], member), [cls, name], frame, cls.info.name_place)


def _tell_ancestors(machine: Machine, cls: ClassObject, node: ClassDefinition, frame: Frame) -> None:
    """Run the `__init_subclass__` that the class inherits."""
    found = look_up(machine, cls.info.order[1:], "__init_subclass__")
    if found is None or not isinstance(found[0], FunctionObject):
        return
    given = {a.name: machine.evaluate(a.value, frame) for a in node.arguments if a.name not in {None, "metaclass"}}
    keywords = {name: value for name, value in given.items() if name is not None}
    machine.call(BoundMethod(found[0], cls), CallArguments([], keywords, cls.info.name_place), frame)


def run_type_alias(machine: Machine, node: TypeAlias, frame: Frame) -> None:
    """`type X = …`: evaluated lazily by Python, never by us."""
    bind(machine, node.name, External(f"type {node.name}"), frame)


def run_import(machine: Machine, node: Import, frame: Frame) -> None:
    """`import a.b as c`."""
    for imported in node.names:
        head = imported.name.partition(".")[0]
        parts = imported.name.split(".")
        for count in range(1, len(parts) + 1):
            import_module(machine, ".".join(parts[:count]))
        count_outside(machine, head)
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
    count_outside(machine, source.partition(".")[0])
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
    scope = import_module(machine, source)
    if scope is not None and name in scope.names:
        return scope.names[name]
    submodule = machine.project.modules.submodule(source, name)
    if submodule is not None:
        import_module(machine, submodule)
        return ModuleObject(submodule)
    if scope is not None and isinstance(hook := scope.names.get("__getattr__"), FunctionObject):
        try:
            return machine.call_with(hook, [name], frame, frame.place(node.at))
        except Raised as raised:
            if raised.type_name != "AttributeError":
                raise
            raise Raised("ImportError", f"{source} has no name {name!r}", frame.place(node.at)) from raised
    return _not_yet_bound(machine, source, name, frame, node)


def _not_yet_bound(machine: Machine, source: str, name: str, frame: Frame, node: ImportFrom) -> AbstractValue:
    """Modules that import each other: whoever comes first in a real run is not known, so follow the names instead."""
    symbol = machine.project.symbols.resolve(source, name)
    if isinstance(symbol, ClassSymbol) and symbol.name in machine.classes:
        machine.class_object(symbol.name)
        return machine.classes[symbol.name]
    if isinstance(symbol, ClassSymbol | FunctionSymbol):
        return Unknown(f"{symbol.name}, which modules import in a circle", frame.place(node.at))
    if isinstance(symbol, ExternalSymbol):
        return external_value(symbol.name)
    return Unknown(f"the name {name!r}, which {source} does not have", frame.place(node.at))


def _import_star(machine: Machine, source: str, frame: Frame) -> None:
    scope = import_module(machine, source)
    if scope is None:
        _import_outside_star(machine, source, frame)
        return
    exported = _exported(machine, scope, frame)
    for name, value in list(scope.names.items()):
        if name in exported if exported is not None else not name.startswith("_"):
            bind(machine, name, value, frame)
    for name in exported or ():
        if isinstance(name, str) and name not in scope.names:
            submodule = machine.project.modules.submodule(source, name)
            if submodule is not None:  # that is how Python comes to import what is below a package
                import_module(machine, submodule)
                bind(machine, name, ModuleObject(submodule), frame)


def _exported(machine: Machine, scope: Scope, frame: Frame) -> list[AbstractValue] | None:
    """Return what `__all__` holds after the module has run; None when there is none, or it cannot be known."""
    if "__all__" not in scope.names:
        return None
    names = machine.iterate(scope.names["__all__"], frame, frame.place((0, 0, 0, 0)))
    return None if isinstance(names, Unknown) else names


def _import_outside_star(machine: Machine, source: str, frame: Frame) -> None:
    """Names that nobody can see: from here on every name of Python's own, and every value bound before, may be one."""
    dialect = next((dialect for dialect in DIALECTS if dialect.name == source), None)
    if dialect is not None:
        classes = {name.rpartition(".")[2] for name in dialect.experiment_classes | dialect.collection_classes}
        for name in ("chz", "submitit", "MISSING", *sorted(classes)):
            bind(machine, name, external_value(f"{source}.{name}"), frame)
        return
    names = standard_names(source)
    if names is not None:
        for name in names:
            bind(machine, name, external_value(public_name(f"{source}.{name}")), frame)
        return
    doubt = Unknown(f"a name that may come from {source} through a star import")
    machine.touch(frame.scope)
    for name, value in frame.scope.names.items():
        if not name.startswith("_") and not isinstance(value, ClassObject | FunctionObject | ModuleObject | External):
            frame.scope.names[name] = doubt
    frame.scope.names["*"] = doubt
