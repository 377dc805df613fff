"""What each expression means. Every part that is not known keeps its own reason."""

import builtins
from dataclasses import replace

from huldra.experiments.evaluate.branches import run_branches
from huldra.experiments.evaluate.enums import combine_flags
from huldra.experiments.evaluate.library import external_value, join_path
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine, Raised
from huldra.experiments.evaluate.mentions import is_written_out
from huldra.experiments.evaluate.methods import is_data_attribute, read_data
from huldra.experiments.evaluate.operators import binary, compare, truth, unary
from huldra.experiments.evaluate.statements import doubt_at
from huldra.experiments.evaluate.targets import bind
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    ListObject,
    Method,
    Scope,
    SetObject,
    Unknown,
    as_key,
    same_value,
    type_name,
)
from huldra.facts.expressions import (
    Attribute,
    Await,
    Binary,
    Call,
    Comparison,
    Conditional,
    DictDisplay,
    Expression,
    Lambda,
    Logical,
    Name,
    SetDisplay,
    Slice,
    Starred,
    Subscript,
    TupleDisplay,
    Unary,
    Walrus,
    Yield,
    YieldFrom,
)
from huldra.formats.config_values import EnumValue, PathValue
from huldra.project.places import Place


def evaluate_name(machine: Machine, node: Name, frame: Frame) -> AbstractValue:
    """A name: function scopes outward, then the module, then Python's own."""
    scope: Scope | None = frame.scope
    is_innermost = True
    while scope is not None:
        if node.id in scope.names and (is_innermost or not scope.is_class) and node.id not in frame.exports:
            return scope.names[node.id]
        scope, is_innermost = scope.parent, False
    module = machine.modules.get(frame.module)
    if module is not None and node.id in module.names:
        return module.names[node.id]
    if hasattr(builtins, node.id):
        return external_value(f"builtins.{node.id}")
    return Unknown(f"the name {node.id!r}, which is not bound where it is read", frame.place(node.at))


def evaluate_attribute(machine: Machine, node: Attribute, frame: Frame) -> AbstractValue:
    """`value.name`."""
    place = frame.place(node.at)
    value = machine.attribute(machine.evaluate(node.value, frame), node.name, frame, place)
    if isinstance(value, Method) and is_data_attribute(value.receiver, value.name):
        return read_data(value.receiver, value.name, place)
    return value


def evaluate_subscript(machine: Machine, node: Subscript, frame: Frame) -> AbstractValue:
    """`value[index]`."""
    value = machine.evaluate(node.value, frame)
    if isinstance(value, External | ClassObject) and not _is_enum_like(value):
        return value  # a generic class, parametrised: the arguments never reach an identity
    if isinstance(node.index, Slice):
        return _slice(machine, value, node.index, frame)
    return get_item(machine, value, machine.evaluate(node.index, frame), frame, frame.place(node.at))


def _is_enum_like(value: AbstractValue) -> bool:
    return isinstance(value, ClassObject) and any(name.startswith("enum.") for name in value.info.order)


def get_item(machine: Machine, value: AbstractValue, key: AbstractValue, frame: Frame, place: Place) -> AbstractValue:
    """Return `value[key]` for a single key."""
    match value, key:
        case (Unknown() as doubt, _) | (_, Unknown() as doubt):
            return doubt
        case DictObject(), _:
            known = as_key(key)
            if isinstance(known, Unknown) or value.unknown is not None:
                return value.unknown or Unknown("an entry under an unknown key", place)
            if known not in value.items:
                if value.type_name == "Counter":
                    return 0
                raise Raised("KeyError", repr(known), place)
            return value.items[known]
        case ((ListObject() | tuple() | str() | bytes() | range()), int()):
            items = value.items if isinstance(value, ListObject) else value
            if isinstance(value, ListObject) and value.unknown is not None:
                return value.unknown
            if not -len(items) <= key < len(items):
                raise Raised("IndexError", "index out of range", place)
            return items[key]
        case ClassObject(), str():
            return machine.attribute(value, key, frame, place)
        case InstanceObject(), _:
            return _item_of_instance(machine, value, key, frame, place)
        case _:
            return Unknown(f"an element of a {type_name(value)}", place)


def _item_of_instance(
    machine: Machine, value: InstanceObject, key: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    items = value.attributes.get("*")
    if isinstance(items, tuple):
        return get_item(machine, items, key, frame, place)
    if "__getitem__" in value.cls.members.names:
        method = machine.attribute(value, "__getitem__", frame, place)
        return machine.call_with(method, [key], frame, place)
    return Unknown(f"an element of a {type_name(value)}", place)


def _slice(machine: Machine, value: AbstractValue, node: Slice, frame: Frame) -> AbstractValue:
    bounds: list[int | None] = []
    for part in (node.lower, node.upper, node.step):
        bound = None if part is None else machine.evaluate(part, frame)
        if isinstance(bound, Unknown):
            return bound
        if bound is not None and not isinstance(bound, int):
            return Unknown("a slice whose bounds are no numbers", frame.place(node.at))
        bounds.append(bound)
    if bounds[2] == 0:
        raise Raised("ValueError", "slice step cannot be zero", frame.place(node.at))
    cut = slice(*bounds)
    match value:
        case Unknown():
            return value
        case ListObject():
            return ListObject(value.items[cut], value.unknown)
        case tuple() | str() | bytes() | range():
            return value[cut]
        case _:
            return Unknown(f"a slice of a {type_name(value)}", frame.place(node.at))


def evaluate_unary(machine: Machine, node: Unary, frame: Frame) -> AbstractValue:
    """`-x`, `not x`."""
    return unary(node.operator, machine.evaluate(node.operand, frame), frame.place(node.at))


def evaluate_binary(machine: Machine, node: Binary, frame: Frame) -> AbstractValue:
    """Arithmetic, path joining, flags, unions of containers."""
    left, right = machine.evaluate(node.left, frame), machine.evaluate(node.right, frame)
    return binary_values(machine, node.operator, left, right, frame.place(node.at))


def binary_values(
    machine: Machine, symbol: str, left: AbstractValue, right: AbstractValue, place: Place
) -> AbstractValue:
    """Return `left symbol right`, the project's own operators included."""
    if isinstance(left, EnumValue) and isinstance(right, EnumValue):
        flags = combine_flags(machine, symbol, left, right)
        if flags is not None:
            return flags
    match symbol, left, right:
        case "/", PathValue(text=first), (PathValue(text=second) | str(second)):
            return join_path([first, second])
        case "/", str(first), PathValue(text=second):
            return join_path([first, second])
        case _:
            pass
    if isinstance(left, InstanceObject | ConfigObject | ClassObject | External) and not isinstance(right, Unknown):
        return Unknown(f"`{symbol}` on a {type_name(left)}", place)
    return binary(machine, symbol, left, right, place)


def evaluate_logical(machine: Machine, node: Logical, frame: Frame) -> AbstractValue:
    """`and`, `or`: the right side only where the left does not decide."""
    left = machine.evaluate(node.left, frame)
    known = truth(left)
    if isinstance(known, Unknown):
        results: list[AbstractValue] = [left]
        doubt = doubt_at(known, "condition", frame, node.left)
        run_branches(machine, frame, doubt, (lambda: results.append(machine.evaluate(node.right, frame)), _nothing))
        return Unknown(known.reason, known.place)
    if known is (node.operator == "or"):
        return left
    return machine.evaluate(node.right, frame)


def _nothing() -> None:
    return


def evaluate_comparison(machine: Machine, node: Comparison, frame: Frame) -> AbstractValue:
    """A chain of comparisons, which stops at the first that fails."""
    left = machine.evaluate(node.first, frame)
    result: AbstractValue = True
    for symbol, operand in node.rest:
        right = machine.evaluate(operand, frame)
        result = compare(symbol, left, right, frame.place(node.at))
        known = truth(result)
        if known is not True:
            return result
        left = right
    return result


def evaluate_conditional(machine: Machine, node: Conditional, frame: Frame) -> AbstractValue:
    """`a if test else b`; both where the test is not known."""
    known = truth(machine.evaluate(node.test, frame))
    if not isinstance(known, Unknown):
        return machine.evaluate(node.body if known else node.orelse, frame)
    results: list[AbstractValue] = []
    doubt = doubt_at(known, "condition", frame, node.test)
    sides = (node.body, node.orelse)
    run_branches(machine, frame, doubt, [_collect(machine, side, frame, results) for side in sides])
    if len(results) == len(sides) and same_value(results[0], results[1]):
        return results[0]
    return doubt if len(results) != 1 else results[0]


class _collect:  # noqa: N801  a closure over one side; a lambda in a loop would see the last one
    def __init__(self, machine: Machine, side: Expression, frame: Frame, results: list[AbstractValue]) -> None:
        self.arguments = (side, frame)
        self.machine = machine
        self.results = results

    def __call__(self) -> None:
        self.results.append(self.machine.evaluate(*self.arguments))


def evaluate_lambda(machine: Machine, node: Lambda, frame: Frame) -> AbstractValue:
    """`lambda …: …`, its defaults evaluated now."""
    defaults = {p.name: machine.evaluate(p.default, frame) for p in node.parameters if p.default is not None}
    return FunctionObject(node, frame.scope, frame.module, frame.origin, defaults)


def evaluate_tuple(machine: Machine, node: TupleDisplay, frame: Frame) -> AbstractValue:
    """`a, *b`."""
    items, unknown = display_items(machine, node.items, frame)
    return unknown or tuple(items)


def evaluate_set(machine: Machine, node: SetDisplay, frame: Frame) -> AbstractValue:
    """`{a, *b}`."""
    items, unknown = display_items(machine, node.items, frame)
    result = SetObject({}, unknown=unknown)
    for item in items:
        key = as_key(item)
        if isinstance(key, Unknown):
            result.unknown = key
        else:
            result.items.setdefault(key)
    return result


def display_items(
    machine: Machine, nodes: tuple[Expression, ...], frame: Frame
) -> tuple[list[AbstractValue], Unknown | None]:
    """Return the elements of a display, and why there may be others."""
    items: list[AbstractValue] = []
    unknown: Unknown | None = None
    for node in nodes:
        if isinstance(node, Starred):
            more = machine.iterate(machine.evaluate(node.value, frame), frame, frame.place(node.at))
            if isinstance(more, Unknown):
                unknown = more
            else:
                items.extend(more)
        else:
            items.append(machine.evaluate(node, frame))
    return items, unknown


def evaluate_dict(machine: Machine, node: DictDisplay, frame: Frame) -> AbstractValue:
    """`{key: value, **more}`."""
    result = DictObject({})
    for key_node, value_node in node.entries:
        if key_node is None:
            more = machine.evaluate(value_node, frame)
            if isinstance(more, DictObject):
                result.items.update(more.items)
                result.unknown = result.unknown or more.unknown
            else:
                result.unknown = more if isinstance(more, Unknown) else Unknown("`**` of what is no dict")
            continue
        key = as_key(machine.evaluate(key_node, frame))
        value = machine.evaluate(value_node, frame)
        if isinstance(key, Unknown):
            result.unknown = key
        else:
            result.items[key] = value
    return result


def evaluate_call(machine: Machine, node: Call, frame: Frame) -> AbstractValue:
    """A call: the function first, then its arguments from left to right."""
    place = frame.place(node.at)
    machine.step(place)
    function = machine.evaluate(node.function, frame)
    arguments = CallArguments([], {}, place)
    places: dict[str, Place] = {}
    for argument in node.arguments:
        value = machine.evaluate(argument.value, frame)
        if argument.star == "*":
            items = machine.iterate(value, frame, place)
            if isinstance(items, Unknown):
                arguments.unknown = items
            else:
                arguments.positional.extend(items)
        elif argument.star == "**":
            _spread(value, arguments)
        elif argument.name is not None:
            arguments.keywords[argument.name] = value
            places[argument.name] = frame.place(argument.at)
        else:
            places.setdefault("", frame.place(argument.at))
            arguments.positional.append(value)
    arguments.places = places
    arguments.literals = frozenset(a.name for a in node.arguments if a.name and is_written_out(a.value))
    return machine.call(function, arguments, frame)


def _spread(value: AbstractValue, arguments: CallArguments) -> None:
    """Take `**value` in; what is hidden leaves the whole call in doubt."""
    if not isinstance(value, DictObject):
        arguments.unknown = value if isinstance(value, Unknown) else Unknown("`**` of what is no dict", arguments.place)
        return
    arguments.unknown = arguments.unknown or value.unknown
    for key, item in value.items.items():
        if isinstance(key, str):
            arguments.keywords[key] = item


def evaluate_walrus(machine: Machine, node: Walrus, frame: Frame) -> AbstractValue:
    """`name := value`."""
    value = machine.evaluate(node.value, frame)
    scope = frame.scope
    while scope.is_comprehension and scope.parent is not None:
        scope = scope.parent
    bind(machine, node.target, value, replace(frame, scope=scope))
    return value


def evaluate_await(machine: Machine, node: Await, frame: Frame) -> AbstractValue:
    """`await value`: a project coroutine is run where it is called, so its value is already here."""
    return machine.evaluate(node.value, frame)


def evaluate_yield(machine: Machine, node: Yield, frame: Frame) -> AbstractValue:
    """`yield value`: kept for whoever iterates; what is sent back is not known."""
    value = None if node.value is None else machine.evaluate(node.value, frame)
    if frame.yielded is not None:
        machine.step(frame.place(node.at))
        machine.touch(frame.yielded)
        frame.yielded.items.append(value)
    return Unknown("what is sent into a generator", frame.place(node.at))


def evaluate_yield_from(machine: Machine, node: YieldFrom, frame: Frame) -> AbstractValue:
    """`yield from value`."""
    place = frame.place(node.at)
    items = machine.iterate(machine.evaluate(node.value, frame), frame, place)
    if frame.yielded is not None:
        machine.touch(frame.yielded)
        if isinstance(items, Unknown):
            frame.yielded.unknown = items
        else:
            frame.yielded.items.extend(items)
    return Unknown("what a generator returns", place)
