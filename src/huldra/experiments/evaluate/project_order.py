"""The order in which a project is evaluated: as pieces of work, each of which may have been done before.

Modules are run as Python would import them, each once. Then what stands under `if __name__ == "__main__"`. Then every
function that nobody was seen to call, its parameters unknown, on a state that is put back afterwards; methods last, so
that those of configs that code builds can be run on these first. Whoever drives this runs them in between.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager

from huldra.experiments.evaluate.functions import run_body, unknown_parameters
from huldra.experiments.evaluate.journal import differs
from huldra.experiments.evaluate.lazy import force
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.outcome import key_of
from huldra.experiments.evaluate.rounds import Round
from huldra.experiments.evaluate.run import run_module, run_piece
from huldra.experiments.evaluate.run_alone import (
    Doubted,
    Order,
    changed_by_others,
    changed_twice,
    put_in_doubt,
    run_alone,
    seen_changed,
    who_changes,
)
from huldra.experiments.evaluate.signals import LimitReached, Raised
from huldra.experiments.evaluate.wrapped import is_closure
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    FunctionObject,
    IteratorObject,
    Unknown,
)
from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.project.link import Project
from huldra.project.places import Origin, start_of_file


def run_modules(machine: Machine, work: Round) -> None:
    """Effect: run all modules, then those main blocks that may build something; nothing if nothing can."""
    machine.tell_building_names(work.names.at_first)
    modules = [] if work.names.is_empty else _modules(machine.project)
    for module in modules:
        work.check()
        run_module(machine, module)
    machine.looked_into.clear()
    for module in modules:
        work.take_module(module)
    work.names.look_into(machine.modules.values())
    if any(outcome.changed for outcome in machine.imported.values()):
        done, order = set[str](), Order(machine)
        for module in modules:
            _run_alone(machine, work, module, done, order)
    else:
        for outcome in machine.imported.values():
            outcome.alone = None
    for module in modules:
        if any(work.names.script_may_build(block) for block, _ in _main_blocks(machine.project, module)):
            changed = [*changed_by_others(machine, module), *changed_twice(machine, module)]
            key = "main", module, who_changes(changed)
            work.take_script(module, work.do(key, lambda: _run_main_blocks(machine, module, changed)))  # noqa: B023


def _run_alone(machine: Machine, work: Round, module: str, done: set[str], order: Order) -> None:
    """Effect: take in what a module also may build where not all modules have been imported, or its script is run."""
    outcome = machine.imported.get(module)
    if outcome is None or module in done:
        return
    done.add(module)
    for other in sorted(outcome.reads):
        _run_alone(machine, work, other, done, order)  # what it has made another way is seen by this one
    outcome.alone = None
    changed = seen_changed(machine, module, order)
    if any(_main_blocks(machine.project, module)):
        changed += changed_twice(machine, module)
    if changed:
        key = "alone", module, who_changes(changed)
        outcome.alone = work.do(key, lambda: run_alone(machine, module, changed, order))
        work.take(outcome.alone)


def run_functions(machine: Machine, work: Round, *, are_mentioned: bool) -> None:
    """Effect: run the functions that nobody was seen to call.

    Args:
        machine: The evaluation.
        work: What it has found.
        are_mentioned: Whether to run those too that other functions mention by name: with luck, these will call them.
    """
    mentioned = frozenset[str]() if are_mentioned else work.names.mentioned_in_functions
    for module in _modules(machine.project):
        functions = [pair for pair in _plain_functions(machine, work, module) if pair[0].name not in mentioned]
        _run_uncalled(machine, work, functions)
        if are_mentioned and _unread_generators(work, module):
            generators = work.do(("generators", module), lambda: _run_unread_generators(machine, work, module))  # noqa: B023
            work.take(generators)


def run_methods_left(machine: Machine, work: Round) -> None:
    """Effect: run the methods that nobody was seen to call, on an instance of which nothing is known."""
    for module in _modules(machine.project):
        _run_uncalled(machine, work, _methods(machine, work, module))


def _modules(project: Project) -> list[str]:
    return [project.modules.module_of[file] for file in project.relevant if file in project.modules.module_of]


def _main_blocks(project: Project, module: str) -> Iterator[tuple[s.If, Origin]]:
    file = project.modules.file_of[module]
    for piece in project.facts[file].pieces:
        for statement in piece.facts.statements:
            if isinstance(statement, s.If) and _is_main_guard(statement):
                yield statement, Origin(file, piece.first_line)


def _is_main_guard(statement: s.If) -> bool:
    match statement:
        case s.If(test=e.Comparison(first=e.Name(id="__name__"), rest=(("==", e.Literal(source=source)),))):
            return source.strip("'\"") == "__main__"
        case _:
            return False


def _run_main_blocks(machine: Machine, module: str, changed: Iterable[Doubted]) -> None:
    """Run what a module does as a script; its classes are then classes of `__main__`, which have no identity."""
    machine.found.reads.add(module)
    machine.main_module = module
    section = machine.journal.open()
    put_in_doubt(machine, changed)
    for statement, origin in _main_blocks(machine.project, module):
        with machine.fresh_steps():
            run_piece(machine, statement.body, Frame(machine.modules[module], module, origin))
    # Each script is a process of its own: none sees what another has changed.
    left = machine.journal.undo(section).values()
    machine.found.left = tuple((value, state) for value, state in left if differs(value, state))
    machine.main_module = None


def _run_uncalled(machine: Machine, work: Round, functions: Iterable[tuple[FunctionObject, AbstractValue]]) -> None:
    """Run the functions of a module that nobody was seen to call, as if somebody did with arguments of their own.

    Those that mention nothing that could lead to an experiment are left alone: most are loops over data.
    """
    for function, receiver in functions:
        # What a closure wraps is run by itself.
        leads_to_class = _is_built(receiver) and not is_closure(function)
        if not (leads_to_class or work.names.may_build(function.definition)):
            continue
        key = key_of(function)
        is_left = key in work.offered or key not in work.called
        work.offered.discard(key)
        if not is_left:
            continue
        work.called.add(key)
        work.take(work.do(("function", function), lambda: _run_function(machine, function, receiver)))  # noqa: B023


def _is_built(receiver: AbstractValue) -> bool:
    """Whether a class method's own class is one that leads to experiments, by whatever name it calls it."""
    return isinstance(receiver, ClassObject) and (receiver.info.dialect is not None or receiver.info.is_collection)


def _run_function(machine: Machine, function: FunctionObject, receiver: AbstractValue) -> None:
    section = machine.journal.open()
    kind = "call" if receiver is None else "dependency"
    try:
        with machine.fresh_steps(), machine.building(kind), _guessing(machine, function):
            result = run_body(machine, function, unknown_parameters(machine, function, receiver), 0, receiver)
            if isinstance(result, IteratorObject):
                force(machine, result, function.origin.place(function.definition.at))
    except Raised:
        pass
    except LimitReached as limit:
        machine.report("HUL003", "warning", str(limit), limit.place)
    except RecursionError:
        place = function.origin.place(function.definition.at)
        machine.report("HUL003", "warning", "this nests too deep to be followed", place)
    finally:
        machine.journal.undo(section)


@contextmanager
def _guessing(machine: Machine, function: FunctionObject) -> Generator[None]:
    """What is done inside is done with parameters that nobody passed, if the function has any but `self`."""
    outer = machine.is_guessing
    machine.is_guessing = len(function.definition.parameters) > (function.owner is not None)
    try:
        yield
    finally:
        machine.is_guessing = outer


def _unread_generators(work: Round, module: str) -> list[IteratorObject]:
    """Return the generators that a module keeps and nobody was seen to read."""
    defined = work.defined_in(module)
    iterators = () if defined is None else defined.iterators
    return [value for value in iterators if value.pending is not None or value.step is not None]


def _run_unread_generators(machine: Machine, work: Round, module: str) -> None:
    machine.found.reads.add(module)
    for value in _unread_generators(work, module):
        section = machine.journal.open()
        try:
            with machine.fresh_steps(), machine.building("call"):
                force(machine, value, start_of_file(machine.project.modules.file_of[module]))
        except Raised:
            pass
        except LimitReached as limit:
            machine.report("HUL003", "warning", str(limit), limit.place)
        finally:
            machine.journal.undo(section)


def _plain_functions(machine: Machine, work: Round, module: str) -> Iterator[tuple[FunctionObject, AbstractValue]]:
    """Functions that need no instance; a decorated method is one of its class's, for what wraps it is not known."""
    entrances = (f for f in work.entrances_of(module) if not _is_method(machine, f))
    yield from ((function, None) for function in entrances)
    defined = work.defined_in(module)
    yield from () if defined is None else defined.plain
    for function in _hidden(machine, work, module):
        cls = None if function.owner is None else machine.classes.get(function.owner.name)
        kind = "static" if function.owner is None else _kind(cls, function.name)
        if kind != "plain":
            yield function, cls if kind == "class" else None


def _methods(machine: Machine, work: Round, module: str) -> Iterator[tuple[FunctionObject, AbstractValue]]:
    defined = work.defined_in(module)
    methods = [] if defined is None else [(function, cls.info) for function, cls in defined.methods]
    methods += [(f, f.owner) for f in _hidden(machine, work, module) if f.owner is not None]  # class methods have been
    for function, info in methods:
        name, place = info.definition.name, info.name_place
        yield function, Unknown(f"an attribute of an instance of {name} that is not known", place)
    for function in work.entrances_of(module):
        if _is_method(machine, function):
            yield function, None


def _hidden(machine: Machine, work: Round, module: str) -> Iterator[FunctionObject]:
    """Yield the functions that decorators of the project have put others in the place of: who wraps one may call it."""
    outcome, defined = machine.imported.get(module), work.defined_in(module)
    seen = set[int]() if defined is None else {id(function) for function in defined.functions}
    for function in () if outcome is None else outcome.functions:
        definition = function.definition
        if isinstance(definition, s.FunctionDefinition) and definition.decorators and id(function) not in seen:
            yield function


def _kind(cls: ClassObject | None, name: str) -> str:
    """Return what kind of method a class has under a name, whatever wraps what."""
    member = None if cls is None else cls.members.names.get(name)
    return member.kind if isinstance(member, FunctionObject) else "plain"


def _is_method(machine: Machine, function: FunctionObject) -> bool:
    owner = None if function.owner is None else machine.project.classes.get(function.owner.name)
    return owner is not None and owner.dialect is not None
