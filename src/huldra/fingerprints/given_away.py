"""What may come into the hands of code outside the project, which may call its methods, or read what it says of itself.

A library that is given an instance may call any of its methods. One that makes prompts of tools reads docstrings and
annotations, as does code that asks for `__doc__`.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from huldra.fingerprints import resolve
from huldra.fingerprints.code import Code
from huldra.fingerprints.flows import DESCRIPTIONS
from huldra.fingerprints.libraries import descriptions_read
from huldra.fingerprints.points_to import PointsTo
from huldra.fingerprints.resolve import Context, Resolver
from huldra.fingerprints.source_texts import SOURCE

Definitions = Sequence[tuple[resolve.Node, Context]]
"""What a closure reaches, with where its names are read."""


class GivenAway(Struct, frozen=True):
    """What code outside the project may have.

    Attributes:
        classes: The classes of which an instance is given to a library, or which are themselves.
        described: The definitions of which somebody reads the docstring or the annotations, with that attribute.
    """

    classes: frozenset[str]
    described: tuple[tuple[resolve.Node, str], ...]


def given_away(code: Code, resolver: Resolver, definitions: Definitions, *, with_schemas: bool) -> GivenAway:
    """Return what code outside the project may have of what a closure reaches.

    Args:
        code: The state of the code.
        resolver: Says where mentions lead.
        definitions: All that a closure reaches.
        with_schemas: Whether something in it asks models for their schemas.
    """
    analysis = PointsTo(code, definitions)
    for number, (_, context) in enumerate(definitions):
        analysis.take_in(number, resolver, context)
    analysis.run()
    described = dict.fromkeys(_told(analysis, definitions))
    for node, _ in definitions:
        info = code.class_info(node.name) if node.kind == "class" else None
        if info is None:
            continue
        is_model = with_schemas and any(name.startswith("pydantic.") for name in info.order)
        if is_model or any(map(descriptions_read, info.unseen)):  # `class Judge(dspy.Signature)`
            described |= dict.fromkeys((node, attribute) for attribute in sorted(DESCRIPTIONS))
    return GivenAway(frozenset(analysis.escaped()), tuple(described))


def _told(analysis: PointsTo, definitions: Definitions) -> Iterator[tuple[resolve.Node, str]]:
    for attribute in sorted((*DESCRIPTIONS, SOURCE)):
        for kind, name in analysis.described(attribute):
            if kind == "module":
                yield resolve.Node("module", name), attribute
                continue
            is_function = kind in {"function", "method"}
            yield definitions[int(name)][0] if is_function else resolve.Node("class", name), attribute
