"""What comes into a definition from afar, and whether all of it is looked through or one entry is asked for by its key.

A table that is only asked by key gives a run what it gave, whatever else comes in: `MODELS[self.kind]`. One that is
looked through, `for name, metric in METRICS.items()`, gives what is new as well.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from huldra.facts.expressions import Attribute, Call, ListDisplay, Subscript, dotted_name
from huldra.facts.statements import AnnotatedAssign, Assign, FunctionDefinition, Statement
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.descendants import SUBCLASSES, descendants, made_into_class
from huldra.fingerprints.drafts import Draft
from huldra.fingerprints.model import BY_SCRIPT, FILLED, IN_ORDER, LOOKED_THROUGH, ONLY_FILLED, REGISTERED, Reference
from huldra.fingerprints.module_names import ADDING_METHODS, called_name
from huldra.fingerprints.only_filled import is_taken_from
from huldra.fingerprints.registrations import Registered, made, registered, texts_in
from huldra.fingerprints.resolve import Node
from huldra.project.symbols import ClassSymbol

_BY_KEY = ADDING_METHODS | {"get", "pop", "__getitem__", "__contains__"}
"""Methods of a table that do with one entry, whatever others there are."""
_WHOLE = frozenset({"items", "values", "keys", "copy", "__iter__", "__len__"})
_LISTS = frozenset({"list", "deque"})
_OF_PROPERTIES = frozenset({"setter", "getter", "deleter"})
_ASKED = frozenset({"__call__", "__getitem__", "__contains__"})
"""Special methods of a registry that its users call; others stand in their own syntax at the place where it is used."""


def made_into(code: Code, class_name: str, attributes: AbstractSet[str]) -> tuple[Registered, ...]:
    """Return the subclasses that a class may be asked for, as far as attributes are read that hold them."""
    if SUBCLASSES in attributes:
        return made(code, descendants(code, class_name))
    return made(code, made_into_class(code, class_name, attributes))


def put_in(code: Code, node: Node) -> tuple[Registered, ...]:
    """Return what comes into a value from afar: nothing at its own place says so."""
    match node.kind:
        case "value" | "function":
            is_open = node.kind == "value" or _is_dispatched(code, node) or _has_attributes(code, node)
            return registered(code, node.module, node.name) if is_open else ()
        case "class":
            module = code.module_of(node.name) or ""
            qualname = node.name.removeprefix(f"{module}.")
            return () if "." in qualname else registered(code, module, qualname)
        case "member":
            return (*made(code, made_into_class(code, node.owner, {node.name})), *_put_in_by_body(code, node))
        case _:
            return ()


def _put_in_by_body(code: Code, member: Node) -> Iterator[Registered]:
    """Yield the methods that decorators of the class's own body may put into a value of it: `@tool def add(self)`."""
    info, names = code.class_info(member.owner), code.class_names(member.owner)
    for item in () if info is None else info.definition.body:
        for decorator in item.decorators if isinstance(item, FunctionDefinition) else ():
            head, _, last = (called_name(decorator) or dotted_name(decorator) or "").partition(".")
            if head in names and last not in _OF_PROPERTIES and isinstance(item, FunctionDefinition):
                yield Registered(Node("method", item.name, "", member.owner, member.owner))


def _is_dispatched(code: Code, node: Node) -> bool:
    """Whether implementations of a function may be registered in other modules: functools.singledispatch."""
    statements = (statement for statement, _ in code.module_statements(node.module, node.name))
    decorators = (d for s in statements if isinstance(s, FunctionDefinition) for d in s.decorators)
    return any((dotted_name(decorator) or "").endswith("singledispatch") for decorator in decorators)


def _has_attributes(code: Code, node: Node) -> bool:
    """Whether a function has attributes of its own, which may be tables: `register.table = {}`."""
    statements = code.module_statements(node.module, node.name)
    return any(not isinstance(statement, FunctionDefinition) for statement, _ in statements)


def add_uses(code: Code, drafts: Sequence[Draft], loaded: AbstractSet[str]) -> None:
    """Let the definitions that something comes into from afar say whether they are looked through.

    `loaded` are the modules that are imported with what is reached.
    """
    filled = {
        index
        for index, draft in enumerate(drafts)
        if any(reference.spelling.startswith(REGISTERED) for reference in draft.references)
    }
    whole = {index for index in filled if _is_asked_for_all(code, drafts, index)}
    for index in sorted(filled):
        drafts[index].references[:] = [_placed(drafts, reference, loaded) for reference in drafts[index].references]
        node = drafts[index].node
        placed = code.module_statements(node.module, node.name) if node.module else ()
        keys = "\n".join(texts_in(statement for statement, _ in placed))
        is_read = is_taken_from(code, drafts, index, _class_of(code, node))
        target = ONLY_FILLED if not is_read else LOOKED_THROUGH if index in whole else ""
        order = IN_ORDER if any(_is_list(statement) for statement, _ in placed) else ""
        drafts[index].references.append(Reference(-1, FILLED, target, order, label=keys, is_certain=False))


def _is_list(statement: Statement) -> bool:
    match statement:
        case Assign(value=value) | AnnotatedAssign(value=value):
            called = dotted_name(value.function) if isinstance(value, Call) else None
            return isinstance(value, ListDisplay) or (called or "").rpartition(".")[2] in _LISTS
        case _:
            return False


def reached_without_scripts(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """Return what is reached otherwise than by statements that act on a table from afar."""
    seen, waiting = {0}, [0]
    while waiting:
        for reference in drafts[waiting.pop()].references:
            target = reference.target
            if isinstance(target, int) and target not in seen and not _is_of_statement(drafts, reference):
                seen.add(target)
                waiting.append(target)
    return tuple(drafts[index] for index in sorted(seen))


def _is_of_statement(drafts: Sequence[Draft], reference: Reference) -> bool:
    is_registered = isinstance(reference.target, int) and reference.spelling.startswith(REGISTERED)
    return is_registered and drafts[int(reference.target)].node.kind in {"value", "act"}


def _placed(drafts: Sequence[Draft], reference: Reference, loaded: AbstractSet[str]) -> Reference:
    """Return a reference with whether it leads to a statement that only scripts run, as far as one can tell."""
    if not _is_of_statement(drafts, reference) or drafts[int(reference.target)].node.module in loaded:
        return reference
    return replace(reference, rest=BY_SCRIPT)


def _is_asked_for_all(code: Code, drafts: Sequence[Draft], table: int) -> bool:
    node = drafts[table].node
    if node.kind == "class":
        return any(SUBCLASSES in draft.described.form.attributes for draft in drafts) or any(
            reference.target == table and SUBCLASSES in reference.rest.split(".")
            for draft in drafts
            for reference in draft.references
        )
    registry = _class_of(code, node)
    for number, draft in enumerate(drafts):
        form = draft.described.form
        for reference in draft.references:
            if reference.target != table or reference.slot < 0 or number == table:
                continue
            method = reference.rest.partition(".")[0]
            if not method and form.mentions[reference.slot].at not in form.uses.keyed:
                return True
            if method and method not in _BY_KEY and not (registry and _has(code, registry, method)):
                return True
    return bool(registry) and any(_looks_through(code, draft, registry) for draft in drafts)


def _class_of(code: Code, node: Node) -> str:
    """Return the class of the project that a value is an instance of; empty if it is none."""
    for statement, _ in code.module_statements(node.module, node.name) if node.kind == "value" else ():
        if isinstance(statement, Assign | AnnotatedAssign) and isinstance(statement.value, Call):
            symbol = code.symbols.resolve_expression(node.module, statement.value.function)
            if isinstance(symbol, ClassSymbol) and code.class_info(symbol.name) is not None:
                return symbol.name
    return ""


def _has(code: Code, class_name: str, method: str) -> bool:
    return code.member(class_name, method).kind == "method"


def _looks_through(code: Code, draft: Draft, registry: str) -> bool:
    """Whether a method of a registry that is reached looks through what its methods fill."""
    node, form = draft.node, draft.described.form
    if node.kind != "method" or node.instance != registry:
        return False
    if node.name.startswith("__") and node.name not in _ASKED:
        return False
    filled = frozenset(_filled(code, registry))
    for mention in form.mentions:
        if mention.kind != "self":
            continue
        held, rest = mention.path[:1], mention.path[1:]
        if held and held[0] in _WHOLE and not _has(code, registry, held[0]):
            return True
        if not held or held[0] in filled:
            is_by_key = rest[0] in _BY_KEY if rest else mention.at in form.uses.keyed
            if not is_by_key:
                return True
    return False


def _filled(code: Code, class_name: str) -> Iterator[str]:
    """Yield the attributes of an instance that its own methods put something into."""
    for name in sorted(code.method_names(class_name)):
        for function in code.member(class_name, name).functions:
            for node in walk(function):
                match node:
                    case Assign(targets=targets):
                        holders = [target.value for target in targets if isinstance(target, Subscript)]
                    case Call(function=Attribute(value=holder, name=method)) if method in ADDING_METHODS:
                        holders = [holder]
                    case _:
                        continue
                yield from (path[1] for holder in holders if len(path := (dotted_name(holder) or "").split(".")) > 1)
