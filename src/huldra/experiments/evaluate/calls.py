"""What calling something does, by what is called. Whatever is not followed may have changed what it was given."""

from functools import partial

from huldra.experiments.evaluate.arrays import call_array, call_number
from huldra.experiments.evaluate.attributes import plain_type
from huldra.experiments.evaluate.branches import degrade, run_optional
from huldra.experiments.evaluate.builtin_functions import RULES
from huldra.experiments.evaluate.chain_maps import READS, chained_dict
from huldra.experiments.evaluate.collections import METHODS, call_collection
from huldra.experiments.evaluate.config_methods import call_config_method
from huldra.experiments.evaluate.configs import build_config, external_validator
from huldra.experiments.evaluate.costs import charge, is_cheap, is_thorough
from huldra.experiments.evaluate.deques import call_deque
from huldra.experiments.evaluate.enums import is_enum, look_up_value
from huldra.experiments.evaluate.environment import environment_default
from huldra.experiments.evaluate.exceptions import PLAIN_EXCEPTIONS
from huldra.experiments.evaluate.executors import EXECUTORS, call_executor, is_executor, make_executor
from huldra.experiments.evaluate.exit_stacks import STACK
from huldra.experiments.evaluate.from_dicts import config_from_dict, from_dict_of
from huldra.experiments.evaluate.functions import call_function
from huldra.experiments.evaluate.generated_managers import make_manager
from huldra.experiments.evaluate.heaps import HEAPS
from huldra.experiments.evaluate.holders import build_instance, replace_instance
from huldra.experiments.evaluate.joblib_calls import JOBLIB, call_joblib
from huldra.experiments.evaluate.journal import CALLABLE
from huldra.experiments.evaluate.lazy import force, read_on
from huldra.experiments.evaluate.library import (
    FACTORY,
    HARMLESS,
    PATH_TYPES,
    PURE_PATH_TYPES,
    SET_PLAINLY,
    call_pure,
    is_pure,
    make_path,
)
from huldra.experiments.evaluate.listed_arguments import listed
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.managers import DECORATOR, call_exit_stack, decorated_by
from huldra.experiments.evaluate.methods import call_method
from huldra.experiments.evaluate.offered import note_unseen, offer
from huldra.experiments.evaluate.operator_functions import OF_INSTANCES, TEXTS_OF_MEMBERS
from huldra.experiments.evaluate.reachable import ARRAY, NoKey, deque_items, mutable_parts
from huldra.experiments.evaluate.records import build_made_tuple, call_record_method, is_made_tuple
from huldra.experiments.evaluate.reflection import ask_class, look_around
from huldra.experiments.evaluate.replacing import replace_value
from huldra.experiments.evaluate.special_dicts import call_special_dict
from huldra.experiments.evaluate.special_methods import special_method
from huldra.experiments.evaluate.spoiling import spoil, spoil_everything
from huldra.experiments.evaluate.stateful import STATEFUL, call_stateful, is_stateful, make_stateful
from huldra.experiments.evaluate.substitutions import substitute
from huldra.experiments.evaluate.threads import THREADS, call_thread, make_thread
from huldra.experiments.evaluate.unseen_calls import call_unseen, try_methods
from huldra.experiments.numpy_numbers import NumpyNumber
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    Method,
    ModuleObject,
    Partial,
    Sentinel,
    SuperObject,
    Unknown,
    type_name,
)
from huldra.formats.config_values import EnumValue

_OPAQUE = frozenset(
    {"array.array", "threading.Lock", "io.StringIO", "threading.RLock", "threading.Event", "io.BytesIO"}
)
"""Classes whose instances certainly have no identity as values, whatever they hold."""

_SCOPE_CHANGING = frozenset({"builtins.exec", "builtins.globals", "builtins.locals"})
_LOGGING = ("logging.", "loguru.", "structlog.")
_REPLACE = frozenset({"chz.replace", "huldra.chz.replace", "gren.chz.replace", "furu.chz.replace", "copy.replace"})
_VALIDATORS = ("chz.validators.", "huldra.chz.validators.", "gren.chz.validators.", "furu.chz.validators.")


def call(machine: Machine, function: AbstractValue, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Return what a call gives."""
    match function:
        case FunctionObject():
            return call_function(machine, function, arguments, frame)
        case BoundMethod(function=method, receiver=receiver):
            return call_function(machine, method, _with_receiver(arguments, receiver), frame, receiver)
        case Partial(function=made) if made == FACTORY:
            return make_manager(machine, function, arguments)
        case Partial():
            return call(machine, function.function, _completed(function, arguments), frame)
        case ClassObject():
            charge(machine, (*arguments.positional, *arguments.keywords.values()), arguments.place)
            return _call_class(machine, function, arguments, frame)
        case Method(receiver=receiver, name=name):
            if is_thorough(name):
                charge(machine, (receiver, *arguments.positional), arguments.place)
            return _call_method(machine, function, arguments, frame)
        case External(name=name):
            if not is_cheap(name):
                charge(machine, arguments.positional, arguments.place)
            return note_unseen(machine, name, _call_external(machine, name, arguments, frame), arguments, frame)
        case InstanceObject() | ConfigObject() if (
            method := special_method(machine, function, "__call__", frame, arguments.place)
        ) is not None:
            return call(machine, method, arguments, frame)
        case InstanceObject() if DECORATOR in function.cls.info.order and arguments.positional:
            return decorated_by(machine, function, arguments, frame)
        case Unknown():
            return _call_unknown(machine, function, arguments, frame)
        case _:
            machine.doubtful_calls += 1
            _spoil(machine, arguments, "it was given to a call that cannot be followed", function)
            return Unknown(f"a call of a {type_name(function)}", arguments.place)


def _call_unknown(machine: Machine, function: Unknown, arguments: CallArguments, frame: Frame) -> Unknown:
    machine.doubtful_calls += 1
    _try_options(machine, function, arguments, frame)
    try_methods(machine, function, arguments, frame)
    if function.result_of is not None:
        offer(machine, function.result_of, arguments, frame)
    _spoil(machine, arguments, "it was given to a call that cannot be followed", function)
    return Unknown(f"a call of {function.reason}", function.place or arguments.place)


def _try_options(machine: Machine, function: Unknown, arguments: CallArguments, frame: Frame) -> None:
    """A call of one of several known functions or classes: each may be the one."""
    doubt = Unknown(function.reason, function.place or arguments.place)
    options = dict.fromkeys(value for value in function.aliases if isinstance(value, CALLABLE))
    for option in options:
        given = CallArguments(list(arguments.positional), dict(arguments.keywords), arguments.place, arguments.unknown)
        given.is_one_of_some = len(options) > 1
        run_optional(machine, frame, doubt, partial(_drop, machine, option, given, frame))


def _drop(machine: Machine, function: AbstractValue, arguments: CallArguments, frame: Frame) -> None:
    result = call(machine, function, arguments, frame)
    if not isinstance(result, IteratorObject) or not isinstance(function, FunctionObject):
        return
    # A generator behind a decorator (`contextmanager`) may be stopped anywhere.
    section = machine.journal.open()
    try:
        force(machine, result, arguments.place)
    finally:
        machine.journal.close(section)
    doubt = Unknown("it may be changed while a generator waits", arguments.place)
    degrade(machine, section, doubt, machine.exported_names(function), machine.modules.get(function.module))


def _with_receiver(arguments: CallArguments, receiver: AbstractValue) -> CallArguments:
    positional = [receiver, *arguments.positional]
    return CallArguments(positional, arguments.keywords, arguments.place, arguments.unknown, arguments.places)


def _completed(bound: Partial, arguments: CallArguments) -> CallArguments:
    positional = [*bound.positional, *arguments.positional]
    keywords = {**bound.keywords, **arguments.keywords}
    return CallArguments(positional, keywords, arguments.place, arguments.unknown, arguments.places)


def _call_class(machine: Machine, cls: ClassObject, arguments: CallArguments, frame: Frame) -> AbstractValue:
    if machine.project.tables.is_config_class(cls.name):
        return build_config(machine, cls, arguments, frame)
    if is_enum(cls):
        if len(arguments.positional) == 1:
            return look_up_value(machine, cls, arguments.positional[0], arguments.place)
        return Unknown(f"a call of the enum {cls.info.qualname}", arguments.place)
    if is_made_tuple(machine, cls):
        return build_made_tuple(cls, arguments)
    return build_instance(machine, cls, arguments, frame)


def _call_method(machine: Machine, method: Method, arguments: CallArguments, frame: Frame) -> AbstractValue:
    receiver = method.receiver
    if (asked := from_dict_of(method)) is not None:
        return config_from_dict(machine, asked, arguments, frame)
    if isinstance(receiver, ClassObject) and receiver.info.is_collection and method.name in METHODS:
        return call_collection(machine, receiver, method.name, arguments.positional, arguments.place)
    if isinstance(receiver, ClassObject) and method.name in {"__subclasses__", "register"}:
        return ask_class(machine, receiver, method.name, arguments.place)
    if isinstance(receiver, Partial):
        for rule in (call_executor, call_thread):
            given = rule(machine, receiver, method.name, arguments, frame)
            if not isinstance(given, NoKey):
                return given
    if isinstance(receiver, ConfigObject):
        return call_config_method(machine, receiver, method.name, arguments)
    if isinstance(receiver, NumpyNumber):
        return call_number(receiver, method.name, arguments)
    if isinstance(receiver, InstanceObject):
        given = _call_of_instance(machine, receiver, method.name, arguments, frame)
        if not isinstance(given, NoKey):
            return given
    if isinstance(receiver, InstanceObject | ClassObject) and arguments.unknown is None:
        found = call_record_method(machine, receiver, method.name, arguments, frame)
        if found is not None:
            return found
    if method.name in READS and (joined := chained_dict(receiver)) is not None:
        receiver = joined
    if isinstance(receiver, DictObject) and arguments.unknown is None:
        special = call_special_dict(machine, receiver, method.name, arguments, frame)
        if not isinstance(special, NoKey):
            return special
    if isinstance(receiver, External):
        return _call_external(machine, f"{receiver.name}.{method.name}", arguments, frame)
    if isinstance(receiver, ClassObject | InstanceObject | SuperObject | Sentinel):
        machine.doubtful_calls += 1
        if isinstance(receiver, InstanceObject):
            call_unseen(machine, [receiver], None, frame, arguments.place)
            try_methods(machine, Unknown("a method", aliases=(method,)), arguments, frame)
        _spoil(machine, arguments, f"it was given to a method {method.name} that is not followed", receiver)
        return Unknown(f"the method {method.name} of a {type_name(receiver)}", arguments.place)
    if arguments.unknown is not None:
        spoil(machine, [receiver, *arguments.positional], arguments.unknown)
        return arguments.unknown
    if isinstance(receiver, Partial | IteratorObject):
        if is_executor(receiver):
            offer(machine, f"an executor's {method.name}", arguments, frame)
        doubt = Unknown(f"the method {method.name} of a {type_name(receiver)}", arguments.place)
        _spoil(machine, arguments, doubt.reason, receiver)
        return doubt
    return call_method(machine, receiver, method.name, arguments, frame)


def _call_of_instance(
    machine: Machine, receiver: InstanceObject, name: str, arguments: CallArguments, frame: Frame
) -> AbstractValue | NoKey:
    """Return what a method gives that instances of some classes of libraries have; NoKey where it is none of these."""
    if (items := deque_items(receiver)) is not None:
        return call_deque(machine, receiver, items, name, arguments, frame)
    if receiver.cls.name == ARRAY:
        return call_array(machine, receiver, name, arguments)
    if receiver.cls.name == STACK:
        return call_exit_stack(machine, receiver, name, arguments, frame)
    if is_stateful(receiver):
        return call_stateful(machine, receiver, name, arguments, frame)
    if name in {"_replace", "model_copy"}:
        return replace_instance(receiver, name, arguments)
    return NoKey()


def _of_workers(machine: Machine, name: str, arguments: CallArguments, frame: Frame) -> AbstractValue:
    if name in THREADS:
        return make_thread(name, arguments)
    if name in STATEFUL:
        return make_stateful(name, arguments)
    return make_executor(name, arguments) if name in EXECUTORS else call_joblib(machine, name, arguments, frame)


def _call_external(machine: Machine, name: str, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Call something outside the project: by a rule, as a pure function, or not at all."""
    if arguments.unknown is None:
        default = environment_default(machine, name, arguments)
        if default is not None:
            return default[0]
        rule = RULES.get(name)
        if rule is not None:
            return _guarded(machine, name, arguments, frame)
        if name in _REPLACE or name == "dataclasses.replace":
            return replace_value(machine, name, arguments, frame)
        if name in EXECUTORS or name in JOBLIB or name in THREADS or name in STATEFUL:
            return _of_workers(machine, name, arguments, frame)
        if arguments.positional and (found := look_around(machine, name, arguments, frame)) is not None:
            return found
        if name in _SCOPE_CHANGING:
            doubt = Unknown(f"{name.removeprefix('builtins.')}() may have changed it", arguments.place)
            spoil_everything(machine, frame.module, doubt, _plain_names(machine, frame.module))
            return doubt
        if name.startswith(_VALIDATORS):
            return external_validator(name, arguments)
        if name in PATH_TYPES:
            return make_path(arguments.positional, arguments.place)
        if name in PURE_PATH_TYPES | _OPAQUE:
            return Sentinel(name.rpartition(".")[2], f"{name} {machine.next_number()}")
        if name == "types.SimpleNamespace" or (name == "argparse.Namespace" and not arguments.positional):
            return _namespace(machine, arguments)
        if name in {"builtins.bytearray", "builtins.memoryview"}:
            return call_pure("builtins.bytes", arguments)
        asked = arguments.positional[0] if arguments.positional and name in OF_INSTANCES else None
        if isinstance(asked, InstanceObject | ConfigObject) or (
            isinstance(asked, EnumValue) and name in TEXTS_OF_MEMBERS
        ):
            return OF_INSTANCES[name](machine, arguments, frame)
        method = _unbound(name, arguments)
        if method is not None:
            given = CallArguments(arguments.positional[1:], arguments.keywords, arguments.place)
            return _call_method(machine, method, given, frame)
        if (replaced := substitute(machine, name, arguments, frame)) is not None:
            return replaced
        if is_pure(name):
            return call_pure(name, listed(machine, name, arguments, frame))
    if name == "builtins.super":
        return _super(machine, frame, arguments)
    if name not in PLAIN_EXCEPTIONS or arguments.keywords or arguments.unknown is not None:
        machine.doubtful_calls += 1
    if name not in HARMLESS and not name.startswith(_LOGGING):
        offer(machine, name, arguments, frame)
        _spoil(machine, arguments, f"it was given to {name}, which may have changed it")
    return Unknown(_why_unknown(name, arguments), arguments.place, name)


def _why_unknown(name: str, arguments: CallArguments) -> str:
    shown = name.removeprefix("builtins.")
    if arguments.unknown is not None and (name in RULES or is_pure(name)):
        return f"{shown}(…) of {arguments.unknown.reason}"
    if shown[:1].isupper() or shown.rpartition(".")[2][:1].isupper():
        return f"an instance of {shown}"
    return f"a call of {shown}, which is outside the project"


def _guarded(machine: Machine, name: str, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Apply a rule; arguments of an unusual shape make the result unknown instead of being guessed at."""
    for value in arguments.positional:
        if isinstance(value, Unknown) and name not in {"builtins.print", "functools.partial", "chz.field"}:
            if name in _TAKES_UNKNOWN:
                return RULES[name](machine, arguments, frame)
            _may_use(machine, name, arguments, value, frame)
            return value
    try:
        return RULES[name](machine, arguments, frame)
    except (IndexError, ValueError, OverflowError):
        return Unknown(f"a call of {name.removeprefix('builtins.')} in a way that is not followed", arguments.place)


def _may_use(machine: Machine, name: str, arguments: CallArguments, cause: Unknown, frame: Frame) -> None:
    """A rule that is not applied may have read the iterators that it is given, and called the functions."""
    place = arguments.place
    for value in (*arguments.positional, *arguments.keywords.values()):
        read_on(machine, value, cause, place)
        if name in _CALLS_WHAT_IT_IS_GIVEN and isinstance(value, CALLABLE):
            given = CallArguments([], {}, place, cause)
            run_optional(machine, frame, Unknown(cause.reason, place), partial(_drop, machine, value, given, frame))


_CALLS_WHAT_IT_IS_GIVEN = frozenset(
    {
        *("builtins.min", "builtins.max", "builtins.sorted", "functools.reduce", "itertools.accumulate"),
        *("itertools.groupby", "itertools.dropwhile", "itertools.takewhile", "itertools.filterfalse"),
    }
)
_TAKES_UNKNOWN = frozenset(
    {
        *("builtins.map", "builtins.zip", "builtins.filter", "builtins.enumerate", "itertools.chain"),
        *("itertools.zip_longest", "itertools.starmap", "importlib.import_module", "builtins.__import__"),
        *("builtins.list", "builtins.set", "builtins.dict", "builtins.getattr", "builtins.setattr", "builtins.vars"),
        *("typing.cast", "builtins.delattr", SET_PLAINLY, *HEAPS),
    }
)


def _unbound(name: str, arguments: CallArguments) -> Method | None:
    """`str.upper("a")` as the method that it is."""
    owner, _, method = name.rpartition(".")
    plain = plain_type(arguments.positional[0]) if arguments.positional else None
    if plain is None or owner != f"builtins.{plain.__name__}" or is_pure(name):
        return None
    return Method(arguments.positional[0], method)


def _namespace(machine: Machine, arguments: CallArguments) -> AbstractValue:  # noqa: ARG001
    return DictObject({**arguments.keywords}, type_name="SimpleNamespace")


def _plain_names(machine: Machine, module: str) -> list[str]:
    """Return the names of a module that are bound to plain values."""
    scope = machine.modules.get(module)
    names = {} if scope is None else scope.names
    kept = (ClassObject, FunctionObject, ModuleObject, External)
    return [name for name, value in names.items() if not name.startswith("__") and not isinstance(value, kept)]


def _super(machine: Machine, frame: Frame, arguments: CallArguments) -> AbstractValue:
    """`super()` inside a method; the two-argument form is not followed."""
    if arguments.positional or frame.function is None or frame.function.owner is None:
        doubt = Unknown("super() in a way that is not followed", arguments.place)
        spoil(machine, [frame.receiver, *arguments.positional], doubt)  # what is called of it may set attributes
        return doubt
    return SuperObject(frame.function.owner, frame.receiver)


def _spoil(machine: Machine, arguments: CallArguments, why: str, function: AbstractValue = None) -> None:
    """Put in doubt what a call that is not followed may have changed; generators that it is given are read."""
    values = [function, *arguments.positional, *arguments.keywords.values()]
    doubt = Unknown(why, arguments.place)
    read: list[AbstractValue] = []
    for part in list(mutable_parts(values)):
        read += read_on(machine, part, doubt, arguments.place)
    spoil(machine, [*values, *read], doubt)
    for value in values:
        if isinstance(value, FunctionObject) and value not in machine.found.entrances:
            machine.found.entrances.append(value)
