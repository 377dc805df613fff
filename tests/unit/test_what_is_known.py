"""The page on what is known names cases that exist, a known one and a twin that is not, for each construct."""

from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
CASES = REPOSITORY / "tests" / "cases" / "experiments"
PAGE = REPOSITORY / "docs" / "what-is-known.md"
CONSTRUCTS = (
    *("literals", "f-strings", "arithmetic", "comparisons", "boolean logic", "slicing", "unpacking", "walrus"),
    *("conditional expressions", "module constants", "class attributes", "enum members", "`Path`", "`range, zip"),
    *("`itertools`", "`functools.partial`", "`math.*`", "`**kwargs`", "comprehensions", "`for`", "NumPy"),
    *("list and dict mutation", "`chz.replace`", "`chz.field`", "a lambda or function as factory", "`HuldraList`"),
    *("pure helper functions", "methods and properties", "class methods", "dataclass, NamedTuple", "`main()`"),
    *("functions that nobody calls", "values that belong together", "branches on unknowns", "argv", "environment"),
    *("files", "time", "random", "third-party calls", "recursion"),
)
NEVER_KNOWN = "—"
DOUBT = ("# unknown", "# problem", "conditional(", "FIXME")


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.replace(r"\|", "¦").strip("|").split("|")] for line in lines[1:]]


def test_each_row_names_a_case_and_a_twin() -> None:
    missing = [
        name for row in rows() for name in row[1:3] if name != NEVER_KNOWN and not (CASES / f"{name}.py").is_file()
    ]
    assert rows()
    assert not missing


def test_each_twin_says_what_is_in_doubt() -> None:
    texts = {row[2]: (CASES / f"{row[2]}.py").read_text(encoding="utf-8") for row in rows()}
    assert not [name for name, text in texts.items() if not any(sign in text for sign in DOUBT)]


def test_each_construct_has_a_row() -> None:
    first = [row[0] for row in rows()]
    assert not [construct for construct in CONSTRUCTS if not any(cell.startswith(construct) for cell in first)]
