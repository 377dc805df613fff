"""What of an evaluation still holds in another state of the project. Where that cannot be told, nothing does.

A piece of work depends on the modules that it looked into and on the bodies of the functions that it ran (its trace,
as verifying traces of build systems have it: Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte", 2018).
What a module holds once it has been run depends on its own text but for the bodies of functions that nobody ran while
it was imported, and on the modules that it looks into.

| what is edited                                    | what is done again                                             |
|---------------------------------------------------|----------------------------------------------------------------|
| the body of a function, line for line             | what ran it                                                    |
| what a statement of a module computes, but for    | the statement, those that read the names that it binds, in any |
| classes and functions                             | module, and so on (`parts_again`); what ran code that does     |
| anything else of a module, or such a body that    | the module, the modules that look into it, and so on; what     |
| importing a module runs                           | looked into any of them                                        |
| which names can lead to an experiment             | what mentions such a name                                      |
| which files there are, or matter                  | everything                                                     |

Everything is done again, too, where the order of work counts: functions that change what a config of a module holds,
functions whose results are kept with a value, classes whose attributes are set from outside; and where modules must be
run again, also modules that are imported in a circle, and modules that change another one's values meanwhile.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping

from msgspec import Struct

from huldra.experiments.by_piece import ByPiece
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.mentions import Mentions
from huldra.experiments.evaluate.outcome import Beginning, Outcome
from huldra.experiments.parts_again import PartsAgain, Readers, find_parts
from huldra.experiments.spelled import Spelling
from huldra.facts.statements import FileFacts
from huldra.project.edits import EditedBody, edited_bodies
from huldra.project.import_targets import import_targets
from huldra.project.link import Project
from huldra.project.modules import ModuleTable

_RUN_FUNCTIONS = frozenset({"function", "method"})
"""The pieces of work that read modules by the functions that they run alone."""


class Difference(Struct, frozen=True):
    """Between two states: the modules that must be run again, or parts of them, and the bodies that are other ones."""

    modules: frozenset[str]
    bodies: Mapping[str, tuple[EditedBody, ...]]
    again: PartsAgain


class ImportGraph:
    """Which modules look into which; what a file says of it is kept for as long as the file is the same."""

    def __init__(self) -> None:
        self._targets: dict[str, tuple[FileFacts, frozenset[str]]] = {}
        self._pieces = ByPiece[frozenset[str]]()
        self._modules: ModuleTable | None = None

    def importers(self, project: Project, imported: Mapping[str, Outcome]) -> Mapping[str, Collection[str]]:
        """Return, for each module, those that look into it: as their text says, and as was seen."""
        if project.modules is not self._modules:
            self._targets, self._pieces, self._modules = {}, ByPiece[frozenset[str]](), project.modules
        found: dict[str, list[str]] = {}
        for module, outcome in imported.items():
            for target in self._of(project, module) | outcome.reads:
                found.setdefault(target, []).append(module)
        return found

    def _of(self, project: Project, module: str) -> frozenset[str]:
        file = project.modules.file_of[module]
        facts = project.facts[file]
        kept = self._targets.get(module)
        if kept is None or kept[0] is not facts:
            modules = project.modules
            pieces = self._pieces.of(module, facts, lambda piece: import_targets(modules, module, piece))
            kept = self._targets[module] = (facts, frozenset[str]().union(*pieces))
        return kept[1]


def find_difference(
    machine: Machine, project: Project, graph: ImportGraph, spelling: Spelling, renamed: Callable[[str], bool]
) -> Difference | None:
    """Return what of an evaluation does not hold in another state; None where nothing does.

    Args:
        machine: The evaluation of the state before.
        project: The state now.
        graph: Who imports whom.
        spelling: What files spell.
        renamed: Whether a module mentions a name that could lead to an experiment and cannot, or the other way round.
    """
    before = machine.project
    if before.modules is not project.modules and before.modules != project.modules:
        return None
    if before.relevant != project.relevant or not _has_the_same_limits(machine, project):
        return None
    if any((file in before.facts) is not (file in project.facts) for _, file in _looked_at(machine, project)):
        return None  # a file can be read that could not be, or the other way round
    edited, bodies = _edits(machine, project)
    again = set(edited)
    ran = _beginnings(project, bodies)
    if not ran.isdisjoint(machine.remembered):
        return None
    for module, outcome in machine.imported.items():
        if not ran.isdisjoint(outcome.ran) or renamed(module):
            again.add(module)
    if not (keeps_its_order(machine) if again else not machine.is_reassigned_by_work):
        return None
    whole = again - edited
    importers = graph.importers(project, machine.imported)
    waiting = list(again)
    while waiting:
        module = waiting.pop()
        outcome = machine.imported.get(module)
        new = {*importers.get(module, ()), *(() if outcome is None else outcome.unfinished)} - again
        again |= new
        waiting.extend(new)
    if not whole and again:
        parts = find_parts(machine, project, spelling, sorted(edited), sorted(again))
        if parts is not None and not _changes_what_others_see(machine, parts.parts.keys()):
            return Difference(frozenset(), bodies, parts)
    if _changes_what_others_see(machine, again):
        return None
    bodies = {module: found for module, found in bodies.items() if module not in again}
    return Difference(frozenset(again), bodies, PartsAgain())


def _has_the_same_limits(machine: Machine, project: Project) -> bool:
    """Whether each module that has been run would have as many steps."""
    before, now = machine.project.aside, project.aside
    if before is now:
        return True
    steps = machine.limits.steps_aside
    return steps(len(before)) == steps(len(now)) and (before ^ now).isdisjoint(machine.imported)


def keeps_its_order(machine: Machine) -> bool:
    """Whether modules can be run again one by one: each sees of the others what it would see in any order."""
    in_a_circle = (
        other
        for module, outcome in machine.imported.items()
        for other in outcome.unfinished
        if not module.startswith(f"{other}.")
    )
    return not machine.reassigned and next(in_a_circle, None) is None


def went_in_order(machine: Machine, difference: Difference) -> bool:
    """Whether the modules that were run again left the others as they were, and saw them as in any other order."""
    modules = {*difference.modules, *difference.again.parts}
    if not modules:
        return not machine.is_reassigned_by_work
    return keeps_its_order(machine) and not _changes_what_others_see(machine, modules)


def _changes_what_others_see(machine: Machine, again: Collection[str]) -> bool:
    """Whether some modules change others, or look into one that another one changes, before them or after."""
    changed = {each for module, outcome in machine.imported.items() if module not in again for each in outcome.touched}
    found = (outcome for module, outcome in machine.imported.items() if module in again)
    return any(outcome.touched or not changed.isdisjoint(outcome.reads) for outcome in found)


def is_contained(outcome: Outcome) -> bool:
    """Whether what a piece of work has put in doubt is its own: others would see it otherwise, or not, by the order."""
    return outcome.doubted.keys() <= {id(site.config) for site in outcome.sites}


def still_holds(project: Project, spelling: Spelling, difference: Difference) -> Callable[[Hashable, Outcome], bool]:
    """Return what tells whether a piece of work, by its key and what it found, would find the same again."""
    ran, names = _beginnings(project, difference.bodies), difference.again.names
    readers = Readers(project, spelling, names)

    def tell(key: Hashable, outcome: Outcome) -> bool:
        if not difference.modules.isdisjoint(outcome.reads) or not ran.isdisjoint(outcome.ran):
            return False
        if isinstance(key, tuple) and key[0] in _RUN_FUNCTIONS:
            return not readers.is_reader(outcome)
        return outcome.reads.isdisjoint(names)  # what else it read than by functions is not noted

    return tell


def mentions_any(project: Project, mentions: Mentions, names: frozenset[str]) -> Callable[[str], bool]:
    """Return what tells whether a module mentions any of some names."""

    def tell(module: str) -> bool:
        file = project.modules.file_of.get(module)
        return bool(names) and file is not None and not names.isdisjoint(mentions.of_file(project, file).everything)

    return tell


def _beginnings(project: Project, bodies: Mapping[str, tuple[EditedBody, ...]]) -> frozenset[Beginning]:
    files = project.modules.file_of
    return frozenset((files[module], body.line, body.column) for module, found in bodies.items() for body in found)


def _looked_at(machine: Machine, project: Project) -> Iterator[tuple[str, str]]:
    """Yield the modules that matter or that somebody looked for, with their files."""
    relevant = (project.modules.module_of[file] for file in project.relevant if file in project.modules.module_of)
    for module in dict.fromkeys((*relevant, *machine.imported, *machine.project.symbols.seen_modules)):
        file = project.modules.file_of.get(module)
        if file is not None:
            yield module, file


def _edits(machine: Machine, project: Project) -> tuple[set[str], dict[str, tuple[EditedBody, ...]]]:
    """Return the modules that have been edited, but for those whose edits are in bodies alone, and these bodies."""
    before, edited, bodies = machine.project, set[str](), dict[str, tuple[EditedBody, ...]]()
    for module, file in _looked_at(machine, project):
        if file not in project.facts:
            continue
        old, new = before.facts[file], project.facts[file]
        if old is new:
            continue
        found = edited_bodies(old, new)
        if found is None:
            edited.add(module)
        elif found:
            bodies[module] = found
    return edited, bodies
