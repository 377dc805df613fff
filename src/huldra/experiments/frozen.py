"""What freezing a config gives when something about it is not known: the fields that are, and every doubt."""

from msgspec import Struct

from huldra.experiments.values import Unknown
from huldra.formats.config_values import Composite, Value
from huldra.project.places import Place


class Cause(Struct, frozen=True, array_like=True):
    """Why a value cannot be known without running, and where that begins.

    `result_of` is the dotted name of the outside function or class whose call gave it, if one did.
    """

    reason: str
    place: Place | None = None
    result_of: str | None = None


class Doubt(Composite, frozen=True):
    """What keeps a config from having an identity: the path of the field (`optimizer.lr`), and the reason."""

    field: str
    cause: Cause


class PartialConfig(Struct, frozen=True):
    """A config of which something is not known: the fields that are, and every doubt."""

    class_name: str
    known: tuple[tuple[str, Value], ...]
    doubts: tuple[Doubt, ...]


def doubt_of(field: str, unknown: Unknown) -> Doubt:
    """Return the doubt that an unknown value puts on a field."""
    return Doubt(field, Cause(unknown.reason, unknown.place, unknown.result_of))
