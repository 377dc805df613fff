"""What each expression means. Every part that is not known keeps its own reason."""

import builtins

from huldra.experiments.evaluate.attributes import attribute
from huldra.experiments.evaluate.branches import doubt_at, run_branches
from huldra.experiments.evaluate.chain_maps import chained_dict
from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.enums import AUTO, number_so_far, unmarked
from huldra.experiments.evaluate.instances import LITERALS, literal_type
from huldra.experiments.evaluate.journal import with_aliases
from huldra.experiments.evaluate.library import external_value
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.mentions import is_written_out
from huldra.experiments.evaluate.methods import is_data_attribute, read_data
from huldra.experiments.evaluate.operations import binary_values, compare_values, truth_of, unary_value
from huldra.experiments.evaluate.reachable import stored_key
from huldra.experiments.evaluate.records import field_names
from huldra.experiments.evaluate.reflection import (
    ask_table,
    entry_of_class,
    imported_module,
    is_table_of_locals,
    local_value,
    module_of_table,
    some_member,
)
from huldra.experiments.evaluate.signals import Raised, TooLarge
from huldra.experiments.evaluate.subscripts import get_item, get_slice
from huldra.experiments.evaluate.targets import bind_outside_comprehension, closure_of, closure_owner, mangled
from huldra.experiments.evaluate.unseen_calls import hashed
from huldra.experiments.value_identity import may_be_class, same_value
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    DictObject,
    External,
    FunctionObject,
    Method,
    Scope,
    Sentinel,
    SetObject,
    Unknown,
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
)
from huldra.project.places import Place


def evaluate_name(machine: Machine, node: Name, frame: Frame) -> AbstractValue:
    """A name: function scopes outward, then the module, then Python's own."""
    scope: Scope | None = frame.scope
    is_innermost = True
    while scope is not None:
        if node.id in scope.names and (is_innermost or not scope.is_class) and node.id not in frame.exports:
            value = scope.names[node.id]
            is_auto = type(value) is Sentinel and value == AUTO
            if is_auto:
                return number_so_far(machine, scope, node.id, frame)
            return unmarked(value) if scope.is_class else value
        if node.id in scope.local_names:
            return Unknown(f"the local name {node.id!r}, which is read before it is bound", frame.place(node.at))
        scope, is_innermost = scope.parent, False
    module = machine.modules.get(frame.module)
    if module is not None and node.id in module.names:
        return module.names[node.id]
    if module is not None and "*" in module.names:
        return module.names["*"]
    if hasattr(builtins, node.id):
        return external_value(f"builtins.{node.id}")
    return Unknown(f"the name {node.id!r}, which is not bound where it is read", frame.place(node.at))


def evaluate_attribute(machine: Machine, node: Attribute, frame: Frame) -> AbstractValue:
    """`value.name`."""
    return machine.attribute(
        machine.evaluate(node.value, frame), mangled(node.name, frame), frame, frame.place(node.at)
    )


def read_attribute(machine: Machine, owner: AbstractValue, name: str, frame: Frame, place: Place) -> AbstractValue:
    """Return `owner.name`, by whatever way it is asked for."""
    value = attribute(machine, owner, name, frame, place)
    if isinstance(value, Method) and is_data_attribute(value.receiver, value.name):
        return read_data(value.receiver, value.name, place)
    if isinstance(value, Method) and value.name == "_fields":
        return field_names(machine, value.receiver, place)
    if isinstance(value, Method) and value.name == "_field_defaults":
        return Unknown(f"the defaults of a {type_name(value.receiver)}", place)
    return value


def evaluate_subscript(machine: Machine, node: Subscript, frame: Frame) -> AbstractValue:
    """`value[index]`."""
    if is_table_of_locals(machine, node.value, frame) and not isinstance(node.index, Slice):
        return local_value(machine, machine.evaluate(node.index, frame), frame, frame.place(node.at))
    module = module_of_table(machine, node.value, frame)
    if module is not None and not isinstance(node.index, Slice):
        return _named_in(machine, module, machine.evaluate(node.index, frame), frame.place(node.at))
    if not isinstance(node.index, Slice) and isinstance(node.value, Attribute | Call):
        entry = entry_of_class(machine, node.value, node.index, frame)
        if entry is not None:
            return entry
    value = machine.evaluate(node.value, frame)
    if value == External("sys.modules") and not isinstance(node.index, Slice):
        return imported_module(machine, machine.evaluate(node.index, frame), frame.place(node.at))
    if isinstance(value, External | ClassObject) and not _is_enum_like(value):
        if isinstance(value, ClassObject):
            return _parametrised(machine, value, node, frame)
        if value.name in LITERALS and not isinstance(node.index, Slice):
            return literal_type(machine.evaluate(node.index, frame))
        if may_be_class(value.name):
            return value
        if not isinstance(node.index, Slice):
            machine.evaluate(node.index, frame)
        return Unknown(f"{value.name}, which is outside the project", frame.place(node.at))
    if isinstance(node.index, Slice):
        return get_slice(machine, value, node.index, frame)
    return get_item(machine, value, machine.evaluate(node.index, frame), frame, frame.place(node.at))


def _parametrised(machine: Machine, cls: ClassObject, node: Subscript, frame: Frame) -> AbstractValue:
    """A generic class, parametrised, is itself: the arguments never reach an identity. Others say what they give."""
    place = frame.place(node.at)
    ancestors = (machine.project.classes.get(name) for name in cls.info.order)
    if any(keyword.name == "metaclass" for info in ancestors if info is not None for keyword in info.keywords):
        return Unknown(f"an element of the class {cls.info.qualname}, whose metaclass may give it", place)
    found = look_up(machine, cls.info.order, "__class_getitem__")
    if found is None:
        return cls
    if isinstance(node.index, Slice) or not isinstance(found[0], FunctionObject):
        return Unknown(f"an element of the class {cls.info.qualname}", place)
    return machine.call_with(BoundMethod(found[0], cls), [machine.evaluate(node.index, frame)], frame, place)


def _named_in(machine: Machine, module: str, key: AbstractValue, place: Place) -> AbstractValue:
    """`vars(module)[key]`."""
    if isinstance(key, Unknown):
        return some_member(machine, module, key, place)
    scope = machine.module(module)
    if isinstance(key, str) and scope is not None and key in scope.names:
        return scope.names[key]
    return Unknown(f"{module} has no name {key!r} that could be found", place)


def _is_enum_like(value: AbstractValue) -> bool:
    return isinstance(value, ClassObject) and any(name.startswith("enum.") for name in value.info.order)


def evaluate_unary(machine: Machine, node: Unary, frame: Frame) -> AbstractValue:
    """`-x`, `not x`."""
    return unary_value(machine, node.operator, machine.evaluate(node.operand, frame), frame, frame.place(node.at))


def evaluate_binary(machine: Machine, node: Binary, frame: Frame) -> AbstractValue:
    """Arithmetic, path joining, flags, unions of containers."""
    left, right = machine.evaluate(node.left, frame), machine.evaluate(node.right, frame)
    return binary_values(machine, node.operator, left, right, frame, frame.place(node.at))


def evaluate_logical(machine: Machine, node: Logical, frame: Frame) -> AbstractValue:
    """`and`, `or`: the right side only where the left does not decide."""
    left = machine.evaluate(node.left, frame)
    known = truth_of(machine, left, frame, frame.place(node.left.at))
    if isinstance(known, Unknown):
        results: list[AbstractValue] = [left]
        doubt = doubt_at(known, "condition", frame, node.left)
        run_branches(machine, frame, doubt, (lambda: results.append(machine.evaluate(node.right, frame)), _nothing))
        return with_aliases(Unknown(known.reason, known.place), results)
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
        result = compare_values(machine, symbol, left, right, frame, frame.place(node.at))
        known = truth_of(machine, result, frame, frame.place(node.at))
        if known is not True:
            return result
        left = right
    return result


def evaluate_conditional(machine: Machine, node: Conditional, frame: Frame) -> AbstractValue:
    """`a if test else b`; both where the test is not known."""
    known = truth_of(machine, machine.evaluate(node.test, frame), frame, frame.place(node.test.at))
    if not isinstance(known, Unknown):
        return machine.evaluate(node.body if known else node.orelse, frame)
    results: list[AbstractValue] = []
    doubt = doubt_at(known, "condition", frame, node.test)
    sides = (node.body, node.orelse)
    run_branches(machine, frame, doubt, [_collect(machine, side, frame, results) for side in sides])
    if len(results) == len(sides) and same_value(results[0], results[1]):
        return results[0]
    # A side that raises ends its path, so that only the other's value is seen; inside `try` it may be neither.
    return with_aliases(doubt, results) if len(results) != 1 else results[0]


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
    frame.scope.is_captured = True
    return FunctionObject(node, closure_of(frame), frame.module, frame.origin, defaults, closure_owner(machine, frame))


def evaluate_tuple(machine: Machine, node: TupleDisplay, frame: Frame) -> AbstractValue:
    """`a, *b`."""
    items, unknown = display_items(machine, node.items, frame)
    return unknown or tuple(items)


def evaluate_set(machine: Machine, node: SetDisplay, frame: Frame) -> AbstractValue:
    """`{a, *b}`."""
    items, unknown = display_items(machine, node.items, frame)
    result = SetObject({}, unknown=unknown)
    for item in items:
        key = hashed(machine, item, frame, frame.place(node.at))
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
            elif len(items) + len(more) > machine.limits.sequence_length:
                raise TooLarge("a display that is too long to follow", frame.place(node.at))
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
            given = machine.evaluate(value_node, frame)
            more = chained_dict(given) or given
            if isinstance(more, DictObject):
                result.items.update(more.items)
                result.unknown = result.unknown or more.unknown
            else:
                result.unknown = (
                    more if isinstance(more, Unknown) else Unknown("`**` of what is no dict", frame.place(node.at))
                )
            continue
        key = hashed(machine, machine.evaluate(key_node, frame), frame, frame.place(key_node.at))
        value = machine.evaluate(value_node, frame)
        if isinstance(key, Unknown):
            result.unknown = key
        else:
            result.items[stored_key(result.items, key)] = value
    return result


def evaluate_call(machine: Machine, node: Call, frame: Frame) -> AbstractValue:
    """A call: the function first, then its arguments from left to right."""
    place = frame.place(node.at)
    machine.step(place)
    if (of_table := ask_table(machine, node, frame)) is not None:
        return of_table[0]
    function = machine.evaluate(node.function, frame)
    arguments = CallArguments([], {}, place)
    places: dict[str, Place] = {}
    for argument in node.arguments:
        value = machine.evaluate(argument.value, frame)
        if argument.star == "*":
            items = machine.iterate(value, frame, place)
            if isinstance(items, Unknown) or arguments.unknown is not None:
                arguments.unknown = items if isinstance(items, Unknown) else arguments.unknown
            else:
                arguments.positional.extend(items)
        elif argument.star == "**":
            _spread(value, arguments)
        elif argument.name is not None:
            if argument.name in arguments.keywords:
                raise Raised("TypeError", f"the argument {argument.name!r} is given twice", place)
            arguments.keywords[argument.name] = value
            places[argument.name] = frame.place(argument.at)
        elif arguments.unknown is None:
            places.setdefault("", frame.place(argument.at))
            arguments.positional.append(value)
        else:
            # Behind a star of unknown length nobody knows which parameter this is for.
            arguments.unknown = with_aliases(arguments.unknown, [value])
    arguments.places = places
    if arguments.keywords:
        arguments.literals = frozenset(a.name for a in node.arguments if a.name and is_written_out(a.value))
    return machine.call(function, arguments, frame)


def _spread(value: AbstractValue, arguments: CallArguments) -> None:
    """Take `**value` in; what is hidden leaves the whole call in doubt."""
    value = chained_dict(value) or value
    if not isinstance(value, DictObject):
        arguments.unknown = value if isinstance(value, Unknown) else Unknown("`**` of what is no dict", arguments.place)
        return
    arguments.unknown = arguments.unknown or value.unknown
    for key, item in value.items.items():
        if not isinstance(key, str) or key in arguments.keywords:
            raise Raised("TypeError", f"the argument {key!r} is given twice or is no name", arguments.place)
        arguments.keywords[key] = item


def evaluate_walrus(machine: Machine, node: Walrus, frame: Frame) -> AbstractValue:
    """`name := value`."""
    value = machine.evaluate(node.value, frame)
    bind_outside_comprehension(machine, node.target, value, frame)
    return value


def evaluate_await(machine: Machine, node: Await, frame: Frame) -> AbstractValue:
    """`await value`: a project coroutine is run where it is called, so its value is already here."""
    return machine.evaluate(node.value, frame)
