"""Where evaluation stands, and what a call is given. Holds no rule of the language."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from huldra.experiments.evaluate.journal import Section
from huldra.experiments.evaluate.signals import BreakSignal, ContinueSignal, ReturnSignal
from huldra.experiments.values import (
    AbstractValue,
    FunctionObject,
    ListObject,
    Mutable,
    Scope,
    Snapshot,
    Unknown,
    next_birth,
)
from huldra.facts.expressions import Span
from huldra.project.places import Origin, Place

Noting = Callable[[Sequence[AbstractValue] | None], None]
"""Notes what the body of a generator has changed when it gives some elements; None where these are made in between."""


class EarlyPath(Struct, frozen=True, eq=False):
    """A path that has left a stretch of code under a condition that is not known, while another goes on in it.

    Attributes:
        signal: How it left.
        after: What it had changed, as it left it.
        section: What the others have changed since.
        doubt: What the condition leaves in doubt.
        number: Of two paths, the one that left later has the larger one.
        is_exact: Whether it has nothing more to do on its way, such as what stands under `finally`.
    """

    signal: ReturnSignal | BreakSignal | ContinueSignal
    after: Mapping[int, tuple[Mutable, Snapshot]]
    section: Section
    doubt: Unknown
    number: int = field(default_factory=next_birth)
    is_exact: bool = True


class Paths(Struct):
    """The paths that have left a loop or function early, the first of them first."""

    early: list[EarlyPath] = []

    def mark(self) -> int:
        """Return a number by which to tell the paths of before from those that will leave from now on."""
        return len(self.early)


class Frame(Struct):
    """Where evaluation stands: the scope that names are looked up in, and the code's own place.

    `paths` keeps what other paths through the function returned and what has changed since, `loops` the same for
    each loop that is running; `yielded` collects a generator's values; `exports` are the names declared global.
    """

    scope: Scope
    module: str
    origin: Origin
    function: FunctionObject | None = None
    receiver: AbstractValue = None
    enclosing: tuple[str, ...] = ()
    depth: int = 0
    paths: Paths = field(default_factory=Paths)
    loops: list[Paths] = []
    yielded: ListObject | None = None
    exports: frozenset[str] = frozenset()
    handed: dict[int, tuple[Mutable, Snapshot]] = {}
    """What a generator has given away, as it was at that moment."""
    noting: Noting | None = None
    """What is told of the elements that a generator gives, if somebody acts between them."""
    on_yield: Callable[[AbstractValue], None] | None = None
    """What is done with a value where it is yielded, instead of keeping it."""
    marks: list[int] = []
    """How many sites had been recorded when each value was yielded."""

    def place(self, span: Span) -> Place:
        """Return the place of a span in the code that is evaluated."""
        return self.origin.place(span)


class CallArguments(Struct):
    """The evaluated arguments of a call; `unknown` is set when a star argument hides how many there are.

    `places` are those of the keywords, and of the first positional argument under ""; `literals` are the keywords whose
    value is written out. `is_one_of_some` says that something else may be called with them, so that what does not take
    them is not what is called there.
    """

    positional: list[AbstractValue]
    keywords: dict[str, AbstractValue]
    place: Place
    unknown: Unknown | None = None
    places: Mapping[str, Place] = {}
    literals: frozenset[str] = frozenset()
    is_one_of_some: bool = False
