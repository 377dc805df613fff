"""Functions that work on any value, the project's own included: Python's builtins, itertools, functools, copying."""

import builtins
from collections.abc import Mapping

from huldra.experiments.evaluate.aggregates import AGGREGATES
from huldra.experiments.evaluate.arrays import NUMPY
from huldra.experiments.evaluate.attribute_presence import has_attribute, module_has
from huldra.experiments.evaluate.attributes import plain_type
from huldra.experiments.evaluate.chain_maps import CHAIN_MAP, PROXY
from huldra.experiments.evaluate.copying import COPY_FUNCTIONS
from huldra.experiments.evaluate.deques import make_deque
from huldra.experiments.evaluate.enums import MARKS, mark
from huldra.experiments.evaluate.exit_stacks import STACK, make_stack
from huldra.experiments.evaluate.from_dicts import OF_THE_LIBRARY
from huldra.experiments.evaluate.function_attributes import make_wraps, update_wrapper
from huldra.experiments.evaluate.heaps import HEAPS
from huldra.experiments.evaluate.instances import answers_by_itself, is_descendant, is_instance, type_arguments
from huldra.experiments.evaluate.lazy import iter_of, next_element
from huldra.experiments.evaluate.lazy_functions import LAZY
from huldra.experiments.evaluate.lazy_itertools import LAZY_ITERTOOLS
from huldra.experiments.evaluate.library import MAKE_PLAINLY, SET_PLAINLY
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.making import make_plainly
from huldra.experiments.evaluate.managers import make_closing, make_null_context, make_suppress
from huldra.experiments.evaluate.operations import UNION, truth_of
from huldra.experiments.evaluate.operator_functions import OPERATOR_FUNCTIONS
from huldra.experiments.evaluate.plugins import IMPORTING
from huldra.experiments.evaluate.reachable import DEQUE
from huldra.experiments.evaluate.rearranging import REARRANGING, Rule
from huldra.experiments.evaluate.records import RECORD_FUNCTIONS
from huldra.experiments.evaluate.reflection import is_abstract, some_member
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.sorting import BY_COMPARISON
from huldra.experiments.evaluate.special_dicts import make_counter, make_default_dict
from huldra.experiments.evaluate.special_methods import special_method, text_of
from huldra.experiments.evaluate.targets import set_attribute, set_plainly
from huldra.experiments.evaluate.unseen_bases import tell_made_class
from huldra.experiments.evaluate.unseen_calls import SHOWN, call_unseen, has_acting
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    FieldCall,
    Finished,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    Method,
    ModuleObject,
    Partial,
    PropertyObject,
    Sentinel,
    Unknown,
    type_name,
)
from huldra.formats.dialect import FIELD_FUNCTIONS


def _next(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    source = call.positional[0]
    if isinstance(source, InstanceObject):
        method = special_method(machine, source, "__next__", frame, call.place)
        if method is None or len(call.positional) > 1:
            return Unknown("next() of what is no iterator", call.place)
        return machine.call_with(method, [], frame, call.place)
    if not isinstance(source, IteratorObject):
        return source if isinstance(source, Unknown) else Unknown("next() of what is no iterator", call.place)
    item = next_element(machine, source, call.place)
    if source.unknown is not None and isinstance(item, Finished):
        return source.unknown
    if not isinstance(item, Finished):
        return item
    if len(call.positional) > 1:
        return call.positional[1]
    raise Raised("StopIteration", "the iterator is exhausted", call.place)


def _iter(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    if len(call.positional) > 1:
        return Unknown("iter() of a function", call.place)
    return iter_of(machine, call.positional[0], frame, call.place)


def _isinstance(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    value, wanted = call.positional
    results = [is_instance(machine, value, option) for option in _options(wanted)]
    if any(result is True for result in results):
        return True
    return next((result for result in results if isinstance(result, Unknown)), False)


def _options(wanted: AbstractValue) -> list[AbstractValue]:
    """Return the classes of a tuple or of `A | B`, in which None stands for its type."""
    if isinstance(wanted, tuple):
        return [option for each in wanted for option in _options(each)]
    if isinstance(wanted, Partial) and wanted.function == UNION:
        options = (option for each in wanted.positional for option in _options(each))
        return [External("types.NoneType") if option is None else option for option in options]
    return [wanted]


def _is_subclass(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    cls, wanted = call.positional
    options = wanted if isinstance(wanted, tuple) else (wanted,)
    doubt = Unknown("issubclass with types that are not followed", call.place)
    if not isinstance(cls, ClassObject) or cls.info.unseen or not all(isinstance(o, ClassObject) for o in options):
        return doubt
    known = [option for option in options if isinstance(option, ClassObject)]
    if any(is_descendant(option, cls.info.order) for option in known):
        return True
    return doubt if any(answers_by_itself(machine, option) for option in known) else False


def _getattr(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    owner, name = call.positional[0], call.positional[1]
    if isinstance(owner, ModuleObject) and isinstance(name, Unknown):
        return some_member(machine, owner.name, name, call.place)
    if not isinstance(name, str):
        return name if isinstance(name, Unknown) else Unknown("an attribute whose name is not known", call.place)
    if len(call.positional) > 2 and isinstance(owner, InstanceObject) and has_attribute(machine, owner, name) is False:
        return call.positional[2]
    try:
        value = machine.attribute(owner, name, frame, call.place)
    except Raised:
        if len(call.positional) > 2:
            return call.positional[2]
        raise
    is_doubtful = isinstance(value, Method | Unknown) and len(call.positional) > 2
    return Unknown(f"getattr with a default for {name!r}", call.place) if is_doubtful else value


def _type(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    if len(call.positional) == 1:
        return machine.attribute(call.positional[0], "__class__", frame, call.place)
    name, bases = (*call.positional, None, None)[:2]
    if isinstance(bases, tuple):
        tell_made_class(machine, name if isinstance(name, str) else "a class", bases, call.place)
    return Unknown("a class made by calling type()", call.place)


def _has_attribute(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    owner, name = call.positional
    if not isinstance(name, str):
        return name if isinstance(name, Unknown) else Unknown("an attribute whose name is not known", call.place)
    plain = plain_type(owner)
    if plain is not None:
        return hasattr(plain, name)
    if isinstance(owner, ModuleObject):
        return module_has(machine, owner.name, name)
    if isinstance(owner, InstanceObject) and (known := has_attribute(machine, owner, name)) is not None:
        return known
    if not isinstance(owner, ConfigObject | FunctionObject):
        return Unknown(f"whether a {type_name(owner)} has {name!r}", call.place)
    try:
        value = machine.attribute(owner, name, frame, call.place)
    except Raised as raised:
        if raised.type_name != "AttributeError":
            raise
        return False
    return value if isinstance(value, Unknown) else True


def _callable(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    value = call.positional[0]
    if isinstance(value, FunctionObject | BoundMethod | Partial | ClassObject):
        return True
    if plain_type(value) is not None:
        return False
    if isinstance(value, External) and value.name.startswith("builtins."):
        return callable(getattr(builtins, value.name.removeprefix("builtins."), None))
    return value if isinstance(value, Unknown) else Unknown(f"whether a {type_name(value)} can be called", call.place)


def _bool(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    return truth_of(machine, call.positional[0], frame, call.place) if call.positional else False


def _partial(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    if call.unknown is not None:
        return call.unknown
    return Partial(call.positional[0], tuple(call.positional[1:]), dict(call.keywords))


def _chain_map(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    return Partial(CHAIN_MAP, tuple(call.positional or [DictObject({})]), {})


def _new_type(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    return Partial(External("typing.cast"), tuple(call.positional[:1]), {})


def _proxy(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    known = len(call.positional) == 1 and not call.keywords
    return Partial(PROXY, tuple(call.positional), {}) if known else Unknown("a proxy of what is no dict", call.place)


def _by_comparison(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    return Partial(BY_COMPARISON, (call.positional[0],), {})


def _reduce(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    items = machine.iterate(call.positional[1], frame, call.place)
    if isinstance(items, Unknown):
        return items
    values = [*call.positional[2:], *items]
    if not values:
        raise Raised("TypeError", "reduce of no values", call.place)
    total = values[0]
    for value in values[1:]:
        total = machine.call_with(call.positional[0], [total, value], frame, call.place)
    return total


def _vars(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`vars(holder)`: what it holds now. Changes made through it are not followed, so the holder is in doubt after."""
    return machine.attribute(call.positional[0], "__dict__", frame, call.place)


def _property(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    given = dict(zip(("fget", "fset"), call.positional, strict=False)) | call.keywords
    if "fget" not in given:
        return Unknown("a property of nothing", call.place)
    return PropertyObject(given["fget"], setter=given.get("fset"))


def _field(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    return FieldCall(dict(call.keywords))


def _method_kind(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    return call.positional[0]


def _munger(name: str) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
        given = [*call.positional, *call.keywords.values()]
        return Method(given[0], name) if given else Unknown("a munger of nothing", call.place)

    return rule


def _identity(position: int) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
        found = call.positional[position : position + 1]
        return found[0] if found else Unknown("an argument that is not there", call.place)

    return rule


def _sentinel(name: str) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
        return Sentinel(name, f"{name} {machine.next_number()}")

    return rule


def _auto(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    return Sentinel("auto", "enum.auto")


def _mark(name: str) -> Rule:
    """`enum.member(value)`, `enum.nonmember(value)`."""
    return lambda _machine, call, _frame: mark(name, call.positional[0])


def _print(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`print(…)`: what the texts of values change is changed."""
    for value in call.positional:
        if not isinstance(value, InstanceObject | ConfigObject):
            call_unseen(machine, [value], SHOWN, frame, call.place)
        elif has_acting(machine, value, SHOWN):
            text_of(machine, value, "__str__", frame, call.place)
    call_unseen(machine, call.keywords.values(), ("write", "flush"), frame, call.place)
    return None


def _turns(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`tqdm.trange(n)`: a range, whatever is said of how it is shown."""
    return machine.call_with(External("builtins.range"), call.positional, frame, call.place)


_PROGRESS_BARS = (
    *("tqdm.tqdm", "tqdm.auto.tqdm", "tqdm.std.tqdm", "tqdm.rich.tqdm", "tqdm.notebook.tqdm"),
    *("rich.progress.track", "alive_progress.alive_it", "progressbar.progressbar"),
)
"""Functions that give back what they are given, one by one."""
RULES: Mapping[str, Rule] = {
    **AGGREGATES,
    **REARRANGING,
    **LAZY,
    **LAZY_ITERTOOLS,
    **OPERATOR_FUNCTIONS,
    **RECORD_FUNCTIONS,
    **COPY_FUNCTIONS,
    **NUMPY,
    **HEAPS,
    DEQUE: make_deque,
    CHAIN_MAP.name: _chain_map,
    PROXY.name: _proxy,
    "inspect.isabstract": is_abstract,
    "collections.defaultdict": make_default_dict,
    "collections.Counter": make_counter,
    "contextlib.nullcontext": make_null_context,
    **IMPORTING,
    "contextlib.suppress": make_suppress,
    "contextlib.closing": make_closing,
    STACK: make_stack,
    "builtins.next": _next,
    "builtins.iter": _iter,
    "builtins.isinstance": _isinstance,
    "builtins.issubclass": _is_subclass,
    "builtins.getattr": _getattr,
    "builtins.setattr": set_attribute,
    "builtins.delattr": set_attribute,
    SET_PLAINLY: set_plainly,
    MAKE_PLAINLY: make_plainly,
    "builtins.vars": _vars,
    "builtins.hasattr": _has_attribute,
    "builtins.callable": _callable,
    "builtins.type": _type,
    "builtins.bool": _bool,
    "builtins.print": _print,
    "builtins.object": _sentinel("object"),
    "builtins.property": _property,
    "functools.cached_property": _property,
    "functools.partial": _partial,
    "functools.reduce": _reduce,
    "functools.wraps": make_wraps,
    "functools.update_wrapper": update_wrapper,
    BY_COMPARISON.name: _by_comparison,
    "enum.auto": _auto,
    **{name: _mark(name) for name in MARKS},
    **OF_THE_LIBRARY,
    "typing.cast": _identity(1),
    "typing.get_args": type_arguments,
    "typing.NewType": _new_type,
    **dict.fromkeys(_PROGRESS_BARS, _identity(0)),
    "tqdm.trange": _turns,
    "tqdm.auto.trange": _turns,
    "builtins.staticmethod": _method_kind,
    "builtins.classmethod": _method_kind,
    **dict.fromkeys(FIELD_FUNCTIONS, _field),
    **{f"{prefix}chz.init_property": _property for prefix in ("", "huldra.", "gren.", "furu.")},
    **{
        f"{prefix}chz.mungers.{n}": _munger(f"chz.mungers.{n}")
        for prefix in ("", "huldra.", "gren.", "furu.")
        for n in ("if_none", "attr_if_none")
    },
}
