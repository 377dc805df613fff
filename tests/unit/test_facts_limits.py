"""Code past all reason: each piece comes back in good time, as facts or as a problem, and its neighbour lives."""

import sys
import time
from collections.abc import Callable

import pytest

from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.facts.collect import collect_facts, collect_piece
from huldra.facts.encoding import decode_facts, encode_facts

DEEP: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: "x = " + "(" * n + "1" + ")" * n,
    "lists": lambda n: "x = " + "[" * n + "]" * n,
    "calls": lambda n: "x = " + "f(" * n + ")" * n,
    "dicts": lambda n: "x = " + "{1: " * n + "1" + "}" * n,
    "not": lambda n: "x = " + "not " * n + "1",
    "lambda": lambda n: "x = " + "lambda: " * n + "1",
    "conditional": lambda n: "x = " + "a if b else " * n + "1",
    "sum": lambda n: "x = " + "a + " * n + "1",
    "attributes": lambda n: "x = a" + ".b" * n,
    "f-strings": lambda n: "x = " + "f'{" * n + "1" + "}'" * n,
    "blocks": lambda n: "".join(" " * i + "if a:\n" for i in range(n)) + " " * n + "pass",
    "elif": lambda n: "if a: pass\n" + "elif b: pass\n" * n,
    "class patterns": lambda n: "match a:\n  case " + "C(" * n + "b" + ")" * n + ": pass",
    "mapping patterns": lambda n: "match a:\n  case " + "{1: " * n + "b" + "}" * n + ": pass",
    "broken del": lambda n: "del " + "(" * n + "a a" + ")" * n,
}


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("depth", [30, 2000, 20000])
def test_any_depth_is_facts_or_a_problem(kind: str, depth: int) -> None:
    text = DEEP[kind](min(depth, 2000) if kind == "blocks" else depth) + "\nafter = 1\n"
    began = time.process_time()
    facts = collect_facts(text)
    assert time.process_time() - began < 5
    assert isinstance(facts.pieces[-1].facts.statements[0], s.Assign)
    assert facts.pieces[-1].facts.problem is None
    assert decode_facts(encode_facts(facts)) == facts
    if depth > 30:
        assert facts.pieces[0].facts.problem is not None


def test_depths_that_people_write_are_read() -> None:
    for kind in ("parentheses", "lists", "calls", "sum", "attributes", "elif", "conditional", "not"):
        assert collect_piece(DEEP[kind](120)).problem is None, kind
    for kind in ("class patterns", "mapping patterns"):
        assert collect_piece(DEEP[kind](7)).problem is None, kind
    assert collect_piece("case = " + "[" * 30 + "]" * 30 + "\n").problem is None
    assert collect_piece("case(" + "[" * 30 + "]" * 30 + ")\n").problem is None


def test_facts_do_not_depend_on_how_deep_the_caller_stands() -> None:
    def below(levels: int, text: str) -> s.PieceFacts:
        return collect_piece(text) if levels == 0 else below(levels - 1, text)

    room = sys.getrecursionlimit() // 5
    for terms in (140, 149, 160):
        assert below(room, DEEP["calls"](terms)) == collect_piece(DEEP["calls"](terms))


def test_a_table_of_a_megabyte_is_one_piece() -> None:
    value = "v" * 100
    text = "TABLE = {\n" + "".join(f"    {i}: '{value}',\n" for i in range(10_000)) + "}\nafter = 1\n"
    assert len(text) > 1_000_000
    table, after = collect_facts(text).pieces
    assert after.first_line == 10_002
    statement = table.facts.statements[0]
    assert isinstance(statement, s.Assign)
    assert isinstance(statement.value, e.DictDisplay)
    assert len(statement.value.entries) == 10_000
    assert statement.value.entries[-1][1] == e.Literal(f"'{value}'", (10_000, 10, 10_000, 112))
