"""The cheap scan may let too much through, never too little."""

import ast
from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.facts.scan import ImportMention, scan_imports
from tests.unit.test_facts_positions import stdlib_files


def real_imports(tree: ast.Module) -> set[tuple[int, str, str | None]]:
    found: set[tuple[int, str, str | None]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update((0, alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update((node.level, node.module or "", alias.name) for alias in node.names)
    return found


def mentioned(mentions: tuple[ImportMention, ...]) -> set[tuple[int, str, str | None]]:
    found: set[tuple[int, str, str | None]] = set()
    for mention in mentions:
        names = mention.names or (None,)
        found.update((mention.level, mention.module, name) for name in names)
    return found


def test_no_import_of_real_code_is_missed() -> None:
    checked = 0
    for path in stdlib_files(6):
        try:
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text)
        except (SyntaxError, UnicodeDecodeError, ValueError, RecursionError):
            continue
        missing = real_imports(tree) - mentioned(scan_imports(text))
        assert not missing, (path, missing)
        checked += len(real_imports(tree))
    assert checked > 1000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a.b as c, d\n", {(0, "a.b", None), (0, "d", None)}),
        ("from . import a\n", {(1, "", "a")}),
        ("from..x import y as z\n", {(2, "x", "y")}),
        ("from . . x import y\n", {(2, "x", "y")}),
        ("from x import (a, # one\n  b as c,\n)\n", {(0, "x", "a"), (0, "x", "b")}),
        ("from x \\\n  import a, \\\n  b\n", {(0, "x", "a"), (0, "x", "b")}),
        ("from x import *\n", {(0, "x", "*")}),
        ("if a: import b\n", {(0, "b", None)}),
        ("x = 1; import b; y = 2\n", {(0, "b", None)}),
        ("try:\n\timport b\nexcept E: from c import d\n", {(0, "b", None), (0, "c", "d")}),
        ("import a\r\nimport b\r\n", {(0, "a", None), (0, "b", None)}),
    ],
)
def test_ways_to_write_an_import(text: str, expected: set[tuple[int, str, str | None]]) -> None:
    assert expected <= mentioned(scan_imports(text))


FILES = {
    "lib/__init__.py": "from .models import Train as T\n",
    "lib/models.py": "import huldra\nclass Train(huldra.Huldra[int]):\n    lr: float = 1.0\n"
    "    def _create(self): return 1\n    def _load(self): return 1\n",
    "direct.py": "from lib.models import Train\na = Train(lr=1)\n",
    "reexport.py": "from lib import T\nb = T(lr=2)\n",
    "whole.py": "import lib\nc = lib.models.Train(lr=3)\n",
    "alias.py": "import lib.models as m\nd = m.Train(lr=4)\n",
    "star.py": "from lib.models import *\ne = Train(lr=5)\n",
    "second.py": "from alias import d\nimport chz\nf = chz.replace(d, lr=6)\n",
    "pkg/__init__.py": "",
    "pkg/sub/__init__.py": "from lib.models import Train\n",
    "pkg/sub/deep.py": "from . import Train\ng = Train(lr=7)\n",
    "pkg/other.py": "from .sub import deep\nh = deep.Train(lr=8)\n",
    "noise.py": "import json\nx = json\n",
}


def test_what_is_chosen_gives_the_same_answer_as_everything(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "pyproject.toml").write_text("")
    snapshot = take_snapshot(open_workspace(tmp_path))
    values = sorted(experiment.config.get("lr") for experiment in snapshot.experiments.by_key.values())
    assert values == [1, 2, 3, 4, 5, 6, 7, 8]
    assert set(FILES) - set(snapshot.project.relevant) == {"noise.py", "pkg/__init__.py"}
