"""When Python looks for garbage: what a state holds is left alone until there is time.

A look at everything that a large project's state is made of takes a quarter of a second, and would come in the middle
of an edit. So all that is there when a state is ready is set aside; what of it is held only by itself is found when
nobody has typed for a while, or once so much has come together that it may be mostly that.
"""

import gc
from collections.abc import Callable

_SOME_STATES = 20
_GROWTH = 1.5
_FEW_OBJECTS = 50_000
"""So many are never worth a look in the middle of an edit: some ten megabytes."""


class Garbage:
    """Counts states, and what they leave. Used by the thread that makes them."""

    def __init__(self, collect: Callable[[], object] = gc.collect) -> None:
        self._collect = collect
        self._states = _SOME_STATES  # reading a project leaves something, too
        self._new = 0
        self._objects: int | None = None

    def set_aside(self) -> None:
        """Effect: leave alone what is there now; if there is half as much again as after the last look, look first."""
        self._states += 1
        self._new += _new_objects()
        gc.freeze()
        if self._objects is None:
            self._objects, self._new = gc.get_freeze_count(), 0
        elif self._new > max(_FEW_OBJECTS, self._objects * (_GROWTH - 1)):
            # Much is new; how much of what was there before is gone takes longer to tell.
            self._new = 0
            if gc.get_freeze_count() > _FEW_OBJECTS + self._objects * _GROWTH:
                self._look()

    def look_at_leisure(self) -> None:
        """Effect: look through it all, if there may be something to find."""
        if self._states >= _SOME_STATES:
            self._look()

    def _look(self) -> None:
        self._states = self._new = 0
        gc.unfreeze()
        self._collect()
        gc.freeze()
        self._objects = gc.get_freeze_count()


def _new_objects() -> int:
    """Return how many objects there are that were not set aside, roughly, by how often Python has counted them up.

    A list of them would tell it exactly, and hold what other threads are making just then: a tuple that somebody else
    holds cannot be finished (CPython's issue 15108).
    """
    youngest, younger, older = gc.get_count()
    first, second, _ = gc.get_threshold()
    return youngest + first * (younger + second * older)
