"""Modules as they are where others have not been imported: what these change is in doubt, what is built is found again.

All modules are run once, in order, and each sees what those before it have left. A process that imports one of them
alone sees only what that one imports has left.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from huldra.experiments.evaluate.journal import merge
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.outcome import Changed
from huldra.experiments.evaluate.run import run_piece
from huldra.experiments.frozen import PartialConfig
from huldra.experiments.values import Unknown
from huldra.facts import statements as s
from huldra.project.places import Origin, start_of_file

_IMPORTS = (s.Import, s.ImportFrom)
"""What gives what it gave when it is run once more."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """A value that is in doubt, as it may be instead, and why."""

    change: Changed
    doubt: Unknown


def changed_by_others(machine: Machine, module: str, *further: str) -> list[Doubted]:
    """Return what of the modules that some modules look into another one has changed, which they do not import."""
    changing = [name for name, outcome in machine.imported.items() if outcome.changed]
    if not changing:
        return []
    imported = {module, *further, *_imports(machine, module, *further)}
    reason = "it is changed by {}, which {} does not import"
    others = sorted(set(changing) - imported)
    return [d for other in others for d in _changed(machine, other, imported, reason.format(other, module))]


def changed_twice(machine: Machine, script: str) -> Iterator[Doubted]:
    """Yield what a script changes of others, and then again where what it imports imports it."""
    imported = _imports(machine, script)
    if script in imported:
        reason = f"it is changed by {script}, which is run twice: as a script, and as what a module imports"
        yield from _changed(machine, script, imported, reason)


def _changed(machine: Machine, by: str, owners: set[str], reason: str) -> Iterator[Doubted]:
    doubt = Unknown(reason, start_of_file(machine.project.modules.file_of[by]))
    yield from (Doubted(each, doubt) for each in machine.imported[by].changed.values() if each.owner in owners)


def _imports(machine: Machine, *modules: str) -> set[str]:
    """Return the modules that modules look into, and so on; themselves where one of those does."""
    found, queue = set[str](), list(modules)
    while queue:
        looking = queue.pop()
        outcome = machine.imported.get(looking)
        new = set[str]() if outcome is None else outcome.reads - found - {looking}
        found |= new
        queue += new
    return found


def put_in_doubt(machine: Machine, changed: Iterable[Doubted]) -> None:
    """Effect: put in doubt what has been changed. What was built with it was built all the same."""
    for each in changed:
        machine.journal.touch(each.change.value)
        machine.journal.work += merge(each.change.value, each.change.before, each.doubt)


def run_alone(machine: Machine, module: str, changed: Iterable[Doubted]) -> None:
    """Effect: note what the statements of a module also may build, where others have not changed what it sees."""
    file = machine.project.modules.file_of[module]
    section = machine.journal.open()
    held, machine.held = machine.held, {}
    classes = dict(machine.classes)
    try:
        with machine.piece_of_work() as outcome:
            put_in_doubt(machine, changed)
            for piece in machine.project.facts[file].pieces:
                block = [each for each in piece.facts.statements if not isinstance(each, _IMPORTS)]
                frame = Frame(machine.modules[module], module, Origin(file, piece.first_line))
                with machine.fresh_steps():
                    run_piece(machine, block, frame)
    finally:
        machine.held = held
        machine.classes.update(classes)  # those that were made once more are nobody else's
        machine.journal.undo(section)
    machine.found.also_looked_at(outcome)
    machine.found.reads.add(module)
    # What does not follow from the change has been found before.
    machine.found.sites += [e for e in outcome.sites if isinstance(e.frozen, PartialConfig) or e.is_conditional]
