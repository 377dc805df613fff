"""Modules as they are where others have not been imported: what these change is in doubt, what is built is found again.

All modules are run once, in order, and each sees what those before it have left. A process that imports one of them
alone sees only what that one imports has left.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from huldra.experiments.evaluate.alike import are_alike, is_state_alike
from huldra.experiments.evaluate.journal import merge, put, take
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.outcome import Changed, Outcome
from huldra.experiments.evaluate.run import run_piece
from huldra.experiments.frozen import PartialConfig
from huldra.experiments.values import AbstractValue, Scope, Unknown
from huldra.project.places import Origin, start_of_file
from huldra.project.reachable import all_reachable


class Doubted(Struct, frozen=True):
    """A value that is in doubt, as it may be instead, and why."""

    change: Changed
    doubt: Unknown
    by: str
    """The module that changes it."""
    found: Outcome | None = None
    """The piece of work that found it, if it was one of its own."""


def changed_by_others(machine: Machine, module: str, *further: str) -> list[Doubted]:
    """Return what of the modules that some modules look into another one has changed, which they do not import."""
    changing = [name for name, outcome in machine.imported.items() if outcome.changed]
    if not changing:
        return []
    imported = {module, *further, *_imports(machine, module, *further, with_packages=True)}
    reason = "it is changed by {}, which {} does not import"
    others = sorted(set(changing) - imported)
    changed = [d for other in others for d in _changed(machine, other, imported, reason.format(other, module))]
    return [*changed, *(d for other in sorted(imported) for d in _made_another_way(machine, other))]


def _made_another_way(machine: Machine, module: str) -> Iterator[Doubted]:
    """Yield what a module has made of what others have changed, which it does not import."""
    outcome = machine.imported.get(module)
    if outcome is None or outcome.alone is None:
        return
    reason = f"{module} makes it of what is changed by another module, which it does not import"
    doubt = Unknown(reason, start_of_file(machine.project.modules.file_of[module]))
    yield from (Doubted(Changed(module, *pair), doubt, module, outcome.alone) for pair in outcome.alone.left)


def changed_twice(machine: Machine, script: str) -> Iterator[Doubted]:
    """Yield what a script changes of others, and then again where what it imports imports it."""
    imported = _imports(machine, script, with_packages=True)
    if script in imported:
        reason = f"it is changed by {script}, which is run twice: as a script, and as what a module imports"
        yield from _changed(machine, script, imported, reason)


def _changed(machine: Machine, by: str, owners: Collection[str], reason: str) -> Iterator[Doubted]:
    doubt = Unknown(reason, start_of_file(machine.project.modules.file_of[by]))
    yield from (Doubted(each, doubt, by) for each in machine.imported[by].changed.values() if each.owner in owners)


def _imports(machine: Machine, *modules: str, with_packages: bool = False) -> frozenset[str]:
    """Return the modules that modules look into, and so on; themselves where one of those does.

    Args:
        machine: The evaluation, whose modules have been run.
        modules: The modules.
        with_packages: Whether what Python imports before a module, the package that it is in, is one of them.
    """
    kept = machine.looked_into.get(with_packages)
    if kept is None or kept[0] != len(machine.imported):
        graph = {module: _looked_into(machine, module, with_packages=with_packages) for module in machine.imported}
        kept = machine.looked_into[with_packages] = (len(machine.imported), all_reachable(graph))
    return frozenset[str]().union(*(kept[1][module] for module in modules if module in kept[1]))


def _looked_into(machine: Machine, module: str, *, with_packages: bool) -> set[str]:
    reads = machine.imported[module].reads - {module}
    package = module.rpartition(".")[0]
    return reads | {package} if with_packages and package in machine.imported else reads


def who_changes(changed: Iterable[Doubted]) -> frozenset[str]:
    """Return the modules whose changes are in doubt."""
    return frozenset(each.by for each in changed)


def put_in_doubt(machine: Machine, changed: Iterable[Doubted]) -> None:
    """Effect: put in doubt what has been changed. What was built with it was built all the same."""
    for each in changed:
        machine.journal.touch(each.change.value)
        machine.journal.work += merge(each.change.value, each.change.before, each.doubt)
        if each.found is not None:
            machine.found.also_looked_at(each.found)


class Order:
    """Who looks into whom, and so on, once all modules have been run; and who was run first."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._imports: dict[str, frozenset[str]] = {}
        self._numbers = {name: number for number, name in enumerate(machine.imported)}

    def imports(self, module: str) -> frozenset[str]:
        """Return the modules that one looks into, and so on."""
        if module not in self._imports:
            self._imports[module] = _imports(self._machine, module)
        return self._imports[module]

    def after(self, module: str) -> list[str]:
        """Return the modules that look into another, and so on: when they begin to change things it has been run."""
        return [name for name in self._numbers if self.is_after(name, module)]

    def is_after(self, other: str, module: str) -> bool:
        """Return whether another module looks into one, and so on, and this not into the other."""
        return other != module and other not in self.imports(module) and module in self.imports(other)

    def may_be_before(self, other: str, module: str) -> bool:
        """Whether another module was run before one that does not look into it, or somebody may run both that way."""
        if self._numbers[other] < self._numbers[module]:
            return True
        return any({other, module} <= self.imports(name) for name in self._numbers)


def seen_changed(machine: Machine, module: str, order: Order) -> list[Doubted]:
    """Return what a module may see that others have changed, which it does not import, and which do not import it."""

    def may_be_seen(by: str) -> bool:
        return not order.is_after(by, module) and order.may_be_before(by, module)

    return [each for each in changed_by_others(machine, module) if each.found is not None or may_be_seen(each.by)]


def run_alone(machine: Machine, module: str, changed: Sequence[Doubted], order: Order) -> None:
    """Effect: note what a module also may build and make, where others have not changed what it sees.

    What it has changed itself is as it was before, for it does that again; what those that import it have, too.
    """
    section = machine.journal.open()
    held, machine.held = machine.held, {}
    classes = dict(machine.classes)
    own = list(machine.imported[module].changed.values())
    try:
        with machine.piece_of_work() as outcome:
            for name in reversed(order.after(module)):
                _put_back(machine, machine.imported[name].changed.values())
            states = [(each.value, take(each.value)) for each in own if not isinstance(each.value, Scope)]
            names = dict(machine.modules[module].names)
            twice = {id(each.change.value) for each in changed if each.by == module}
            _put_back(machine, [each for each in own if id(each.value) not in twice])
            put_in_doubt(machine, changed)
            _run(machine, module)
        left = [(value, take(value)) for value, state in states if not is_state_alike(value, state)]
        scopes = [(machine.modules[module], _differing(names, machine.modules[module].names))]
        remade = [(cls, machine.classes[name]) for name, cls in classes.items() if machine.classes[name] is not cls]
        scopes += [(cls.members, _differing(cls.members.names, again.members.names)) for cls, again in remade]
    finally:
        machine.held = held
        machine.classes.update(classes)  # those that were made once more are nobody else's
        machine.journal.undo(section)
    machine.found.also_looked_at(outcome)
    machine.found.reads.add(module)
    # What does not follow from the change has been found before.
    machine.found.sites += [e for e in outcome.sites if isinstance(e.frozen, PartialConfig) or e.is_conditional]
    made = [(scope, ({**scope.names, **others}, None, None)) for scope, others in scopes if others]
    machine.found.left = (*left, *made)


def _put_back(machine: Machine, changed: Iterable[Changed]) -> None:
    for each in changed:
        machine.journal.touch(each.value)
        put(each.value, each.before)


def _run(machine: Machine, module: str) -> None:
    file = machine.project.modules.file_of[module]
    for piece in machine.project.facts[file].pieces:
        frame = Frame(machine.modules[module], module, Origin(file, piece.first_line))
        with machine.fresh_steps():
            run_piece(machine, piece.facts.statements, frame)


def _differing(before: Mapping[str, AbstractValue], now: Mapping[str, AbstractValue]) -> dict[str, AbstractValue]:
    """Return the names that have other values than before."""
    return {name: value for name, value in now.items() if name not in before or not are_alike(before[name], value)}
