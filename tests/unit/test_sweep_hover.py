"""The hover of a sweep is a table of what its members differ in, in the order in which they are built."""

from datetime import UTC, datetime
from pathlib import Path

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.features.hover import hover_text
from huldra.features.project_view import ProjectView
from huldra.features.standing import SiteThere, standing_at

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CODE = """import huldra


class Data(huldra.Huldra[int]):
    name: str

    def _create(self) -> int:
        return 0

    def _load(self) -> int:
        return 0


class Train(Data):
    data: Data
    lr: float = 0.1


sweep = [Train(name="t", data=Data(name="a|b"), lr=lr) for lr in ({rates})]
nested = [Train(name="t", data=Data(name=each)) for each in ("x|y", "z")]
"""


def hover(root: Path, code: str, start: str) -> list[str]:
    (root / "lab.py").write_text(code)
    workspace = open_workspace(root, root=root)
    view = ProjectView(workspace, take_snapshot(workspace))
    line = next(number for number, text in enumerate(code.splitlines(), 1) if text.startswith(start))
    standing = standing_at(view, "lab.py", line, len(f"{start} = [T"))
    assert isinstance(standing, SiteThere)
    return hover_text(view, standing, NOW).splitlines()


def test_what_members_differ_in_is_a_column(tmp_path: Path) -> None:
    lines = hover(tmp_path, CODE.format(rates="0.3, 0.1, 0.2"), "sweep")
    assert lines[:4] == ["**3 experiments**: 3 missing", "", "| lr | verdict | hash |", "|---|---|---|"]
    assert [line.split(" | ")[0] for line in lines[4:]] == ["| `0.3`", "| `0.1`", "| `0.2`"]
    assert all(" | ○ missing | `" in line for line in lines[4:])


def test_fields_of_what_they_hold_are_too_and_bars_are_no_margins(tmp_path: Path) -> None:
    lines = hover(tmp_path, CODE.format(rates="0.1, 0.2"), "nested")
    assert lines[2] == "| data.name | verdict | hash |"
    assert [line.split(" | ")[0] for line in lines[4:]] == [r"| `'x\|y'`", "| `'z'`"]


def test_a_long_one_shows_its_beginning(tmp_path: Path) -> None:
    lines = hover(tmp_path, CODE.format(rates=", ".join(f"{number}.5" for number in range(20, 0, -1))), "sweep")
    assert [line.split(" | ")[0] for line in lines[4:-2]] == [f"| `{number}.5`" for number in range(20, 8, -1)]
    assert lines[-1] == "… and 8 more"
