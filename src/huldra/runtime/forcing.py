"""Which runs the environment wants to have computed again, and which of them this process has done."""

from pathlib import Path

from huldra.runtime.environment import listed
from huldra.runtime.task import T, Task

_computed: set[Path] = set()


def is_forced(task: Task[T]) -> bool:
    """Return whether `HULDRA_FORCE_RECOMPUTE` names this experiment, and this process has not computed it yet.

    It lists classes (`my_project.train.Train`, `Train`), single runs (a hash, or `Train/<hash>`), or is `all`.
    """
    wanted = listed("HULDRA_FORCE_RECOMPUTE")
    if not wanted or task.directory in _computed:
        return False
    names = {task.class_path, task.name, task.digest, "all", "*"}
    names |= {f"{name}/{task.digest}" for name in (task.class_path, task.name)}
    return not names.isdisjoint(wanted)


def note_computed(directory: Path) -> None:
    """Remember that this process has computed a run: once is enough."""
    _computed.add(directory)
