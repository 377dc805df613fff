"""NumPy's arrays of numbers: an instance of a class of nobody's, which holds a tuple.

A slice of an array is a view of it: it holds the array that it is of, so that whoever may change the one may change the
other. What is not followed puts both in doubt, as with any object that is given to code outside the project.
"""

from collections.abc import Callable, Mapping, Sequence

from huldra.experiments.evaluate.library_classes import library_class
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.reachable import ARRAY, ARRAY_ITEMS, ARRAY_OF, array_items
from huldra.experiments.evaluate.spoiling import spoil
from huldra.experiments.numpy_numbers import NumpyNumber, arange, calculated, common, compared, linspace, rounded
from huldra.experiments.values import AbstractValue, ClassObject, External, InstanceObject, ListObject, Scope, Unknown
from huldra.project.places import Place

_INFO = library_class(ARRAY)
_FLOAT_TYPES = frozenset({"builtins.float", "numpy.float64", "numpy.double"})
_BY_PLATFORM = "whose last digits the processor has a part in"
_Rule = Callable[[Machine, CallArguments, Frame], AbstractValue]


def make_array(items: Sequence[NumpyNumber | Unknown], of: InstanceObject | None = None) -> InstanceObject:
    """Return an array, or what a slice of one gives."""
    attributes: dict[str, AbstractValue] = {
        ARRAY_ITEMS: tuple(items),
        "size": len(items),
        "shape": (len(items),),
        "ndim": 1,
    }
    if of is not None:
        attributes[ARRAY_OF] = of
    return InstanceObject(ClassObject(_INFO, Scope(is_class=True)), attributes)


def _made(values: Sequence[float | None] | None, call: CallArguments, name: str) -> AbstractValue:
    if values is None:
        return Unknown(f"a call of numpy.{name} that is not followed", call.place, f"numpy.{name}")
    return _array_of(values, Unknown(f"an element of numpy.{name}, {_BY_PLATFORM}", call.place))


def _array_of(values: Sequence[float | None], doubt: Unknown) -> InstanceObject:
    return make_array([doubt if value is None else NumpyNumber(value) for value in values])


def number(value: AbstractValue) -> float | int | None:
    """Return a number of Python's or NumPy's; None for anything else, and for a bool."""
    found = value.value if isinstance(value, NumpyNumber) else value
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def _numbers(values: Sequence[AbstractValue]) -> list[float] | None:
    found = [number(value) for value in values]
    return None if None in found else [value for value in found if value is not None]


def _bound(call: CallArguments, names: tuple[str, ...]) -> dict[str, AbstractValue] | None:
    """Return arguments by name; None where there are others."""
    given = dict(zip(names, call.positional, strict=False)) | call.keywords
    is_clear = len(call.positional) <= len(names) and given.keys() <= set(names)
    return given if is_clear and call.unknown is None else None


def _is_float_type(value: AbstractValue) -> bool:
    return value is None or (isinstance(value, External) and value.name in _FLOAT_TYPES)


def _linspace(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    given = _bound(call, ("start", "stop", "num", "endpoint", "retstep", "dtype")) or {}
    ends = _numbers([given.pop("start", None), given.pop("stop", None)])
    count, has_end = given.pop("num", 50), given.pop("endpoint", True)
    is_plain = given.pop("retstep", False) is False and _is_float_type(given.pop("dtype", None))
    if ends is None or not is_plain or not isinstance(count, int) or not isinstance(has_end, bool):
        return _made(None, call, "linspace")
    start, stop = ends
    return _made(linspace(start, stop, count, has_end=has_end), call, "linspace")


def _arange(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    names = ("stop",) if len(call.positional) == 1 and "stop" not in call.keywords else ("start", "stop", "step")
    given = _bound(call, (*names, *(() if len(names) > 1 else ("step",))))
    if given is None or "stop" not in given:
        return _made(None, call, "arange")
    found = _numbers([given.get("start", 0), given["stop"], given.get("step", 1)])
    if found is None:
        return _made(None, call, "arange")
    start, stop, step = found
    return _made(arange(start, stop, step), call, "arange")


def _array(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    given = _bound(call, ("object", "dtype"))
    held = None if given is None else given.get("object")
    is_float = given is not None and given.get("dtype") is not None and _is_float_type(given["dtype"])
    if given is None or not (is_float or given.get("dtype") is None):
        return _made(None, call, "array")
    if not isinstance(held, ListObject | tuple | range | InstanceObject):
        return held if isinstance(held, Unknown) else _made(None, call, "array")
    items = machine.iterate(held, frame, call.place)
    found = None if isinstance(items, Unknown) else _numbers(items)
    made = None if found is None else common([float(value) for value in found] if is_float else found)
    return items if isinstance(items, Unknown) else _made(made, call, "array")


def _float64(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    value = number(call.positional[0]) if len(call.positional) == 1 and not call.keywords else None
    made = None if value is None else common([float(value)])
    return _made(None, call, "float64") if made is None else NumpyNumber(made[0])


def _int64(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    value = number(call.positional[0]) if len(call.positional) == 1 and not call.keywords else None
    made = common([value]) if isinstance(value, int) else None
    return _made(None, call, "int64") if made is None else NumpyNumber(made[0])


def _round(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    given = _bound(call, ("a", "decimals"))
    doubt = _made(None, call, "round")
    return doubt if given is None else _rounded(given.get("a"), given.get("decimals", 0)) or doubt


def _rounded(value: AbstractValue, decimals: AbstractValue) -> AbstractValue:
    """Return a float or an array of floats as NumPy rounds it; None for anything else."""
    if not isinstance(decimals, int):
        return None
    items = array_items(value)
    if isinstance(items, Unknown):
        return items
    found = [number(one) for one in ([value] if items is None else items)]
    if any(isinstance(one, int) for one in found) or (items is None and found == [None]):
        return None
    made = [None if one is None else rounded(float(one), decimals) for one in found]
    if items is not None:
        return _array_of(made, _lost(items))
    return None if made[0] is None else NumpyNumber(made[0])


def _by_platform(name: str) -> _Rule:
    def refuse(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
        return Unknown(f"a call of {name}, {_BY_PLATFORM}", call.place, name)

    return refuse


NUMPY: Mapping[str, _Rule] = {
    "numpy.linspace": _linspace,
    "numpy.arange": _arange,
    "numpy.array": _array,
    "numpy.float64": _float64,
    "numpy.double": _float64,
    "numpy.int64": _int64,
    "numpy.round": _round,
    "numpy.around": _round,
    **{name: _by_platform(name) for name in ("numpy.logspace", "numpy.geomspace")},
}
"""Functions of NumPy's whose result can be had without it, and those of which one might expect it."""


def arithmetic(symbol: str, left: AbstractValue, right: AbstractValue, place: Place) -> AbstractValue:
    """Return `left symbol right` where one of them is a number or array of NumPy's; None where neither is.

    Powers and the like are unknown.
    """
    sides = (left, right)
    if not any(isinstance(side, NumpyNumber) or _is_array(side) for side in sides):
        return None
    doubt = Unknown(f"`{symbol}` of what NumPy gave, which is not followed", place)
    first, second = (_operands(side) for side in sides)
    if first is None or second is None:
        return doubt
    length = max(len(first), len(second)) if any(map(_is_array, sides)) else 1
    if any(_is_array(side) and len(items) != length for side, items in zip(sides, (first, second), strict=True)):
        return doubt
    pairs = zip(_spread(first, length), _spread(second, length), strict=True)
    found = [None if one is None or other is None else calculated(symbol, one, other) for one, other in pairs]
    if any(map(_is_array, sides)):
        return _array_of(found, doubt)
    return doubt if found[0] is None else NumpyNumber(found[0])


def _spread(items: list[float | None], length: int) -> list[float | None]:
    return items * length if len(items) == 1 else items


def _is_array(value: AbstractValue) -> bool:
    return isinstance(value, InstanceObject) and value.cls.name == ARRAY


def _operands(value: AbstractValue) -> list[float | None] | None:
    """Return the numbers of a side of an operation, one of a number; None where it is no number, or may be any."""
    items = array_items(value)
    if isinstance(items, tuple):
        return [number(item) for item in items]
    plain = None if isinstance(items, Unknown) else number(value)
    return None if plain is None else [plain]


def call_array(machine: Machine, value: InstanceObject, name: str, call: CallArguments) -> AbstractValue:
    """Return what a method of an array gives; one that is not followed may have changed it."""
    items = array_items(value)
    if isinstance(items, tuple) and call.unknown is None:
        match name, call.positional:
            case "tolist", []:
                return ListObject([_plain(item) for item in items])
            case "item", [int(index)] if -len(items) <= index < len(items):
                return _plain(items[index])
            case "copy", []:
                return make_array(items)
            case "round", _ if (given := _bound(call, ("decimals",))) is not None:
                made = _rounded(value, given.get("decimals", 0))
                if made is not None:
                    return made
            case "astype", [kind] if not call.keywords and _is_float_type(kind) and kind is not None:
                found = [number(item) for item in items]
                return _array_of([None if one is None else float(one) for one in found], _lost(items))
            case _:
                pass
    doubt = Unknown(f"the method {name} of an array", call.place)
    spoil(machine, [value, *call.positional, *call.keywords.values()], doubt)
    return doubt


def _plain(item: NumpyNumber | Unknown) -> AbstractValue:
    return item if isinstance(item, Unknown) else item.value


def _lost(items: Sequence[NumpyNumber | Unknown]) -> Unknown:
    return next((item for item in items if isinstance(item, Unknown)), Unknown("an element that is not followed"))


def call_number(value: NumpyNumber, name: str, call: CallArguments) -> AbstractValue:
    """Return what a method of a number of NumPy's gives."""
    if call.unknown is None and name in {"item", "tolist"} and not call.positional:
        return value.value
    given = _bound(call, ("decimals",))
    made = _rounded(value, given.get("decimals", 0)) if name == "round" and given is not None else None
    return Unknown(f"the method {name} of a {value.type_name}", call.place) if made is None else made


def view_of(value: InstanceObject, part: slice) -> AbstractValue:
    """Return a slice of an array, which is a view of it; None for anything else."""
    items = array_items(value)
    return make_array(items[part], value) if isinstance(items, tuple) else items


def comparison(symbol: str, left: AbstractValue, right: AbstractValue, place: Place | None) -> AbstractValue:
    """Return what a comparison with a number of NumPy's gives: a bool of NumPy's, which no config can hold."""
    first, second = number(left), number(right)
    found = None if first is None or second is None else compared(symbol, first, second)
    return Unknown(f"`{symbol}` of what NumPy gave", place) if found is None else NumpyNumber(found)


def of_number(name: str, call: CallArguments) -> CallArguments | AbstractValue:
    """Return what a function of Python's gives for numbers of NumPy's, or its arguments as numbers of Python's."""
    plain: list[AbstractValue] = [value.value if isinstance(value, NumpyNumber) else value for value in call.positional]
    is_clear = not call.keywords and not any(isinstance(value, bool) for value in plain)
    match name, call.positional:
        case "builtins.round", [NumpyNumber(value=float())] if is_clear:
            return CallArguments(plain, {}, call.place)
        case "builtins.round", [NumpyNumber() as given, int(decimals)]:
            return _rounded(given, decimals) or Unknown("round() of a number of NumPy's", call.place)
        case "builtins.abs", [NumpyNumber(value=float(value))]:
            return NumpyNumber(abs(value))
        case _:
            pass
    if is_clear and (name in _READS_NUMBERS or name.startswith("math.")):
        return CallArguments(plain, {}, call.place)
    return Unknown(f"{name.removeprefix('builtins.')}(…) of a number of NumPy's", call.place)


_READS_NUMBERS = frozenset({"builtins.float", "builtins.int", "builtins.str", "builtins.format"})
