"""From a plan to tasks: the interpreter, the library and the directory that each step runs with. Starts no step."""

from pathlib import Path

from msgspec import Struct

from huldra.formats.dialect import Dialect
from huldra.launch.interpreter import Interpreter, Library, Unusable, ask_library
from huldra.launch.local import Task
from huldra.launch.processes import Job
from huldra.plans.config_source import config_source
from huldra.plans.model import RerunPlan, Step
from huldra.plans.program import program_text
from huldra.plans.rerun import MISSING
from huldra.project.modules import ModuleTable


class Setting(Struct, frozen=True):
    """The code that a plan is carried out with.

    Attributes:
        plan: What is made.
        modules: The modules of that code.
        root: Where it lies on disk, and where its processes start.
        commit: Of `--code then`, the commit; None for the code as it is now.
        held: Open files that its processes keep.
        doubts: What may differ from the code that ran.
    """

    plan: RerunPlan
    modules: ModuleTable
    root: Path
    commit: str | None = None
    held: tuple[int, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def import_roots(self) -> tuple[str, ...]:
        """The absolute directories that imports begin at."""
        below = self.modules.roots or ("",)
        return tuple(dict.fromkeys(str(self.root / name) if name else str(self.root) for name in below))


def ask_libraries(setting: Setting, interpreter: Interpreter) -> dict[str, Library] | Unusable:
    """Return what the libraries of a plan's classes can do, by dialect; or why one of them cannot be used.

    Effect: starts the interpreter once for each dialect.
    """
    found: dict[str, Library] = {}
    dialects: dict[str, Dialect] = {step.dialect.name: step.dialect for step in setting.plan.steps}
    for name, dialect in dialects.items():
        library = ask_library(interpreter, dialect, setting.import_roots, setting.root)
        if isinstance(library, Unusable):
            return library
        found[name] = library
    return found


def tasks_of(
    setting: Setting, interpreter: Interpreter, libraries: dict[str, Library], store: Path, logs: Path
) -> tuple[Task, ...]:
    """Return the tasks of a plan.

    Args:
        setting: The plan, and the code.
        interpreter: What runs them.
        libraries: What the libraries can do there, by dialect.
        store: Where results go.
        logs: Where the logs go of what never becomes a run.
    """
    return tuple(
        _task(setting, step, interpreter, libraries[step.dialect.name], store, logs) for step in setting.plan.steps
    )


def _task(setting: Setting, step: Step, interpreter: Interpreter, library: Library, store: Path, logs: Path) -> Task:
    source = config_source(step.config, setting.modules)
    plain = program_text(source, step.key, step.dialect, setting.import_roots, library.call)
    forced = library.forced_call
    program = program_text(source, step.key, step.dialect, setting.import_roots, forced) if forced else plain
    # A run that was killed may have set a result aside that a plain call would take for the answer.
    is_again = step.verdict != MISSING
    job = Job(
        key=step.key,
        directory=store / step.path,
        dialect=step.dialect,
        program=program if is_again else plain,
        python=interpreter.path,
        root=setting.root,
        store=store,
        held=setting.held,
    )
    return Task(
        job=job,
        path=step.path,
        after=step.after,
        is_set_aside=step.has_success and forced is None,
        healing=plain if is_again and forced else None,
        kept_log=logs / step.path,
    )
