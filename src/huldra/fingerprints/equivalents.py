"""Ways to write the same: what linters and formatters turn into each other is read as one. Facts only."""

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from msgspec import Struct

from huldra.facts import expressions as e
from huldra.facts.statements import FunctionDefinition

_MARKS = frozenset({"override", "final"})
_FOR_LIBRARY = frozenset({"version_controlled", "typecheck"})
"""Keywords of a class header by which the library is told where results lie, and whether to look at types."""
_NEGATED = {"in": "not in", "is": "is not"}
_INERT_DECORATORS = frozenset(
    {
        *("staticmethod", "classmethod", "property", "cache", "lru_cache", "cached_property", "wraps"),
        *("abstractmethod", "override", "overload", "contextmanager", "asynccontextmanager", "final"),
        *("setter", "getter", "deleter", "init_property", "validate", "no_grad", "inference_mode"),
    }
)
"""Decorators that do not look at annotations, by their last name."""
_TERMINAL = frozenset({"stdout", "stderr", "__stdout__", "__stderr__"})
_TYPE_VARIABLES = frozenset({"TypeVar", "TypeVarTuple", "ParamSpec"})


def reads_annotations(decorator: e.Expression) -> bool:
    """Whether a decorator may look at annotations: any that is not known to leave them alone."""
    return _last_name(decorator) not in _INERT_DECORATORS


def acting_decorators(definition: FunctionDefinition) -> tuple[e.Expression, ...]:
    """Return the decorators that do more than to tell a type checker something."""
    return tuple(decorator for decorator in definition.decorators if _last_name(decorator) not in _MARKS)


def receiver_of(definition: FunctionDefinition) -> str | None:
    """Return the parameter of a method that is what it works on; None of a static one."""
    is_static = any(e.dotted_name(d) == "staticmethod" for d in definition.decorators)
    first = next(iter(definition.parameters), None)
    has_receiver = first is not None and first.kind in {"positional", "positional_only"} and not is_static
    return first.name if has_receiver and first is not None else None


class Memo(Struct, frozen=True):
    """A decorator that is `lru_cache`, what of it names that, and the name of what it comes down to."""

    function: e.Expression
    name: str
    at: e.Span


def plain_memo(decorator: e.Expression) -> Memo | None:
    """Return `cache` for `lru_cache(maxsize=None)`, and `lru_cache` for what is no more than that."""
    match decorator:
        case e.Name(at=at) | e.Attribute(at=at):
            function, size = decorator, "128"
        case e.Call(function=function, arguments=(), at=at):
            size = "128"
        case e.Call(
            function=function,
            arguments=(e.Argument(value=e.Literal(source=word) | e.Constant(word=word), name=None | "maxsize"),),
            at=at,
        ):
            size = word
        case _:
            return None
    if _last_name(function) != "lru_cache" or size not in {"None", "128"}:
        return None
    return Memo(function, "cache" if size == "None" else "lru_cache", at)


def only_overloads(definition: FunctionDefinition) -> bool:
    """Whether a definition only tells type checkers of another one of its name."""
    return any(_last_name(decorator) == "overload" for decorator in definition.decorators)


def implementations(definitions: Iterable[FunctionDefinition]) -> tuple[FunctionDefinition, ...]:
    """Return the definitions of one name without those that only overload its type."""
    kept = tuple(definitions)
    found = tuple(each for each in kept if not only_overloads(each))
    return found or kept


def acting_bases(arguments: Iterable[e.Argument]) -> Iterator[e.Argument]:
    """Yield the arguments of a class header without `object`, from which all classes inherit."""
    for argument in arguments:
        if argument.name not in _FOR_LIBRARY and (argument.name or e.dotted_name(argument.value) != "object"):
            yield argument


def acting_keywords(arguments: Iterable[e.Argument]) -> tuple[e.Expression, ...]:
    """Return the values of the keywords of a class header that may have a say in what the class does."""
    return tuple(argument.value for argument in acting_bases(arguments) if argument.name is not None)


def plain_comparison(node: e.Unary) -> e.Comparison | None:
    """Return `a not in b` for `not a in b`, `a is not b` for `not a is b`."""
    match node:
        case e.Unary(operator="not", operand=e.Comparison(first=first, rest=((operator, second),), at=at)):
            return e.Comparison(first, ((_NEGATED[operator], second),), at) if operator in _NEGATED else None
        case _:
            return None


def is_told(node: e.Expression) -> bool:
    """Whether a call may say something to people; `print(row, file=out)` writes a file, as far as one can tell."""
    return isinstance(node, e.Call) and not any(
        argument.name == "file" and (e.dotted_name(argument.value) or "").rpartition(".")[2] not in _TERMINAL
        for argument in node.arguments
    )


def plain_call(node: e.Call) -> e.Call:
    """Return a call without what only a reader is told: the name of a type variable, the help text of a field."""
    name = _last_name(node)
    if name in _TYPE_VARIABLES and node.arguments and isinstance(node.arguments[0].value, e.Literal):
        return e.Call(node.function, node.arguments[1:], node.at)
    if name == "field" and any(argument.name == "doc" for argument in node.arguments):
        return e.Call(node.function, tuple(a for a in node.arguments if a.name != "doc"), node.at)
    return node


def plain_default(value: e.Expression | None) -> e.Expression | None:
    """Return `x` for `field(default=x)`, which is the default of a field as well."""
    match value:
        case e.Call() if _last_name(value) == "field":
            match plain_call(value).arguments:
                case (e.Argument(name="default", value=default),):
                    return default
                case _:
                    return value
        case _:
            return value


def is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    """Whether what a fact holds is several of something."""
    return isinstance(value, tuple)


def _last_name(decorator: e.Expression) -> str:
    function = decorator.function if isinstance(decorator, e.Call) else decorator
    return (e.dotted_name(function) or "").rpartition(".")[2]
