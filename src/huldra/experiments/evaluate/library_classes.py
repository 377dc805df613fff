"""Classes of libraries whose instances the evaluator follows: no code of the project stands behind them."""

from huldra.facts.statements import ClassDefinition
from huldra.project.classes import ClassInfo
from huldra.project.places import Origin

SAFE_BASES = frozenset(
    {
        *("pydantic.BaseModel", "typing.NamedTuple", "builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"),
        *("contextlib.AbstractContextManager", "contextlib.ContextDecorator"),
    }
)
"""Bases outside the project of which it is known what making an instance does."""
_NOWHERE = (1, 1, 1, 1)


def library_class(name: str) -> ClassInfo:
    """Return a class of a library by its dotted name, without bases and members."""
    module, _, own = name.rpartition(".")
    definition = ClassDefinition(own, (), (), (), (), _NOWHERE, _NOWHERE)
    return ClassInfo(
        name,
        module,
        own,
        Origin("", 1),
        definition,
        (),
        (),
        (name,),
        None,
        (),
        None,
        is_config=False,
        is_collection=False,
    )
