"""What calling each function changes, as far as it is known; of functions that call each other, until nothing is new.

A function that is asked while it is read changes nothing so far. Whoever was told so is read again with what is known
by then, round by round: what is changed can only become more, so that it comes to an end (a least fixed point; G. A.
Kildall, A unified approach to global program optimization, POPL 1973).
"""

from collections.abc import Callable

from msgspec import Struct

from huldra.facts.expressions import Lambda
from huldra.facts.statements import FunctionDefinition
from huldra.fingerprints.changes import NOTHING, Changes
from huldra.fingerprints.code import Code
from huldra.fingerprints.model import Lines

Key = tuple[str, str, int]
"""A function: its module, its class or nothing, and its identity."""
_MOST_ROUNDS = 20
"""What is kept only to be remembered may be taken back, so that it need not come to an end by itself."""


class Summary(Struct, frozen=True):
    """What is known of a function, which is held, so that its identity stays its own.

    Attributes:
        function: The function.
        changes: What calling it changes.
        asked: The lines of what was read to tell that, its own among them.
    """

    function: FunctionDefinition | Lambda
    changes: Changes
    asked: frozenset[Lines]


class Summaries:
    """What is known of the functions of one state of the code."""

    def __init__(self) -> None:
        self._known: dict[Key, Summary] = {}
        self._begun: set[Key] = set()
        self._new: list[Key] = []
        self._is_circular = False

    def get(self, key: Key) -> Summary | None:
        """Return what is known of a function."""
        self._is_circular = self._is_circular or key in self._begun
        return self._known.get(key)

    def begin(self, key: Key, function: FunctionDefinition | Lambda, own: frozenset[Lines]) -> None:
        """Have a function change nothing until it is read."""
        self._begun.add(key)
        self._known[key] = Summary(function, NOTHING, own)

    def forget(self, key: Key) -> None:
        """Take back that a function was begun."""
        self._begun.discard(key)
        self._known.pop(key, None)

    def finish(self, key: Key, summary: Summary) -> Summary:
        """Keep what was found of a function."""
        self._begun.discard(key)
        self._known[key] = summary
        self._new.append(key)
        return summary

    def settle(self, read: Callable[[Key, Summary], Summary]) -> bool:
        """Read what was found last again where some was told too early; return whether there was any such thing."""
        is_circular, new = self._is_circular, tuple(self._new)
        self._new.clear()
        for _ in range(_MOST_ROUNDS if is_circular else 0):
            before = [self._known[key] for key in new]
            for key, known in zip(new, before, strict=True):
                self._known[key] = read(key, known)
            if before == [self._known[key] for key in new]:
                break
        self._is_circular = False
        return is_circular


def summaries_of(code: Code) -> Summaries:
    """Return what is known of the functions of a state."""
    if not isinstance(code.summaries, Summaries):
        code.summaries = Summaries()
    return code.summaries
