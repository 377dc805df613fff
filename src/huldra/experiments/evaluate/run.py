"""The evaluator put together: its rules by kind of node, and modules, which are run as Python would import them."""

import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager

from huldra.experiments.evaluate import (
    definitions,
    expressions,
    groups,
    guarded,
    loop_statements,
    managers,
    statements,
    text,
    yielding,
)
from huldra.experiments.evaluate.branches import degrade
from huldra.experiments.evaluate.calls import call
from huldra.experiments.evaluate.exceptions import PLAIN_EXCEPTIONS
from huldra.experiments.evaluate.futures import RAISED_IN_WORKER
from huldra.experiments.evaluate.iteration import iterate
from huldra.experiments.evaluate.journal import Section, merge, names_in
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluate.machine import Frame, Freeze, Handlers, Machine
from huldra.experiments.evaluate.matching import run_match
from huldra.experiments.evaluate.operations import compare_values
from huldra.experiments.evaluate.parts import Part
from huldra.experiments.evaluate.plugins import names_of_module
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
from huldra.experiments.evaluate.unseen_calls import rehearse
from huldra.experiments.values import (
    FINISHED,
    AbstractValue,
    ClassObject,
    External,
    Scope,
    Unknown,
)
from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.formats.dialect import EVERY_VERSION_HAS
from huldra.project.link import Project
from huldra.project.local_names import names_bound_in
from huldra.project.places import Origin

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
    s.While: loop_statements.run_while,
    s.For: loop_statements.run_for,
    s.With: managers.run_with,
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
    # Asked for each expression: `isinstance` of what is not of a kind takes ten times as long as to compare kinds.
    if type(value) is External and type(expression) is e.Attribute and not _is_in_every_version(value.name):
        machine.doubtful_calls += 1  # another version of it may not have that
    if type(value) is Unknown and not _is_harmless(expression, value, frame):
        machine.doubtful_calls += 1  # what gives an unknown value may as well raise
    return value


def _is_in_every_version(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names or name in EVERY_VERSION_HAS


_NEVER_RAISE = frozenset[type]({e.Name, e.Yield, e.YieldFrom})


def _is_harmless(expression: e.Expression, value: Unknown, frame: Frame) -> bool:
    """Whether an expression certainly does not raise, though nobody knows its value."""
    if type(expression) is e.Call:
        is_plain = all(argument.name is None and not argument.star for argument in expression.arguments)
        is_made = is_plain and value.result_of in PLAIN_EXCEPTIONS
        return (is_made or value.reason == RAISED_IN_WORKER) and value.place == frame.place(expression.at)
    return type(expression) in _NEVER_RAISE


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
    handlers.attribute = expressions.read_attribute
    handlers.iterate = iterate
    handlers.assign = assign
    handlers.compare = compare_values
    handlers.rehearse = rehearse
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
    with machine.importing(name) as outcome:
        machine.imported[name] = outcome
        scope = machine.modules[name] = Scope(names_of_module(name, file))
        parts = machine.parts[name] = list[Part]()
        first, never = scope.born, list[tuple[Section, Raised]]()
        for piece in facts.pieces:
            frame = Frame(scope, name, Origin(file, piece.first_line))
            part, raised = run_part(machine, piece.facts.statements, frame)
            parts.append(part)
            if raised is not None and not never:
                never.append((machine.journal.open(), raised))
        for section, raised in never:
            _doubt_what_is_never_done(machine, section, raised, first)
    return scope


def run_part(machine: Machine, block: Sequence[s.Statement], frame: Frame) -> tuple[Part, Raised | None]:
    """Effect: run a top-level statement in the scope of its module. Return what it found, and what it raises."""
    scope, begin = frame.scope, machine.steps.taken
    with machine.part_of_work() as outcome:
        done = run_piece(machine, block, frame)
    section, raised = (None, done) if isinstance(done, Raised) else (done, None)
    changed = {} if section is None else section.before
    is_plain = section is not None and changed.keys() <= {id(scope)}
    bound = frozenset[str]()
    if id(scope) in changed:
        before = names_in(changed[id(scope)][1])
        bound = frozenset(name for name, value in scope.names.items() if before.get(name, FINISHED) is not value)
        is_plain = is_plain and before.keys() <= scope.names.keys()
    return Part(outcome, machine.steps.taken - begin, bound, is_plain), raised


def _doubt_what_is_never_done(machine: Machine, section: Section, raised: Raised, first: int) -> None:
    """Effect: put in doubt what a module changes of others after it has raised, which Python does not get to."""
    machine.journal.close(section)
    doubt = Unknown(f"it is changed after the code raises {raised.type_name}", raised.place)
    for value, before in section.before.values():
        if value.born < first:
            machine.journal.touch(value)
            machine.journal.work += merge(value, before, doubt)


def run_piece(machine: Machine, block: Sequence[s.Statement], frame: Frame) -> Section | Raised | None:
    """Run a piece; when it cannot be finished, all that it bound or changed is in doubt, and the next one goes on.

    Return what it has changed, or what it certainly raises; None where it could not be finished for another reason.
    """
    section = machine.journal.open()
    conditions = len(machine.conditions)
    doubt: Unknown | None = None
    is_stopped = True
    error: Raised | None = None
    try:
        machine.execute(block, frame)
    except Raised as raised:
        error = raised
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
        machine.conditions.drop_all_after(conditions)
    if doubt is not None:
        names = names_bound_in(block)
        degrade(machine, section, doubt)
        machine.journal.touch(frame.scope)
        frame.scope.names.update(dict.fromkeys(names, doubt))
        if is_stopped:
            spoil_everything(machine, frame.module, doubt, names)
            machine.steps.go_on()
        return error
    return section


def _class_object(machine: Machine, name: str) -> ClassObject | None:
    info = machine.project.classes.get(name)
    if info is None:
        return None
    if name not in machine.classes:
        run_module(machine, info.module)
    return machine.classes.get(name)
