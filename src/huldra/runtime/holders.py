"""Whose log a line goes to: the stack of directories that are being worked in, one for each thread and task."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from huldra.formats.dialect import HULDRA
from huldra.formats.layout import internal_directory
from huldra.runtime.config import HULDRA_CONFIG

_STACK: ContextVar[tuple[object, ...]] = ContextVar("huldra_holders", default=())


@contextmanager
def enter_holder(holder: object) -> Generator[None]:
    """Send log lines to a directory while this is open.

    Args:
        holder: A path, or an object whose `huldra_dir` is one.
    """
    token = _STACK.set((*_STACK.get(), holder))
    try:
        yield
    finally:
        _STACK.reset(token)


def current_holder() -> object:
    """Return the innermost holder, or None."""
    stack = _STACK.get()
    return stack[-1] if stack else None


def current_log_dir() -> Path:
    """Return where log lines go: the holder's internal directory, or the root of the store.

    Raises:
        TypeError: the holder is neither a path nor has one as `huldra_dir`.
    """
    holder = current_holder()
    if holder is None:
        return HULDRA_CONFIG.base_root
    directory = holder if isinstance(holder, Path) else getattr(holder, "huldra_dir", None)
    if not isinstance(directory, Path):
        raise TypeError(f"a holder is a Path or has one as huldra_dir, not a {type(holder).__name__}")
    return internal_directory(directory, HULDRA)
