"""The functions of `operator`, and those of Python that ask an instance of the project's classes for something."""

from collections.abc import Mapping

from huldra.experiments.evaluate.enum_texts import Text, enum_text
from huldra.experiments.evaluate.library import call_pure
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.operations import binary_values, compare_values, truth_of, unary_value
from huldra.experiments.evaluate.rearranging import Rule
from huldra.experiments.evaluate.special_methods import NoMethod, call_special, text_of
from huldra.experiments.evaluate.subscripts import get_item
from huldra.experiments.values import (
    AbstractValue,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    Partial,
    Unknown,
)
from huldra.formats.config_values import EnumValue

_BINARY: Mapping[str, str] = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "matmul": "@",
    "and_": "&",
    "or_": "|",
    "xor": "^",
    "lshift": "<<",
    "rshift": ">>",
    "concat": "+",
}
_COMPARISONS: Mapping[str, str] = {
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "eq": "==",
    "ne": "!=",
    "is_": "is",
    "is_not": "is not",
}
_UNARY: Mapping[str, str] = {"neg": "-", "pos": "+", "not_": "not", "inv": "~", "invert": "~"}
_GETTERS: Mapping[str, str] = {
    "operator.itemgetter": "operator.itemgetter()",
    "operator.attrgetter": "operator.attrgetter()",
}
_ASKED: Mapping[str, tuple[str, type]] = {
    "builtins.int": ("__int__", int),
    "builtins.float": ("__float__", float),
    "builtins.complex": ("__complex__", complex),
    "builtins.bytes": ("__bytes__", bytes),
    "builtins.abs": ("__abs__", object),
    "builtins.round": ("__round__", object),
    "math.floor": ("__floor__", object),
    "math.ceil": ("__ceil__", object),
    "math.trunc": ("__trunc__", object),
}
_TEXTS: Mapping[str, Text] = {"builtins.str": "__str__", "builtins.repr": "__repr__"}


def _is_plain(call: CallArguments, count: int) -> bool:
    return len(call.positional) == count and not call.keywords


def _unfollowed(call: CallArguments) -> Unknown:
    return Unknown("a call of an operator in a way that is not followed", call.place)


def _binary(symbol: str) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        if not _is_plain(call, 2):
            return _unfollowed(call)
        return binary_values(machine, symbol, call.positional[0], call.positional[1], frame, call.place)

    return rule


def _comparison(symbol: str) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        if not _is_plain(call, 2):
            return _unfollowed(call)
        return compare_values(machine, symbol, call.positional[0], call.positional[1], frame, call.place)

    return rule


def _unary(symbol: str) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        if not _is_plain(call, 1):
            return _unfollowed(call)
        return unary_value(machine, symbol, call.positional[0], frame, call.place)

    return rule


def _contains(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    if not _is_plain(call, 2):
        return _unfollowed(call)
    return compare_values(machine, "in", call.positional[1], call.positional[0], frame, call.place)


def _truth(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    return truth_of(machine, call.positional[0], frame, call.place)


def _get_item(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    return get_item(machine, call.positional[0], call.positional[1], frame, call.place)


def _getter(name: str) -> Rule:
    """`itemgetter("a", "b")`: a function that is called later, its own arguments first."""

    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
        if call.keywords or not call.positional:
            return _unfollowed(call)
        return Partial(External(_GETTERS[name]), tuple(call.positional), {})

    return rule


def _get_items(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    *keys, value = call.positional
    found = [get_item(machine, value, key, frame, call.place) for key in keys]
    return found[0] if len(found) == 1 else tuple(found)


def _get_attributes(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    *paths, value = call.positional
    found: list[AbstractValue] = []
    for path in paths:
        if not isinstance(path, str):
            return _unfollowed(call)
        inner = value
        for name in path.split("."):
            inner = machine.attribute(inner, name, frame, call.place)
        found.append(inner)
    return found[0] if len(found) == 1 else tuple(found)


def _method_caller(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    name, *given = call.positional
    return Partial(External("operator.methodcaller()"), (name, tuple(given), DictObject({**call.keywords})), {})


def _call_method(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    name, given, keywords, value = call.positional
    if not isinstance(name, str) or not isinstance(given, tuple) or not isinstance(keywords, DictObject):
        return _unfollowed(call)
    method = machine.attribute(value, name, frame, call.place)
    named = {key: item for key, item in keywords.items.items() if isinstance(key, str)}
    return machine.call(method, CallArguments(list(given), named, call.place), frame)


def _asked(name: str) -> Rule:
    """A function that an instance of the project's classes answers by a special method; any other value as ever."""
    special, wanted = _ASKED[name]

    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        if not call.positional or not isinstance(call.positional[0], InstanceObject):
            return call_pure(name, call)
        value = call.positional[0]
        result = call_special(machine, value, special, call.positional[1:], frame, call.place)
        if isinstance(result, Unknown):
            return result
        if isinstance(result, NoMethod) or call.keywords or (wanted is not object and type(result) is not wanted):
            return Unknown(f"{name.removeprefix('builtins.')}(…) of an instance of {value.cls.info.name}", call.place)
        return result

    return rule


def _text(name: str) -> Rule:
    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        found = None
        if _is_plain(call, 1):
            value = call.positional[0]
            if isinstance(value, EnumValue):
                return enum_text(machine, value, _TEXTS[name], frame, call.place)
            found = text_of(machine, value, _TEXTS[name], frame, call.place)
        return call_pure(name, call) if found is None else found

    return rule


def _call(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    return machine.call(call.positional[0], CallArguments(call.positional[1:], call.keywords, call.place), frame)


def _unwrap(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`inspect.unwrap(function)`: what `functools.wraps` has been told of, to the last."""
    if not _is_plain(call, 1):
        return _unfollowed(call)
    value = call.positional[0]
    while isinstance(value, FunctionObject):
        held = {} if value.attributes is None else value.attributes.items
        if value.memo is None and "__wrapped__" not in held:
            break
        value = machine.attribute(value, "__wrapped__", frame, call.place)
    return value


OPERATOR_FUNCTIONS: Mapping[str, Rule] = {
    **{f"operator.{name}": _binary(symbol) for name, symbol in _BINARY.items()},
    **{f"operator.{name}": _comparison(symbol) for name, symbol in _COMPARISONS.items()},
    **{f"operator.{name}": _unary(symbol) for name, symbol in _UNARY.items()},
    **{name: _getter(name) for name in _GETTERS},
    "operator.contains": _contains,
    "operator.call": _call,
    "inspect.unwrap": _unwrap,
    "operator.truth": _truth,
    "operator.getitem": _get_item,
    "operator.itemgetter()": _get_items,
    "operator.attrgetter()": _get_attributes,
    "operator.methodcaller": _method_caller,
    "operator.methodcaller()": _call_method,
}
OF_INSTANCES: Mapping[str, Rule] = {
    **{name: _asked(name) for name in _ASKED},
    **{name: _text(name) for name in _TEXTS},
}
"""For calls whose first argument is an instance of a class of the project; the texts of enum members too."""
TEXTS_OF_MEMBERS = frozenset(_TEXTS)
