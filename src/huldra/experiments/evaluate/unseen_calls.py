"""Code of the project that runs where nobody sees it called: what it may change is in doubt, never left as it was.

Python calls special methods by itself, and what lies outside the project calls the methods that it knows of. Where that
cannot be followed each is run as if it might happen; what it builds is found another time.
"""

import sys
from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import replace

from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.footprints import read_by
from huldra.experiments.evaluate.function_attributes import has_other_code
from huldra.experiments.evaluate.inert import is_inert
from huldra.experiments.evaluate.journal import CALLABLE
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.reachable import mutable_parts
from huldra.experiments.evaluate.signals import LimitReached
from huldra.experiments.evaluate.spoiling import spoil
from huldra.experiments.value_identity import as_key
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    FunctionObject,
    InstanceObject,
    Key,
    Method,
    PropertyObject,
    Unknown,
    type_name,
)
from huldra.facts.expressions import Attribute, Call, Name, Node, Subscript
from huldra.facts.statements import AnnotatedAssign, Assign, AugmentedAssign, Delete, For, ScopeDeclaration, With
from huldra.facts.walk import walk
from huldra.formats.config_values import EnumValue
from huldra.formats.dialect import dialect_of_class
from huldra.project.places import Place

_MOST = 20
_STEPS = 2_000
_MOST_REHEARSALS = 30
"""Of one piece of work; what comes after is in doubt with all that it can reach."""
HARMLESS_BASES = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing.NamedTuple"})
"""Bases that call nothing of their descendants."""
HASHED = ("__hash__", "__eq__")
SHOWN = ("__str__", "__repr__", "__format__")
COMPARED = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__contains__")
TRUTH = ("__bool__", "__len__")
_MAKERS = frozenset({"__init__", "__new__", "__post_init__", "__init_subclass__", "__class_getitem__", "__set_name__"})
_OF_FILES = frozenset({"write", "flush", "close"})
"""What the standard library calls of a file, which may be anything that has these."""
COPIED = ("__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__")
_READING = frozenset(
    {
        *("hash", "len", "str", "repr", "tuple", "list", "dict", "set", "frozenset", "isinstance", "type", "format"),
        *("int", "float", "bool", "round", "abs", "min", "max", "sum", "zip", "id", "super"),
    }
)
_READING_METHODS = frozenset({"join", "lower", "upper", "strip", "startswith", "endswith", "format"})
"""What special methods call most: what these lead to is what the values themselves have."""


def hashed(machine: Machine, value: AbstractValue, frame: Frame, place: Place) -> Key | Unknown:
    """Return a value as a dict key; Unknown with the reason when it is none, or cannot be known.

    Effect: what the methods change is in doubt by which Python tells such a key from others.
    """
    key = as_key(value)
    if isinstance(key, Unknown | EnumValue):
        call_unseen(machine, [value], HASHED, frame, place)
    return key


def call_unseen(
    machine: Machine, values: Iterable[AbstractValue], names: Collection[str] | None, frame: Frame, place: Place
) -> None:
    """Effect: put in doubt what special methods change that Python may call of values, or of what these hold.

    Args:
        machine: The evaluation.
        values: The values.
        names: The special methods; None for all but those that make an instance.
        frame: Where that is.
        place: Where it is done.
    """
    for owner in _owners(values):
        for method in _special(machine, owner, names):
            machine.ran(method.function)  # another body of it may change something, whether it is run or not
            if acts(machine, method.function):
                doubt = Unknown(f"{method.function.name} of a {type_name(owner)} may have changed it", place)
                rehearse(machine, method, doubt, frame)


def has_acting(machine: Machine, value: InstanceObject | ConfigObject, names: Collection[str]) -> bool:
    """Whether one of some special methods of a value, or of what it holds, may change anything."""
    found = (method for owner in _owners([value]) for method in _special(machine, owner, names))
    return any(acts(machine, method.function) for method in found)


def _owners(values: Iterable[AbstractValue]) -> Iterator[InstanceObject | ConfigObject | EnumValue]:
    listed = list(values)
    for value in listed:
        if type(value) is ConfigObject or type(value) is EnumValue:
            yield value
    for part in mutable_parts(listed):
        if type(part) is InstanceObject:
            yield part


def _special(
    machine: Machine, owner: InstanceObject | ConfigObject | EnumValue, names: Collection[str] | None
) -> Iterator[BoundMethod]:
    if isinstance(owner, EnumValue):
        info = machine.project.classes.get(owner.class_name)
        order = () if info is None else info.order
    else:
        order = owner.cls.info.order
    if names is None:
        classes = (machine.class_object(name) for name in order if name in machine.project.classes)
        named = (name for cls in classes if cls is not None for name in cls.members.names)
        names = [name for name in dict.fromkeys(named) if _is_special(name)]
    for name in names:
        found = look_up(machine, order, name)
        if found is not None and isinstance(found[0], FunctionObject):
            yield BoundMethod(found[0], owner)


def _is_special(name: str) -> bool:
    return name in _OF_FILES or (name.startswith("__") and name.endswith("__") and name not in _MAKERS)


def call_methods_unseen(machine: Machine, owner: InstanceObject | ConfigObject, doubt: Unknown, frame: Frame) -> None:
    """Effect: put in doubt what the methods of a value change, which a base outside the project may call."""
    for method in [*methods_of(machine, owner)][:_MOST]:
        if not is_inert(machine, method.function):
            rehearse(machine, method, doubt, frame)


def made_outside(machine: Machine, cls: ClassObject, base: str, arguments: CallArguments, frame: Frame) -> Unknown:
    """Return an instance of a class of which a base is outside the project; its methods are known all the same.

    Effect: put in doubt what making it changes.
    """
    doubt = Unknown(f"an instance of {cls.name}, whose base {base} is outside the project", arguments.place)
    instance = InstanceObject(cls, {}, doubt)
    given = (*arguments.positional, *arguments.keywords.values())
    holds = any(part.unknown is None for part in mutable_parts(given)) or any(isinstance(v, CALLABLE) for v in given)
    for name in ("__new__", "__init__"):
        found = look_up(machine, cls.info.order, name)
        if found is not None and isinstance(found[0], FunctionObject) and (holds or not is_inert(machine, found[0])):
            given = replace(arguments, positional=[instance, *arguments.positional])
            rehearse(machine, found[0], doubt, frame, given)
    if base.partition(".")[0] not in sys.stdlib_module_names or base.startswith("collections.User"):
        call_methods_unseen(machine, instance, doubt, frame)
    return replace(doubt, aliases=(instance,))


def try_methods(machine: Machine, function: Unknown, arguments: CallArguments, frame: Frame) -> None:
    """A call of what may be an instance, or a method of one: what lies outside the project may call any of its own."""
    for alias in function.aliases:
        owner = alias.receiver if isinstance(alias, Method) else alias
        if not isinstance(owner, InstanceObject | ConfigObject):
            continue
        if isinstance(alias, InstanceObject | ConfigObject):
            call_unseen(machine, [alias], ("__call__",), frame, arguments.place)
        if isinstance(alias, Method) and has_unseen_base(machine, owner):
            doubt = Unknown(f"a method of a {type_name(owner)}, whose base is outside, may change it", arguments.place)
            call_methods_unseen(machine, owner, doubt, frame)


def methods_of(machine: Machine, owner: InstanceObject | ConfigObject) -> Iterator[BoundMethod]:
    """Yield the methods and properties of a value that the project defines; those that make it left out."""
    seen = set(_MAKERS)
    for ancestor in owner.cls.info.order:
        cls = machine.class_object(ancestor) if ancestor in machine.project.classes else None
        if cls is None:
            continue
        for name, member in cls.members.names.items():
            function = member.function if isinstance(member, PropertyObject) else member
            if name not in seen and isinstance(function, FunctionObject):
                yield BoundMethod(function, owner.cls if function.kind == "class" else owner)
            seen.add(name)


def has_unseen_base(machine: Machine, owner: InstanceObject | ConfigObject) -> bool:
    """Whether a class has an ancestor outside the project that may call methods of its descendants."""
    outside = (name for name in owner.cls.info.order if name not in machine.project.classes)
    return any(name not in HARMLESS_BASES and dialect_of_class(name) is None for name in outside)


def rehearse(
    machine: Machine,
    function: FunctionObject | BoundMethod,
    doubt: Unknown,
    frame: Frame,
    given: CallArguments | None = None,
) -> None:
    """Effect: put in doubt what a function changes that may or may not be called; what it builds is not found here.

    One of which that is being found out just now (`machine.rehearsed`) is not asked again.
    """
    plain = function.function if isinstance(function, BoundMethod) else function
    key, place = id(plain.definition), doubt.place
    if key in machine.rehearsed or place is None:
        return
    arguments = CallArguments([], {}, place, doubt) if given is None else given
    machine.found.rehearsed += 1
    if machine.found.rehearsed > _MOST_REHEARSALS:
        _spoil_all(machine, plain, doubt)
        return
    machine.rehearsed.add(key)
    called = frozenset(machine.found.called)
    flags = machine.gives_up, machine.skimmed_unless
    machine.gives_up, machine.skimmed_unless = True, machine.building_names
    try:
        with machine.rehearsal(), machine.fresh_steps(_STEPS):
            run_optional(machine, frame, doubt, lambda: _drop(machine, function, arguments, frame))
    except (LimitReached, RecursionError):
        _spoil_all(machine, plain, doubt)
    finally:
        machine.gives_up, machine.skimmed_unless = flags
        machine.rehearsed.discard(key)
        machine.found.called &= called


def _spoil_all(machine: Machine, function: FunctionObject, doubt: Unknown) -> None:
    """Effect: put in doubt whatever a function that is not run to its end can have changed."""
    spoil(machine, read_by(machine, function), doubt)
    scope = machine.modules.get(function.module)
    if scope is not None:
        machine.touch(scope)
        scope.names.update(dict.fromkeys(machine.exported_names(function), doubt))


def _drop(machine: Machine, function: AbstractValue, given: CallArguments, frame: Frame) -> None:
    machine.call(function, given, frame)


def acts(machine: Machine, function: FunctionObject) -> bool:
    """Whether running a function may change anything but its own names, as far as its text tells."""
    if has_other_code(function):
        return True
    definition = function.definition
    known = machine.acting.get(id(definition))
    if known is None:
        known = machine.acting[id(definition)] = (definition, any(map(_acts, walk(definition))))
    return known[1]


def _acts(node: Node) -> bool:
    match node:
        case ScopeDeclaration() | Delete():
            return True
        case Call(function=Name(id=name)):
            return name not in _READING
        case Call(function=Attribute(name=name)):
            return name not in _READING_METHODS
        case Call():
            return True
        case Assign(targets=targets):
            return any(map(_is_held_by_others, targets))
        case AugmentedAssign(target=target) | AnnotatedAssign(target=target) | For(target=target):
            return _is_held_by_others(target)
        case With(items=items):
            return bool(items)
        case _:
            return False


def _is_held_by_others(target: Node) -> bool:
    return any(isinstance(part, Attribute | Subscript) for part in walk(target))
