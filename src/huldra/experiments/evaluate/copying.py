"""`copy.copy` and `copy.deepcopy`: what was one object in the original is one object in the copy."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from huldra.experiments.evaluate.chain_maps import CHAIN_MAP, PROXY
from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.holders import is_model, is_named_tuple
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.reachable import DEQUE
from huldra.experiments.evaluate.records import is_made_tuple
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.unseen_calls import COPIED, call_unseen
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    DictView,
    External,
    InstanceObject,
    IteratorObject,
    ListObject,
    Partial,
    Sentinel,
    SetObject,
    Unknown,
    type_name,
)
from huldra.project.places import Place

_ELEMENTS_OF_A_STEP = 100
_LIBRARIES_WITHOUT_HOOKS = frozenset({"builtins", "typing", "abc", "collections", "typing_extensions"})
_HOOKS = (
    *("__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__getnewargs__"),
    *("__getnewargs_ex__", "__new__", "__getattr__", "__getattribute__"),
)
"""What a class may have that decides how it is copied; `copy` asks instances for some of them."""


def shallow_copy(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`copy.copy(value)`."""
    call_unseen(machine, call.positional, COPIED, frame, call.place)
    match call.positional[0]:
        case ListObject(items, unknown):
            return ListObject(list(items), unknown)
        case DictObject(items, unknown, name, factory):
            return DictObject(dict(items), unknown, name, factory)
        case SetObject(items, is_frozen, unknown):
            return SetObject(dict(items), is_frozen, unknown)
        case InstanceObject() as value:
            doubt = _doubt(machine, value.cls, call.place)
            return doubt or InstanceObject(value.cls, dict(value.attributes), value.unknown)
        case ConfigObject() as value:
            return _doubt(machine, value.cls, call.place) or value
        case Partial(function, (DictObject() as first, *rest), keywords) if function == CHAIN_MAP:
            return Partial(function, (DictObject(dict(first.items), first.unknown), *rest), keywords)
        case DictView() | Partial(function=External(name=PROXY.name)):
            raise Raised("TypeError", f"a {type_name(call.positional[0])} cannot be copied", call.place)
        case IteratorObject() | Sentinel(type_name="object"):
            return Unknown(f"a copy of an {type_name(call.positional[0])}", call.place)
        case value:
            return value


def deep_copy(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`copy.deepcopy(value)`."""
    call_unseen(machine, call.positional, COPIED, frame, call.place)
    if len(call.positional) != 1 or call.keywords:
        return Unknown("a deep copy that is not followed", call.place)
    return _Copy(machine, call.place).of(call.positional[0])


class _Copy(Struct):
    """One deep copy: what has been copied, by what it is a copy of."""

    machine: Machine
    place: Place
    made: dict[int, AbstractValue] = {}

    def of(self, value: AbstractValue) -> AbstractValue:
        if id(value) in self.made:
            return self.made[id(value)]
        self.machine.step(self.place)
        match value:
            case ListObject(items, unknown):
                new = self.made[id(value)] = ListObject([], unknown)
                new.items.extend(self.of(item) for item in items)
                return new
            case DictObject(items, unknown, name, factory):
                table = self.made[id(value)] = DictObject({}, unknown, name, factory)
                table.items.update((key, self.of(item)) for key, item in items.items())
                return table
            case SetObject(items, is_frozen, unknown):
                return self._note(value, SetObject(dict(items), is_frozen, unknown))
            case tuple():
                return tuple(self.of(item) for item in value)
            case InstanceObject(cls, attributes, unknown):
                doubt = _doubt(self.machine, cls, self.place)
                if doubt is not None:
                    return doubt
                instance = InstanceObject(cls, {}, unknown)
                self.made[id(value)] = instance
                instance.attributes.update((name, self.of(item)) for name, item in attributes.items())
                return instance
            case ConfigObject():
                return self._note(value, self._config(value))
            case BoundMethod(function, receiver):
                return BoundMethod(function, self.of(receiver))
            case DictView() | Partial(function=External(name=PROXY.name)):
                raise Raised("TypeError", f"a {type_name(value)} cannot be copied", self.place)
            case Partial(function, positional, keywords):
                return Partial(function, tuple(self.of(v) for v in positional), self._values(keywords))
            case IteratorObject() | Sentinel(type_name="object"):
                return Unknown(f"a deep copy of an {type_name(value)}", self.place)
            case _:
                return value

    def _note(self, value: AbstractValue, copy: AbstractValue) -> AbstractValue:
        self.made[id(value)] = copy
        return copy

    def _values(self, values: Mapping[str, AbstractValue]) -> dict[str, AbstractValue]:
        return {name: self.of(value) for name, value in values.items()}

    def _config(self, value: ConfigObject) -> AbstractValue:
        """Return a config of the same fields; what has been made of them by now is copied, not made again."""
        doubt = _doubt(self.machine, value.cls, self.place)
        return doubt or ConfigObject(value.cls, self._values(value.raw), value.doubts, self._values(value.cooked))


def _doubt(machine: Machine, cls: ClassObject, place: Place) -> Unknown | None:
    """Why a copy of an instance may be something else than an instance with the same attributes."""
    is_known = cls.info.name in machine.project.classes or cls.name == DEQUE or is_made_tuple(machine, cls)
    hook = next((name for name in _HOOKS if look_up(machine, cls.info.order, name) is not None), None)
    if hook is None and is_known and not _is_of_another_library(machine, cls):
        return None
    why = "" if hook is None else f", which has {hook}"
    return Unknown(f"a copy of a {cls.info.definition.name}{why}", place)


def _is_of_another_library(machine: Machine, cls: ClassObject) -> bool:
    if machine.project.tables.is_config_class(cls.name) or is_model(cls.info) or is_named_tuple(cls.info):
        return False
    outside = (name for name in cls.info.order if name not in machine.project.classes)
    return any(
        name.partition(".")[0] not in {"builtins", "typing", "abc", "collections", "typing_extensions"}
        for name in outside
    )


COPY_FUNCTIONS: Mapping[str, Callable[[Machine, CallArguments, Frame], AbstractValue]] = {
    "copy.copy": shallow_copy,
    "copy.deepcopy": deep_copy,
}
