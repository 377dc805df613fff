"""Of which classes a value is an instance: by inheritance, by what it has, or as nobody can tell."""

import collections.abc
import datetime
import decimal
import fractions
import numbers
import uuid
from collections.abc import Mapping

from huldra.experiments.evaluate.attributes import plain_type
from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.made_names import MadeName
from huldra.experiments.numpy_numbers import NumpyNumber
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    Concrete,
    ConfigObject,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    ListObject,
    Partial,
    SetObject,
    Unknown,
)
from huldra.formats.config_values import EnumValue, PathValue
from huldra.project.places import Place
from huldra.project.symbols import ExternalSymbol

PLAIN_TYPES: Mapping[str, tuple[type, ...]] = {
    "builtins.int": (int,),
    "builtins.float": (float,),
    "builtins.str": (str,),
    "builtins.bool": (bool,),
    "builtins.bytes": (bytes,),
    "builtins.tuple": (tuple,),
    "builtins.list": (ListObject,),
    "builtins.dict": (DictObject,),
    "builtins.set": (SetObject,),
    "pathlib.Path": (PathValue,),
    "enum.Enum": (EnumValue,),
    "types.NoneType": (type(None),),
}
_BY_METHODS: Mapping[str, tuple[str, ...]] = {
    "Callable": ("__call__",),
    "Collection": ("__contains__", "__iter__", "__len__"),
    "Container": ("__contains__",),
    "Iterable": ("__iter__",),
    "Iterator": ("__iter__", "__next__"),
    "Reversible": ("__iter__", "__reversed__"),
    "Sized": ("__len__",),
}
"""Classes of which everything is an instance that has some methods."""
_BY_INHERITANCE = frozenset(
    {
        *("ByteString", "ItemsView", "KeysView", "Mapping", "MappingView", "MutableMapping", "MutableSequence"),
        *("MutableSet", "Sequence", "Set", "ValuesView"),
    }
)
_CONCRETE: Mapping[str, type] = {
    f"{cls.__module__}.{cls.__qualname__}": cls
    for cls in (
        *(datetime.date, datetime.datetime, datetime.time, datetime.timedelta, datetime.tzinfo, datetime.timezone),
        *(decimal.Decimal, fractions.Fraction, uuid.UUID, complex, range, frozenset),
    )
}
"""Classes of Python's own of which only their own instances are kept as values."""
_NUMBERS = frozenset({"Complex", "Integral", "Number", "Rational", "Real"})
_WITH_HOOKS = ("collections.abc.", "contextlib.", "io.", "numbers.", "os.", "typing.", "typing_extensions.")
"""Where classes stand that say by themselves what is an instance of them."""
_OF_ENUMS: Mapping[str, frozenset[str]] = {
    "builtins.int": frozenset({"builtins.int", "enum.IntEnum", "enum.IntFlag"}),
    "builtins.str": frozenset({"builtins.str", "enum.StrEnum"}),
    "builtins.float": frozenset({"builtins.float"}),
}
LITERALS = frozenset({"typing.Literal", "typing_extensions.Literal"})
LITERAL = External("typing.Literal")
HOOK = "__subclasshook__"
"""Its own, or set where a class is registered: from then on a class answers by itself."""
_NOT_FOLLOWED = Unknown("isinstance with a type that is not followed")


def is_instance(machine: Machine, value: AbstractValue, wanted: AbstractValue) -> bool | Unknown:
    """Return whether a value is an instance of a single class."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, DictObject) and value.type_name == "SimpleNamespace":
        return Unknown("isinstance of a SimpleNamespace")
    if isinstance(value, InstanceObject) and "__class__" in value.attributes:
        return Unknown("isinstance of what has its class set anew")
    order = value.cls.info.order if isinstance(value, ConfigObject | InstanceObject) else ()
    if isinstance(wanted, ClassObject) and is_descendant(wanted, order):
        return True
    is_tuple = isinstance(value, InstanceObject) and "*" in value.attributes
    if isinstance(value, ConfigObject | InstanceObject) and value.cls.info.unseen and not is_tuple:
        return Unknown("isinstance of a class whose bases are outside the project")
    if isinstance(wanted, ClassObject):
        return _of_class(machine, value, wanted)
    return _of_external(machine, value, wanted.name) if isinstance(wanted, External) else _NOT_FOLLOWED


def is_descendant(cls: ClassObject, order: tuple[str, ...]) -> bool:
    """Whether a class stands in an order of ancestors; another that the same function made does not count."""
    return any(name == cls.name and (not isinstance(name, MadeName) or name.made is cls) for name in order)


def literal_type(given: AbstractValue) -> AbstractValue:
    """`Literal["a", "b"]`, which remembers its values: each once, those of another such type among them."""
    values: dict[tuple[type, AbstractValue], None] = {}
    for value in given if isinstance(given, tuple) else (given,):
        inner = value.positional if isinstance(value, Partial) and value.function == LITERAL else (value,)
        for each in inner:
            if not isinstance(each, None | bool | int | str | bytes | EnumValue):
                return LITERAL
            values[type(each), each] = None
    return Partial(LITERAL, tuple(value for _, value in values), {})


def type_arguments(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`get_args(Literal["a", "b"])`."""
    asked = call.positional[0]
    if isinstance(asked, Partial) and asked.function == LITERAL:
        return asked.positional
    return Unknown("the arguments of a type", call.place)


def note_registered(machine: Machine, cls: ClassObject, place: Place) -> None:
    """`Base.register(Other)` of an abstract class: from now on it answers by itself."""
    machine.touch(cls.members)
    cls.members.names[HOOK] = Unknown("what has been registered", place)


def _of_class(machine: Machine, value: AbstractValue, wanted: ClassObject) -> bool | Unknown:
    if isinstance(value, EnumValue) and value.class_name == wanted.name:
        return True
    if answers_by_itself(machine, wanted):
        return Unknown(f"isinstance of {wanted.info.qualname}, which may answer by itself")
    if isinstance(value, EnumValue):
        cls = machine.class_object(value.class_name)
        return is_descendant(wanted, cls.info.order) if cls is not None else _NOT_FOLLOWED
    return False


def answers_by_itself(machine: Machine, cls: ClassObject) -> bool:
    """Whether a class is a protocol, or may have others for its instances than those that inherit from it."""
    bases = (base.symbol for base in cls.info.bases)
    is_protocol = any(isinstance(s, ExternalSymbol) and s.name.rpartition(".")[2] == "Protocol" for s in bases)
    has_metaclass = any(keyword.name == "metaclass" for keyword in cls.info.keywords)
    return is_protocol or has_metaclass or look_up(machine, cls.info.order, HOOK) is not None


def _of_external(machine: Machine, value: AbstractValue, wanted: str) -> bool | Unknown:
    if isinstance(value, NumpyNumber):
        is_known = wanted in PLAIN_TYPES
        return (value.is_float and wanted == "builtins.float") if is_known else _NOT_FOLLOWED
    if isinstance(value, EnumValue):
        return _of_enum(machine, value, wanted)
    if isinstance(value, bytes) and wanted == "builtins.bytes":
        return Unknown("isinstance of bytes, which may be a bytearray")
    is_tuple = isinstance(value, InstanceObject) and "*" in value.attributes
    if wanted in PLAIN_TYPES:
        is_frozen_set = isinstance(value, SetObject) and value.is_frozen and wanted == "builtins.set"
        is_one = isinstance(value, PLAIN_TYPES[wanted]) and not is_frozen_set
        return is_one or (is_tuple and wanted == "builtins.tuple")
    abstract = _CONCRETE.get(wanted) or _abstract_class(wanted)
    real = tuple if is_tuple else _real_type(value)
    if real is not None and abstract is not None:
        return issubclass(real, abstract)
    if real is not None and wanted.startswith("numpy."):
        return False
    if isinstance(value, ConfigObject | InstanceObject) and not is_tuple:
        return _of_own(machine, value, wanted, abstract)
    return _NOT_FOLLOWED


def _of_own(
    machine: Machine, value: ConfigObject | InstanceObject, wanted: str, abstract: type | None
) -> bool | Unknown:
    """Whether an instance of the project's own classes is one of a class from outside."""
    order = value.cls.info.order
    name = wanted.rpartition(".")[2]
    if wanted in order or any(abstract is not None and _derives(each, abstract) for each in order):
        return True
    if abstract is not None and name in _BY_METHODS:
        if not all(each in machine.project.classes or _is_bare(each) for each in order):
            return _NOT_FOLLOWED
        found = [look_up(machine, order, method) for method in _BY_METHODS[name]]
        return _NOT_FOLLOWED if any(f is not None and f[0] is None for f in found) else None not in found
    if abstract is not None:
        return False
    return _NOT_FOLLOWED if wanted.startswith(_WITH_HOOKS) else False


def _derives(ancestor: str, abstract: type) -> bool:
    known = _abstract_class(ancestor)
    return known is not None and issubclass(known, abstract)


def _is_bare(ancestor: str) -> bool:
    """Whether a class from outside has none of the methods that are asked for."""
    bare = {"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"}
    return ancestor in bare or ancestor.endswith((".Huldra", ".Gren", ".Furu"))


def _of_enum(machine: Machine, value: EnumValue, wanted: str) -> bool | Unknown:
    cls = machine.class_object(value.class_name)
    if cls is None or not all(
        n in machine.project.classes or n.startswith(("enum.", "builtins.")) for n in cls.info.order
    ):
        return _NOT_FOLLOWED
    if wanted in _OF_ENUMS:
        return not _OF_ENUMS[wanted].isdisjoint(cls.info.order)
    if wanted in {"enum.Enum", *cls.info.order}:
        return True
    return False if wanted in PLAIN_TYPES or wanted.startswith("enum.") else _NOT_FOLLOWED


def _abstract_class(name: str) -> type | None:
    """Return the abstract class of Python's own that a dotted name means."""
    module, _, last = name.rpartition(".")
    if module in {"collections.abc", "typing"} and (last in _BY_METHODS or last in _BY_INHERITANCE):
        found: object = getattr(collections.abc, last, None)
        return found if isinstance(found, type) else None
    if module == "numbers" and last in _NUMBERS:
        number: object = getattr(numbers, last)
        return number if isinstance(number, type) else None
    return None


def _real_type(value: AbstractValue) -> type | None:
    """Return a type of Python's own with the same methods as that of a value; None where there is none."""
    plain = plain_type(value)
    if plain is bytes:
        return None  # what stands for a bytearray looks the same
    if plain is not None:
        return plain
    match value:
        case DictObject():
            return dict
        case FunctionObject() | BoundMethod():
            return type(_real_type)
        case IteratorObject():
            return type(iter(()))
        case _:
            return type(value) if isinstance(value, Concrete) else None
