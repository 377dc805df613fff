"""Which modules are being imported, and whose the values are that are made meanwhile. Runs nothing."""

from bisect import bisect_right

from huldra.experiments.values import Mutable, next_birth


class Imports:
    """The modules that are being imported, outermost first.

    Values are numbered as they are born, so whose one is follows from who was at work when it was.
    """

    def __init__(self) -> None:
        self._running: list[str] = []
        self._births: list[int] = [0]
        self._owners: list[str] = [""]

    def begin(self, module: str) -> None:
        """Effect: what is made from now on is a module's."""
        self._running.append(module)
        self._hand_over()

    def end(self) -> None:
        """Effect: what is made from now on is that of whoever was at work before."""
        self._running.pop()
        self._hand_over()

    @property
    def is_running(self) -> bool:
        """Whether a module is being imported."""
        return bool(self._running)

    def is_unfinished(self, module: str) -> bool:
        """Whether a module is being imported, and another one is at work."""
        return module in self._running and module != self._running[-1]

    def other_owner(self, value: Mutable) -> str | None:
        """Return whose a value is that the module at work changes; None for its own, and where none is imported.

        "" is the owner of what no module has made.
        """
        if not self._running or value.born >= self._births[-1]:
            return None
        owner = self._owners[bisect_right(self._births, value.born) - 1]
        return None if owner == self._running[-1] else owner

    def _hand_over(self) -> None:
        self._births.append(next_birth())
        self._owners.append(self._running[-1] if self._running else "")
