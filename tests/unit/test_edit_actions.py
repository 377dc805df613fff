"""Comments that silence a problem where it stands."""

import pytest

from huldra.facts.suppressions import scan_suppressions
from huldra.features.edit_actions import ignore_insertion

CODE = "HUL201"


@pytest.mark.parametrize(
    ("text", "line", "end_line", "expected"),
    [
        ("x = f(1)\n", 1, 1, "x = f(1)  # huldra: ignore[HUL201]\n"),
        ("x = f(1)   \n", 1, 1, "x = f(1)  # huldra: ignore[HUL201]   \n"),
        ("x = f(1)  # since\n", 1, 1, "x = f(1)  # since  # huldra: ignore[HUL201]\n"),
        ("x = f(1)  # huldra: ignore[HUL1]\n", 1, 1, "x = f(1)  # huldra: ignore[HUL1, HUL201]\n"),
        ("x = f(\n    1,\n)\n", 1, 3, "x = f(  # huldra: ignore[HUL201]\n    1,\n)\n"),
        ('x = """\n"""\n', 1, 2, 'x = """\n"""  # huldra: ignore[HUL201]\n'),
        ("x = 1 + \\\n    f()\n", 1, 2, "x = 1 + \\\n    f()  # huldra: ignore[HUL201]\n"),
        ("漢 = '😀'", 1, 1, "漢 = '😀'  # huldra: ignore[HUL201]"),
    ],
)
def test_a_problem_is_silenced_on_a_line_that_can_hold_a_comment(
    text: str, line: int, end_line: int, expected: str
) -> None:
    found = ignore_insertion(text, "a.py", line, end_line, CODE)
    assert found is not None
    lines = text.split("\n")
    content = lines[found.place.line - 1]
    lines[found.place.line - 1] = content[: found.place.column - 1] + found.text + content[found.place.column - 1 :]
    after = "\n".join(lines)
    assert after == expected
    assert any(CODE in comment.codes and comment.line in {line, end_line} for comment in scan_suppressions(after))


@pytest.mark.parametrize(("text", "line"), [('x = """\n"""\n', 1), ("x = 1 + \\\n    2\n", 1), ("", 4)])
def test_where_no_comment_can_stand_there_is_no_action(text: str, line: int) -> None:
    assert ignore_insertion(text, "a.py", line, line, CODE) is None
