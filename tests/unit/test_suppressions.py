"""Which comments ask for silence, and where they stand."""

import pytest

from huldra.facts.suppressions import scan_suppressions


@pytest.mark.parametrize(
    ("comment", "codes", "is_for_file"),
    [
        ("# huldra: ignore[HUL201]", ("HUL201",), False),
        ("#huldra:ignore[hul2, HUL103]", ("HUL2", "HUL103"), False),
        ("# huldra: ignore", (), False),
        ("# huldra: file-ignore[HUL4]", ("HUL4",), True),
        ("# see below  # huldra: ignore[HUL1]  # noqa: E501", ("HUL1",), False),
    ],
)
def test_comments_that_count(comment, codes, is_for_file):
    (found,) = scan_suppressions(f"x = 1\ny = f(2)  {comment}\n")
    assert (found.line, found.codes, found.is_for_file) == (2, codes, is_for_file)
    assert found.column == 11 + comment.index("# huldra" if "# huldra" in comment else "#huldra")


@pytest.mark.parametrize(
    "line",
    [
        'x = "# huldra: ignore[HUL201]"',
        'x = """\n# huldra: ignore\n"""',
        "x = 1  # huldra: ignore[]",
        "x = 1  # huldra: ignore[HUL201",
        "x = 1  # huldra: ignored",
        "x = 1  # huldra ignore",
        "x = f'{y:#x}'",
    ],
)
def test_what_is_none(line):
    assert scan_suppressions(f"{line}\n") == ()


def test_a_range_counts_code_points():
    text = "name = 'ünïcode 🎉'  # huldra: ignore[HUL1]\n"
    (found,) = scan_suppressions(text)
    line = text.splitlines()[0]
    assert line[found.column - 1 : found.end_column - 1] == "# huldra: ignore[HUL1]"


def test_broken_code_and_other_line_ends():
    text = "x = (\r\ndef f(:\r\n    y = 1  # huldra: ignore[HUL1]\r\n"
    assert [found.line for found in scan_suppressions(text)] == [3]
