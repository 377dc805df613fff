"""Attributes and names that code reads by a text: `getattr(x, "name")`, `methodcaller("fit")`, `globals()["name"]`."""

from huldra.facts import expressions as e
from huldra.fingerprints.literals import literal_form
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
