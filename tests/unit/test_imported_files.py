"""What experiments are made of may stand in files that see no experiment class: they are followed by imports."""

from pathlib import Path

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.facts.collect import collect_facts
from huldra.project.imported import imported_files
from huldra.project.modules import build_module_table

LAB = """
import huldra
from options import Mode, Options


class Train(huldra.Huldra[int]):
    mode: Mode = Mode.FAST
    lr: float = 0.1

    def _create(self): return 1
    def _load(self): return 1


Train(mode=Mode.SLOW, lr=Options().lr)
"""
OPTIONS = """
import enum
from dataclasses import dataclass
from kinds import Kind


class Mode(enum.Enum):
    FAST = 1
    SLOW = 2


@dataclass
class Options:
    kind: Kind = Kind.A
    lr: float = 0.5
"""


def test_enums_and_holders_of_other_files_are_known(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "lab.py").write_text(LAB)
    (tmp_path / "options.py").write_text(OPTIONS)
    (tmp_path / "kinds.py").write_text("import enum\n\n\nclass Kind(enum.Enum):\n    A = 1\n")
    snapshot = take_snapshot(open_workspace(tmp_path))
    assert snapshot.project.relevant == ("lab.py",)
    assert snapshot.experiments.dynamic == ()
    (experiment,) = snapshot.experiments.by_key.values()
    assert dict(experiment.config.fields)["lr"] == 0.5


def test_what_is_imported_is_followed_to_its_end() -> None:
    texts = {
        "a.py": "import pkg.inner\nfrom b import x\n",
        "b.py": "if True:\n    from c import y\n",
        "c.py": "def f():\n    import never\n",
        "never.py": "",
        "apart.py": "",
        "pkg/__init__.py": "",
        "pkg/inner.py": "from . import beside\n",
        "pkg/beside.py": "import a\n",
    }
    facts = {name: collect_facts(text) for name, text in texts.items()}
    found = imported_files(build_module_table(texts, [""]), facts, ("a.py",))
    assert found == ("b.py", "c.py", "pkg/__init__.py", "pkg/beside.py", "pkg/inner.py")
