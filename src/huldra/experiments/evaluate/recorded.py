"""What an evaluation writes down as it goes: sites, loads, lists, enum members, faults of classes. Plain data."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from huldra.experiments.frozen import PartialConfig
from huldra.experiments.values import AbstractValue, ConfigObject, ListObject, Unknown
from huldra.formats.config_values import ConfigValue, EnumValue
from huldra.project.definition_errors import DefinitionError
from huldra.project.fields import FieldDeclaration
from huldra.project.places import Place

SiteKind = Literal["call", "list", "default", "dependency", "manifest"]


class EnumMember(Struct, frozen=True):
    """A member of an enum under one of its names, what it stands for, and why that may be another member."""

    member: EnumValue
    value: AbstractValue
    doubt: Unknown | None = None


class SiteReference(Struct, frozen=True, order=True, array_like=True):
    """A place that builds an experiment."""

    place: Place
    kind: SiteKind
    is_conditional: bool


class Site(Struct, frozen=True, eq=False):
    """One config built at one place; only the same building of it is equal.

    `through` is the call in the outermost function that led there; `arguments` are the places of the keywords.
    """

    reference: SiteReference
    config: ConfigObject
    frozen: ConfigValue | PartialConfig
    """What its identity is made of when it is built; `doubts` counts those that it had then."""
    doubts: int
    through: Place | None = None
    arguments: Mapping[str, Place] = {}

    @property
    def place(self) -> Place:
        """Where it is built."""
        return self.reference.place

    @property
    def kind(self) -> SiteKind:
        """What builds it."""
        return self.reference.kind

    @property
    def is_conditional(self) -> bool:
        """Whether it is built under a condition that is not known."""
        return self.reference.is_conditional

    def under(self, *, is_conditional: bool) -> "Site":
        """Return the site as one that is built under a condition, if that is one."""
        reference = replace(self.reference, is_conditional=self.is_conditional or is_conditional)
        return replace(self, reference=reference)


class Load(Struct, frozen=True):
    """A config whose result is asked for at a place, and the call in the outermost function that led there."""

    config: ConfigObject
    place: Place
    through: Place | None
    is_conditional: bool


class Group(Struct, frozen=True):
    """A list that was written as one, and where each of its elements stands."""

    value: ListObject
    items: "tuple[AbstractValue, ...]"
    places: tuple[Place, ...]


class ClassFault(Struct, frozen=True):
    """Why a class cannot be instantiated: what defining it raises, and the abstract methods that it lacks."""

    error: DefinitionError | None
    missing: tuple[str, ...]


class Construction(Struct, frozen=True):
    """What the declarations along the order of a class say of building one.

    Attributes:
        validated: The fields with validators.
        munged: The names of the fields that are computed as a config is built.
        validate_methods: Of each ancestor of the project, from the base down, the methods that it marks so.
        init_properties: The names of what an ancestor marks as computed when a config is built.
        is_typechecked: Whether values must fit their annotations.
    """

    validated: tuple[FieldDeclaration, ...]
    munged: tuple[str, ...]
    validate_methods: tuple[tuple[str, tuple[str, ...]], ...]
    init_properties: tuple[str, ...]
    is_typechecked: bool
