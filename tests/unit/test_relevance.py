"""The cheap scan may let too much through, never too little."""

import ast
import random
from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.facts.scan import ImportMention, import_lines, scan_imports
from huldra.project import relevance
from huldra.project.modules import build_module_table
from huldra.project.relevance import relevant_files, script_directories
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
        ("import a\rfrom b import c\r", {(0, "a", None), (0, "b", "c")}),
        ("from x import (a,  # as in (1)\n  b)\n", {(0, "x", "a"), (0, "x", "b")}),
        ("from x import(\n  a, # import\n  b)\nimport c\n", {(0, "x", "a"), (0, "x", "b"), (0, "c", None)}),
        ("from x import a as \\\n  b, c\n", {(0, "x", "a"), (0, "x", "c")}),
        ("from a. \\\n  b \\\n  import c\n", {(0, "a.b", "c")}),
        ("from a . b import c\nimport d . e\n", {(0, "a.b", "c"), (0, "d.e", None)}),
        ('"""\nfrom x import (as\n"""\nimport b\nf()\n', {(0, "b", None)}),
        ("import h\u00e4user\nfrom .\u00fc import a\n", {(0, "h\u00e4user", None), (1, "\u00fc", "a")}),
        ("if a: pass; from b import c\n", {(0, "b", "c")}),
        ("\x0cimport a", {(0, "a", None)}),
        ("m = importlib.import_module('a.b')\n", {(0, "a.b", None)}),
        ("m = import_module(\n    'a.b'\n)\n", {(0, "a.b", None)}),
        ("m = __import__('a')\n", {(0, "a", None)}),
        ("m = import_module('..a.b', __name__)\n", {(2, "a.b", None)}),
        ("m = import_module(f'a.b.{name}')\n", {(0, "a.b", None)}),
        ("m = import_module(f'a.b_{name}')\n", {(0, "a", None)}),
        ("m = import_module('.' + name, __name__)\n", {(1, "", None)}),
        ("m = import_module(name)\n", {(1, "", None)}),
    ],
)
def test_ways_to_write_an_import(text: str, expected: set[tuple[int, str, str | None]]) -> None:
    assert expected <= mentioned(scan_imports(text))


PLACED = "import sys\nsys.path.insert(0, 'lib')\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"run.py": f"{PLACED}import models\n", "lib/models.py": ""}, ["lib"]),
        ({"jobs/run.py": f"{PLACED}from models.a import b\n", "lib/models/__init__.py": ""}, ["lib"]),
        ({"jobs/run.py": f"{PLACED}import models\n", "lib/models.py": "", "jobs/models.py": ""}, ["jobs"]),
        ({"run.py": "import models\n", "lib/models.py": ""}, []),
        ({"run.py": f"{PLACED}import models\n", "lib/models.py": "", "other/models.py": ""}, []),
        ({"run.py": f"{PLACED}import models\n", "lib/models.py": "", "lib/__init__.py": ""}, []),
        ({"run.py": f"{PLACED}import models\n", "lib/models.py": "", "main.py": "import lib.models\n"}, []),
        ({"run.py": f"{PLACED}import numpy\n", "lib/models.py": ""}, []),
    ],
)
def test_directories_that_scripts_put_on_the_path(files: dict[str, str], expected: list[str]) -> None:
    imports = {name: scan_imports(text) for name, text in files.items()}
    modules = build_module_table(files, [""])
    assert list(script_directories(modules, imports)) == expected
    lines = {name: import_lines(text.encode()) for name, text in files.items()}
    assert list(script_directories(modules, imports, lines)) == expected


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
    "named.py": "import importlib\ni = importlib.import_module('lib.models').Train(lr=9)\n",
    "lazy/__init__.py": "import importlib\ndef __getattr__(name):\n"
    "    return getattr(importlib.import_module(f'.{name.lower()}', __name__), name)\n",
    "lazy/big.py": "from lib.models import Train\nclass Big(Train):\n    pass\n",
    "lazily.py": "import lazy\nj = lazy.Big(lr=10)\n",
    "noise.py": "import json\nx = json\n",
}


def test_what_is_chosen_gives_the_same_answer_as_everything(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "pyproject.toml").write_text("")
    snapshot = take_snapshot(open_workspace(tmp_path))
    values = sorted(experiment.config.get("lr") for experiment in snapshot.experiments.by_key.values())
    assert values == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert set(FILES) - set(snapshot.project.relevant) == {"noise.py", "pkg/__init__.py"}


ROOTS = ("", "one/", "one/sub/", "two/", "one/sub/deep/", "loose/")


def random_tree(chance: random.Random) -> dict[str, str]:
    """Return a tree whose files import each other in all ways, and the library now and then."""
    names = [f"{root}m{number}.py" for root in ROOTS for number in range(3)]
    names += [f"{root}__init__.py" for root in ROOTS if root and chance.random() < 0.7]
    modules = [name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in names]
    texts = {name: "".join(chance.choices(lines(chance, modules), k=2)) for name in names}
    for name in chance.sample(names, 2):
        texts[name] += "import huldra\n"
    return texts


def lines(chance: random.Random, modules: list[str]) -> list[str]:
    above, _, last = chance.choice(modules).rpartition(".")
    whole = f"{above}.{last}" if above else last
    return [
        f"import {whole}\n",
        f"import os, {whole} as x\n",
        f"from {whole} import *\n",
        f"from {above or last} import {last}\n",
        f"from {above or last} import (\n    y,  # not )\n    {last},\n)\n",
        f"from . import {last}\n",
        f"from .{last} import x\n",
        f"from .. import {last}\n",
        f"from ..{last} import x\n",
        f"x = 1; import \\\n  {whole}\n",
        "from . import x\n",
        *("import json\n",) * 6,
    ]


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize(
    ("few_tops", "few_files", "few_seconds"),
    [(0, 0, 16), (16, 1000, 16), (16, 0, 16), (16, 0, 0), (1, 3, 16), (16, 5, 16), (16, 7, 1), (16, 3, 2)],
)
def test_to_read_the_imports_of_some_files_finds_what_reading_all_finds(
    seed: int, few_tops: int, few_files: int, few_seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    found = 0
    for _ in range(8):
        texts = random_tree(chance)
        roots = chance.choice([("",), ("one", ""), ("one/sub", "one", "")])
        modules = build_module_table(sorted(texts), roots)
        imports = {name: scan_imports(text) for name, text in texts.items()}
        seeds = [name for name, text in texts.items() if "huldra" in text]
        monkeypatch.setattr(relevance, "_FEW_TOPS", few_tops)
        monkeypatch.setattr(relevance, "_FEW_FILES", few_files)
        monkeypatch.setattr(relevance, "_FEW_SECONDS", few_seconds)
        some = relevant_files(
            modules, imports, seeds, {name: import_lines(text.encode()) for name, text in texts.items()}
        )
        assert some == relevant_files(modules, imports, seeds)
        found += len(some)
    assert found > 8 * 2


def test_when_all_share_one_package_no_file_is_missed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(relevance, "_FEW_FILES", 0)
    for name, text in FILES.items():
        (tmp_path / "all" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "all" / name).write_text(
            text.replace("lib.models as", "all.lib.models as")
            .replace("from lib", "from all.lib")
            .replace("import lib\n", "import all\n")
            .replace("= lib.", "= all.lib.")
            .replace("from alias", "from .alias")
            .replace("'lib.models'", "'all.lib.models'")
            .replace("import lazy\n", "from all import lazy\n")
        )
    (tmp_path / "pyproject.toml").write_text("")
    snapshot = take_snapshot(open_workspace(tmp_path))
    expected = {f"all/{name}" for name in FILES} - {"all/noise.py", "all/pkg/__init__.py"}
    assert expected <= set(snapshot.project.relevant)
    values = sorted(experiment.config.get("lr") for experiment in snapshot.experiments.by_key.values())
    assert values == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
