"""Whether anything looks at the annotations of a class, or of what a decorator is given; else adding one is nothing."""

from collections.abc import Iterator, Sequence

from huldra.facts.expressions import Attribute, Call, Expression, Literal, Name, dotted_name
from huldra.facts.expressions import Node as Part
from huldra.facts.statements import AnnotatedAssign, Assign, Import, ImportFrom
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.resolve import Node
from huldra.project.classes import ClassInfo
from huldra.project.symbols import ClassSymbol, ExternalSymbol, FunctionSymbol, Symbol, UnresolvedSymbol, ValueSymbol

_ASKING = frozenset(
    {
        *("__annotations__", "__annotate__", "__signature__", "__dict__", "__code__", "get_annotations"),
        *("get_type_hints", "signature", "getfullargspec", "fields", "vars", "eval", "exec"),
    }
)
"""What code names that looks at annotations, or may."""
_LOOKS_AT_NONE = frozenset(
    {
        *("builtins", "collections", "contextlib", "copy", "functools", "itertools", "logging", "math", "numpy", "os"),
        *("abc", "pathlib", "random", "re", "string", "sys", "threading", "time", "traceback", "types", "typing"),
        *("typing_extensions", "warnings", "weakref"),
    }
)
"""Packages that do not look at annotations of what they are given; `singledispatch` does, and is told apart."""
_PLAIN_BASES = ("builtins.", "abc.ABC", "collections.", "enum.", "torch.nn.", "torch.utils.data.", "threading.Thread")
_PLAIN_BASES_TOO = frozenset({"typing.Generic", "typing_extensions.Generic", "json.JSONEncoder"})


def annotations_count(code: Code, info: ClassInfo) -> bool:
    """Whether something that makes a class may look at the annotations in its body; kept."""
    if info.name not in code.annotations:
        code.annotations[info.name] = _count(code, info)
    return code.annotations[info.name]


def _count(code: Code, info: ClassInfo) -> bool:
    for ancestor in info.order:
        found = code.class_info(ancestor)
        if found is None:
            if not ancestor.startswith(_PLAIN_BASES) and ancestor not in _PLAIN_BASES_TOO:
                return True
            continue
        makers = (*found.definition.decorators, *(each.value for each in found.keywords if each.name == "metaclass"))
        if not all(_leaves(code, _maker(code, found.module, maker), set()) for maker in makers):
            return True
        if not _names_none(found.definition):
            return True
    return info.order_error is not None


def leaves_annotations(code: Code, node: Node | str) -> bool:
    """Whether something that decorates a function leaves its annotations alone."""
    if isinstance(node, str):
        return False
    match node.kind:
        case "function":
            return _leaves(code, FunctionSymbol(f"{node.module}.{node.name}"), set())
        case "value":
            return _leaves(code, ValueSymbol(node.module, node.name), set())
        case "class":
            return _leaves(code, ClassSymbol(node.name), set())
        case _:
            return False


def _maker(code: Code, module: str, decorator: Expression) -> Symbol:
    """Return what a decorator comes down to: `register` of `@register("a")`, `MODELS` of `@MODELS.register("a")`."""
    function = decorator.function if isinstance(decorator, Call) else decorator
    if not isinstance(function, Name | Attribute):
        return UnresolvedSymbol("not a name")
    symbol = code.symbols.resolve_expression(module, function)
    if isinstance(symbol, UnresolvedSymbol) and isinstance(function, Attribute):
        return code.symbols.resolve_expression(module, function.value)
    return symbol


def _leaves(code: Code, symbol: Symbol, seen: set[str]) -> bool:
    match symbol:
        case FunctionSymbol(name=name):
            module, _, short = name.rpartition(".")
            parts: Sequence[Part] = [statement for statement, _ in code.module_statements(module, short)]
        case ClassSymbol(name=name):
            info = code.class_info(name)
            module, parts = ("", []) if info is None else (info.module, [info.definition])
            if info is None or any(code.class_info(each) is None and not _is_plain(each) for each in info.order):
                return False
        case ValueSymbol(module=module, name=short):
            name = f"{module}.{short}"
            parts = [statement for statement, _ in code.module_statements(module, short)]
            if not all(isinstance(part, Assign | AnnotatedAssign) for part in parts):
                return False
        case ExternalSymbol(name=name):
            return name.partition(".")[0] in _LOOKS_AT_NONE and not name.endswith("singledispatch")
        case _:
            return False
    if name in seen:
        return True
    seen.add(name)
    return bool(parts) and all(
        _names_none(part) and all(_leaves(code, called, seen) for called in _called(code, module, part))
        for part in parts
    )


def _is_plain(base: str) -> bool:
    return base.startswith(_PLAIN_BASES) or base in _PLAIN_BASES_TOO


def _names_none(part: Part) -> bool:
    """Whether code names nothing that looks at annotations, and imports nothing by the way."""
    for node in walk(part):
        match node:
            case Attribute(value=owner, name="eval" | "exec") if dotted_name(owner) != "builtins":
                pass  # `model.eval()`
            case Name(id=name) | Attribute(name=name):
                if name in _ASKING:
                    return False
            case Literal(source=source):
                if literal_form(source)[5:-1] in _ASKING:
                    return False
            case Import() | ImportFrom():
                return False
            case _:
                pass
    return True


def _called(code: Code, module: str, part: Part) -> Iterator[Symbol]:
    """Yield the functions and classes that code names, called or not, as far as they are not its own."""
    for node in walk(part):
        if isinstance(node, Name) or (isinstance(node, Attribute) and dotted_name(node) is not None):
            symbol = code.symbols.resolve_expression(module, node)
            if isinstance(symbol, FunctionSymbol | ClassSymbol | ExternalSymbol):
                yield symbol
