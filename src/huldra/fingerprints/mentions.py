"""What a definition reads by name, as it is written; where that leads is for the closure to find. Plain data."""

from collections.abc import Mapping
from typing import Literal as OneOf
from typing import Protocol

from msgspec import Struct

from huldra.facts.expressions import Span
from huldra.fingerprints.scopes import Imported

MentionKind = OneOf["name", "import", "self", "super"]
Use = OneOf["value", "type", "names"]
USES: Mapping[tuple[str, int], Use] = {
    ("isinstance", 1): "type",
    ("issubclass", 1): "type",
    ("getmembers", 0): "names",
    ("vars", 0): "names",
    ("dir", 0): "names",
}
"""What functions do with an argument, by its index."""

ALL_NAMES = "globals()"
"""The path of a mention of all names of the module: it is not known which is read."""


class Mention(Struct, frozen=True):
    """One read of something that the definition does not bind.

    Attributes:
        kind: `name`: a name of the module or a builtin. `import`: a name that the function imports itself. `self` and
            `super`: attributes of the instance or class that a method works on.
        path: The names read, one attribute after the other; without the receiver for `self` and `super`.
        use: `type` where only the kind of a value is asked for (`isinstance(x, Path)`), `names` where all that a module
            has is (`vars(models)`).
        at: Where, relative to the piece.
        imported: What the function's own import says.
    """

    kind: MentionKind
    path: tuple[str, ...]
    use: Use
    at: Span
    imported: Imported | None = None

    @property
    def spelling(self) -> str:
        """The mention as code would write it."""
        head = {"self": ("self",), "super": ("super()",)}.get(self.kind, ())
        return ".".join((*head, *self.path))


class Dynamic(Struct, frozen=True):
    """A construct that reads what only a run can tell."""

    message: str
    at: Span


class SaidText(Struct, frozen=True):
    """The text that a name stands for; `is_settled`: nothing is in sight by which it may be another."""

    text: str
    is_settled: bool = False


Quietness = OneOf["", "arguments", "wrapper", "followed"]
"""Of a call: its arguments do not count (`print`), it stands for its first argument (`tqdm`), or it leads to something
of the project."""


class QuietCalls(Protocol):
    """Tells of what is called what only its own definition says."""

    def __call__(self, mention: Mention) -> Quietness:
        """Return whether a call says something to a person and nothing to the result."""
        ...

    def is_memo(self, mention: Mention) -> bool:
        """Return whether a decorator is `functools.lru_cache`."""
        ...

    def leaves_annotations(self, mention: Mention) -> bool:
        """Return whether a decorator is known to leave the annotations of what it decorates alone."""
        ...

    def is_record_maker(self, mention: Mention) -> bool:
        """Return whether something makes records of classes, as `dataclasses.dataclass` does."""
        ...

    def takes_in_any_order(self, mention: Mention) -> bool:
        """Return whether something cannot tell in which order it is given arguments by keyword."""
        ...

    def text_of(self, mention: Mention) -> SaidText | None:
        """Return the text that a name stands for; None of any other, and where several may be meant."""
        ...
