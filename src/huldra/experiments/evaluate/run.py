"""The evaluator put together, and the order in which a project is evaluated.

Modules are run as Python would import them, each once. Then what stands under `if __name__ == "__main__"`. Then every
function that nobody was seen to call, its parameters unknown, on a state that is put back afterwards; methods last, so
that those of configs that code builds can be run on these first. Whoever drives this runs them in between.
"""

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from huldra.experiments.evaluate import definitions, expressions, groups, guarded, statements, text, yielding
from huldra.experiments.evaluate.attributes import attribute
from huldra.experiments.evaluate.branches import degrade
from huldra.experiments.evaluate.calls import call
from huldra.experiments.evaluate.functions import run_body, unknown_parameters
from huldra.experiments.evaluate.iteration import iterate
from huldra.experiments.evaluate.lazy import force
from huldra.experiments.evaluate.machine import Frame, Freeze, Handlers, Limits, Machine
from huldra.experiments.evaluate.matching import run_match
from huldra.experiments.evaluate.mentions import (
    building_names,
    may_build,
    mentioned_in_functions,
    mentions_by_name,
    names_of_holders,
)
from huldra.experiments.evaluate.operations import compare_values
from huldra.experiments.evaluate.signals import (
    BreakSignal,
    ContinueSignal,
    LimitReached,
    Raised,
    ReturnSignal,
    TooLarge,
)
from huldra.experiments.evaluate.spoiling import spoil_everything, spoil_holder
from huldra.experiments.evaluate.targets import assign
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    FunctionObject,
    IteratorObject,
    PropertyObject,
    Scope,
    Unknown,
)
from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.project.link import Project
from huldra.project.local_names import names_bound_in
from huldra.project.places import Origin, Place

_OWN_DEPTH = 200

_EXPRESSIONS: Mapping[type, Callable[..., AbstractValue]] = {
    e.Name: expressions.evaluate_name,
    e.Constant: text.evaluate_constant,
    e.Literal: text.evaluate_literal,
    e.FormattedString: text.evaluate_formatted,
    e.Concatenation: text.evaluate_concatenation,
    e.Attribute: expressions.evaluate_attribute,
    e.Subscript: expressions.evaluate_subscript,
    e.Call: expressions.evaluate_call,
    e.Unary: expressions.evaluate_unary,
    e.Binary: expressions.evaluate_binary,
    e.Logical: expressions.evaluate_logical,
    e.Comparison: expressions.evaluate_comparison,
    e.Conditional: expressions.evaluate_conditional,
    e.Lambda: expressions.evaluate_lambda,
    e.ListDisplay: groups.evaluate_list,
    e.TupleDisplay: expressions.evaluate_tuple,
    e.SetDisplay: expressions.evaluate_set,
    e.DictDisplay: expressions.evaluate_dict,
    e.Comprehension: groups.evaluate_comprehension,
    e.Walrus: expressions.evaluate_walrus,
    e.Await: expressions.evaluate_await,
    e.Yield: yielding.evaluate_yield,
    e.YieldFrom: yielding.evaluate_yield_from,
}


def _break(machine: Machine, node: s.Break, frame: Frame) -> None:  # noqa: ARG001
    raise BreakSignal


def _continue(machine: Machine, node: s.Continue, frame: Frame) -> None:  # noqa: ARG001
    raise ContinueSignal


_STATEMENTS: Mapping[type, Callable[..., None]] = {
    s.ExpressionStatement: statements.run_expression,
    s.Assign: statements.run_assign,
    s.AnnotatedAssign: statements.run_annotated,
    s.AugmentedAssign: statements.run_augmented,
    s.Return: statements.run_return,
    s.Raise: statements.run_raise,
    s.Assert: statements.run_assert,
    s.Delete: statements.run_delete,
    s.Break: _break,
    s.Continue: _continue,
    s.If: statements.run_if,
    s.While: statements.run_while,
    s.For: statements.run_for,
    s.With: guarded.run_with,
    s.Try: guarded.run_try,
    s.Match: run_match,
    s.FunctionDefinition: definitions.run_function,
    s.ClassDefinition: definitions.run_class,
    s.TypeAlias: definitions.run_type_alias,
    s.Import: definitions.run_import,
    s.ImportFrom: definitions.run_import_from,
}


def _evaluate(machine: Machine, expression: e.Expression, frame: Frame) -> AbstractValue:
    handler = _EXPRESSIONS.get(type(expression))
    if handler is None:
        return Unknown(f"a {type(expression).__name__} in a place that is not followed", frame.place(expression.at))
    try:
        value = handler(machine, expression, frame)
    except TooLarge as limit:
        value = machine.too_large(limit)
        if isinstance(expression, e.Call) and isinstance(expression.function, e.Attribute):
            spoil_holder(machine, expression.function.value, frame, value)
    if isinstance(value, Unknown) and not isinstance(expression, e.Name):
        machine.doubtful_calls += 1  # what gives an unknown value may as well raise
    return value


def _execute(machine: Machine, block: Sequence[s.Statement], frame: Frame) -> None:
    for statement in block:
        handler = _STATEMENTS.get(type(statement))
        if handler is not None:
            machine.step(frame.place(statement.at))
            handler(machine, statement, frame)


def _handlers(freeze: Freeze) -> Handlers:
    handlers = Handlers()
    handlers.evaluate = _evaluate
    handlers.execute = _execute
    handlers.call = call
    handlers.attribute = attribute
    handlers.iterate = iterate
    handlers.assign = assign
    handlers.compare = compare_values
    handlers.freeze = freeze
    handlers.module = run_module
    handlers.define_class = _class_object
    return handlers


@contextmanager
def deep_calls(limits: Limits) -> Generator[None]:
    """Effect: let Python itself go as deep as the limits allow the code that is evaluated."""
    before = sys.getrecursionlimit()
    # One call of the user's code is a dozen of ours; Python's own default would end far above the call depth's limit.
    sys.setrecursionlimit(max(before, _OWN_DEPTH * limits.call_depth))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def start_machine(project: Project, limits: Limits, freeze: Freeze) -> Machine:
    """Return an evaluation in which nothing has been run; `freeze` says what a config is at the moment it is built."""
    return Machine(project, limits, _handlers(freeze))


def run_project(machine: Machine) -> None:
    """Effect: run modules and main blocks, and find out which names can lead to an experiment.

    Args:
        machine: A fresh evaluation.
    """
    mentions = mentions_by_name(machine.project)
    machine.building_names = building_names(machine.project, (), mentions)
    modules = _modules(machine.project)
    for module in modules:
        run_module(machine, module)
    for module in modules:
        _run_main_block(machine, module)
    holders = names_of_holders(machine.modules.values())
    machine.building_names = building_names(machine.project, holders, mentions)


def run_functions(machine: Machine, *, are_mentioned: bool) -> None:
    """Effect: run the functions that nobody was seen to call.

    Args:
        machine: The evaluation.
        are_mentioned: Whether to run those too that other functions mention by name: with luck, these will call them.
    """
    mentioned = frozenset[str]() if are_mentioned else mentioned_in_functions(machine.project)
    for module in _modules(machine.project):
        functions = [pair for pair in _plain_functions(machine, module) if pair[0].name not in mentioned]
        _run_uncalled(machine, functions)
        if are_mentioned:
            _run_unread_generators(machine, module)


def run_methods_left(machine: Machine) -> None:
    """Effect: run the methods that nobody was seen to call, on an instance of which nothing is known."""
    for module in _modules(machine.project):
        _run_uncalled(machine, _methods(machine, module))


def report_dropped(machine: Machine) -> None:
    """Effect: report the places that build more configs than are followed."""
    for place, count in machine.dropped.items():
        limit = machine.limits.configs_per_site
        message = f"more than {limit} configs are built here: {count} more are not followed"
        machine.report("HUL003", "warning", message, place)


def _modules(project: Project) -> list[str]:
    return [project.modules.module_of[file] for file in project.relevant if file in project.modules.module_of]


def run_module(machine: Machine, name: str) -> Scope | None:
    """Return the scope of a module, running it first if it has not been; None for one without a file."""
    if name in machine.modules:
        return machine.modules[name]
    file = machine.project.modules.file_of.get(name)
    facts = None if file is None else machine.project.facts.get(file)
    if file is None or facts is None:
        return None
    parent = name.rpartition(".")[0]
    if parent:
        run_module(machine, parent)
        if name in machine.modules:
            return machine.modules[name]
    with machine.importing():
        scope = machine.modules[name] = Scope({"__name__": name, "__file__": Unknown("the place of a file on disk")})
        for piece in facts.pieces:
            frame = Frame(scope, name, Origin(file, piece.first_line))
            _run_piece(machine, piece.facts.statements, frame)
    return scope


def _run_piece(machine: Machine, block: Sequence[s.Statement], frame: Frame) -> None:
    """Run a piece; when it cannot be finished, all that it bound or changed is in doubt, and the next one goes on."""
    section = machine.journal.open()
    conditions = len(machine.conditions)
    doubt: Unknown | None = None
    is_stopped = True
    try:
        machine.execute(block, frame)
    except Raised as raised:
        doubt = Unknown(f"the code raises {raised.type_name}: {raised.message}", raised.place)
        is_stopped = False
    except LimitReached as limit:
        machine.report("HUL003", "warning", str(limit), limit.place)
        doubt = Unknown(f"a limit was reached: {limit}", limit.place)
    except RecursionError:
        place = frame.place(block[0].at)
        machine.report("HUL003", "warning", "this nests too deep to be followed", place)
        doubt = Unknown("code that nests too deep", place)
    except (ReturnSignal, BreakSignal, ContinueSignal):
        pass
    finally:
        machine.journal.close(section)
        del machine.conditions[conditions:]
    if doubt is not None:
        names = names_bound_in(block)
        degrade(machine, section, doubt)
        machine.journal.touch(frame.scope)
        frame.scope.names.update(dict.fromkeys(names, doubt))
        if is_stopped:
            spoil_everything(machine, frame.module, doubt, names)
            machine.go_on()


def _class_object(machine: Machine, name: str) -> ClassObject | None:
    info = machine.project.classes.get(name)
    if info is None:
        return None
    if name not in machine.classes:
        run_module(machine, info.module)
    return machine.classes.get(name)


def _is_main_guard(statement: s.Statement) -> bool:
    match statement:
        case s.If(test=e.Comparison(first=e.Name(id="__name__"), rest=(("==", e.Literal(source=source)),))):
            return source.strip("'\"") == "__main__"
        case _:
            return False


def _run_main_block(machine: Machine, module: str) -> None:
    """Run what a module does as a script; its classes are then classes of `__main__`, which have no identity."""
    file = machine.project.modules.file_of[module]
    facts = machine.project.facts[file]
    machine.main_module = module
    section = machine.journal.open()
    for piece in facts.pieces:
        for statement in piece.facts.statements:
            if isinstance(statement, s.If) and _is_main_guard(statement):
                frame = Frame(machine.modules[module], module, Origin(file, piece.first_line))
                with machine.fresh_steps():
                    _run_piece(machine, statement.body, frame)
    # Each script is a process of its own: none sees what another has changed.
    machine.journal.undo(section)
    machine.main_module = None


def _run_uncalled(machine: Machine, functions: Iterable[tuple[FunctionObject, AbstractValue]]) -> None:
    """Run the functions of a module that nobody was seen to call, as if somebody did with arguments of their own.

    Those that mention nothing that could lead to an experiment are left alone: most are loops over data.
    """
    for function, receiver in functions:
        key = (function.module, function.origin.place(function.definition.at))
        if key in machine.called or not (
            isinstance(receiver, ClassObject) or may_build(function.definition, machine.building_names)
        ):
            continue
        machine.called.add(key)
        section = machine.journal.open()
        kind = "call" if receiver is None else "dependency"
        try:
            with machine.fresh_steps(), machine.building(kind), machine.guessing(function):
                result = run_body(machine, function, unknown_parameters(function, receiver), 0, receiver)
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


def _run_unread_generators(machine: Machine, module: str) -> None:
    """Run generators that a module keeps and nobody was seen to read."""
    scope = machine.modules.get(module)
    for value in [] if scope is None else list(scope.names.values()):
        if not isinstance(value, IteratorObject) or (value.pending is None and value.step is None):
            continue
        section = machine.journal.open()
        try:
            with machine.fresh_steps(), machine.building("call"):
                force(machine, value, Place(machine.project.modules.file_of[module], 1, 1, 1, 1))
        except Raised:
            pass
        except LimitReached as limit:
            machine.report("HUL003", "warning", str(limit), limit.place)
        finally:
            machine.journal.undo(section)


def _plain_functions(machine: Machine, module: str) -> Iterator[tuple[FunctionObject, AbstractValue]]:
    """Functions that need no instance; a decorated method is one of its class's, for what wraps it is not known."""
    entrances = (f for f in machine.entrances if f.module == module and not _is_method(machine, f))
    yield from ((function, None) for function in entrances)
    scope = machine.modules.get(module)
    if scope is not None:
        yield from ((function, None) for function in _defined_in(scope.names.values(), module))
    for cls in _classes(machine, module):
        for function in _defined_in(cls.members.names.values(), module):
            if function.kind != "plain":
                yield function, None if function.kind == "static" else cls


def _methods(machine: Machine, module: str) -> Iterator[tuple[FunctionObject, AbstractValue]]:
    for cls in _classes(machine, module):
        name, place = cls.info.definition.name, cls.info.name_place
        receiver = Unknown(f"an attribute of an instance of {name} that is not known", place)
        for function in _defined_in(cls.members.names.values(), module):
            if function.kind == "plain":
                yield function, receiver
    for function in machine.entrances:
        if function.module == module and _is_method(machine, function):
            yield function, None


def _is_method(machine: Machine, function: FunctionObject) -> bool:
    owner = None if function.owner is None else machine.project.classes.get(function.owner.name)
    return owner is not None and owner.dialect is not None


def _classes(machine: Machine, module: str) -> Iterator[ClassObject]:
    for name, cls in list(machine.classes.items()):
        if machine.project.classes[name].module == module:
            yield cls


def _defined_in(values: Iterable[AbstractValue], module: str) -> Iterator[FunctionObject]:
    for value in list(values):
        function = value.function if isinstance(value, PropertyObject) else value
        if isinstance(function, FunctionObject) and function.module == module:
            yield function
