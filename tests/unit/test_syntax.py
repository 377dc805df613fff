"""LibCST's parser with records for nodes says what it says with its own, and takes nothing away from who imports it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from huldra.facts import statements as s
from huldra.facts.collect import collect_facts, collect_piece
from huldra.facts.encoding import encode_facts
from huldra.facts.read_statements import StatementReader
from huldra.facts.scan import scan_imports
from huldra.facts.syntax import Readers

ROOT = Path(__file__).parents[2]
WITH_LIBCST_ITSELF = """
import importlib.machinery, json, sys
found = importlib.machinery.PathFinder.find_spec
importlib.machinery.PathFinder.find_spec = lambda name, path=None, target=None: (
    None if name == "libcst.native" and sys._getframe(1).f_globals["__name__"] == "huldra.facts.syntax"
    else found(name, path, target)
)
from huldra.facts import syntax
from huldra.facts.collect import collect_facts
from huldra.facts.encoding import encode_facts
assert syntax.cst is sys.modules["libcst"]
texts = json.load(sys.stdin)
json.dump([encode_facts(collect_facts(text)).hex() for text in texts], sys.stdout)
"""
BROKEN = [
    "def f(:\n    pass\n",
    "x = (1,\n",
    "x = '\n",
    "class A\n    pass\n",
    "if a:\npass\n",
    "x = 1 +\n",
    "\tx = 1\n  y = 2\n",
    "print 'a'\n",
    "x = f'{a'\n",
    "x = \ud800\n",
    "del f()\n\nx = 1\n",
    "try:\n    pass\n",
    "lambda x=: 1\n",
    "🙂 = 1\n",
    "x = 1\\\n",
    "",
    "\\\n",
    "\n\n# only\n",
]
"""What an editor sees most of the time."""
STRINGS = [
    "x = f'{ a . b  = !r:>{ w }}' f'{f(1)  =}' 'plain' r'raw' u'x'\n",
    'x = f"""{\n    a\n    + b\n    =}"""\n',
    "x = f'{f\"{ {1: 2}[1] = }\" = }'\n",
    "x = rt'\\d{b}{a =!s}'\n",
    "x = f'{[i for i in (1, 2,)] = :{w!s}}'\n",
    "x = f'{lambda_ if x else (yield) = }'\n",
    "x = f'{not a and b or c == d < e is not f =}'\n",
    "x = f'{a[1:2, ::3, ...](*b, c=d, **e) =}'\n",
]
"""`{value=}` prints the code of the value, which LibCST itself writes."""


def texts() -> list[str]:
    files = [*(ROOT / "src" / "huldra" / "facts").glob("*.py"), *(ROOT / "tests" / "cases").rglob("*.py")]
    assert len(files) > 200
    return [path.read_text(encoding="utf-8") for path in sorted(files)] + BROKEN + STRINGS


def test_facts_are_those_of_libcst_itself() -> None:
    given = texts()
    done = subprocess.run(
        [sys.executable, "-c", WITH_LIBCST_ITSELF], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for text, facts in zip(given, json.loads(done.stdout), strict=True):
        assert encode_facts(collect_facts(text)).hex() == facts, text[:200]


@pytest.mark.parametrize("first", ["", "import libcst\n"])
def test_who_imports_libcst_gets_libcst(first: str) -> None:
    program = f"""
import sys
{first}from huldra.facts.collect import collect_piece
assert collect_piece("x = 1\\n").problem is None
print("libcst" in sys.modules)
import libcst, libcst.matchers
from libcst import native
node = libcst.parse_module("x = 1\\n").body[0]
assert libcst.matchers.matches(node, libcst.matchers.SimpleStatementLine())
collect_piece("x = f'{{y = }}'\\n")
assert collect_piece("x = (\\n").problem is not None
assert sys.modules["libcst"] is libcst
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{bool(first)}\n", "parsing imports LibCST, which is slow"


def test_syntax_that_no_reader_knows_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StatementReader, "_readers", Readers[s.Statement]())
    facts = collect_piece("import os\n")
    assert facts.statements == ()
    assert facts.problem is not None
    assert facts.problem.message == "syntax that huldra does not know yet: Import"


def test_lazy_imports_are_imports() -> None:
    """PEP 810: Python 3.15. What they name counts as if it were imported where it is written."""
    for text in ("import a.b as c, d\n", "from . import a\n", "from .a.b import (c as d, e)\n"):
        (eager,), (lazy,) = collect_piece(text).statements, collect_piece(f"lazy {text}").statements
        assert render(lazy) == render(eager)
        assert scan_imports(f"if x: lazy {text}") == scan_imports(text)
    assert collect_piece("lazy = import_ = 1\nlazy.x = lazy\n").problem is None


def render(statement: s.Statement) -> str:
    return re.sub(r"at=\([^)]*\)", "at", repr(statement))


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("x = f(b'a' 'b')\n", "strings of different kinds side by side", (0, 6, 0, 14)),
        ("x = 'a' f'{y}' rb'b'\n", "strings of different kinds side by side", (0, 4, 0, 20)),
        ("x = t'a' b'b'\n", "strings of different kinds side by side", (0, 4, 0, 13)),
        (
            "try:\n    pass\nexcept:\n    pass\nexcept A:\n    pass\n",
            "a bare except: must be the last one",
            (2, 0, 3, 8),
        ),
    ],
)
def test_what_python_refuses_though_it_can_be_parsed(text: str, message: str, at: s.Span) -> None:
    facts = collect_piece(text)
    assert facts.statements == ()
    assert facts.problem == s.SyntaxProblem(f"invalid syntax: {message}", at)


def test_strings_of_one_kind_side_by_side_are_read() -> None:
    for text in ("b'a' rb'b' B'c'", "'a' f'b' rf'c' u'd' \"e'\"", "t'a' rt'b'"):
        assert collect_piece(f"x = {text}\n").problem is None
    apart, whole = (collect_piece(f"x = {text}\n").statements[0] for text in ("t'{a}' t'{b}'", "t'{a}{b}'"))
    assert render(apart) == render(whole)
