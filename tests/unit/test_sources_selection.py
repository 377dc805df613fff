"""The project's files of another state: the same as the search of the disk would find there."""

import random

import pytest

from huldra.sources.code_files import FilesThen
from huldra.sources.discover import discover_files
from huldra.sources.documents import Unreadable
from huldra.sources.selection import project_files, project_names
from huldra.sources.settings import Settings

PARTS = ["pkg", "build", "dist", ".hidden", "__pycache__", "node_modules", "data-huldra", "old", "src", "results"]
BASES = ["a.py", "__init__.py", ".b.py", "test_x.py", "old.py"]
EXCLUDE = ("old/", "test_*.py", "/src/build", "!pkg/test_x.py")


@pytest.mark.parametrize("seed", range(20))
def test_a_state_is_searched_as_the_disk_is(tmp_path, seed):
    chance = random.Random(seed)  # nothing secret
    names = set()
    for _ in range(60):
        directories = chance.choices(PARTS, k=chance.randrange(4))
        names.add("/".join([*directories, chance.choice(BASES)]))
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    settings = Settings(exclude=EXCLUDE if seed % 2 else ())
    found = discover_files(tmp_path, settings, (tmp_path / "results",))
    assert project_names(sorted(names), settings, "results") == found.files


def test_a_state_without_what_is_left_out_is_another_one():
    def nothing(identity: str) -> Unreadable:
        return Unreadable(identity)

    then = FilesThen("tree", {"a.py": "1", ".venv/b.py": "2"}, nothing, ("a doubt",))
    chosen = project_files(then, Settings())
    assert (dict(chosen.files), chosen.doubts, chosen.identity != "tree") == ({"a.py": "1"}, ("a doubt",), True)
    assert project_files(chosen, Settings()) is chosen
    assert chosen.read("a.py") == Unreadable("1")
