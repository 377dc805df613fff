"""The values that the evaluator computes with: known ones, mutable ones, and the unknown, which has a reason.

Immutable Python values stand for themselves. Containers that code can change are objects of their own, so that two
names for one list see the same change.
"""

import datetime
import decimal
import fractions
import itertools
import uuid
from collections.abc import Callable, Mapping
from typing import Literal

from msgspec import Struct, field

from huldra.experiments.library_objects import LibraryObject
from huldra.experiments.numpy_numbers import NumpyNumber
from huldra.facts.expressions import Comprehension, Lambda
from huldra.facts.statements import FunctionDefinition
from huldra.formats.config_values import EnumValue, PathValue
from huldra.project.classes import ClassInfo
from huldra.project.places import Origin, Place

_births = itertools.count()

Concrete = (
    None
    | bool
    | int
    | float
    | complex
    | str
    | bytes
    | range
    | datetime.date
    | datetime.time
    | datetime.timedelta
    | datetime.timezone
    | decimal.Decimal
    | fractions.Fraction
    | uuid.UUID
)
"""Immutable values of the standard library whose operations can be had exactly."""


class Unknown(Struct, frozen=True, eq=False):
    """A value that cannot be known without running, why, and where that begins.

    `result_of` is the dotted name of the outside function or class whose call gave it, if one did. `aliases` are known
    values that it may be one of: whoever changes the unknown may change them. `annotated` is the experiment class that
    its parameter is annotated with; it may be one of a subclass all the same. These two are not compared.
    """

    reason: str
    place: Place | None = None
    result_of: str | None = None
    aliases: "tuple[AbstractValue, ...]" = ()
    annotated: str | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Unknown):
            return NotImplemented
        return (self.reason, self.place, self.result_of) == (other.reason, other.place, other.result_of)

    def __hash__(self) -> int:
        return hash((self.reason, self.place, self.result_of))


class ListObject(Struct, eq=False):
    """A list; `unknown` is set once its content is no longer known."""

    items: "list[AbstractValue]"
    unknown: Unknown | None = None
    born: int = field(default_factory=_births.__next__)
    touched: int = 0


class DictObject(Struct, eq=False):
    """A dict, an OrderedDict, a Counter or a defaultdict."""

    items: "dict[Key, AbstractValue]"
    unknown: Unknown | None = None
    type_name: str = "dict"
    factory: "AbstractValue" = None
    """What a defaultdict calls for a key that it does not have."""
    born: int = field(default_factory=_births.__next__)
    touched: int = 0
    mirror: "InstanceObject | DictObject | None" = None
    """Whose attributes it is, if it is what `vars` gives; of a SimpleNamespace, what that gives."""


class SetObject(Struct, eq=False):
    """A set or frozenset, its elements in insertion order, which means nothing."""

    items: "dict[Key, None]"
    is_frozen: bool = False
    unknown: Unknown | None = None
    born: int = field(default_factory=_births.__next__)
    touched: int = 0


class Finished:
    """There is no next element; None is one."""


FINISHED = Finished()


class Footprint(Struct, frozen=True, eq=False):
    """What a generator's body read when it was run at once, at the moment `since`.

    A consumer that acts between its elements, and changes any of this, changes what the rest of them would be.
    """

    since: int
    parts: "tuple[MutableValue, ...]"
    names: "tuple[tuple[Scope, str, AbstractValue | Finished], ...]"


class IteratorObject(Struct, eq=False):
    """What a generator, zip, map and the like give: consumed once.

    A lazy one has `step`, which makes the next element when it is asked for, and notes in `state` how far it is. The
    body of a generator is run to its end when the first element is asked for (`pending`), which fills `items`.
    """

    items: "list[AbstractValue]"
    unknown: Unknown | None = None
    pending: "Callable[[], IteratorObject] | None" = None
    step: "Callable[[IteratorObject], AbstractValue | Finished] | None" = None
    state: "AbstractValue" = None
    """Replaced as a whole, never changed."""
    sources: "tuple[AbstractValue, ...]" = ()
    """What `step` reads."""
    shortens: "Callable[[list[int]], int] | None" = None
    """How many elements there are, by how many each of the sources has; None where that takes more than a look."""
    is_endless: bool = False
    source: "FunctionDefinition | Comprehension | None" = None
    """The generator function or expression that it comes from."""
    scope: "Scope | None" = None
    """The names that a generator's body reads."""
    footprint: Footprint | None = None
    handed: "tuple[tuple[Mutable, Snapshot], ...]" = ()
    """What its generator has yielded or put into what it yielded, as it was at that moment."""
    reach: "Callable[[int | None], None] | None" = None
    """Does what a body that has been run does before its element with so many left behind it; see `held_back`."""
    born: int = field(default_factory=_births.__next__)
    touched: int = 0


class DictView(Struct, eq=False):
    """`table.keys()`, `table.values()`, `table.items()`: sees later changes of the dict."""

    table: "DictObject"
    kind: Literal["keys", "values", "items"]

    @property
    def elements(self) -> "list[AbstractValue]":
        """What iterating over it gives now."""
        match self.kind:
            case "keys":
                return list(self.table.items)
            case "values":
                return list(self.table.items.values())
            case "items":
                return list(self.table.items.items())


class Scope(Struct, eq=False):
    """The names of a module, a class body or a function."""

    names: "dict[str, AbstractValue]" = {}
    parent: "Scope | None" = None
    is_class: bool = False
    is_comprehension: bool = False
    local_names: frozenset[str] = frozenset()
    outer_names: frozenset[str] = frozenset()
    """The names that are declared nonlocal."""
    owner: ClassInfo | None = None
    """The class whose method it is the scope of."""
    is_captured: bool = False
    """Whether a function made inside it may read it later."""
    born: int = field(default_factory=_births.__next__)
    touched: int = 0


class ClassObject(Struct, eq=False):
    """A class of the project whose body has been run; `members` is its scope."""

    info: ClassInfo
    members: Scope
    is_ever_false: bool = False
    """Whether it, or an ancestor, says itself when its instances count as true."""

    @property
    def name(self) -> str:
        """`module.qualname`."""
        return self.info.name


class InstanceObject(Struct, eq=False):
    """An instance of a class of the project that is no config: its attributes."""

    cls: ClassObject
    attributes: "dict[str, AbstractValue]"
    unknown: Unknown | None = None
    born: int = field(default_factory=_births.__next__)
    touched: int = 0
    mirror: DictObject | None = None
    """What `vars` gives, if it was asked for."""


class ConfigObject(Struct, eq=False):
    """A config: the raw values of its fields, and the doubts that concern it as a whole.

    `cooked` keeps the values of fields that have been read; configs are frozen, so it never goes stale.
    """

    cls: ClassObject
    raw: "Mapping[str, AbstractValue]"
    doubts: tuple[Unknown, ...] = ()
    cooked: "dict[str, AbstractValue]" = {}


class FunctionObject(Struct, eq=False):
    """A function, method or lambda with the scope that it closes over and its evaluated defaults."""

    definition: FunctionDefinition | Lambda
    scope: Scope
    module: str
    origin: Origin
    defaults: "Mapping[str, AbstractValue]"
    owner: ClassInfo | None = None
    kind: Literal["plain", "static", "class"] = "plain"
    memo: DictObject | None = None
    """What a cached function has returned, by arguments."""
    attributes: DictObject | None = None
    """What code has set on it, once it has."""

    @property
    def name(self) -> str:
        """The name to show."""
        return self.definition.name if isinstance(self.definition, FunctionDefinition) else "<lambda>"


class PropertyObject(Struct, frozen=True, eq=False):
    """A property, cached property or init property."""

    function: "AbstractValue"
    is_cached: bool = False
    setter: "AbstractValue" = None
    """What is called when the attribute is set; None where that raises."""


class BoundMethod(Struct, frozen=True, eq=False):
    """A function with its first argument."""

    function: FunctionObject
    receiver: "AbstractValue"


class Partial(Struct, frozen=True, eq=False):
    """`functools.partial`."""

    function: "AbstractValue"
    positional: "tuple[AbstractValue, ...]"
    keywords: "Mapping[str, AbstractValue]"


class Method(Struct, frozen=True, eq=False):
    """A method of a value that is not a project class's: `"a".upper`, `lrs.append`, `Path("x").with_suffix`."""

    receiver: "AbstractValue"
    name: str


class FieldCall(Struct, frozen=True, eq=False):
    """The result of `chz.field(…)` in a class body."""

    arguments: "Mapping[str, AbstractValue]"


class SuperObject(Struct, frozen=True, eq=False):
    """`super()` inside a method."""

    owner: ClassInfo
    receiver: "AbstractValue"


class ModuleObject(Struct, frozen=True):
    """A module or package of the project."""

    name: str


class External(Struct, frozen=True):
    """Something outside the project, by its dotted name: a module, class, function or value."""

    name: str


class Sentinel(Struct, frozen=True):
    """A value that is only itself: MISSING, NotImplemented, an ellipsis, an opaque object."""

    type_name: str
    name: str


Key = (
    Concrete
    | EnumValue
    | PathValue
    | External
    | Sentinel
    | tuple["Key", ...]
    | frozenset["Key"]
    | ConfigObject
    | ClassObject
)
"""What can be a dict key or set element; equality and hash are Python's."""

AbstractValue = (
    Concrete
    | EnumValue
    | PathValue
    | tuple["AbstractValue", ...]
    | frozenset[Key]
    | ListObject
    | DictObject
    | SetObject
    | IteratorObject
    | DictView
    | ClassObject
    | InstanceObject
    | ConfigObject
    | FunctionObject
    | PropertyObject
    | BoundMethod
    | Partial
    | Method
    | FieldCall
    | SuperObject
    | ModuleObject
    | External
    | Sentinel
    | LibraryObject
    | NumpyNumber
    | Unknown
)

MutableValue = ListObject | DictObject | SetObject | IteratorObject | InstanceObject
Mutable = MutableValue | Scope

Content = tuple[AbstractValue, ...] | dict[str, AbstractValue] | dict[Key, AbstractValue] | dict[Key, None]
Progress = tuple[Callable[[], IteratorObject] | None, AbstractValue]
Snapshot = tuple[Content, Unknown | None, Progress | None]
"""What is inside, why that is not all, and for an iterator how it would begin and how far it is."""


def next_birth() -> int:
    """Return a number that every mutable value made later has at least as its `born`."""
    return next(_births)


ELLIPSIS = Sentinel("ellipsis", "...")
NOT_IMPLEMENTED = Sentinel("NotImplementedType", "NotImplemented")


def type_name(value: AbstractValue) -> str:
    """Return the name of a value's type as Python would show it."""
    match value:
        case ListObject():
            return "list"
        case DictObject(type_name=name) | LibraryObject(type_name=name) | NumpyNumber(type_name=name):
            return name
        case SetObject(is_frozen=is_frozen):
            return "frozenset" if is_frozen else "set"
        case DictView(kind=kind):
            return f"dict_{kind}"
        case ClassObject():
            return "class"
        case InstanceObject(cls=cls) | ConfigObject(cls=cls):
            return cls.info.definition.name
        case Partial(function=External(name="types.MappingProxyType")):
            return "mappingproxy"
        case FunctionObject() | BoundMethod() | Partial() | Method():
            return "function"
        case External(name=name):
            return name
        case Sentinel(type_name=name):
            return name
        case EnumValue(class_name=name):
            return name.rpartition(".")[2]
        case PathValue():
            return "Path"
        case _:
            return type(value).__name__
