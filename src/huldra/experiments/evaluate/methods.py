"""Methods of values that are not the project's: text, numbers, paths, lists, dicts, sets, times."""

from collections.abc import Callable

from huldra.experiments.evaluate.attribute_dicts import settle
from huldra.experiments.evaluate.chain_maps import chained_dict
from huldra.experiments.evaluate.conversion import NotConvertible, to_python
from huldra.experiments.evaluate.journal import with_aliases
from huldra.experiments.evaluate.library import is_quick
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.moments import is_local, is_plain_format
from huldra.experiments.evaluate.operators import apply, holds_enum
from huldra.experiments.evaluate.reachable import NoKey, find_key, stored_key
from huldra.experiments.evaluate.set_methods import call_set
from huldra.experiments.evaluate.signals import LimitReached, Raised, TooLarge
from huldra.experiments.evaluate.sorting import sort_values
from huldra.experiments.evaluate.taking_in import extend_with, take_in
from huldra.experiments.evaluate.unseen_calls import SHOWN, call_unseen, hashed
from huldra.experiments.library_objects import LibraryObject
from huldra.experiments.values import (
    AbstractValue,
    Concrete,
    DictObject,
    DictView,
    InstanceObject,
    IteratorObject,
    ListObject,
    SetObject,
    Unknown,
    type_name,
)
from huldra.formats.config_values import PathValue
from huldra.project.places import Place

_PATH_PROPERTIES = frozenset(
    {"name", "stem", "suffix", "suffixes", "parent", "parents", "parts", "anchor", "root", "drive"}
)
_PATH_METHODS = frozenset(
    {
        *("joinpath", "with_name", "with_stem", "with_suffix", "as_posix", "is_absolute", "relative_to", "match"),
        *("is_relative_to", "__str__", "__fspath__"),
    }
)
_TEXT_METHODS = frozenset(
    {
        *("upper", "lower", "title", "capitalize", "casefold", "swapcase", "strip", "lstrip", "rstrip", "replace"),
        *("split", "rsplit", "splitlines", "join", "startswith", "endswith", "removeprefix", "removesuffix", "find"),
        *("rfind", "index", "rindex", "count", "zfill", "ljust", "rjust", "center", "partition", "rpartition"),
        "format",
        *("isdigit", "isalpha", "isalnum", "isupper", "islower", "isspace", "isidentifier", "isnumeric", "isdecimal"),
        *("encode", "decode", "hex", "expandtabs", "translate", "format_map", "istitle", "isascii", "isprintable"),
    }
)
_NUMBER_METHODS = frozenset(
    {"bit_length", "is_integer", "conjugate", "hex", "as_integer_ratio", "bit_count", "real", "imag"}
)
_TIME_METHODS = frozenset(
    {
        *(
            "isoformat",
            "replace",
            "strftime",
            "total_seconds",
            "date",
            "time",
            "timetz",
            "weekday",
            "isoweekday",
            "year",
        ),
        *("month", "day", "hour", "minute", "second", "microsecond", "days", "seconds", "microseconds", "tzinfo"),
        *("astimezone", "timestamp", "isocalendar", "dst"),
        *("toordinal", "utcoffset", "fold", "numerator", "denominator", "start", "stop", "step", "hex", "int"),
    }
)
_MAX_TEXT = 1_000_000
_FORMATS = frozenset({"format", "format_map", "substitute", "safe_substitute"})
_PADDING = frozenset({"ljust", "rjust", "center", "zfill", "expandtabs"})


def is_data_attribute(receiver: AbstractValue, name: str) -> bool:
    """Whether a name is an attribute to read rather than a method to call."""
    if isinstance(receiver, PathValue):
        return name in _PATH_PROPERTIES
    if isinstance(receiver, LibraryObject):
        return name in receiver.data
    if isinstance(receiver, Concrete) and not isinstance(receiver, str | bytes):
        return name in _TIME_METHODS | _NUMBER_METHODS and not callable(getattr(receiver, name, None))
    return False


def read_data(receiver: AbstractValue, name: str, place: Place) -> AbstractValue:
    """Return `receiver.name` for a data attribute."""
    try:
        value = to_python(receiver)
    except NotConvertible as problem:
        return Unknown(problem.reason, place)
    if name == "parents":
        return apply(lambda: tuple(getattr(value, name)), place)
    return apply(lambda: getattr(value, name), place)


def call_method(
    machine: Machine, receiver: AbstractValue, name: str, arguments: CallArguments, frame: Frame
) -> AbstractValue:
    """Return what a method of a value that is not the project's gives."""
    match receiver:
        case ListObject():
            return _list_method(machine, receiver, name, arguments, frame)
        case DictObject():
            return _dict_method(machine, receiver, name, arguments, frame)
        case SetObject():
            return call_set(machine, receiver, name, arguments, frame)
        case tuple() if name in {"index", "count"}:
            return _search(machine, list(receiver), name, arguments, frame)
        case PathValue():
            allowed = _PATH_METHODS
        case bytes() if name in _BYTEARRAY_METHODS:
            raise LimitReached("a bytearray that is changed is not followed", arguments.place)
        case LibraryObject():
            allowed = receiver.methods
        case str() | bytes():
            allowed = _TEXT_METHODS
        case int() | float() | complex():
            allowed = _NUMBER_METHODS
        case _:
            allowed = _TIME_METHODS if isinstance(receiver, Concrete) else frozenset[str]()
    if name not in allowed:
        return Unknown(f"the method {name} of a {type_name(receiver)}", arguments.place)
    return _call_python(machine, receiver, name, arguments, frame)


def _call_python(
    machine: Machine, receiver: AbstractValue, name: str, arguments: CallArguments, frame: Frame
) -> AbstractValue:
    given = arguments.positional
    if name == "join" and len(given) == 1 and isinstance(given[0], IteratorObject | DictView | InstanceObject):
        items = machine.iterate(given[0], frame, arguments.place)
        given = [items if isinstance(items, Unknown) else ListObject(items)]
    try:
        value = to_python(receiver)
        positional = [to_python(item) for item in given]
        keywords = {key: to_python(item) for key, item in arguments.keywords.items()}
    except NotConvertible as problem:
        called = SHOWN if name in _FORMATS else None
        call_unseen(machine, (*given, *arguments.keywords.values()), called, frame, arguments.place)
        return Unknown(f"the method {name} with {problem.reason}", arguments.place)
    pattern = receiver.pattern if isinstance(receiver, LibraryObject) else None
    if pattern is not None and not is_quick(pattern, [*positional, *keywords.values()]):
        return Unknown(f"the method {name} of a pattern that may take long", arguments.place)
    if name in _FORMATS and any(holds_enum(item) for item in (*arguments.positional, *arguments.keywords.values())):
        return Unknown("the text of an enum member, which depends on Python's version", arguments.place)
    if name == "replace" and isinstance(value, str) and len(positional) > 1:
        growth = len(str(positional[1])) * (value.count(str(positional[0])) + 1)
        if growth > _MAX_TEXT:
            raise TooLarge("the result of replace is too large to follow", arguments.place)
    if name in _PADDING and any(isinstance(item, int) and item > 100_000 for item in positional):
        raise TooLarge(f"the result of {name} is too large to follow", arguments.place)
    is_nested = isinstance(value, str) and any(part in value for part in ("{:{", "<{", ">{", "^{", ".{"))
    if name == "format" and isinstance(value, str) and (is_nested or any(len(run) > 5 for run in _digits(value))):
        raise TooLarge("a format that is too wide to follow", arguments.place)
    is_shown = name == "strftime" and not is_plain_format(value, positional)
    if is_shown or (name == "decode" and positional and positional[0] not in {"utf-8", "ascii", "latin-1"}):
        return Unknown(f"the method {name}, which depends on the platform", arguments.place)
    if name in {"astimezone", "timestamp"} and is_local(value, positional):
        return Unknown(f"the method {name}, which depends on the local time", arguments.place)
    method: Callable[..., object] = getattr(value, name)
    return apply(lambda: method(*positional, **keywords), arguments.place)


def _digits(text: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in text).split()


def _search(
    machine: Machine, items: list[AbstractValue], name: str, arguments: CallArguments, frame: Frame
) -> AbstractValue:
    """`index` and `count` of a sequence: an element is found if it is the same object, or equal."""
    wanted, place = arguments.positional[0], arguments.place
    count = 0
    for position, item in enumerate(list(items)):
        is_same = item is wanted and not isinstance(item, Unknown)
        result = True if is_same else machine.rules.compare(machine, "==", item, wanted, frame, place)
        if not isinstance(result, bool):
            return result if isinstance(result, Unknown) else Unknown("`==` that gives no bool", place)
        if result and name == "index":
            return position
        count += result
    if name == "index":
        raise Raised("ValueError", "the value is not in the sequence", place)
    return count


def _list_method(
    machine: Machine, receiver: ListObject, name: str, arguments: CallArguments, frame: Frame
) -> AbstractValue:
    given, place = arguments.positional, arguments.place
    if name == "copy":
        return ListObject(list(receiver.items), receiver.unknown)
    if name in {"index", "count"}:
        return receiver.unknown or _search(machine, receiver.items, name, arguments, frame)
    machine.touch(receiver)
    match name, given:
        case "append", [value]:
            receiver.items.append(value)
        case "extend", [values]:
            extend_with(machine, receiver, values, frame, place)
        case "insert", [int() as index, value]:
            receiver.items.insert(index, value)
        case "pop", ([] | [int()]):
            return _pop(receiver, given, place)
        case "clear", []:
            receiver.items.clear()
            receiver.unknown = None
        case "reverse", []:
            receiver.items.reverse()
        case "sort", []:
            _sort(machine, receiver, arguments, frame)
        case "remove", [_] if receiver.unknown is None:
            position = _search(machine, receiver.items, "index", arguments, frame)
            if isinstance(position, int):
                del receiver.items[position]
            else:
                receiver.unknown = Unknown("a removal that is not followed", place)
        case _:
            receiver.unknown = receiver.unknown or Unknown(f"the list method {name} that is not followed", place)
            return receiver.unknown
    return None


def _sort(machine: Machine, receiver: ListObject, arguments: CallArguments, frame: Frame) -> None:
    """`list.sort`: whoever looks at the list meanwhile, such as its key function, finds it empty."""
    items = list(receiver.items)
    receiver.items.clear()
    ordered: list[AbstractValue] | Unknown = Unknown("the order of a list whose sorting has failed", arguments.place)
    try:
        ordered = sort_values(machine, items, arguments, frame)
        if receiver.items and receiver.unknown is None:
            raise Raised("ValueError", "list modified during sort", arguments.place)
    finally:
        receiver.items[:] = items if isinstance(ordered, Unknown) else ordered
        receiver.unknown = ordered if isinstance(ordered, Unknown) else receiver.unknown


def _pop(receiver: ListObject, given: list[AbstractValue], place: Place) -> AbstractValue:
    index = given[0] if given else -1
    if receiver.unknown is not None or not isinstance(index, int):
        return receiver.unknown or Unknown("an unknown index", place)
    if not -len(receiver.items) <= index < len(receiver.items):
        raise Raised("IndexError", "pop index out of range", place)
    return receiver.items.pop(index)


def _dict_method(
    machine: Machine, receiver: DictObject, name: str, arguments: CallArguments, frame: Frame
) -> AbstractValue:
    result = _of_dict(machine, receiver, name, arguments, frame)
    settle(receiver)
    return result


def _of_dict(
    machine: Machine, receiver: DictObject, name: str, arguments: CallArguments, frame: Frame
) -> AbstractValue:
    given, place = arguments.positional, arguments.place
    match name, given:
        case ("items" | "keys" | "values") as kind, []:
            return DictView(receiver, kind)
        case "copy", []:
            return DictObject(dict(receiver.items), receiver.unknown, receiver.type_name)
        case "update", ([] | [_]) if receiver.type_name != "Counter":
            machine.touch(receiver)
            update_dict(machine, receiver, arguments, frame)
            return None
        case (("get" | "pop" | "setdefault"), ([_] | [_, _])):
            return _dict_entry(machine, receiver, name, arguments, frame)
        case "clear", []:
            machine.touch(receiver)
            receiver.items.clear()
            return None
        case "popitem", []:
            machine.touch(receiver)
            if receiver.unknown is not None:
                return with_aliases(receiver.unknown, receiver.items.values())
            if not receiver.items:
                raise Raised("KeyError", "'popitem(): dictionary is empty'", place)
            last = next(reversed(receiver.items))
            return last, receiver.items.pop(last)
        case _:
            machine.touch(receiver)
            receiver.unknown = receiver.unknown or Unknown(f"the dict method {name} that is not followed", place)
            return receiver.unknown


def _dict_entry(
    machine: Machine, receiver: DictObject, name: str, arguments: CallArguments, frame: Frame
) -> AbstractValue:
    """`get`, `pop` and `setdefault`."""
    given, place = arguments.positional, arguments.place
    key = hashed(machine, given[0], frame, place)
    found = key if isinstance(key, Unknown) else find_key(receiver.items, key)
    if isinstance(found, Unknown) or isinstance(key, Unknown) or receiver.unknown is not None:
        if name != "get":
            machine.touch(receiver)
            receiver.unknown = receiver.unknown or Unknown("an unknown key", place)
        doubt = receiver.unknown or Unknown("an entry under an unknown key", place)
        return with_aliases(doubt, [*receiver.items.values(), *given[1:]])
    if not isinstance(found, NoKey):
        if name != "pop":
            return receiver.items[found]
        machine.touch(receiver)
        return receiver.items.pop(found)
    if name == "pop" and len(given) == 1:
        raise Raised("KeyError", repr(key), place)
    default = given[1] if len(given) > 1 else None
    if name == "setdefault":
        machine.touch(receiver)
        receiver.items[key] = default
    return default


def update_dict(machine: Machine, receiver: DictObject, arguments: CallArguments, frame: Frame) -> None:
    """Effect: `dict.update`: a mapping or pairs, then keywords."""
    for given in arguments.positional:
        source = chained_dict(given) or given
        if isinstance(source, DictObject):
            for key, value in source.items.items():
                receiver.items[stored_key(receiver.items, key)] = value
            receiver.unknown = receiver.unknown or source.unknown
            continue

        def add(pair: AbstractValue) -> None:
            entry, place = machine.iterate(pair, frame, arguments.place), arguments.place
            if (
                isinstance(entry, Unknown)
                or len(entry) != 2
                or isinstance(key := hashed(machine, entry[0], frame, place), Unknown)
            ):
                receiver.unknown = Unknown("an entry that is not known", place)
            else:
                receiver.items[stored_key(receiver.items, key)] = entry[1]

        unknown = take_in(machine, receiver, source, frame, arguments.place, add)
        receiver.unknown = unknown or receiver.unknown
    receiver.items.update(arguments.keywords)


_BYTEARRAY_METHODS = frozenset({"append", "extend", "insert", "pop", "remove", "reverse", "clear", "__setitem__"})
