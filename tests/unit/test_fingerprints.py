"""Which edits change what a result depends on, and which do not: one table each, and what is said of the change."""

import pytest

from huldra.fingerprints.holdings import Holdings
from tests.harness.code_states import changes_between, closure_of

EXPERIMENT = """import huldra
from helpers import clean, LIMIT
import helpers
import math as m
import logging

log = logging.getLogger(__name__)


class Base(huldra.Huldra[int]):
    seed: int = 0
    _scale: float = 1.0

    def _rows(self):
        return [row for row in clean(range(self.seed))]

    def _load(self):
        return 1


class Run(Base):
    lr: float = 0.1

    def _create(self) -> int:
        total = 0
        for row in self._rows():
            log.info("row %s", row)
            total += row * LIMIT
        return self._finish(total)

    def _finish(self, total):
        tool = helpers.Tool(total)
        return tool.apply(2) + m.floor(self._scale)

    def unused(self):
        return 1
"""

HELPERS = """import functools
from numpy import mean

LIMIT = 1_000
TABLE = {"a": lambda x: x + 1}
TABLE["b"] = mean


@functools.cache
def clean(rows, factor=2.5):
    '''Cleans.'''
    kept = []
    for row in rows:
        if isinstance(row, int) and row > 0:
            kept.append(TABLE["a"](row) * factor)
    return kept


class Tool:
    SIZE = 3

    def __init__(self, start):
        self.start = start

    def apply(self, count):
        return self._twice() * count + self.SIZE

    def _twice(self):
        return self.start * 2

    def never_read(self):
        return 0


def unrelated():
    return 1
"""

FILES = {"exp.py": EXPERIMENT, "helpers.py": HELPERS}

SAME_MEANING = {
    "a comment": ("helpers.py", "    kept = []", "    # why\n    kept = []  # here"),
    "a docstring": ("helpers.py", "'''Cleans.'''", '"""Cleans much better."""'),
    "no docstring": ("helpers.py", "    '''Cleans.'''\n", ""),
    "quotes": ("helpers.py", 'TABLE["a"](row)', "TABLE['a'](row)"),
    "number spelling": ("helpers.py", "1_000", "1000"),
    "float spelling": ("helpers.py", "factor=2.5", "factor=25e-1"),
    "parentheses": ("helpers.py", "isinstance(row, int) and row > 0", "(isinstance(row, int)) and (row > 0)"),
    "layout": ("helpers.py", "def clean(rows, factor=2.5):", "def clean(\n    rows,\n    factor=2.5,\n):"),
    "a local name": ("helpers.py", "kept", "result"),
    "a loop name": ("exp.py", "row * LIMIT", "row * LIMIT"),
    "a comprehension name": ("exp.py", "[row for row in clean", "[r for r in clean"),
    "self by another name": (
        "exp.py",
        "def _rows(self):\n        return [row for row in clean(range(self.seed))]",
        "def _rows(this):\n        return [row for row in clean(range(this.seed))]",
    ),
    "an annotation of a parameter": ("exp.py", "def _finish(self, total):", "def _finish(self, total: int) -> float:"),
    "an annotation of a local name": ("exp.py", "total = 0", "total: int = 0"),
    "an unused method": (
        "exp.py",
        "return 1\n\n\nclass Run",
        "return 1\n\n    def more(self):\n        return 5\n\n\nclass Run",
    ),
    "an unused method changes": (
        "exp.py",
        "def unused(self):\n        return 1",
        "def unused(self):\n        return 2",
    ),
    "a method that is not read": (
        "helpers.py",
        "def never_read(self):\n        return 0",
        "def never_read(self):\n        return 9",
    ),
    "_load": ("exp.py", "def _load(self):\n        return 1", "def _load(self):\n        return 2"),
    "an unrelated function": ("helpers.py", "def unrelated():\n    return 1", "def unrelated():\n    return 2"),
    "what is logged": ("exp.py", 'log.info("row %s", row)', 'log.debug("saw %s", row + 1)'),
    "nothing is logged": ("exp.py", '            log.info("row %s", row)\n', ""),
    "something is printed": ("exp.py", "total = 0", 'total = 0\n        print("start", total)'),
    "a default that the config holds": ("exp.py", "seed: int = 0", "seed: int = 3"),
    "import spelling": ("exp.py", "import math as m", "import math as m, os"),
    "an import in a function": (
        "exp.py",
        "        tool = helpers.Tool(total)",
        "        from helpers import Tool\n        tool = Tool(total)",
    ),
    "import of the module": ("helpers.py", "from numpy import mean\n", "import numpy\nmean = numpy.mean\n"),
    "pass": ("helpers.py", "    kept = []", "    pass\n    kept = []"),
    "joined strings": ("exp.py", "log = logging", 'NAME = "a" "b"\nlog = logging'),
    "a private method by another name": ("exp.py", "_finish", "_end"),
}

OTHER_MEANING = {
    "an operator": ("helpers.py", "self.start * 2", "self.start + 2", "helpers.Tool._twice"),
    "a constant": ("helpers.py", "1_000", "1_001", "helpers.LIMIT"),
    "an integer becomes a float": ("helpers.py", "1_000", "1_000.0", "helpers.LIMIT"),
    "a default of a parameter": ("helpers.py", "factor=2.5", "factor=2.6", "helpers.clean"),
    "a condition": ("helpers.py", "row > 0", "row >= 0", "helpers.clean"),
    "a decorator": ("helpers.py", "@functools.cache\n", "", "helpers.clean"),
    "a dispatch table": ("helpers.py", "lambda x: x + 1", "lambda x: x + 2", "helpers.TABLE"),
    "an entry of a table": ("helpers.py", 'TABLE["b"] = mean', 'TABLE["c"] = mean', "helpers.TABLE"),
    "what an import means": (
        "helpers.py",
        "from numpy import mean",
        "from numpy import median as mean",
        "helpers.TABLE",
    ),
    "a value of a class": ("helpers.py", "SIZE = 3", "SIZE = 4", "helpers.Tool"),
    "a base class": ("helpers.py", "class Tool:", "class Tool(dict):", "helpers.Tool"),
    "a constructor": ("helpers.py", "self.start = start", "self.start = -start", "helpers.Tool.__init__"),
    "a call's target": ("exp.py", "m.floor", "m.ceil", "exp.Run._finish"),
    "an inherited method": ("exp.py", "range(self.seed)", "range(self.seed + 1)", "exp.Base._rows"),
    "the method itself": ("exp.py", "total = 0", "total = 1", "exp.Run._create"),
    "a return": ("helpers.py", "    return kept", "    return kept[1:]", "helpers.clean"),
    "a private field's default": ("exp.py", "_scale: float = 1.0", "_scale: float = 2.0", "exp.Base._scale"),
    "an override": (
        "exp.py",
        "    def unused(self):",
        "    def _rows(self):\n        return [1]\n\n    def unused(self):",
        "exp.Run._rows",
    ),
    "an argument": ("exp.py", "tool.apply(2)", "tool.apply(3)", "exp.Run._finish"),
    "the order of statements": (
        "helpers.py",
        'TABLE = {"a": lambda x: x + 1}\nTABLE["b"] = mean',
        'TABLE = {"b": mean}\nTABLE["a"] = lambda x: x + 1',
        "helpers.TABLE",
    ),
}


def edited(file: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[file], f"the edit does not apply: {old}"
    return {**FILES, file: FILES[file].replace(old, new)}


@pytest.mark.parametrize("what", SAME_MEANING)
def test_an_edit_without_meaning_changes_nothing(what: str) -> None:
    file, old, new = SAME_MEANING[what]
    assert changes_between(FILES, edited(file, old, new)) == ()


@pytest.mark.parametrize("what", OTHER_MEANING)
def test_an_edit_of_meaning_is_found_at_its_definition(what: str) -> None:
    file, old, new, definition = OTHER_MEANING[what]
    assert [change.definition for change in changes_between(FILES, edited(file, old, new))] == [definition]


def test_a_helper_that_moved_with_its_imports_is_the_same() -> None:
    clean, rest = HELPERS[HELPERS.index("@functools") : HELPERS.index("class Tool")], ""
    rest = HELPERS.replace(clean, "")
    now = {
        "exp.py": EXPERIMENT.replace("import clean, LIMIT", "import LIMIT\nfrom lib.rows import clean"),
        "helpers.py": rest,
        "lib/__init__.py": "",
        "lib/rows.py": f"import functools\n\nfrom helpers import TABLE\n\n\n{clean}",
    }
    assert changes_between(FILES, now) == ()


def test_reordered_imports_and_star_imports_change_nothing() -> None:
    now = {**FILES, "exp.py": EXPERIMENT.replace("from helpers import clean, LIMIT\n", "from helpers import *\n")}
    assert changes_between(FILES, now) == ()


def test_the_chain_leads_from_the_method_to_the_definition() -> None:
    (change,) = changes_between(FILES, edited("helpers.py", "self.start * 2", "self.start * 3"))
    assert change.chain[0] == "exp.Run._create"
    assert change.chain[-1] == "helpers.Tool._twice"
    assert change.is_certain


def test_a_renamed_parameter_matters_where_it_is_passed_by_name() -> None:
    then = {
        "exp.py": """import huldra
def f(a, b):
    return a - b

class Run(huldra.Huldra):
    def _create(self):
        return f(1, 2)
"""
    }
    renamed = {"exp.py": then["exp.py"].replace("(a, b)", "(x, y)").replace("a - b", "x - y")}
    assert changes_between(then, renamed) == ()
    by_name = {"exp.py": then["exp.py"].replace("f(1, 2)", "f(a=1, b=2)")}
    swapped = {"exp.py": by_name["exp.py"].replace("(a, b)", "(b, a)").replace("a - b", "b - a")}
    assert [change.definition for change in changes_between(by_name, swapped)] == ["exp.f"]


def test_recursion_is_one_group() -> None:
    then = {
        "exp.py": """import huldra
def even(n):
    return n == 0 or odd(n - 1)

def odd(n):
    return n != 0 and even(n - 1)

class Run(huldra.Huldra):
    def _create(self):
        return even(4)
"""
    }
    assert changes_between(then, then) == ()
    now = {"exp.py": then["exp.py"].replace("n != 0", "n > 0")}
    assert [change.definition for change in changes_between(then, now)] == ["exp.odd"]


def test_what_cannot_be_followed_is_a_doubt() -> None:
    text = """import huldra
class Run(huldra.Huldra):
    name: str
    def a(self):
        return 1
    def _create(self):
        return getattr(self, self.name)()
"""
    closure = closure_of({"exp.py": text})
    assert [(doubt.definition, doubt.line) for doubt in closure.doubts] == [("exp.Run._create", 7)]
    assert "exp.Run.a" in [definition.name for definition in closure.definitions]


@pytest.mark.parametrize(
    ("call", "is_doubt"),
    [
        ("eval('1')", True),
        ("builtins.exec('1')", True),
        ("pd.eval('LIMIT')", True),
        ("model.eval()", False),
        ("self.model().eval()", False),
        ("evaluate('1')", False),
    ],
)
def test_only_the_builtin_evaluates_what_cannot_be_followed(call: str, is_doubt: bool) -> None:
    text = f"""import builtins
import huldra
import pandas as pd
from own import eval as evaluate
LIMIT = 1
class Run(huldra.Huldra):
    def model(self):
        return 1
    def _create(self, model):
        return {call}
"""
    assert bool(closure_of({"exp.py": text, "own.py": "def eval(text):\n    return text\n"}).doubts) == is_doubt


def test_an_own_function_of_that_name_is_not_the_builtin() -> None:
    text = """import huldra
def eval(text):
    return text
class Run(huldra.Huldra):
    def _create(self):
        return eval("1")
"""
    assert closure_of({"exp.py": text}).doubts == ()


def test_the_load_of_a_dependency_counts_and_its_create_does_not() -> None:
    text = """import huldra

class Data(huldra.Huldra):
    def _create(self):
        return 1
    def _load(self):
        return 2
    def other(self):
        return 3

class Run(huldra.Huldra):
    data: Data
    def _create(self):
        return self.data.load_or_create()
"""
    holdings = Holdings(frozenset({("self", "data", "exp.Data")}), {"exp.Data": "exp.Data"})
    names = [definition.name for definition in closure_of({"exp.py": text}, holdings=holdings).definitions]
    assert "exp.Data._load" in names
    assert "exp.Data._create" not in names
    assert "exp.Data.other" not in names


def test_calls_that_are_configured_to_be_quiet_do_not_count() -> None:
    then = {
        "exp.py": """import huldra
import wandb
class Run(huldra.Huldra):
    def _create(self):
        wandb.log({'a': 1})
        return 1
"""
    }
    now = {"exp.py": then["exp.py"].replace("'a': 1", "'b': 2")}
    assert len(changes_between(then, now)) == 1
    assert (
        closure_of(then, ignored=("wandb.*",)).definitions[1:] == closure_of(now, ignored=("wandb.*",)).definitions[1:]
    )
