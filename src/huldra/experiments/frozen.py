"""What freezing a config gives when something about it is not known: the fields that are, and every doubt."""

from msgspec import Struct

from huldra.experiments.values import Unknown
from huldra.formats.config_values import Value


class Doubt(Struct, frozen=True):
    """What keeps a config from having an identity: the path of the field (`optimizer.lr`), and the reason."""

    field: str
    cause: Unknown


class PartialConfig(Struct, frozen=True):
    """A config of which something is not known: the fields that are, and every doubt."""

    class_name: str
    known: tuple[tuple[str, Value], ...]
    doubts: tuple[Doubt, ...]
