"""Attributes and names that code reads by a text: `getattr(x, "name")`, `methodcaller("fit")`, `globals()["name"]`."""

import re
from collections.abc import Callable, Iterator

from huldra.facts import expressions as e
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.model import EVERY_ATTRIBUTE

_PERCENT = re.compile(r"%(\(\w*\))?[-#0 +]*[\d*]*(\.[\d*]+)?[a-zA-Z%]")
_BRACES = re.compile(r"\{[^{}]*\}")
_PARTS = re.compile(r"\*+")
_DEEPEST = 5
_ATTRIBUTE_FUNCTIONS = frozenset({"getattr", "hasattr", "setattr", "delattr"})


ValueOf = Callable[[str], e.Expression | None]
"""Gives the value of a local name, where there is but one that is known."""


def attributes_asked(node: e.Call, value_of: ValueOf) -> frozenset[str]:
    """Return the attributes that a call reads by texts; EVERY_ATTRIBUTE for the parts that only a run can tell."""
    match (e.dotted_name(node.function) or "").rpartition(".")[2], node.arguments:
        case name, (_, second, *_) if name in _ATTRIBUTE_FUNCTIONS:
            asked = (second,)
        case "methodcaller", (first, *_):
            asked = (first,)
        case "attrgetter", arguments:
            asked = arguments
        case _:
            asked = ()
    return frozenset(
        name for argument in asked for name in _path(argument.value) or _computed(argument.value, value_of)
    )


def attribute_asked(node: e.Call) -> e.Attribute | None:
    """Return what `getattr(x, "name")` or `hasattr(x, "name")` reads, as an attribute; None for other calls."""
    match node.function, node.arguments:
        case (
            e.Name(id="getattr" | "hasattr"),
            (e.Argument(value=owner, star=""), e.Argument(value=e.Literal() as text), *_),
        ):
            path = _path(text) or ()
            return e.Attribute(owner, path[0], node.at) if len(path) == 1 else None
        case _:
            return None


def _computed(node: e.Expression, value_of: ValueOf) -> Iterator[str]:
    """Yield what is known of a text that is put together: `run_*` of `f"run_{kind}"`."""
    match node:
        case e.Conditional(body=body, orelse=orelse):
            yield from _computed(body, value_of)
            yield from _computed(orelse, value_of)
        case _:
            parts = _PARTS.sub(EVERY_ATTRIBUTE, _text(node, value_of, 0))
            yield parts.rpartition(".")[2] if "." in parts else parts


def _text(node: e.Node, value_of: ValueOf, depth: int) -> str:
    match node:
        case e.Literal(source=source):
            form = literal_form(source)
            return form[5:-1] if form.startswith("str '") and EVERY_ATTRIBUTE not in form else EVERY_ATTRIBUTE
        case e.FormattedString(parts=parts) | e.Concatenation(parts=parts):
            return "".join(_text(part, value_of, depth) for part in parts)
        case e.Interpolation(value=value, conversion="" | "s", spec=None, debug=""):
            return _text(value, value_of, depth)
        case e.Binary(operator="+", left=left, right=right):
            return _text(left, value_of, depth) + _text(right, value_of, depth)
        case e.Binary(operator="%", left=e.Literal() as template):
            return _PERCENT.sub(EVERY_ATTRIBUTE, _text(template, value_of, depth))
        case e.Call(function=e.Attribute(value=e.Literal() as template, name="format")):
            return _BRACES.sub(EVERY_ATTRIBUTE, _text(template, value_of, depth))
        case e.Name(id=name) if depth < _DEEPEST:
            value = value_of(name)
            return EVERY_ATTRIBUTE if value is None else _text(value, value_of, depth + 1)
        case _:
            return EVERY_ATTRIBUTE


def entry_asked(node: e.Subscript) -> e.Attribute | str | None:
    """Return what is read out of a table of names, as an attribute or a name of the module; None for other tables.

    `vars(x)["name"]` and `x.__dict__["name"]` are `x.name`, and `globals()["name"]` is a name of the module.
    """
    path = _path(node.index) or ()
    match node.value, path:
        case (
            (
                e.Call(function=e.Name(id="vars"), arguments=(e.Argument(value=owner, star=""),))
                | e.Attribute(value=owner, name="__dict__")
            ),
            (name,),
        ):
            return e.Attribute(owner, name, node.at)
        case e.Call(function=e.Name(id="globals"), arguments=()), (name,):
            return name
        case _:
            return None


def module_asked(node: e.Expression) -> e.Expression | None:
    """Return by which name a module is read out of `sys.modules`; None for anything else."""
    match node:
        case e.Subscript(value=e.Attribute(value=e.Name(id="sys"), name="modules"), index=index):
            return index
        case e.Call(
            function=e.Attribute(value=e.Attribute(value=e.Name(id="sys"), name="modules"), name="get"),
            arguments=(e.Argument(value=index, star=""), *_),
        ):
            return index
        case _:
            return None


def names_unknown_module(node: e.Expression) -> bool:
    """Whether a module is read out of `sys.modules` of which only a run can tell which it is."""
    name = module_asked(node)
    return name is not None and not isinstance(name, e.Literal) and e.dotted_name(name) != "__name__"


def _path(name: e.Expression) -> tuple[str, ...] | None:
    form = literal_form(name.source) if isinstance(name, e.Literal) else ""
    return tuple(form[5:-1].split(".")) if form.startswith("str ") else None
