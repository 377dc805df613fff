"""Going through statements alone misses none of them, wherever they stand."""

from pathlib import Path

import pytest

import huldra
from huldra.facts.collect import collect_facts
from huldra.facts.expressions import Node
from huldra.facts.statements import FunctionDefinition, Statement
from huldra.facts.walk import statements_in, walk

OURS = Path(huldra.__file__).parent / "experiments" / "evaluate"
SCRAP = """
class A(B, metaclass=lambda: (yield)):
    @cached(key=lambda x: [y for y in x])
    async def f(self, x=(z := 3), *, y: "int" = 4):
        match x:
            case [1, *rest] if (w := rest):
                global g
                def inner(): return lambda: inner
            case {"a": A(b=c), **others}:
                async with open(x) as file, lock: import a.b as c
            case _:
                try: from . import d
                except* ValueError as error: del x[0], y
                else: raise
                finally:
                    while True:
                        for i, (j, *k) in pairs: nonlocal h
                        else: pass
                    else:
                        if x: assert y
                        elif z: x += 1
                        else:
                            class Deep: import e
"""


def statements_of(text: str) -> list[Node]:
    return [statement for piece in collect_facts(text).pieces for statement in piece.facts.statements]


@pytest.mark.parametrize("stop_at", [(), (FunctionDefinition,)])
def test_statements_are_those_of_a_walk_in_its_order(stop_at: tuple[type[Node], ...]) -> None:
    texts = [SCRAP, *(path.read_text() for path in sorted(OURS.glob("*.py")))]
    for node in (node for text in texts for node in statements_of(text)):
        walked = [inner for inner in walk(node, stop_at=stop_at) if isinstance(inner, Statement)]
        assert [inner for inner in statements_in(node, stop_at=stop_at) if isinstance(inner, Statement)] == walked


def test_nothing_inside_an_expression_is_gone_through() -> None:
    found = [inner for node in statements_of(SCRAP) for inner in statements_in(node)]
    assert sum(isinstance(inner, Statement) for inner in found) == 22
    assert len(found) < sum(1 for node in statements_of(SCRAP) for _ in walk(node))
