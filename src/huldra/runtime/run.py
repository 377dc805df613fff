"""From "is there a result?" to "here it is". What a hit needs is here; the rest, `compute`, is imported on demand."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from huldra.formats.layout import state_file
from huldra.runtime.errors import HuldraComputeError
from huldra.runtime.forcing import is_forced
from huldra.runtime.holders import current_holder, enter_holder
from huldra.runtime.log import CONSOLE_ONLY, FILE_ONLY, caller_place, get_logger
from huldra.runtime.state import result_id
from huldra.runtime.store import internal, standing_result
from huldra.runtime.task import LOCAL, T, Task, Value

Stamp = tuple[int, int] | None


def load_or_create(task: Task[T], *, force: bool = False) -> T:
    """Return the result of an experiment: loaded if there is one, computed if not.

    Effect: may compute, and write the run's directory. A hit writes nothing and takes no lock.

    Args:
        task: The experiment.
        force: Compute although there is a result; it comes back if that fails. So does `HULDRA_FORCE_RECOMPUTE`.

    Raises:
        HuldraComputeError: the result cannot be loaded, or cannot be recorded, or another process failed at it.
        HuldraWaitTimeout: another process took longer than the class allows.
        Exception: whatever `_create` raises, unchanged.
    """
    extra = {**CONSOLE_ONLY, "huldra_caller": caller_place()}
    get_logger().info("load_or_create %s %s", task.name, task.digest, extra=extra)
    with _as_dependency(task), enter_holder(task.holder):
        return _load_or_create(task, force=force or is_forced(task))


def _load_or_create(task: Task[T], *, force: bool) -> T:
    while True:
        stamp = _stamp(task.directory)
        standing = None if force else standing_result(task.directory)
        if standing is not None and is_valid(task):
            loaded = _load_as_of(task, stamp)
            if loaded is not None:
                return loaded.value
            continue
        from huldra.runtime.compute import compute  # noqa: PLC0415  a hit does not pay for what computing needs

        rejected = None if standing is None else result_id(standing)
        done = compute(task, LOCAL, rejected=rejected, force=force)
        if done is not None:
            return done.value


def _load_as_of(task: Task[T], stamp: Stamp) -> Value[T] | None:
    """Return the result, or None if it was replaced meanwhile: what was loaded may be a mixture of two."""
    try:
        value = load_result(task)
    except HuldraComputeError:
        if _stamp(task.directory) == stamp:
            raise
        return None
    return Value(value) if _stamp(task.directory) == stamp else None


def _stamp(directory: Path) -> Stamp:
    """Return what is different after each change of the state: every one makes a new file."""
    try:
        found = state_file(internal(directory)).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_ino, found.st_mtime_ns


def is_valid(task: Task[T]) -> bool:
    """Return what `_validate` says; an error in it says no."""
    try:
        if task.validate():
            return True
    except Exception as error:  # noqa: BLE001  the user's code: whatever it raises means "not valid"
        get_logger().warning("%s %s: _validate raised %r: computing again", task.name, task.digest, error)
        return False
    get_logger().warning("%s %s: _validate says no: computing again", task.name, task.digest)
    return False


def load_result(task: Task[T]) -> T:
    """Return what `_load` gives; raise HuldraComputeError, with the cause, if it raises."""
    try:
        return task.load()
    except Exception as error:  # the user's code: any error is the same to the caller
        raise task.compute_error("the stored result cannot be loaded", error) from error


@contextmanager
def _as_dependency(task: Task[T]) -> Generator[None]:
    """Say in the log of the run that asks, if any, that it waits for this one."""
    if current_holder() is None:
        yield
        return
    get_logger().debug("dep: begin %s", task, extra=FILE_ONLY)
    how = "error"
    try:
        yield
        how = "ok"
    finally:
        get_logger().debug("dep: end %s %s (%s)", task.name, task.digest, how, extra=FILE_ONLY)
