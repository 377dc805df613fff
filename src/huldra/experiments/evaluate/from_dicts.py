"""`Train.from_dict(data)`: dicts that name a class are built, whatever class they are given to. Knows no documents."""

from collections.abc import Mapping

from msgspec import Struct

from huldra.experiments.evaluate.attributes import attribute
from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.configs import build_config
from huldra.experiments.evaluate.importing import import_module
from huldra.experiments.evaluate.library import make_path
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    InstanceObject,
    Key,
    ListObject,
    Method,
    ModuleObject,
    Unknown,
)
from huldra.facts.expressions import Binary
from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.dialect import FROM_DICT, FROM_DICT_FUNCTIONS
from huldra.project.hierarchy import missing_methods
from huldra.project.places import Place
from huldra.project.symbols import ClassSymbol, ExternalSymbol, ModuleSymbol, Symbol

_PATH = ExternalSymbol("pathlib.Path")
_MADE_ANEW = frozenset({"builtins.list", "builtins.dict"})
_MAY_HOLD_A_PATH = frozenset({"typing.Annotated", "typing_extensions.Annotated"})


def from_dict_of(method: Method) -> ClassObject | None:
    """Return the experiment class that is asked, or whose config is; None for any other method."""
    asked = method.receiver.cls if isinstance(method.receiver, ConfigObject) else method.receiver
    if method.name != FROM_DICT or not isinstance(asked, ClassObject) or asked.info.dialect is None:
        return None
    return asked


def config_from_dict(machine: Machine, cls: ClassObject, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Return what a dict names as its class. Where that cannot be told, it may be a config of the class asked."""
    made = _made(machine, arguments, frame)
    return _some(machine, cls, made, arguments.place, frame) if isinstance(made, Unknown) else made


def _made(machine: Machine, arguments: CallArguments, frame: Frame) -> AbstractValue:
    if arguments.unknown is not None:
        return arguments.unknown
    given = [*arguments.positional, *arguments.keywords.values()]
    if len(given) != 1 or not arguments.keywords.keys() <= {"data"}:
        return Unknown("what is given in a way that is not followed", arguments.place)
    return _Reading(machine, frame, arguments.place).of(given[0])


OF_THE_LIBRARY = dict.fromkeys(FROM_DICT_FUNCTIONS, _made)
"""`Huldra.from_dict(data)`: asked of no class of the project."""


def is_path_field(machine: Machine, cls: ClassObject, name: str) -> bool:
    """Whether a text for this field becomes a path: it is annotated `Path`, and nothing else."""
    return _annotated(machine, cls, name) == _PATH


def _annotated(machine: Machine, cls: ClassObject, name: str) -> Symbol | None:
    """Return what the annotation of a field means; None where there is none, or one of several types."""
    declared = machine.project.tables.table(cls.name).get(name)
    if declared is None or declared.annotation is None or isinstance(declared.annotation, Binary):
        return None
    owner = machine.project.classes[declared.owner]
    return machine.project.symbols.resolve_expression(owner.module, declared.annotation, owner.enclosing)


def _some(machine: Machine, cls: ClassObject, cause: Unknown, place: Place, frame: Frame) -> Unknown:
    """Return what is made of a dict that is not known. It may be of another class, or be no config."""
    machine.doubtful_calls += 1
    doubt = Unknown(f"from_dict() of {cause.reason}", cause.place or place)
    tables, symbols = machine.project.tables, machine.project.symbols
    if tables.table(cls.name) and not missing_methods(cls.name, tables, symbols):
        fields: dict[str, AbstractValue] = dict.fromkeys(tables.table(cls.name), doubt)
        call = CallArguments([], fields, place)
        run_optional(machine, frame, Unknown(doubt.reason, place), lambda: _build(machine, cls, call, frame))
    return doubt


def _build(machine: Machine, cls: ClassObject, arguments: CallArguments, frame: Frame) -> None:
    build_config(machine, cls, arguments, frame)


class _Reading(Struct):
    """One call: what it was given is read from the inside out; `within` is what holds the value that is read."""

    machine: Machine
    frame: Frame
    place: Place
    within: list[AbstractValue] = []

    def of(self, data: AbstractValue) -> AbstractValue:
        """Return what becomes of a value: lists and dicts are made anew, anything else is taken as it is.

        Raises:
            Raised: a list or dict holds itself.
        """
        self.machine.step(self.place)
        if any(data is holder for holder in self.within):
            raise Raised("RecursionError", "from_dict() of what holds itself", self.place)
        self.within.append(data)
        made = self._made_anew(data)
        self.within.pop()
        return made

    def _made_anew(self, data: AbstractValue) -> AbstractValue:
        match data:
            case ListObject(unknown=None, items=items):
                return ListObject([self.of(item) for item in items])
            case DictObject(unknown=None, items=items) if data.type_name != "SimpleNamespace":
                made = {key: self.of(item) for key, item in items.items() if key != CLASS_MARKER}
                return self._named(items[CLASS_MARKER], made) if CLASS_MARKER in items else DictObject(made)
            case ListObject(unknown=Unknown() as doubt) | DictObject(unknown=Unknown() as doubt):
                return doubt
            case InstanceObject(cls=cls) if cls.info.unseen or not _MADE_ANEW.isdisjoint(cls.info.order):
                return Unknown(f"a {cls.info.qualname}, which may be a list or a dict", self.place)
            case _:
                return data

    def _named(self, name: AbstractValue, made: Mapping[Key, AbstractValue]) -> AbstractValue:
        cls = self._found(name) if isinstance(name, str) else name
        if isinstance(cls, Unknown):
            return cls
        if not isinstance(cls, ClassObject) or not self.machine.project.tables.is_config_class(cls.name):
            return Unknown("a dict that names what is no config class of the project", self.place)
        fields = {key: self._field(cls, key, value) for key, value in made.items() if isinstance(key, str)}
        if len(fields) < len(made):
            return Unknown(f"a dict for a {cls.info.qualname} with keys that are no texts", self.place)
        return build_config(self.machine, cls, CallArguments([], fields, self.place), self.frame)

    def _found(self, name: str) -> AbstractValue:
        """Return what a dotted name leads to: the longest part of it that is a module is imported."""
        parts = name.split(".")
        for count in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:count])
            if isinstance(self.machine.project.symbols.module_symbol(module), ModuleSymbol):
                import_module(self.machine, module)
                found: AbstractValue = ModuleObject(module)
                for part in parts[count:]:
                    found = attribute(self.machine, found, part, self.frame, self.place)
                return found
        return Unknown(f"a dict that names {name}, which is outside the project, as its class", self.place)

    def _field(self, cls: ClassObject, name: str, value: AbstractValue) -> AbstractValue:
        """Return the value of a field: a text becomes a path where the field is annotated so."""
        if not isinstance(value, str):
            return value
        match _annotated(self.machine, cls, name):
            case ExternalSymbol(name=found) if found not in _MAY_HOLD_A_PATH:
                return make_path([value], self.place) if found == _PATH.name else value
            case None | ClassSymbol():
                return value
            case _:
                return Unknown(f"whether the text {value!r} becomes a path", self.place)
