"""Long expressions in several lines: the same tree, no line longer than need be."""

import ast

import pytest

from huldra.plans.wrapped_source import wrapped_source

LONG = "a.very.long.name.of.a.Thing"
EXPRESSIONS = [
    f"{LONG}(first={LONG}(x=1, y='ü' * 3), second=[{LONG}(x=1e-05), {LONG}(x=-2.5)], third=(1,), fourth=())",
    f"[{', '.join(str(number) for number in range(60))}]",
    f"{{'key': {LONG}(x=({LONG}(), {LONG}())), **{LONG}(), 'other': {{1, 2, 3}}, 'third': frozenset({{'a', 'b'}})}}",
    f"{LONG}({LONG}, {LONG}, *{LONG}, **{LONG}(value='a, long (text) that [nobody] may {{break}}' * 2))",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_lines_and_the_same_tree(expression):
    wrapped = wrapped_source(expression)
    assert ast.dump(ast.parse(wrapped, mode="eval")) == ast.dump(ast.parse(expression, mode="eval"))
    assert max(map(len, wrapped.splitlines())) <= 88
    assert wrapped.count("\n") > 3


@pytest.mark.parametrize(
    "expression", ["f(x=1)", "'" + "x" * 200 + "'", "f(" * 5000 + ")" * 5000, "no code at all " * 9]
)
def test_what_stays_on_its_line(expression):
    assert wrapped_source(expression) == expression
