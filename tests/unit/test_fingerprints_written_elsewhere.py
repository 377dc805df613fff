"""What other modules set anew in a module or a class belongs to what reads it, though nothing at its place says so."""

import pytest

from tests.harness.code_states import changes_between, closure_of

PROJECT = {
    "exp.py": """import huldra
import ops
import patches
import settings
from grid import Grid


class Run(huldra.Huldra[int]):
    WIDTH = 1

    def _create(self) -> int:
        return settings.X + ops.up(Grid().step()) + self.WIDTH
""",
    "settings.py": "X = 1\nUNUSED = 2\n",
    "ops.py": "def up(x):\n    return x\n",
    "grid.py": """class Grid:
    W = 1

    def step(self):
        return self.W
""",
    "patches.py": """import exp
import grid
import ops
import settings
from grid import Grid as G


def other(*values):
    return 2


""",
}

WRITES = [
    ("settings.X = 3", "settings.X"),
    ("settings.X += 1", "settings.X"),
    ("settings.UNUSED, settings.X = 3, 4", "settings.X"),
    ("setattr(settings, 'X', 4)", "settings.X"),
    ("ops.up = other", "ops.up"),
    ("grid.Grid.step = other", "grid.Grid.step"),
    ("G.step = other", "grid.Grid.step"),
    ("G.W = 2", "grid.Grid.W"),
    ("del G.W", "grid.Grid.W"),
    ("grid.Grid = other", "grid.Grid"),
    ("exp.Run.WIDTH = 2", "exp.Run.WIDTH"),
]


def _with(statement: str, file: str = "patches.py") -> dict[str, str]:
    return {**PROJECT, file: PROJECT[file] + statement + "\n"}


@pytest.mark.parametrize(("statement", "target"), WRITES)
def test_a_statement_that_sets_it_comes_and_goes(statement: str, target: str) -> None:
    then, now = PROJECT, _with(statement)
    (new,) = changes_between(then, now)
    (gone,) = changes_between(now, then)
    assert (new.definition, gone.definition) == (target, target)
    assert not new.is_certain
    assert not gone.is_certain
    assert new.now is not None
    assert new.now.file == "patches.py"


def test_what_it_is_set_to_counts() -> None:
    then = _with("ops.up = other")
    now = {**then, "patches.py": then["patches.py"].replace("return 2", "return 3")}
    assert [change.definition for change in changes_between(then, now)] == ["patches.other"]
    assert [change.definition for change in changes_between(_with("settings.X = 3"), _with("settings.X = 4"))] == [
        "settings.X"
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "settings.UNUSED = 3",
        "grid.Grid.other = other",
        "local = G()\nlocal.step = other",
        "def change(settings):\n    settings.X = 3",
        "import json\njson.dumps = other",
    ],
)
def test_what_nothing_reads_and_what_is_something_else_does_not_count(statement: str) -> None:
    assert changes_between(PROJECT, _with(statement)) == ()
    assert closure_of(PROJECT).doubts == closure_of(_with(statement)).doubts == ()


@pytest.mark.parametrize(
    ("statement", "line", "by"),
    [
        ("def change():\n    settings.X = 3", 2, "change"),
        ("def change():\n    import settings as s\n    s.X = 3", 3, "change"),
        ("class Change:\n    def now(self):\n        G.step = other", 3, "Change.now"),
        ("if other():\n    settings.X = 3", 2, "a block of the module"),
        ("if __name__ == '__main__':\n    settings.X = 3", 2, "the script"),
    ],
)
def test_what_may_set_it_is_a_doubt(statement: str, line: int, by: str) -> None:
    now = _with(statement)
    assert changes_between(PROJECT, now) == ()
    (doubt,) = closure_of(now).doubts
    assert (doubt.file, doubt.line) == ("patches.py", PROJECT["patches.py"].count("\n") + line)
    assert doubt.message.startswith(f"{by} sets ")


@pytest.mark.parametrize("setting", ["settings.X = 4", "def inner():\n            settings.X = 4\n        inner()"])
def test_a_method_that_is_reached_itself_is_no_doubt(setting: str) -> None:
    exp = PROJECT["exp.py"].replace("        return ", f"        {setting}\n        return ")
    assert closure_of({**PROJECT, "exp.py": exp}).doubts == ()


def test_a_function_that_is_reached_itself_is_no_doubt() -> None:
    now = {**PROJECT, "ops.py": "import settings\n\n\ndef up(x):\n    settings.X = 4\n    return x\n"}
    assert closure_of(now).doubts == ()


def test_a_method_that_sets_a_global_of_its_module_is_a_doubt() -> None:
    now = {**PROJECT, "settings.py": "X = 1\n\n\nclass A:\n    def set(self):\n        global X\n        X = 3\n"}
    assert [doubt.message for doubt in closure_of(now).doubts] == ["A.set sets settings.X anew"]


def test_a_module_that_nothing_imports_may_have_been_loaded() -> None:
    """Its statement is no change when it comes; when it differs, the run may have been made with the old one."""
    without = {**PROJECT, "exp.py": PROJECT["exp.py"].replace("import patches\n", "")}
    one, other = ({**without, "script.py": f"import settings\n\nsettings.X = {value}\n"} for value in (3, 4))
    assert changes_between(without, one) == ()
    assert [doubt.message for doubt in closure_of(one).doubts] == ["script sets settings.X anew"]
    assert [change.definition for change in changes_between(one, other)] == ["settings.X"]


@pytest.mark.parametrize(
    "statement",
    ["for name in ('X',):\n    setattr(settings, name, 3)", "vars(settings)['X'] = 4", "settings.__dict__.update(X=4)"],
)
def test_what_is_set_by_a_text_counts(statement: str) -> None:
    for found in (changes_between(PROJECT, _with(statement)), changes_between(_with(statement), PROJECT)):
        assert [change.definition for change in found][:1] == ["patches.settings"]
        assert not any(change.is_certain for change in found)
