"""Functions that can change nothing that others hold: whether one is called makes no difference, so that none is run.

Of a function only what its text leads to by the names of its module is looked at, and what that leads to. It is asked
of functions whose arguments are not known, so what comes by these, or by `self`, is not known either way.
"""

import builtins

from huldra.experiments.evaluate.function_attributes import defaults_of, has_other_code
from huldra.experiments.evaluate.machine import Inertness, Machine
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    Concrete,
    External,
    FieldCall,
    FunctionObject,
    ModuleObject,
    PropertyObject,
    Scope,
    Sentinel,
    Unknown,
    next_birth,
)
from huldra.facts.expressions import Attribute, Comprehension, Lambda, Name, Subscript
from huldra.facts.statements import (
    AnnotatedAssign,
    Assign,
    AugmentedAssign,
    ClassDefinition,
    Delete,
    For,
    FunctionDefinition,
    Import,
    ImportFrom,
    ScopeDeclaration,
)
from huldra.facts.walk import walk
from huldra.formats.config_values import EnumValue, PathValue

_REACHING = frozenset(
    {"exec", "eval", "globals", "locals", "vars", "setattr", "delattr", "getattr", "__import__", "open"}
)
"""Functions of Python's that lead to what is not named."""


def is_inert(machine: Machine, function: FunctionObject) -> bool:
    """Whether a function can change nothing that others hold. Effect: notes what was looked at for that."""
    known = machine.inert.get(id(function.definition))
    if known is None or not _is_so_still(machine, known):
        search = _Search(machine)
        found = search.go_through(function)
        modules, classes = tuple(search.modules.items()), tuple(search.classes.items())
        functions = tuple(search.functions.values())
        known = Inertness(found, function.definition, next_birth(), modules, classes, functions)
        machine.inert[id(function.definition)] = known
    for each in known.functions:
        machine.ran(each)
    return known.is_inert


def _is_so_still(machine: Machine, known: Inertness) -> bool:
    """Whether nothing that was looked at has been changed, or made anew, since."""
    if any(each.attributes is not None and each.attributes.touched >= known.since for each in known.functions):
        return False
    for name, scope in known.modules:
        if machine.modules.get(name) is not scope or scope.touched >= known.since:
            return False
    for name, scope in known.classes:
        cls = machine.classes.get(name)
        if cls is None or cls.members is not scope or scope.touched >= known.since:
            return False
    return True


class _Search:
    """What has been looked at."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.functions: dict[int, FunctionObject] = {}
        self.modules: dict[str, Scope] = {}
        self.classes: dict[str, Scope] = {}

    def go_through(self, function: FunctionObject) -> bool:
        """Whether a function, and whatever it calls, changes nothing."""
        waiting: list[AbstractValue] = [function]
        while waiting:
            value = waiting.pop()
            if isinstance(value, PropertyObject):
                value = value.function
            if isinstance(value, FunctionObject):
                if id(value.definition) not in self.functions:
                    self.functions[id(value.definition)] = value
                    if not self._take_names(value, waiting):
                        return False
            elif isinstance(value, ClassObject):
                if value.name not in self.classes and not self._take_members(value, waiting):
                    return False
            elif isinstance(value, FieldCall):
                waiting += value.arguments.values()
            elif isinstance(value, Unknown):
                waiting += value.aliases
            elif isinstance(value, tuple):
                waiting += value
            elif not isinstance(value, Concrete | EnumValue | PathValue | External | Sentinel):
                return False
        return True

    def _take_members(self, cls: ClassObject, waiting: list[AbstractValue]) -> bool:
        self.classes[cls.name] = cls.members
        for ancestor in cls.info.order:
            known = self._machine.class_object(ancestor) if ancestor in self._machine.project.classes else None
            if known is not None:
                self.classes[ancestor] = known.members
                waiting += known.members.names.values()
        return not any(keyword.name == "metaclass" for keyword in cls.info.keywords)

    def _take_names(self, function: FunctionObject, waiting: list[AbstractValue]) -> bool:
        module = self._machine.modules.get(function.module)
        if module is None or function.scope is not module or function.memo is not None or has_other_code(function):
            return False
        self.modules[function.module] = module
        waiting += defaults_of(function).values()
        own, inner = _bound(self._machine, function.definition)
        modules: set[int] = set()
        for node in walk(function.definition):
            match node:
                case ScopeDeclaration() | Delete() | Import() | ImportFrom() | ClassDefinition():
                    return False
                case Assign() | AugmentedAssign() | AnnotatedAssign() | For() if not _is_own(node, function, own):
                    return False
                case Name(id=name) if name in _REACHING:
                    return False
                case Attribute(value=Name(id=name) as base, name=member) if name not in own:
                    found = module.names.get(name)
                    if isinstance(found, ModuleObject):
                        other = self._machine.modules.get(found.name)
                        if other is None or member not in other.names:
                            return False
                        self.modules[found.name] = other
                        self._machine.found.reads.add(found.name)
                        modules.add(id(base))
                        waiting.append(other.names[member])
                case Name(id=name) if name not in own and id(node) not in modules:
                    if name in module.names:
                        waiting.append(module.names[name])
                    elif name not in inner and not hasattr(builtins, name):
                        return False
                case _:
                    pass
        return True


def _is_own(
    statement: Assign | AugmentedAssign | AnnotatedAssign | For, function: FunctionObject, own: frozenset[str]
) -> bool:
    """Whether an assignment changes names of the function, its receiver, or an element of what it has itself."""
    first = _receiver(function)
    targets = statement.targets if isinstance(statement, Assign) else (statement.target,)
    for part in (part for target in targets for part in walk(target)):
        match part:
            case Attribute(value=Name(id=name)) if name == first:
                continue
            case Attribute():
                return False
            case Subscript(value=Name(id=name)) if name not in own:
                return False
            case _:
                continue
    return True


def _receiver(function: FunctionObject) -> str:
    parameters = function.definition.parameters
    return parameters[0].name if parameters and function.owner is not None and function.kind == "plain" else ""


def _bound(machine: Machine, definition: FunctionDefinition | Lambda) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that are a function's own, and those of what is made inside it."""
    inner: set[str] = set()
    own = frozenset[str]()
    if isinstance(definition, Lambda):
        own = frozenset(parameter.name for parameter in definition.parameters)
    else:
        own = machine.local_names(definition).names
    for node in walk(definition):
        match node:
            case FunctionDefinition():
                inner |= machine.local_names(node).names
            case Lambda(parameters=parameters):
                inner.update(parameter.name for parameter in parameters)
            case Comprehension(clauses=clauses):
                targets = (part for clause in clauses for part in walk(clause.target))
                inner.update(part.id for part in targets if isinstance(part, Name))
            case _:
                continue
    return own, frozenset(inner)
