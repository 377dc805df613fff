"""A definition while the closure that it belongs to is being built."""

from msgspec import Struct

from huldra.fingerprints.describe import Described
from huldra.fingerprints.model import Compiled, Reference
from huldra.fingerprints.resolve import Node


class Draft(Struct):
    """A definition while its closure is being built."""

    node: Node
    described: Described
    references: list[Reference] = []
    members: set[str] = set()
    compiled: dict[Compiled, None] = {}
