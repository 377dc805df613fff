"""Classes that only hold names together: who reads `Cfg.lr`, and nothing else of it, has nothing to do with `Cfg.wd`.

Whoever hands such a class on, makes an instance of it or inherits from it may read any of its names.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from huldra.facts.expressions import Await, Call, Expression, Name, Walrus, Yield, YieldFrom
from huldra.facts.statements import (
    AnnotatedAssign,
    Assign,
    ClassDefinition,
    ExpressionStatement,
    Pass,
    Statement,
)
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.drafts import Draft
from huldra.fingerprints.equivalents import acting_bases
from huldra.fingerprints.model import INSTANCES
from huldra.fingerprints.resolve import Node

_ACTING = Call | Await | Walrus | Yield | YieldFrom
_HELD = ExpressionStatement | Pass | Assign | AnnotatedAssign | ClassDefinition


def parted_namespace(
    code: Code, drafts: Sequence[Draft], index: int
) -> tuple[ClassDefinition, tuple[Node, ...]] | None:
    """Return a class without the values that are read by their names alone, and those of them that are read.

    None of what is more than a namespace, and where something else is done with it.
    """
    node = drafts[index].node
    info = code.class_info(node.name) if node.kind == "class" else None
    values = _values_of(code, node.name)
    named = _named(drafts, index) if info is not None and values else None
    if info is None or named is None or any(code.member(node.name, name).kind == "absent" for name in named):
        return None
    kept = tuple(item for item in info.definition.body if _name_of(item) not in values)
    used = (Node("member", name, "", node.name, node.name) for name in sorted(named & values.keys()))
    return replace(info.definition, body=kept), tuple(used)


def _values_of(code: Code, class_name: str) -> Mapping[str, Expression]:
    """Return the values in the body of a class that is nothing but a namespace, each by its only name."""
    info = code.class_info(class_name)
    if info is None or "." in info.qualname or info.definition.decorators:
        return {}
    placed = [statement for statement, _ in code.module_statements(info.module, info.qualname)]
    body = info.definition.body
    if len(placed) != 1 or tuple(acting_bases(info.definition.arguments)):
        return {}
    if not all(isinstance(item, _HELD) for item in body) or any(map(_acts, body)):
        return {}
    names = [name for item in body if (name := _name_of(item))]
    if len(names) != len(set(names)):
        return {}
    return {name: value for item in body if (name := _name_of(item)) and (value := _value_of(item)) is not None}


def _acts(item: Statement) -> bool:
    """Whether a statement in the body of a class does something to others, or binds more than one plain name."""
    match item:
        case ClassDefinition() | Pass():
            return False
        case ExpressionStatement(value=value):
            return any(isinstance(part, _ACTING) for part in walk(value))
        case _:
            return not _name_of(item) or any(isinstance(part, _ACTING) for part in walk(item))


def _name_of(item: Statement) -> str:
    """Return the plain name that a statement gives a value, if it is no special one; empty for any other."""
    match item:
        case Assign(targets=(Name(id=name),)) | AnnotatedAssign(target=Name(id=name)):
            return "" if name.startswith("__") else name
        case _:
            return ""


def _value_of(item: Statement) -> Expression | None:
    return item.value if isinstance(item, Assign | AnnotatedAssign) else None


def _named(drafts: Sequence[Draft], index: int) -> frozenset[str] | None:
    """Return the names that are read of a class; None where it is used in another way as well."""
    name = drafts[index].node.name
    instance = Node("instance", name, instance=name)
    named: set[str] = set()
    for draft in drafts:
        for reference in draft.references:
            target = drafts[reference.target].node if isinstance(reference.target, int) else None
            is_own = draft is drafts[index]
            if target == drafts[index].node:
                first = reference.rest.partition(".")[0]
                if reference.slot < 0 or not first or first.startswith("__"):
                    return None
                named.add(first)
            elif target == instance and not is_own:
                return None
            elif is_own and reference.slot < 0 and reference.spelling != INSTANCES:
                return None  # it is set anew elsewhere
    return frozenset(named)
