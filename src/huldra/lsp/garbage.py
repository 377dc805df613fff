"""When Python looks for garbage: what a state holds is left alone until there is time.

A look at everything that a large project's state is made of takes a quarter of a second, and would come in the middle
of an edit. So all that is there when a state is ready is set aside; what of it is held only by itself is found when
nobody has typed for a while, or after very many states.
"""

import gc
from collections.abc import Callable

_MANY_STATES = 300
_SOME_STATES = 20


class Garbage:
    """Counts states. Used by the thread that makes them."""

    def __init__(self, collect: Callable[[], object] = gc.collect) -> None:
        self._collect = collect
        self._states = _SOME_STATES  # reading a project leaves something, too

    def set_aside(self) -> None:
        """Effect: leave alone what is there now, which costs nothing; after very many states look through it first."""
        self._states += 1
        if self._states >= _MANY_STATES:
            self._look()
        gc.freeze()

    def look_at_leisure(self) -> None:
        """Effect: look through it all, if there may be something to find."""
        if self._states >= _SOME_STATES:
            self._look()
            gc.freeze()

    def _look(self) -> None:
        self._states = 0
        gc.unfreeze()
        self._collect()
