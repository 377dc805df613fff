"""A hover without Markdown says the same words."""

from huldra.features.plain_hover import plain_hover


def test_marks_are_left_out_and_code_stays() -> None:
    markdown = "**A** · `x**2` in [A/1](<file:///s/A/1>)\n\n```python\nA(x=2**3)  # [a](<b>) `c`\n```\n\n(a doubt)"
    assert plain_hover(markdown) == "A · x**2 in A/1\n\nA(x=2**3)  # [a](<b>) `c`\n\n(a doubt)"


def test_tables_stand_in_columns() -> None:
    markdown = "| field | value |\n|---|---|\n| lr | `0.1` |\n| pattern | `'a\\|b'` |\nafter"
    assert plain_hover(markdown) == "field    value\nlr       0.1\npattern  'a|b'\nafter"


def test_a_table_at_the_end_is_whole() -> None:
    assert plain_hover("| a |\n|---|\n| 1 |") == "a\n1"
