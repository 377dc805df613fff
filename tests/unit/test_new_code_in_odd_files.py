"""New code in files of odd layouts: Python runs them, they build what was promised, and the rest is as it was."""

from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from huldra.features.new_experiment import preview_of
from huldra.features.project_view import ProjectView
from huldra.plans.new_code import NewCode, Wish, new_code
from huldra.plans.values_in_code import NotWritable
from tests.harness.real_python import run_case

LAB = """import math
from pathlib import Path
from typing import Any

import huldra

SEEDS = (1, 2)


def half(x):
    return x / 2


class Train(huldra.Huldra[int]):
    lr: Any = 0.1
    seed: Any = 0

    def _create(self):
        return 1

    def _load(self):
        return 1
"""
SWEEP = "train_sweep = [\n    Train(lr=lr)\n    for lr in (0.5, 0.25)\n]\n"
IMPORT = "from lab import Train\n"
MARK = "\ufeff"


def _new(tmp_path: Path, text: str, values: dict[str, str]) -> tuple[NewCode, tuple[str, ...]]:
    """Return new code for `run.py`, and the keys that it is said to build."""
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / "lab.py").write_text(LAB)
    (tmp_path / "run.py").write_bytes(text.encode())
    workspace = open_workspace(tmp_path, root=tmp_path)
    project = take_snapshot(workspace).project
    code = new_code(Wish("lab.Train", values, None), "run.py", text, project)
    assert not isinstance(code, NotWritable), code
    state = LiveProject(tmp_path).take_state({"run.py": code.after})
    preview = preview_of(ProjectView(state.workspace, state.snapshot), code, "lab.Train")
    assert preview.problems == ()
    return code, tuple(key for key, _ in preview.experiments)


def _assert_builds(code: NewCode, promised: tuple[str, ...]) -> None:
    run = run_case({"lab.py": LAB, "run.py": code.after.removeprefix(MARK)})
    assert run.error is None
    compile(code.after.encode(), "run.py", "exec")  # as Python reads the file: with its mark
    lines = range(code.first_line, code.last_line + 1)
    assert {key for key, file, line in run.built if file == "run.py" and line in lines} == set(promised)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(MARK, f"{MARK}{IMPORT}\n{SWEEP}", id="only the mark of UTF-8"),
        pytest.param(f"{MARK}x = 1\n", f"{MARK}{IMPORT}\nx = 1\n\n{SWEEP}", id="the mark before a statement"),
        pytest.param(
            "#!/usr/bin/env python\n# coding: utf-8\nx = 1\n",
            f"#!/usr/bin/env python\n# coding: utf-8\n\n{IMPORT}\nx = 1\n\n{SWEEP}",
            id="how it is run and read",
        ),
        pytest.param("# whose it is\n\nx = 1\n", f"# whose it is\n\n{IMPORT}\nx = 1\n\n{SWEEP}", id="whose it is"),
        pytest.param(
            "# of f\ndef f(): pass\n", f"{IMPORT}\n# of f\ndef f(): pass\n\n{SWEEP}", id="the comment of a function"
        ),
        pytest.param(
            "import os; X = [\n    1,\n]\n", f"import os; X = [\n    1,\n]\n{IMPORT}\n{SWEEP}", id="two on a line"
        ),
        pytest.param(
            "import typing\nif typing.TYPE_CHECKING:\n    from lab import Train\nx = 1\n",
            f"import typing\n{IMPORT}\nif typing.TYPE_CHECKING:\n    from lab import Train\nx = 1\n\n{SWEEP}",
            id="imported for type checkers",
        ),
        pytest.param(
            "x = 1\nif __name__ == '__main__':\n    from lab import Train\n",
            f"{IMPORT}\nx = 1\n\n{SWEEP}\n\nif __name__ == '__main__':\n    from lab import Train\n",
            id="imported for the script",
        ),
        pytest.param(
            "x = '''\n# none\n'''\n# the script\nif __name__ == '__main__':\n    pass\n",
            f"{IMPORT}\nx = '''\n# none\n'''\n\n{SWEEP}\n\n# the script\nif __name__ == '__main__':\n    pass\n",
            id="the comment of the script",
        ),
        pytest.param(
            "if __name__ == '__main__':\n    pass\nfrom lab import Train\n",
            f"if __name__ == '__main__':\n    pass\nfrom lab import Train\n\n{SWEEP}",
            id="a definition after the script",
        ),
        pytest.param(
            "if __name__ != '__main__':\n    from lab import Train\n",
            f"if __name__ != '__main__':\n    from lab import Train\n\n\n{SWEEP}",
            id="what is no script",
        ),
    ],
)
def test_it_stands_where_it_can_be_run(tmp_path: Path, before: str, after: str) -> None:
    code, promised = _new(tmp_path, before, {"lr": "0.5, 0.25"})
    assert code.after == after
    assert len(promised) == 2
    _assert_builds(code, promised)


def test_a_name_that_is_deleted_is_imported_under_another(tmp_path: Path) -> None:
    code, promised = _new(tmp_path, "from lab import Train\nTrain()\ndel Train\n", {"lr": "0.5"})
    assert code.imports == ("from lab import Train as Train2",)
    _assert_builds(code, promised)


def test_names_are_those_of_the_module_of_the_class(tmp_path: Path) -> None:
    code, promised = _new(tmp_path, "", {"lr": "half(3), math.sqrt(4)", "seed": "*SEEDS, Path('a')"})
    assert code.imports == ("import math", "from lab import SEEDS, Train, half", "from pathlib import Path")
    assert len(promised) == 6
    _assert_builds(code, promised)
