"""Which top-level statements of modules read what an edit binds otherwise, and running these again by themselves.

A name of a module is read by who spells it, in that module or as an attribute or an import, or by who may read any
name. So an edit of what a statement computes is followed from the names that it binds to the statements that read them,
and from the names that these bind, and so on, through all modules; the others, and the classes and functions of all of
these modules, stay the very objects that they are. Where a class or function would have to be made again, or a
statement changes more than names of its own module, the modules are run again as wholes.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.outcome import Beginning, Outcome
from huldra.experiments.evaluate.parts import Part
from huldra.experiments.evaluate.run import run_part
from huldra.experiments.spelled import Spelled, Spelling
from huldra.experiments.values import AbstractValue, Scope
from huldra.facts.statements import FileFacts
from huldra.project.edits import leads_alike
from huldra.project.link import Project
from huldra.project.local_names import names_bound_in
from huldra.project.places import Origin


class PartsAgain(Struct, frozen=True):
    """The statements to run again, by module and number, and the names that may be bound otherwise then."""

    parts: Mapping[str, set[int]] = {}
    names: Mapping[str, set[str]] = {}


class Readers:
    """Tells who may read names that have changed."""

    def __init__(self, project: Project, spelling: Spelling, names: Mapping[str, set[str]]) -> None:
        self._project = project
        self._spelling = spelling
        self._names = names
        self._known: dict[Beginning, bool] = {}

    def is_reader(self, outcome: Outcome) -> bool:
        """Whether a piece of work may have read one of the names in a function that it ran."""
        return not outcome.reads.isdisjoint(self._names) and any(map(self._reads, outcome.ran))

    def is_reading(self, module: str, spelled: Spelled, part: Part) -> bool:
        """Whether a top-level statement of a module may have read one of them."""
        looks = module in self._names or not part.outcome.reads.isdisjoint(self._names)
        return (looks and spelled.may_read(module, self._names)) or self.is_reader(part.outcome)

    def _reads(self, beginning: Beginning) -> bool:
        known = self._known.get(beginning)
        if known is None:
            spelled = spelled_by(self._project, self._spelling, beginning)
            module = self._project.modules.module_of.get(beginning[0], "")
            known = self._known[beginning] = spelled is None or spelled.may_read(module, self._names)
        return known


def spelled_by(project: Project, spelling: Spelling, beginning: Beginning) -> Spelled | None:
    """Return what a function spells; None where it is not found."""
    file, line, column = beginning
    return spelling.of_function(project.facts[file], line, column) if file in project.facts else None


def find_parts(
    machine: Machine, project: Project, spelling: Spelling, edited: Collection[str], lookers: Collection[str]
) -> PartsAgain | None:
    """Return what has to be run again after an edit; None where modules have to be run as wholes.

    Args:
        machine: The evaluation of the state before.
        project: The state now.
        spelling: What files spell.
        edited: The modules in which more than bodies of functions is edited.
        lookers: These, and all that look into them, or into one that does.
    """
    parts, names = dict[str, set[int]](), dict[str, set[str]]()
    for module in edited:
        before, now = (state.facts[state.modules.file_of[module]] for state in (machine.project, project))
        if module not in machine.parts or not leads_alike(before, now):
            return None
        pairs = enumerate(zip(before.pieces, now.pieces, strict=True))
        for index in [index for index, (old, new) in pairs if old.facts is not new.facts and old.facts != new.facts]:
            parts.setdefault(module, set()).add(index)
            names.setdefault(module, set()).update(_bound(machine, module, index, before), _text_binds(now, index))
    while True:
        readers = Readers(project, spelling, {module: set(found) for module, found in names.items()})
        new = [
            (module, index)
            for module in lookers
            for index in _reading(machine, project, spelling, module, readers)
            if index not in parts.get(module, ())
        ]
        if not new:
            break
        for module, index in new:
            parts.setdefault(module, set()).add(index)
            facts = project.facts[project.modules.file_of[module]]
            names.setdefault(module, set()).update(_bound(machine, module, index, facts))
    found = PartsAgain(parts, names)
    if Readers(project, spelling, names).is_reader(Outcome(reads=set(names), ran=machine.remembered)):
        return None
    stands_alone = (_stands_alone(machine, project, spelling, module, found) for module in parts)
    return found if all(stands_alone) else None


def _reading(machine: Machine, project: Project, spelling: Spelling, module: str, readers: Readers) -> Iterable[int]:
    pieces = project.facts[project.modules.file_of[module]].pieces
    for index, (piece, part) in enumerate(zip(pieces, machine.parts.get(module, ()), strict=False)):
        if readers.is_reading(module, spelling.of_statement(piece.facts), part):
            yield index


def _bound(machine: Machine, module: str, index: int, facts: FileFacts) -> frozenset[str]:
    """Return the names that a statement has bound, and those that it may bind."""
    return machine.parts[module][index].binds | _text_binds(facts, index)


def _text_binds(facts: FileFacts, index: int) -> frozenset[str]:
    return names_bound_in(facts.pieces[index].facts.statements)


def _stands_alone(machine: Machine, project: Project, spelling: Spelling, module: str, again: PartsAgain) -> bool:
    """Whether statements of a module can be run again without all the others, as far as the last run tells."""
    parts = machine.parts[module]
    if not all(part.is_plain for part in parts):
        return False
    return all(_is_alone(machine, project, spelling, module, index, again) for index in again.parts[module])


def _is_alone(
    machine: Machine, project: Project, spelling: Spelling, module: str, index: int, again: PartsAgain
) -> bool:
    """Whether a statement makes and changes nothing but values of its own, and reads no name that is bound twice."""
    parts, file = machine.parts[module], project.modules.file_of[module]
    part, outcome = parts[index], parts[index].outcome
    if not part.is_plain or outcome.functions or outcome.classes or outcome.entrances or outcome.unfinished:
        return False
    if outcome.touched or outcome.doubted:
        return False
    read = set(spelling.of_statement(project.facts[file].pieces[index].facts).own)
    for beginning in outcome.ran:
        if beginning[0] == file:
            spelled = spelled_by(project, spelling, beginning)
            if spelled is None or spelled.reads_all:
                return False
            read |= spelled.own
    binders = Counter(name for number, other in enumerate(parts) if number != index for name in other.binds)
    binds = part.binds | _text_binds(project.facts[file], index)
    is_bound_once = all(name not in binders for name in binds)
    return is_bound_once and all(binders[name] < 2 for name in read) and part.binds <= again.names[module]


def run_again(machine: Machine, project: Project, spelling: Spelling, again: PartsAgain) -> bool:
    """Effect: run statements again, those before others that look into their modules.

    Return whether that has changed no more than was expected; if not, nothing holds.
    """
    done: set[str] = set()

    def run(module: str) -> bool:
        if module in done:
            return True
        done.add(module)
        looked = {name for index in again.parts[module] for name in machine.parts[module][index].outcome.reads}
        first = sorted(looked & again.parts.keys() - {module})
        return all(map(run, first)) and _run_module_again(machine, project, spelling, module, again)

    return all(map(run, sorted(again.parts)))


def _run_module_again(machine: Machine, project: Project, spelling: Spelling, module: str, again: PartsAgain) -> bool:
    file, parts, reads = project.modules.file_of[module], machine.parts[module], machine.imported[module].reads
    scope, pieces = machine.modules[module], project.facts[file].pieces
    machine.touch(scope)
    for index in sorted(again.parts[module]):
        with machine.importing(module):
            later = _hide_later(scope, parts, index)
            frame = Frame(scope, module, Origin(file, pieces[index].first_line))
            parts[index], _ = run_part(machine, pieces[index].facts.statements, frame)
            scope.names.update(later)
        is_alone = _is_alone(machine, project, spelling, module, index, again)
        if not is_alone or not parts[index].outcome.reads <= reads | {module}:
            return False
    machine.imported[module] = whole = Outcome()
    for part in parts:
        whole.take_in(part.outcome)
    whole.steps += sum(part.steps for part in parts)
    whole.rest()
    most = machine.limits.steps_aside(len(project.aside)) if module in project.aside else machine.limits.steps
    return whole.steps <= most


def _hide_later(scope: Scope, parts: list[Part], index: int) -> dict[str, AbstractValue]:
    """Effect: leave a module the names that it has before a statement is run. Return those that later ones bind."""
    names = dict(scope.names)
    earlier = frozenset[str]().union(*(part.binds for part in parts[:index]))
    own = parts[index].binds
    later = frozenset[str]().union(*(part.binds for part in parts[index + 1 :])) - earlier - own
    scope.names.clear()
    scope.names.update((name, value) for name, value in names.items() if name not in later and name not in own)
    return {name: value for name, value in names.items() if name in later}
