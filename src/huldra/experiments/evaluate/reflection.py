"""Code that finds classes by looking at what there is: subclasses, the names of a module, the text of an expression.

Which classes it finds may depend on what has been imported; then it is one of those that are known.
"""

import re

from huldra.experiments.evaluate.frames import Frame
from huldra.experiments.evaluate.instances import note_registered
from huldra.experiments.evaluate.machine import CallArguments, Machine
from huldra.experiments.evaluate.offered import build_perhaps, is_buildable
from huldra.experiments.values import AbstractValue, ClassObject, External, ListObject, ModuleObject, Scope, Unknown
from huldra.facts.expressions import Attribute, Call, Expression, Literal, Name, Subscript
from huldra.project.hierarchy import missing_methods
from huldra.project.places import Place
from huldra.project.symbols import ClassSymbol

_OF_ALL_NAMES = (External("builtins.locals"), External("builtins.vars"))
_ENTRIES = ("__doc__", "__package__", "__loader__", "__spec__", "__cached__", "__builtins__")
"""What a module's table holds beside what the module binds; none of it builds anything."""
_NAME = re.compile(r"[^\W\d]\w*")


def ask_class(machine: Machine, cls: ClassObject, name: str, place: Place) -> Unknown:
    """Return what `cls.__subclasses__()` gives: those that have been imported, in the order in which they were.

    Effect: after `cls.register(Other)` the class answers by itself what is an instance of it.
    """
    if name == "register":
        note_registered(machine, cls, place)
        return Unknown("what has been registered", place)
    children = [c for c in machine.classes.values() if _is_child(c, cls)]
    machine.found.reads.update(child.info.module for child in children)
    buildable = tuple(child for child in children if is_buildable(machine, child))
    return Unknown(f"the subclasses of {cls.info.definition.name} that have been imported", place, aliases=buildable)


def _is_child(child: ClassObject, parent: ClassObject) -> bool:
    return any(isinstance(base.symbol, ClassSymbol) and base.symbol.name == parent.name for base in child.info.bases)


def some_member(machine: Machine, module: str, cause: Unknown, place: Place) -> Unknown:
    """Return something of a module, nobody knows which: of its names, an experiment class is what can be built."""
    scope = machine.module(module)
    values = () if scope is None else tuple(dict.fromkeys(v for v in scope.names.values() if is_buildable(machine, v)))
    return Unknown(f"a name of {module} that is not known: {cause.reason}", cause.place or place, aliases=values)


def module_of_table(machine: Machine, table: Expression, frame: Frame) -> str | None:
    """Return whose names `vars(module)`, `globals()` or `module.__dict__` holds, None for any other expression."""
    match table:
        case Call(function=function, arguments=()) if _is_plain(function):
            asked = machine.evaluate(function, frame)
            is_local = asked in _OF_ALL_NAMES and frame.scope is machine.modules.get(frame.module)
            return frame.module if asked == External("builtins.globals") or is_local else None
        case Call(function=function, arguments=(argument,)) if _is_plain(function) and _is_plain(argument.value):
            if machine.evaluate(function, frame) != External("builtins.vars"):
                return None
            owner = machine.evaluate(argument.value, frame)
            return owner.name if isinstance(owner, ModuleObject) else None
        case Attribute(value=value, name="__dict__") if _is_plain(value):
            owner = machine.evaluate(value, frame)
            return owner.name if isinstance(owner, ModuleObject) else None
        case _:
            return None


def entry_of_class(machine: Machine, table: Expression, index: Expression, frame: Frame) -> AbstractValue | None:
    """Return what `Class.__dict__["name"]` or `vars(Class)["name"]` is; None for any other expression."""
    match table:
        case Call(function=function, arguments=(argument,)) if _is_plain(function) and _is_plain(argument.value):
            owner = argument.value if machine.evaluate(function, frame) == External("builtins.vars") else None
        case Attribute(value=value, name="__dict__") if _is_plain(value):
            owner = value
        case _:
            owner = None
    cls = None if owner is None else machine.evaluate(owner, frame)
    key = machine.evaluate(index, frame) if isinstance(cls, ClassObject) else None
    return cls.members.names.get(key) if isinstance(cls, ClassObject) and isinstance(key, str) else None


def ask_table(machine: Machine, call: Call, frame: Frame) -> tuple[AbstractValue] | None:
    """Return what `globals().get(name)`, `vars(module).items()` and the like give, in a tuple; None for other calls."""
    asked = call.function
    if not isinstance(asked, Attribute) or asked.name not in {"get", "items", "values"}:
        return None
    if any(argument.star or argument.name for argument in call.arguments):
        return None
    module = module_of_table(machine, asked.value, frame)
    scope = None if module is None else machine.module(module)
    if module is None or scope is None or (asked.name == "get") is not (len(call.arguments) in {1, 2}):
        return None
    place = frame.place(call.at)
    if asked.name == "get":
        key, *default = [machine.evaluate(argument.value, frame) for argument in call.arguments]
        if isinstance(key, Unknown):
            return (some_member(machine, module, key, place),)
        return (scope.names.get(key, default[0] if default else None) if isinstance(key, str) else None,)
    held = [(name, Unknown(f"{name} of {module}", place)) for name in _ENTRIES if name not in scope.names]
    pairs = [*held, *scope.names.items()]
    return (ListObject([value for _, value in pairs] if asked.name == "values" else list(pairs)),)


def is_table_of_locals(machine: Machine, table: Expression, frame: Frame) -> bool:
    """Whether an expression is `locals()`."""
    return (
        isinstance(table, Call)
        and not table.arguments
        and _is_plain(table.function)
        and machine.evaluate(table.function, frame) == External("builtins.locals")
    )


def local_value(machine: Machine, key: AbstractValue, frame: Frame, place: Place) -> AbstractValue:
    """Return `locals()[key]`."""
    names = frame.scope.names
    if isinstance(key, str) and key in names and not frame.scope.is_comprehension:
        return names[key]
    cause = key.reason if isinstance(key, Unknown) else f"nothing is called {key!r} there"
    held = tuple(dict.fromkeys(value for value in names.values() if is_buildable(machine, value)))
    return Unknown(f"a local name that is not known: {cause}", place, aliases=held)


def imported_module(machine: Machine, name: AbstractValue, place: Place) -> AbstractValue:
    """Return `sys.modules[name]`; where the name is not known, any module that has a class to build may be meant."""
    if isinstance(name, str) and machine.module(name) is not None:
        return ModuleObject(name)
    cause = name.reason if isinstance(name, Unknown) else f"{name!r} is not of the project"
    owners = dict.fromkeys(cls.info.module for cls in machine.classes.values() if is_buildable(machine, cls))
    held = tuple(ModuleObject(owner) for owner in owners) if isinstance(name, Unknown) else ()
    return Unknown(f"a module that is not known: {cause}", place, aliases=held)


def _is_plain(expression: Expression) -> bool:
    """Whether an expression is a name, or an entry of one, so that to look at it twice changes nothing."""
    while isinstance(expression, Attribute):
        expression = expression.value
    if isinstance(expression, Subscript):
        return _is_plain(expression.value) and isinstance(expression.index, Name | Literal)
    return isinstance(expression, Name)


def look_around(machine: Machine, name: str, call: CallArguments, frame: Frame) -> AbstractValue:
    """Return what `inspect.getmembers`, `sys.modules.get`, or `eval` of a name gives; None for any other function.

    Effect: what `eval` and `exec` may build.
    """
    asked = call.positional[0]
    if name == "inspect.getmembers" and isinstance(asked, ModuleObject):
        return some_member(machine, asked.name, Unknown("whichever inspect.getmembers gives", call.place), call.place)
    if name == "sys.modules.get" and asked is not None:
        return imported_module(machine, asked, call.place)
    if name == "builtins.eval" and isinstance(asked, str) and asked.isidentifier() and len(call.positional) == 1:
        module = machine.modules.get(frame.module)
        names = {**({} if module is None else module.names), **frame.scope.names}
        return names.get(asked)  # those of functions around it are seen only where the code itself mentions them
    if name in {"builtins.eval", "builtins.exec"}:
        _build_from_text(machine, asked, frame, call.place)
    return None


def is_abstract(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`inspect.isabstract(cls)`, which answers while a class is being made, too."""
    cls = call.positional[0]
    if isinstance(cls, ClassObject) and cls.info.dialect is not None and not cls.info.unseen:
        return bool(missing_methods(cls.name, machine.project.tables, machine.project.symbols))
    return cls if isinstance(cls, Unknown) else Unknown("whether a class is abstract", call.place)


def _build_from_text(machine: Machine, text: AbstractValue, frame: Frame, place: Place) -> None:
    """Effect: a dynamic site for each experiment class that the text of an `eval` or `exec` names."""
    if not isinstance(text, str):
        return
    for name in dict.fromkeys(_NAME.findall(text)):
        cls = _visible(machine, name, frame)
        if is_buildable(machine, cls):
            build_perhaps(machine, cls, Unknown("code in a text", place), frame)


def _visible(machine: Machine, name: str, frame: Frame) -> AbstractValue:
    scope: Scope | None = frame.scope
    while scope is not None:
        if name in scope.names:
            return scope.names[name]
        scope = scope.parent
    module = machine.modules.get(frame.module)
    return None if module is None else module.names.get(name)
