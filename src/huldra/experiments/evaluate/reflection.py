"""Code that finds classes by looking at what there is: subclasses, the names of a module, the text of an expression.

Which classes it finds may depend on what has been imported; then it is one of those that are known.
"""

import re

from huldra.experiments.evaluate.frames import Frame
from huldra.experiments.evaluate.machine import CallArguments, Machine
from huldra.experiments.evaluate.offered import build_perhaps, is_buildable
from huldra.experiments.values import AbstractValue, ClassObject, External, ModuleObject, Scope, Unknown
from huldra.facts.expressions import Attribute, Call, Expression, Name
from huldra.project.places import Place
from huldra.project.symbols import ClassSymbol

_NAME = re.compile(r"[^\W\d]\w*")


def subclasses(machine: Machine, cls: ClassObject, place: Place) -> Unknown:
    """Return what `cls.__subclasses__()` gives: those that have been imported, in the order in which they were."""
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
            return frame.module if asked == External("builtins.globals") else None
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


def _is_plain(expression: Expression) -> bool:
    """Whether an expression is a name, so that to look at it twice changes nothing."""
    while isinstance(expression, Attribute):
        expression = expression.value
    return isinstance(expression, Name)


def look_around(machine: Machine, name: str, call: CallArguments, frame: Frame) -> Unknown | None:
    """Return what `inspect.getmembers` gives; None for any other function. Effect: what `eval` and `exec` may build."""
    asked = call.positional[0]
    if name == "inspect.getmembers" and isinstance(asked, ModuleObject):
        return some_member(machine, asked.name, Unknown("whichever inspect.getmembers gives", call.place), call.place)
    if name in {"builtins.eval", "builtins.exec"}:
        _build_from_text(machine, asked, frame, call.place)
    return None


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
