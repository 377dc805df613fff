"""Tracebacks as people read them: for the log of a failed run, and for errors that nobody catches."""

import os
import sys
import traceback
from io import StringIO
from types import TracebackType
from typing import Final

_SWITCH: Final = "HULDRA_RICH_UNCAUGHT_TRACEBACKS"
_WIDTH: Final = 120
_CONTEXT_LINES: Final = 3


def plain_traceback(error: BaseException) -> str:
    """Return a traceback as Python prints it."""
    return "".join(traceback.format_exception(error))


def format_traceback(error: BaseException) -> str:
    """Return a traceback with the source around each frame."""
    from rich.console import Console  # noqa: PLC0415  only failures pay for it
    from rich.traceback import Traceback  # noqa: PLC0415

    text = StringIO()
    shown = Traceback.from_exception(type(error), error, error.__traceback__, width=_WIDTH, extra_lines=_CONTEXT_LINES)
    Console(file=text, width=_WIDTH, force_terminal=False, color_system=None).print(shown)
    return text.getvalue().rstrip()


def install_uncaught_tracebacks() -> None:
    """Show uncaught errors with their source around them, unless the environment says no.

    Effect: sets `sys.excepthook`, if nobody else has.
    """
    wanted = os.environ.get(_SWITCH, "").lower() in {"", "1", "true", "yes"}
    if wanted and sys.excepthook is sys.__excepthook__:
        sys.excepthook = _show_uncaught


def _show_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt) or sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.__excepthook__(kind, error, trace)
        return
    from rich.console import Console  # noqa: PLC0415  only failures pay for it
    from rich.traceback import Traceback  # noqa: PLC0415

    Console(stderr=True).print(Traceback.from_exception(kind, error, trace))
