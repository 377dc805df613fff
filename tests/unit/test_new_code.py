"""New code for a file: its names, its imports, where it stands, and that it builds what was asked for."""

import ast
from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from huldra.features.new_experiment import class_of_word, form_for, home_of, preview_of, values_of, wish_for
from huldra.features.project_view import ProjectView
from huldra.features.short_names import NoSuch
from huldra.plans.code_text import read_layout
from huldra.plans.new_code import NewCode, Wish, new_code
from huldra.plans.values_in_code import FieldText, NotWritable, read_field_text
from huldra.sources.documents import Unreadable
from huldra.sources.target_file import read_target, write_target

MODELS = """import enum

import huldra


class Mode(enum.Enum):
    FAST = 1


class Data(huldra.Huldra[int]):
    size: int = 3

    def _create(self) -> int:
        return self.size

    def _load(self) -> int:
        return 0


class Train(huldra.Huldra[int]):
    data: Data
    lr: float = 0.1
    seed: int = 0
    mode: Mode = Mode.FAST

    def _create(self) -> int:
        return 1

    def _load(self) -> int:
        return 1


class Base(huldra.Huldra[int]):
    pass
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a package of models and no experiment."""
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("")
    (tmp_path / "pkg" / "models.py").write_text(MODELS)
    return tmp_path


def _view(root: Path) -> ProjectView:
    workspace = open_workspace(root, root=root)
    return ProjectView(workspace, take_snapshot(workspace))


def _written(root: Path, values: dict[str, str], file: str, text: str | None, name: str | None = None) -> NewCode:
    found = new_code(Wish("pkg.models.Train", values, name), file, text, _view(root).snapshot.project)
    assert isinstance(found, NewCode), found
    ast.parse(found.after.encode())
    return found


def _refused(root: Path, values: dict[str, str], text: str | None = "", name: str | None = None) -> str:
    found = new_code(Wish("pkg.models.Train", values, name), "run.py", text, _view(root).snapshot.project)
    assert isinstance(found, NotWritable), found
    return found.message


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("0.1", ("0.1",)),
        ("0.1, 0.2", ("0.1", "0.2")),
        ("(0.9, 0.99)", ("(0.9, 0.99)",)),
        ("[1, 2], [3]", ("[1, 2]", "[3]")),
        ("*range(3)", ("*range(3)",)),
        ("0, *range(2, 4)", ("0", "*range(2, 4)")),
        ("'a,b'", ("'a,b'",)),
        ("1,", ("1",)),
        ("f(x,\n  y)", ("f(x, y)",)),
    ],
)
def test_what_is_typed_has_parts(text: str, parts: tuple[str, ...]) -> None:
    assert read_field_text("lr", text) == FieldText(parts)


@pytest.mark.parametrize("text", ["", " ", "(", "a b", "x = 1", "1) + (2", "lambda", "for"])
def test_what_is_no_value_is_refused(text: str) -> None:
    found = read_field_text("lr", text)
    assert isinstance(found, NotWritable)
    assert "lr" in found.message


def test_a_new_file_gets_its_imports(root: Path) -> None:
    code = _written(root, {"data": "pkg.models.Data(size=4)", "mode": "Mode.FAST"}, "run.py", None)
    assert code.is_new
    assert code.after == (
        "from pkg.models import Data, Mode, Train\n\ntrain = Train(data=Data(size=4), mode=Mode.FAST)\n"
    )
    assert (code.first_line, code.last_line) == (3, 3)


def test_names_that_are_bound_are_used(root: Path) -> None:
    (root / "run.py").write_text(text := "from pkg.models import Data as D, Train\nsmall = D(size=1)\n")
    code = _written(root, {"data": "small"}, "run.py", text)
    assert code.imports == ()
    assert code.after == f"{text}\ntrain = Train(data=small)\n"
    again = _written(root, {"data": "pkg.models.Data()"}, "run.py", text)
    assert "Train(data=D())" in again.code


def test_a_name_that_means_something_else_is_left_alone(root: Path) -> None:
    (root / "run.py").write_text(text := "Train = 3\n")
    code = _written(root, {"data": "Data()"}, "run.py", text)
    assert code.imports == ("from pkg.models import Data, Train as Train2",)
    assert code.code == "train = Train2(data=Data())"


def test_relative_imports_stay_relative(root: Path) -> None:
    (root / "pkg" / "runs.py").write_text(text := "from .models import Data\n\nd = Data()\n")
    code = _written(root, {"data": "d"}, "pkg/runs.py", text)
    assert code.imports == ("from .models import Train",)


def test_the_own_module_needs_no_import(root: Path) -> None:
    code = _written(root, {"data": "Data()"}, "pkg/models.py", MODELS)
    assert code.imports == ()
    assert code.after.endswith("    pass\n\n\ntrain = Train(data=Data())\n")


def test_a_sweep_is_a_comprehension_in_the_order_of_its_fields(root: Path) -> None:
    code = _written(root, {"data": "Data()", "lr": "0.1, 0.2", "seed": "*range(3)"}, "run.py", None)
    assert code.is_sweep
    assert code.code == (
        "train_sweep = [\n    Train(data=Data(), lr=lr, seed=seed)\n"
        "    for lr in (0.1, 0.2)\n    for seed in range(3)\n]"
    )


def test_a_loop_does_not_hide_a_name_of_the_file(root: Path) -> None:
    code = _written(root, {"data": "Data()", "lr": "1, 2"}, "run.py", "lr = 5\n")
    assert "lr=lr_value" in code.code
    assert "for lr_value in (1, 2)" in code.code


def test_code_goes_before_the_main_guard_and_keeps_what_is_there(root: Path) -> None:
    text = '"""Doc."""\nimport os\n\nX = os.sep\n\n\nif __name__ == "__main__":\n    print(X)\n'
    code = _written(root, {"data": "Data()"}, "run.py", text)
    assert code.after == (
        '"""Doc."""\nimport os\nfrom pkg.models import Data, Train\n\nX = os.sep\n\ntrain = Train(data=Data())\n\n\n'
        'if __name__ == "__main__":\n    print(X)\n'
    )


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("x = 1\r\n", "from pkg.models import Data, Train\r\n\r\nx = 1\r\n\r\ntrain = "),
        ("\N{ZERO WIDTH NO-BREAK SPACE}import os\n", "\N{ZERO WIDTH NO-BREAK SPACE}import os\nfrom pkg.models"),
        ("import os", "import os\nfrom pkg.models import Data, Train\n\ntrain = "),
        ('"""Doc."""', '"""Doc."""\n\nfrom pkg.models import Data, Train\n\ntrain = '),
        ("# one\n\x0c\nimport os  # two\n", "# one\n\x0c\nimport os  # two\nfrom pkg.models"),
    ],
)
def test_line_ends_marks_and_comments_stay(root: Path, text: str, start: str) -> None:
    assert _written(root, {"data": "Data()"}, "run.py", text).after.startswith(start)


def test_names_are_free_or_refused(root: Path) -> None:
    text = "train = 1\nif True:\n    train_2 = 2\n"
    assert _written(root, {"data": "Data()"}, "run.py", text).code.startswith("train_3 = ")
    assert _written(root, {"data": "Data()"}, "run.py", text, "mine").code.startswith("mine = ")
    assert "bound" in _refused(root, {"data": "Data()"}, text, "train_2")
    assert "no name" in _refused(root, {"data": "Data()"}, text, "my run")


def test_what_cannot_be_written_says_why(root: Path) -> None:
    assert "foo" in _refused(root, {"data": "foo"})
    assert "run.py:2" in _refused(root, {"data": "Data()"}, "x = 1\ndef (:\n")
    assert "CR" in _refused(root, {"data": "Data()"}, "x = 1\ry = 2\r")


def test_names_that_an_expression_binds_itself_are_its_own(root: Path) -> None:
    code = _written(root, {"data": "Data(size=sum(i for i in range(3)))", "seed": "(lambda q: q)(1)"}, "run.py", None)
    assert "sum(i for i in range(3))" in code.code
    assert "(lambda q: q)(1)" in code.code


def test_a_library_is_imported(root: Path) -> None:
    code = _written(root, {"data": "Data()", "lr": "math.pi"}, "run.py", None)
    assert code.imports[0] == "import math"
    assert "lr=math.pi" in code.code


def test_what_is_previewed_is_what_the_code_builds(root: Path) -> None:
    view = _view(root)
    row = class_of_word(view, "Train")
    assert not isinstance(row, NoSuch)
    wish = wish_for(row, {"lr": "0.1,0.2,0.2", "data": "Data()"})
    assert isinstance(wish, Wish)
    assert list(wish.values) == ["data", "lr"]
    code = new_code(wish, "run.py", None, view.snapshot.project)
    assert isinstance(code, NewCode)
    state = LiveProject(root).take_state({"run.py": code.after})
    shown = preview_of(ProjectView(state.workspace, state.snapshot), code, row.name)
    write_target(root / "run.py", code.after)
    built = [key for key in _view(root).experiments if key.startswith("pkg.models.Train/")]
    assert sorted(key for key, _ in shown.experiments) == sorted(built)
    assert len(built) == 2
    assert {verdict for _, verdict in shown.experiments} == {"missing"}


def test_a_preview_says_what_is_wrong(root: Path) -> None:
    view = _view(root)
    row = class_of_word(view, "models.Train")
    assert not isinstance(row, NoSuch)
    wish = wish_for(row, {"data": "Data()", "seed": "len(input())"})
    assert isinstance(wish, Wish)
    code = new_code(wish, "run.py", None, view.snapshot.project)
    assert isinstance(code, NewCode)
    state = LiveProject(root).take_state({"run.py": code.after})
    shown = preview_of(ProjectView(state.workspace, state.snapshot), code, row.name)
    assert shown.experiments == ()
    assert any(words.startswith("seed") for words in shown.problems)


def test_wishes_are_checked_against_the_class(root: Path) -> None:
    view = _view(root)
    train, base = class_of_word(view, "Train"), class_of_word(view, "Base")
    assert not isinstance(train, NoSuch)
    assert not isinstance(base, NoSuch)
    for row, values, word in (
        (train, {"data": "Data()", "sead": "1"}, "did you mean seed"),
        (train, {"lr": "1"}, "needs a value for data"),
        (base, {}, "abstract"),
    ):
        found = wish_for(row, values)
        assert isinstance(found, NotWritable)
        assert word in found.message
    unknown = class_of_word(view, "Trian")
    assert isinstance(unknown, NoSuch)
    assert "Train" in unknown.message


def test_the_form_and_values_to_begin_with_come_from_runs(toytext: Path) -> None:
    view = _view(toytext)
    row = class_of_word(view, "LogReg")
    assert not isinstance(row, NoSuch)
    assert home_of(view, row) == "toytext/experiments.py"
    fields = {field.name: field for field in form_for(view, row).fields}
    assert fields["data"].is_required
    assert (fields["lr"].default, fields["epochs"].default) == ("0.1", "3")
    assert sum(count for _, count in fields["epochs"].held) == len(view.runs_of[row.name])
    long = next(
        key
        for key, found in view.experiments.items()
        if found.experiment.config.class_name == row.name and dict(found.experiment.config.fields)["epochs"] == 6
    )
    values = values_of(view, row, long)
    assert set(values) == {"data", "epochs"}
    code = new_code(Wish(row.name, values), "again.py", None, view.snapshot.project)
    assert isinstance(code, NewCode)
    state = LiveProject(toytext).take_state({"again.py": code.after})
    shown = preview_of(ProjectView(state.workspace, state.snapshot), code, row.name)
    assert [key for key, _ in shown.experiments] == [long]


def test_a_layout_knows_what_is_bound_where() -> None:
    layout = read_layout(
        "import a.b, c as d\nfrom e import f as g\nx: int = 1\nfor i, (j, k) in []: pass\nwith open('') as h: pass\n"
        "try: pass\nexcept OSError as err: pass\ndef fn(p): q = 1\nclass K: r = 1\n[s for s in ()]\n(w := 2)\n"
    )
    assert not isinstance(layout, SyntaxError)
    assert layout.bound == {"a", "d", "g", "x", "i", "j", "k", "h", "err", "fn", "K", "w"}


def test_a_file_is_replaced_whole_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "real.py"
    path.write_text("old\n")
    path.chmod(0o640)
    link = tmp_path / "link.py"
    link.symlink_to(path)
    write_target(link, "new\n")
    assert link.is_symlink()
    assert path.read_text() == "new\n"
    assert path.stat().st_mode & 0o777 == 0o640
    (tmp_path / "latin.py").write_bytes(b"# \xe9\n")
    assert isinstance(read_target(tmp_path / "latin.py"), Unreadable)
    assert read_target(tmp_path / "none.py") is None
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".huldra")] == []
