"""Stores that are not where they are looked for: what code says of them, and those that were passed by."""

from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.features.store_words import StoreWords, store_words
from huldra.features.stores_elsewhere import StoreElsewhere, stores_elsewhere

HEAD = "import os\nfrom pathlib import Path\nimport huldra\n"


def elsewhere(root: Path, text: str, name: str = "scripts/run.py") -> tuple[StoreElsewhere, ...]:
    """Return what is found in a project of one file."""
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEAD + text)
    (root / "pyproject.toml").write_text("")
    workspace = open_workspace(root)
    return stores_elsewhere(workspace, take_snapshot(workspace).project)


@pytest.mark.parametrize(
    ("text", "directory"),
    [
        ("huldra.set_huldra_root(Path(__file__).resolve().parent / '.huldra')", "scripts/.huldra"),
        ("huldra.set_huldra_root(Path(__file__).parents[1].joinpath('out', 'store'))", "out/store"),
        ("huldra.set_huldra_root(Path('results') / 'store')", "results/store"),
        ("huldra.set_huldra_root(Path('/mnt/team', 'store'))", "/mnt/team/store"),
        ("huldra.HULDRA_CONFIG.base_root = Path(__file__).absolute().parent.parent / 'kept'", "kept"),
        (
            "os.environ['HULDRA_PATH'] = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'kept')",
            "scripts/kept",
        ),
        ("os.environ.setdefault('HULDRA_PATH', str(Path('kept')))", "kept"),
        (
            "from huldra import set_huldra_root\nHERE = Path(__file__).parent\nset_huldra_root(HERE / 'kept')",
            "scripts/kept",
        ),
        ("def main() -> None:\n    root: Path = Path(__file__).parent\n    huldra.set_huldra_root(root)", "scripts"),
        ("def main(args):\n    out = args.out\n    huldra.set_huldra_root(out / 'x')", None),  # said, but not where
        ("A = Path('a')\nA = Path('b')\nhuldra.set_huldra_root(A)", None),
        ("A = A\nhuldra.set_huldra_root(A)", None),
        ("A = Path('..')\nhuldra.set_huldra_root(A / 'x')", None),
        ("A = 1\nhuldra.set_huldra_root(A.parents[A])", None),
        ("A = Path(__file__).parents[7]\nhuldra.set_huldra_root(A)", None),
    ],
)
def test_code_that_says_where_results_lie(tmp_path: Path, text: str, directory: str | None) -> None:
    (found,) = elsewhere(tmp_path, text)
    assert found.directory == directory
    assert found.place is not None
    assert found.place.file == "scripts/run.py"
    # It is the line of the path, the last of each of these texts.
    assert found.place.line == len((HEAD + text).splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "def test_it(tmp_path):\n    huldra.set_huldra_root(tmp_path / 'store')",  # a test's own directory says nothing
        "def use(path):\n    huldra.set_huldra_root(path)",
        "os.environ['HULDRA_OTHER'] = 'x'",
        "settings['HULDRA_PATH'] = 'x'",
        "huldra.get_huldra_root()",
        "def set_root(set_huldra_root):\n    set_huldra_root()",
    ],
)
def test_code_that_says_nothing_of_it(tmp_path: Path, text: str) -> None:
    assert elsewhere(tmp_path, text) == ()


def test_stores_that_were_passed_by_come_after_what_code_says(tmp_path: Path) -> None:
    for name in ("lab/data-huldra/data", "lab/furu-data/git", "kept/data", "other/data-huldra/notes"):
        (tmp_path / name).mkdir(parents=True)
    found = elsewhere(tmp_path, "huldra.set_huldra_root(Path('kept'))\nhuldra.set_huldra_root(Path('lab/data-huldra'))")
    assert [store.directory for store in found] == ["kept", "lab/data-huldra", "lab/furu-data"]
    assert [store.place is None for store in found] == [False, False, True]


def test_what_is_said_of_the_store_that_is_asked(tmp_path: Path) -> None:
    (tmp_path / "lab/data-huldra/data").mkdir(parents=True)
    elsewhere(tmp_path, "")
    workspace = open_workspace(tmp_path)
    project = take_snapshot(workspace).project
    assert store_words("found", "data-huldra", workspace, project) == StoreWords(None)
    missing = "No store found at data-huldra, but there is one at lab/data-huldra: set --store or HULDRA_PATH."
    assert store_words("missing", "data-huldra", workspace, project) == StoreWords(missing, "lab/data-huldra")
    empty = "The store data-huldra is empty, but there is one at lab/data-huldra: set --store or HULDRA_PATH."
    assert store_words("empty", "data-huldra", workspace, project) == StoreWords(empty, "lab/data-huldra")


def test_a_store_that_is_looked_at_is_not_passed_by(tmp_path: Path) -> None:
    (tmp_path / "lab/data-huldra/data").mkdir(parents=True)
    elsewhere(tmp_path, "")
    workspace = open_workspace(tmp_path, stores=(tmp_path / "lab/data-huldra",))
    assert workspace.discovery.problems == ()
