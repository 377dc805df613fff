"""Attributes and names that code reads by a text: `getattr(x, "name")`, `methodcaller("fit")`, `globals()["name"]`."""

from huldra.facts import expressions as e
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.mentions import ALL_NAMES
from huldra.fingerprints.model import EVERY_ATTRIBUTE

_ATTRIBUTE_FUNCTIONS = frozenset({"getattr", "hasattr", "setattr", "delattr"})


def attributes_asked(node: e.Call) -> frozenset[str]:
    """Return the attributes that a call reads by texts; EVERY_ATTRIBUTE where only a run can tell which."""
    match (e.dotted_name(node.function) or "").rpartition(".")[2], node.arguments:
        case name, (_, second, *_) if name in _ATTRIBUTE_FUNCTIONS:
            asked = (second,)
        case "methodcaller", (first, *_):
            asked = (first,)
        case "attrgetter", arguments:
            asked = arguments
        case _:
            asked = ()
    return frozenset(name for argument in asked for name in _path(argument.value) or (EVERY_ATTRIBUTE,))


def entry_asked(node: e.Subscript) -> e.Attribute | str | None:
    """Return what is read out of a table of names, as an attribute or a name of the module; None for other tables.

    `vars(x)["name"]` and `x.__dict__["name"]` are `x.name`, `globals()["name"]` is a name of the module, and
    `sys.modules[__name__]` is the module itself: ALL_NAMES.
    """
    if e.dotted_name(node.value) == "sys.modules" and e.dotted_name(node.index) == "__name__":
        return ALL_NAMES
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


def _path(name: e.Expression) -> tuple[str, ...] | None:
    form = literal_form(name.source) if isinstance(name, e.Literal) else ""
    return tuple(form[5:-1].split(".")) if form.startswith("str ") else None
