"""Where the project begins, and where its results lie."""

from pathlib import Path

import pytest

from huldra.sources.root import find_root, find_store
from huldra.sources.settings import Settings
from huldra.sources.toml_files import SettingsError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path.resolve() / "project"
    path.mkdir()
    return path


@pytest.mark.parametrize("marker", ["pyproject.toml", "huldra.toml", ".git"])
def test_the_nearest_parent_with_a_marker_is_the_root(root: Path, marker: str) -> None:
    (root / marker).touch()
    inner = root / "a" / "b"
    inner.mkdir(parents=True)
    choice = find_root(inner)
    assert (choice.path, choice.origin, choice.is_project) == (root, "marker", True)


def test_the_start_itself_may_be_the_root_and_the_nearer_wins(root: Path) -> None:
    (root / ".git").mkdir()
    inner = root / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").touch()
    assert find_root(inner).path == inner


def test_a_file_as_start_counts_as_its_directory(root: Path) -> None:
    (root / "pyproject.toml").touch()
    (root / "train.py").touch()
    assert find_root(root / "train.py").path == root


def test_without_a_marker_the_start_is_taken_and_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whatever lies above the test's directory must not count.
    monkeypatch.setattr("huldra.sources.root.ROOT_MARKERS", ("no-such-marker",))
    choice = find_root(root)
    assert (choice.path, choice.origin, choice.is_project) == (root, "start", False)


def test_an_explicit_root_needs_no_marker(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root.parent)
    choice = find_root(Path(), Path("project"))
    assert (choice.path, choice.origin, choice.is_project) == (root, "option", True)


def test_an_explicit_root_that_is_no_directory_is_an_error(root: Path) -> None:
    (root / "file").touch()
    with pytest.raises(SettingsError, match="not a directory"):
        find_root(root, root / "file")
    with pytest.raises(SettingsError, match="no such directory"):
        find_root(root, root / "nothing")


def test_an_explicit_root_that_is_a_symlink_loop_is_an_error(root: Path) -> None:
    (root / "loop").symlink_to("loop")
    with pytest.raises(SettingsError, match="--root"):
        find_root(root, root / "loop")


def test_the_store_option_goes_before_all(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    choice = find_store(Settings(store="mine"), root, Path("here"), {"HULDRA_PATH": "/elsewhere"})
    assert (choice.path, choice.origin) == (root / "here", "option")


def test_the_environment_goes_before_the_settings(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(root))
    choice = find_store(Settings(store="mine"), root, None, {"HULDRA_PATH": "~/runs"})
    assert (choice.path, choice.origin) == (root / "runs", "environment")


def test_an_empty_variable_does_not_count(root: Path) -> None:
    choice = find_store(Settings(store="mine"), root, None, {"HULDRA_PATH": ""})
    assert (choice.path, choice.origin) == (root / "mine", "settings")


def test_the_settings_are_relative_to_the_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root.parent)
    choice = find_store(Settings(store="../shared"), root)
    assert (choice.path, choice.origin) == (root.parent / "shared", "settings")


def test_the_default_need_not_exist(root: Path) -> None:
    choice = find_store(Settings(), root)
    assert (choice.path, choice.origin) == (root / "data-huldra", "default")


@pytest.mark.parametrize("name", ["data-gren", "furu-data", "data-furu"])
def test_the_default_of_another_name_of_the_library_is_found(root: Path, name: str) -> None:
    (root / name).mkdir()
    choice = find_store(Settings(), root)
    assert (choice.path, choice.origin) == (root / name, "other-name")


def test_the_default_that_exists_goes_before_other_names(root: Path) -> None:
    (root / "data-gren").mkdir()
    (root / "data-huldra").touch()
    choice = find_store(Settings(), root)
    assert (choice.path, choice.origin) == (root / "data-huldra", "default")


def test_a_user_that_does_not_exist_is_an_error(root: Path) -> None:
    with pytest.raises(SettingsError, match="HULDRA_PATH"):
        find_store(Settings(), root, None, {"HULDRA_PATH": "~no-such-user-here/x"})
