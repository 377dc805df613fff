"""Which members of an enum stand for themselves: for who names `Color.RED`, neither `BLUE` nor a new one is anything.

Whoever goes through an enum, asks it for a value or a name, or hands it on, may meet any of its members, a new one too.
"""

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from huldra.facts.expressions import Attribute, Call, Expression, Literal, Name, Span, TupleDisplay, Unary, dotted_name
from huldra.facts.statements import (
    AnnotatedAssign,
    Assign,
    ClassDefinition,
    ExpressionStatement,
    FunctionDefinition,
    Pass,
    Statement,
)
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.drafts import Draft
from huldra.fingerprints.flows_in import functions_of
from huldra.fingerprints.model import INSTANCES, Reference
from huldra.fingerprints.namespaces import parted_namespace
from huldra.fingerprints.resolve import NUMBERED, Node
from huldra.project.classes import ClassInfo

_ENUMS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.ReprEnum"})
_MIXINS = frozenset({"builtins.str", "builtins.int", "builtins.float", "builtins.object"})
_HOOKS = frozenset(
    {"__new__", "_generate_next_value_", "__init_subclass__", "__set_name__", "_ignore_", "_order_", "__order__"}
)
"""What makes the value of a member, or which are members, depend on more than the member's own line."""
_ALL = frozenset({"__members__", "_member_map_", "_member_names_", "_value2member_map_"})
_TOLD = frozenset({"__name__", "__qualname__", "__module__", "__doc__"})
_PLAIN_DECORATORS = frozenset({"unique", "enum.unique"})
_RECORDS = frozenset({"dataclass", "dataclasses.dataclass"})


class Members(Struct, frozen=True):
    """The members of an enum that stand for themselves.

    Attributes:
        values: Their names, each with its number where that is a part of its value.
        rest: The class without them.
    """

    values: Mapping[str, str]
    rest: ClassDefinition


class Uses(Struct):
    """Which members are used: some by their names, any, or all as a whole."""

    named: set[str]
    is_any: bool = False
    is_open: bool = False


def members_of(code: Code, class_name: str) -> Members | None:
    """Return the members of an enum that stand for themselves; None where none does."""
    info = code.class_info(class_name)
    if info is None or info.order_error is not None or info.keywords or not _is_plain(code, info):
        return None
    body = info.definition.body
    if not all(isinstance(item, FunctionDefinition | ExpressionStatement | Pass) or _name_of(item) for item in body):
        return None  # what else there may be has values, too
    named = ((_name_of(item), item) for item in body)
    pairs = [(n, item.value) for n, item in named if isinstance(item, Assign) and n and not n.startswith("__")]
    values = _values(pairs, is_text="enum.StrEnum" in info.order)
    if not values or len(dict(pairs)) != len(pairs):
        return None
    kept = tuple(item for item in body if _name_of(item) not in values)
    return Members(values, replace(info.definition, body=kept))


def _is_plain(code: Code, info: ClassInfo) -> bool:
    if not _ENUMS.intersection(info.order):
        return False
    if any(dotted_name(decorator) not in _PLAIN_DECORATORS for decorator in info.definition.decorators):
        return False
    for ancestor in info.order:
        found = code.class_info(ancestor)
        if found is None and ancestor not in _ENUMS | _MIXINS:
            return False
        if found is not None and not _HOOKS.isdisjoint(code.class_names(ancestor)):
            return False
    return True


def _name_of(item: Statement) -> str:
    """Return the name that a statement sets to a value; empty for any other."""
    match item:
        case Assign(targets=(Name(id=name),)):
            return name
        case _:
            return ""


def _values(pairs: Sequence[tuple[str, Expression]], *, is_text: bool) -> dict[str, str]:
    """Return the members whose values no other member has a part in: all literals and different, or all numbered."""
    if pairs and all(_is_auto(value) for _, value in pairs):
        return {name: "" if is_text else f"{NUMBERED}{number}" for number, (name, _) in enumerate(pairs)}
    known = {name: value for name, node in pairs if (value := _constant(node)) is not None}
    if len(known) < len(pairs):
        return {}  # who knows what the others are equal to
    values = list(known.values())
    return {name: "" for name, value in known.items() if values.count(value) == 1}


def _is_auto(value: Expression) -> bool:
    return isinstance(value, Call) and not value.arguments and dotted_name(value.function) in {"auto", "enum.auto"}


def _constant(node: Expression) -> object | None:
    """Return a value that is written down; None for any other."""
    match node:
        case Literal(source=source):
            try:
                return ast.literal_eval(source)
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                return None
        case Unary(operator="-", operand=Literal(source=source)):
            return _constant(Literal(f"-{source}", node.at))
        case TupleDisplay(items=items):
            found = [_constant(item) for item in items]
            return None if None in found else tuple(found)
        case _:
            return None


def parted(code: Code, drafts: Sequence[Draft], index: int) -> tuple[ClassDefinition, tuple[Node, ...]] | None:
    """Return an enum without the members that stand for themselves, and those of them that are used.

    The same of a class that only holds names together; None of any other, and where all members may be met.
    """
    node = drafts[index].node
    members = members_of(code, node.name) if node.kind == "class" else None
    if members is None:
        return parted_namespace(code, drafts, index)
    uses = uses_of_enum(code, drafts, index, members)
    if uses.is_open:
        return None
    used = (each for each in sorted(members.values.items()) if uses.is_any or each[0] in uses.named)
    return members.rest, tuple(Node("member", name, "", node.name, label=label) for name, label in used)


def uses_of_enum(code: Code, drafts: Sequence[Draft], index: int, members: Members) -> Uses:
    """Return which members of an enum the definitions of a closure use.

    Args:
        code: The state of the code.
        drafts: The definitions.
        index: Which of them the enum is.
        members: Its members that stand for themselves.
    """
    name = drafts[index].node.name
    uses = Uses(set(_read_in(members.rest)))
    for draft in drafts:
        form = draft.described.form
        uses.is_open |= not _ALL.isdisjoint(form.attributes) or form.uses.asks_types
        if draft.node.kind == "method" and draft.node.instance == name:
            uses.is_open |= any(_asks_class(function) for function in functions_of(code, draft.node))
        for reference in draft.references:
            if reference.target == index and draft.node != Node("instance", name, instance=name):
                _take_in(code, uses, draft, reference, name)
            elif _is_instance(drafts, reference, name) and reference.spelling != INSTANCES:
                uses.is_any = True
    return uses


def _is_instance(drafts: Sequence[Draft], reference: Reference, name: str) -> bool:
    target = drafts[reference.target].node if isinstance(reference.target, int) else None
    return target is not None and target.kind == "instance" and target.instance == name


def _take_in(code: Code, uses: Uses, draft: Draft, reference: Reference, name: str) -> None:
    """Take in one place at which an enum is named."""
    path = tuple(filter(None, reference.rest.split(".")))
    uses.named.update(path)
    if "kind " in reference.label:
        uses.is_any = True
    elif not path:
        mention = draft.described.form.mentions[reference.slot] if reference.slot >= 0 else None
        is_told = mention is not None and mention.at in _annotated(code, draft.node)
        uses.is_any |= is_told
        uses.is_open |= not is_told
    elif path[0] in _ALL or (path[0] not in _TOLD and code.member(name, path[0]).kind in {"outside", "absent"}):
        uses.is_open = True


def _annotated(code: Code, node: Node) -> Collection[Span]:
    """Return where names stand that only say of what kind the fields of a dataclass are."""
    info = code.class_info(node.name) if node.kind == "class" else None
    decorators = () if info is None else info.definition.decorators
    named = (dotted_name(each.function if isinstance(each, Call) else each) for each in decorators)
    if info is None or info.unseen or not decorators or any(name not in _RECORDS for name in named):
        return ()
    annotations = (item.annotation for item in info.definition.body if isinstance(item, AnnotatedAssign))
    return [part.at for each in annotations for part in walk(each) if isinstance(part, Name | Attribute)]


def _read_in(definition: ClassDefinition) -> Iterator[str]:
    for node in walk(definition):
        if isinstance(node, Name):
            yield node.id


def _asks_class(function: FunctionDefinition) -> bool:
    """Whether a method does something with its class itself, and not only with an attribute of it."""
    receiver = function.parameters[0].name if function.parameters else ""
    of_class = any(dotted_name(decorator) == "classmethod" for decorator in function.decorators)
    holders = {id(node.value) for node in walk(function) if isinstance(node, Attribute)}
    for node in walk(function):
        match node:
            case Name(id=name) if of_class and name == receiver and id(node) not in holders:
                return True
            case Attribute(value=Name(id=holder), name=name) if holder == receiver:
                if name in _ALL or name == "__class__":
                    return True
            case Call(function=Name(id="type")):
                return True
            case _:
                pass
    return False
