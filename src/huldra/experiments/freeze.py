"""From what the evaluator computed to a config with an identity, or to the list of what keeps it from having one."""

import datetime
from collections.abc import Iterator

from huldra.experiments.evaluate.attributes import attribute
from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.constructions import plain_fields
from huldra.experiments.evaluate.holders import is_model, is_named_tuple
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.mungers import cooked
from huldra.experiments.evaluate.signals import LimitReached, Raised
from huldra.experiments.frozen import Cause, Doubt, PartialConfig, doubt_of
from huldra.experiments.numpy_numbers import NumpyNumber
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    InstanceObject,
    IteratorObject,
    ListObject,
    Scope,
    Sentinel,
    SetObject,
    Unknown,
    type_name,
)
from huldra.facts.statements import FunctionDefinition
from huldra.formats.config_values import (
    BytesValue,
    ConfigValue,
    DictValue,
    EnumValue,
    ListValue,
    MissingValue,
    ModelValue,
    PathValue,
    SetValue,
    TimeValue,
    TupleValue,
    UnhashableValue,
    Value,
)
from huldra.project.places import Origin, Place
from huldra.project.symbols import ExternalSymbol

_OPAQUE = frozenset({"builtins", "operator", "math", "functools", "itertools"})
"""Modules whose functions and classes are certainly no values with an identity."""


_AS_THEY_ARE = (str, int, float, PathValue)
_MAX_DEPTH = 60
_MAX_VALUES = 200_000


def freeze_now(machine: Machine, config: ConfigObject, place: Place) -> ConfigValue | PartialConfig:
    """Return a config as it is at this moment of the evaluation."""
    kept = machine.frozen.get(id(config))
    if kept is not None and kept[2] == len(config.doubts):
        return kept[1]
    return Freezer(machine, place).config(config)


class Freezer:
    """Turns configs into values; each config object once, since many sites share one."""

    def __init__(self, machine: Machine, place: Place) -> None:
        self._machine = machine
        self._place = place
        self._frame = Frame(Scope(), "", Origin(place.file))
        self._depth = 0
        self._left = _MAX_VALUES

    def config(self, config: ConfigObject) -> ConfigValue | PartialConfig:
        """Return a config's cooked fields as values, or what is known of it; once for as long as nothing changes."""
        kept = self._machine.frozen.get(id(config))
        if kept is None or kept[2] != len(config.doubts):
            doubts, left = len(config.doubts), self._left
            with self._machine.remembering():
                frozen = self._freeze(config)
            kept = self._machine.frozen[id(config)] = (config, frozen, doubts, left - self._left)
        return kept[1]

    def value(self, value: AbstractValue, path: str) -> Value | Doubt:
        """Return a single value; the first doubt where it is not known."""
        doubts: list[Doubt] = []
        frozen = self._value(value, path, doubts)
        return doubts[0] if doubts else frozen

    def _freeze(self, config: ConfigObject) -> ConfigValue | PartialConfig:
        fields: list[tuple[str, Value]] = []
        reassigned = [
            self._machine.reassigned[name] for name in config.cls.info.order if name in self._machine.reassigned
        ]
        doubts = [doubt_of("*", cause) for cause in dict.fromkeys((*config.doubts, *reassigned))]
        plain, raw = plain_fields(self._machine, config.cls), config.raw
        for name in self._machine.project.tables.table(config.cls.name):
            item = raw[name] if name in plain and name in raw else self._cooked(config, name)
            if item is None or isinstance(item, _AS_THEY_ARE):  # most of them
                self._left -= 1
                fields.append((name, item))
                continue
            found: list[Doubt] = []
            value = self._value(item, name, found)
            doubts.extend(found)
            if not found:
                fields.append((name, value))
        if doubts:
            return PartialConfig(config.cls.name, tuple(fields), tuple(doubts))
        return ConfigValue(config.cls.name, tuple(fields), config.cls.info.dialect is not None)

    def _cooked(self, config: ConfigObject, name: str) -> AbstractValue:
        try:
            with self._machine.fresh_steps():
                return cooked(self._machine, config, name, self._frame, self._place)
        except (Raised, LimitReached) as stopped:
            self._machine.doubtful_calls += 1  # what is cooked is cooked as the config is built, which raises, then
            return Unknown(f"computing it stops: {stopped}", stopped.place)

    def _value(self, value: AbstractValue, path: str, doubts: list[Doubt]) -> Value:
        """Return a value; note in `doubts` whatever is not known inside it."""
        self._left -= 1
        if self._depth > _MAX_DEPTH or self._left < 0:
            reason = "a value too large or too deep to follow"
            self._machine.report("HUL003", "warning", reason, self._place)
            doubt = Doubt(path.partition("[")[0], Cause(reason, self._place))
            if doubt not in doubts:
                doubts.append(doubt)
            return None
        self._depth += 1
        try:
            return self._inside(value, path, doubts)
        finally:
            self._depth -= 1

    def _inside(self, value: AbstractValue, path: str, doubts: list[Doubt]) -> Value:
        match value:
            case Unknown():
                doubts.append(doubt_of(path, value))
                return None
            case EnumValue(class_name=name) if self._machine.is_of_main(name):
                return UnhashableValue(f"member of {name}, a class of __main__ here")
            case None | bool() | int() | float() | str() | EnumValue() | PathValue():
                return value
            case NumpyNumber(value=float(number)):
                return number
            case tuple():
                return TupleValue(tuple(self._value(v, f"{path}[{i}]", doubts) for i, v in enumerate(value)))
            case ListObject():
                self._check(value.unknown, path, doubts)
                return ListValue(tuple(self._value(v, f"{path}[{i}]", doubts) for i, v in enumerate(value.items)))
            case DictObject():
                return self._dict(value, path, doubts)
            case SetObject():
                self._check(value.unknown, path, doubts)
                return SetValue(tuple(self._value(key, path, doubts) for key in value.items), value.is_frozen)
            case frozenset():
                return SetValue(tuple(self._value(key, path, doubts) for key in value), is_frozen=True)
            case bytes():
                return BytesValue(value)
            case datetime.datetime():
                return self._moment(value, path, doubts)
            case ConfigObject():
                return self._nested(value, path, doubts)
            case InstanceObject():
                return self._instance(value, path, doubts)
            case ClassObject():
                return self._class(value)
            case Sentinel(type_name="MISSING"):
                return MissingValue()
            case External(name=name):
                return self._external(name, path, doubts)
            case IteratorObject():
                return UnhashableValue("generator")
            case _:
                return UnhashableValue(type_name(value))

    def _check(self, unknown: Unknown | None, path: str, doubts: list[Doubt]) -> None:
        if unknown is not None:
            doubts.append(doubt_of(path, unknown))

    def _dict(self, value: DictObject, path: str, doubts: list[Doubt]) -> Value:
        self._check(value.unknown, path, doubts)
        if value.type_name == "SimpleNamespace":
            return UnhashableValue(value.type_name)
        pairs = [
            (self._value(key, path, doubts), self._value(item, f"{path}[{key!r}]", doubts))
            for key, item in value.items.items()
        ]
        return DictValue(tuple(pairs))

    def _moment(self, value: datetime.datetime, path: str, doubts: list[Doubt]) -> Value:
        if value.tzinfo is None or value.utcoffset() is None:
            reason = "a datetime without a zone, which hashes by the local time of the process"
            doubts.append(Doubt(path, Cause(reason, self._place)))
            return None
        try:
            return TimeValue(value.astimezone(datetime.UTC))
        except OverflowError:
            return UnhashableValue("datetime whose moment in UTC is before the year 1 or past 9999")

    def _nested(self, value: ConfigObject, path: str, doubts: list[Doubt]) -> Value:
        inner = self.config(value)
        self._left -= self._machine.frozen[id(value)][3]
        if self._left < 0:
            doubts.append(Doubt(path, Cause("a value too large to follow", self._place)))
            return None
        if isinstance(inner, ConfigValue):
            return inner
        doubts.extend(
            Doubt(path if doubt.field == "*" else f"{path}.{doubt.field}", doubt.cause) for doubt in inner.doubts
        )
        return None

    def _instance(self, value: InstanceObject, path: str, doubts: list[Doubt]) -> Value:
        self._check(value.unknown, path, doubts)
        if is_named_tuple(value.cls.info):
            return self._value(value.attributes["*"], path, doubts)
        if not is_model(value.cls.info):
            return UnhashableValue(value.cls.info.qualname)
        items = [
            (name, _dumped(self._value(item, f"{path}.{name}", doubts))) for name, item in self._model_items(value)
        ]
        return ModelValue(value.cls.name, tuple(items))

    def _model_items(self, value: InstanceObject) -> Iterator[tuple[str, AbstractValue]]:
        """The fields that `model_dump()` gives: those not excluded, then computed ones."""
        for name, item in value.attributes.items():
            if not self._is_excluded(value, name):
                yield name, item
        for ancestor in reversed(value.cls.info.order):
            info = self._machine.project.classes.get(ancestor)
            if info is None:
                continue
            for name, member in self._machine.project.tables.body(ancestor).members.items():
                if not isinstance(member.value, FunctionDefinition):
                    continue
                decorators = [
                    self._machine.project.symbols.resolve_expression(info.module, d) for d in member.value.decorators
                ]
                if any(isinstance(d, ExternalSymbol) and d.name == "pydantic.computed_field" for d in decorators):
                    yield name, attribute(self._machine, value, name, self._frame, self._place)

    def _is_excluded(self, value: InstanceObject, name: str) -> bool:
        found = look_up(self._machine, value.cls.info.order, name)
        if found is None:
            return False
        member = self._machine.project.tables.body(found[1].name).members.get(name)
        arguments = getattr(member.value, "arguments", ()) if member is not None else ()
        return any(argument.name == "exclude" for argument in arguments)

    def _class(self, value: ClassObject) -> Value:
        """A config class as a value: by an accident of the library it has an identity when it has no fields."""
        tables = self._machine.project.tables
        if tables.is_config_class(value.name) and not tables.table(value.name) and not value.info.unseen:
            return ConfigValue("abc.ABCMeta", (), is_experiment=False)
        return UnhashableValue("class")

    def _external(self, name: str, path: str, doubts: list[Doubt]) -> Value:
        if name.partition(".")[0] in _OPAQUE:
            return UnhashableValue(name)
        doubts.append(Doubt(path, Cause(f"{name}, which is outside the project", self._place)))
        return None


def _dumped(value: Value) -> Value:
    """Inside a model's dump, nested models are plain dicts."""
    match value:
        case ModelValue(items=items):
            return DictValue(tuple((name, _dumped(item)) for name, item in items))
        case ListValue(items):
            return ListValue(tuple(_dumped(item) for item in items))
        case TupleValue(items):
            return TupleValue(tuple(_dumped(item) for item in items))
        case DictValue(pairs):
            return DictValue(tuple((key, _dumped(item)) for key, item in pairs))
        case _:
            return value
