"""HULDRA_DRY_RUN: nothing is computed; what would be is collected, and raised as one error."""

import atexit
import os
import sys
from typing import Final, NoReturn

from huldra.runtime.environment import is_switched_on
from huldra.runtime.errors import HuldraDryRun

_EXIT_CODE: Final = 1
_USES: Final = (
    *("__call__", "__iter__", "__next__", "__len__", "__bool__", "__contains__", "__getitem__", "__setitem__"),
    *("__enter__", "__fspath__", "__int__", "__index__", "__float__", "__neg__", "__abs__", "__array__"),
    *("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__", "__rtruediv__"),
    *("__floordiv__", "__mod__", "__pow__", "__matmul__", "__lt__", "__le__", "__gt__", "__ge__", "__or__", "__and__"),
)
_would_compute: dict[str, None] = {}
_told: list[str] = []


def is_dry_run() -> bool:
    """Return whether the environment asks for a dry run."""
    return is_switched_on("HULDRA_DRY_RUN")


class NotComputed:
    """Stands for a result in a dry run. The program goes on until it uses it: then the error is raised."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"<not computed: {self._name}>"

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        _tell()


def _use(_self: NotComputed, *_args: object) -> NoReturn:
    _tell()


for _name in _USES:
    setattr(NotComputed, _name, _use)


def skip_computing(name: str) -> NotComputed:
    """Note that a run would be computed, and return what stands for its result.

    Effect: if the program ends without having used any of them, the list is printed then, and it exits with 1.
    """
    if not _would_compute:
        atexit.register(_end)
    _would_compute[name] = None
    return NotComputed(name)


def _message() -> str:
    count = len(_would_compute)
    lines = "".join(f"\n  {name}" for name in _would_compute)
    return f"HULDRA_DRY_RUN is set: {count} {'run' if count == 1 else 'runs'} would be computed:{lines}"


def _tell() -> NoReturn:
    _told[:] = [_message()]
    raise HuldraDryRun(_told[0])


def _end() -> None:
    message = _message()
    if message in _told:
        return
    print(f"huldra.HuldraDryRun: {message}", file=sys.stderr)  # noqa: T201  the program is over: nobody can catch it
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_EXIT_CODE)
