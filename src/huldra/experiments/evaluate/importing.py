"""Importing modules of the project that code names, or that nobody can name. What is bound is no business of it."""

from huldra.experiments.evaluate.frames import Frame
from huldra.experiments.evaluate.journal import merge
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.spoiling import spoil_scope
from huldra.experiments.values import Scope, Unknown
from huldra.project.places import Place
from huldra.project.symbols import TRUSTED_MODULES, ExternalSymbol

_MOST = 100
"""So many modules are run to see what importing any of them would change."""


def import_module(machine: Machine, module: str) -> Scope | None:
    """Run a module if it has not been; whoever imports it, what may raise there may raise here."""
    scope = machine.module(module)
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        work = machine.imported.get(".".join(parts[:count]))
        if work is not None and work.doubtful_calls:
            machine.doubtful_calls += 1
    return scope


def count_outside(machine: Machine, top: str) -> None:
    """A package that may not be installed: importing it may raise."""
    is_outside = isinstance(machine.project.symbols.module_symbol(top), ExternalSymbol)
    if is_outside and top not in TRUSTED_MODULES:
        machine.doubtful_calls += 1


def import_some(machine: Machine, frame: Frame, place: Place, package: str | None = None) -> None:
    """Import modules, nobody can tell which: what any of them changes of others is in doubt from here on.

    Those count that lie in a package, that of the code which imports where no other is named: nobody imports what lies
    beside a script for its tables. What they change is looked at, so that an import that changes nothing leaves nothing
    in doubt; of too many modules that is not done, and the tables of the one that imports are in doubt.
    """
    machine.doubtful_calls += 1
    table = machine.project.modules
    if package is None:
        package = frame.module if table.is_package(frame.module) else frame.module.rpartition(".")[0]
    if not package:
        return
    waiting = [name for name in table.file_of if name.startswith(f"{package}.") and name not in machine.imported]
    doubt = Unknown("it may be changed by a module that is imported here, whose name is not known", place)
    if len(waiting) > _MOST:
        spoil_scope(machine, machine.modules[frame.module], doubt)
        return
    before = set(machine.imported)
    for name in sorted(waiting):
        machine.module(name)
    for name in [name for name in machine.imported if name not in before]:
        for each in machine.imported[name].changed.values():
            machine.touch(each.value)
            machine.journal.work += merge(each.value, each.before, doubt)
