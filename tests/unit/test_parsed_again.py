"""What an editor's state parses: the statement that was edited, and none of its neighbours, whatever came between."""

from pathlib import Path

import pytest

from huldra.analysis import kept
from huldra.analysis.live import LiveProject
from huldra.facts.collect import collect_piece
from huldra.facts.pieces import split_pieces
from huldra.facts.statements import PieceFacts
from tests.unit.test_facts_positions import stdlib_files

LAB = """import huldra


class Train(huldra.Huldra[int]):
    lr: float = 0.1

    def _create(self) -> int:
        return 1

    def _load(self) -> int:
        return 1


def helper(value):
    return value + 1


SMALL = Train(lr=1.0)
LARGE = Train(lr=2.0)
"""


def test_only_the_edited_statement_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "lab.py").write_text(LAB)
    (tmp_path / "other.py").write_text("x = 1\n")
    parsed: list[str] = []

    def parse(text: str) -> PieceFacts:
        parsed.append(text)
        return collect_piece(text)

    live = LiveProject(tmp_path)
    live.finish(live.take_state({}))
    monkeypatch.setattr(kept, "collect_piece", parse)
    live.finish(live.take_state({"lab.py": LAB}))
    live.make_room(["lab.py"])
    live.finish(live.take_state({"lab.py": LAB}))
    assert [text for text in parsed if not text.startswith("class")] == []  # methods move where room is made
    for number in range(3):
        live.finish(live.take_state({"lab.py": LAB, "other.py": f"x = {number + 2}\n"}))
    parsed.clear()
    live.finish(live.take_state({"lab.py": LAB.replace("lr=1.0", "lr=3.0")}))
    assert [text.strip() for text in parsed] == ["SMALL = Train(lr=3.0)"]


def test_blank_lines_after_a_statement_say_nothing() -> None:
    count = 0
    for path in stdlib_files(120):
        text = path.read_text(encoding="utf-8", errors="replace")[:20_000]
        for piece in split_pieces(text):
            found = collect_piece(piece.text)
            if found.problem is None and piece.text.endswith("\n"):
                assert collect_piece(f"{piece.text}\n\n\n") == found
                count += 1
    assert count > 50
