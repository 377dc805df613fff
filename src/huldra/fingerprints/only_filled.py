"""Whether anything is taken from a table that decorators and calls elsewhere fill.

Who calls `knn` below `@register("knn")` by its own name fills a table with all that is registered, and has nothing
of it.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from huldra.facts.expressions import Attribute, Comparison, Node, Subscript, TupleDisplay
from huldra.facts.statements import AnnotatedAssign, Assign, With
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.drafts import Draft
from huldra.fingerprints.model import Reference

_COMPARING = frozenset({"==", "!=", "<", "<=", ">", ">="})


def is_taken_from(code: Code, drafts: Sequence[Draft], table: int, registry: str) -> bool:
    """Return whether something that is reached may take anything from a table.

    Args:
        code: The state.
        drafts: All that is reached.
        table: The table among it. Only of values of a module it can be told.
        registry: The class of the project that it is an instance of, by its full name; empty if it is none.
    """
    node = drafts[table].node
    if node.kind != "value" or not node.module:
        return True
    if any(draft.described.form.dynamic for draft in drafts):  # which may find it by a text
        return True
    for number, draft in enumerate(drafts):
        references = [reference for reference in draft.references if reference.target == table and number != table]
        if not all(_only_puts(code, draft, reference, registry) for reference in references):
            return True
    if not registry:
        return False
    holding = _holding(code, registry)
    return any(_gives(code, draft, registry, holding) for draft in drafts)


def _only_puts(code: Code, draft: Draft, reference: Reference, registry: str) -> bool:
    if reference.slot < 0:
        return False
    form = draft.described.form
    at, puts = form.mentions[reference.slot].at, form.uses.puts
    if at in puts.into or (at in puts.tested and _puts_into(draft, reference.target)):
        return True
    method = reference.rest.partition(".")[0]
    return bool(registry and method) and code.member(registry, method).kind == "method"


def _puts_into(draft: Draft, table: int | str) -> bool:
    """Whether a definition puts something into a table at all: looking first, it says no more than that it is there."""
    form = draft.described.form
    slots = (reference.slot for reference in draft.references if reference.target == table and reference.slot >= 0)
    return any(form.mentions[slot].at in form.uses.puts.into for slot in slots)


def _gives(code: Code, draft: Draft, registry: str, holding: AbstractSet[str]) -> bool:
    """Whether a method of a registry does more with what the registry holds than to put something in."""
    node, form = draft.node, draft.described.form
    if node.kind != "method" or node.instance != registry:
        return False
    puts = form.uses.puts
    own = [mention for mention in form.mentions if mention.kind == "self"]
    is_filling = any(mention.at in puts.into for mention in own)
    for mention in own:
        if mention.path and code.member(registry, mention.path[0]).kind == "method":
            continue  # which is judged by itself, where it is reached
        if mention.path and mention.path[0] not in holding and not mention.path[0].startswith("__"):
            continue
        if mention.at not in puts.into and not (is_filling and mention.at in puts.tested):
            return True
    return False


def _holding(code: Code, class_name: str) -> frozenset[str]:
    """Return the attributes of an instance that may hold what its methods are given: of which more is made than a key.

    A lock that is waited for, and a text that is a part of a key or is compared, hold nothing.
    """
    everywhere: list[Attribute] = []
    idle: set[int] = set()
    for name in code.method_names(class_name):
        for node in (inner for function in code.member(class_name, name).functions for inner in walk(function)):
            everywhere += [node] if isinstance(node, Attribute) else []
            idle.update(id(each) for part in _idle_parts(node) for each in _items(part))
    return frozenset(node.name for node in everywhere if id(node) not in idle)


def _idle_parts(node: Node) -> Iterator[Node]:
    match node:
        case Assign(targets=targets):
            yield from targets
        case AnnotatedAssign(target=target):
            yield target
        case With(items=items):
            yield from (value for value, target in items if target is None)
        case Subscript(index=index):
            yield index
        case Comparison(first=first, rest=rest) if all(operator in _COMPARING for operator, _ in rest):
            yield from (first, *(operand for _, operand in rest))
        case _:
            return


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, TupleDisplay) else (node,)
