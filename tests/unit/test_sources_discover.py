"""Which files a project has, and what is said of those it leaves out."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from huldra.sources.discover import Discovery, discover_files
from huldra.sources.settings import Settings


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def kinds(discovery: Discovery) -> dict[str, str]:
    return {problem.name: problem.kind for problem in discovery.problems}


def test_python_files_come_sorted_and_relative(tmp_path: Path) -> None:
    write(tmp_path, "train.py", "lab/b.py", "lab/a.py", "lab/notes.txt", "lab/a.pyc", "lab.py")
    assert discover_files(tmp_path, Settings()) == Discovery(("lab.py", "lab/a.py", "lab/b.py", "train.py"), ())


def test_an_empty_project_has_no_files(tmp_path: Path) -> None:
    assert discover_files(tmp_path, Settings()) == Discovery((), ())


@pytest.mark.parametrize(
    "name",
    [
        *(".hidden/a.py", ".git/hooks/a.py", ".venv/lib/a.py", "pkg/__pycache__/a.py", "node_modules/x/a.py"),
        *("build/lib/a.py", "dist/a.py", "lib/site-packages/a.py", "data-huldra/data/a.py", "furu-data/a.py"),
        *("pkg/.#a.py", "pkg/._a.py"),
    ],
)
def test_what_is_no_code_of_the_project_is_left_out(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, "kept.py")
    assert discover_files(tmp_path, Settings(), (tmp_path / "data-huldra",)) == Discovery(("kept.py",), ())


@pytest.mark.parametrize("name", ["venv", "env", "my-environment"])
def test_a_virtual_environment_is_known_by_its_marker(tmp_path: Path, name: str) -> None:
    write(tmp_path, f"{name}/lib/a.py")
    assert discover_files(tmp_path, Settings()).files == (f"{name}/lib/a.py",)
    write(tmp_path, f"{name}/pyvenv.cfg")
    assert discover_files(tmp_path, Settings()).files == ()


def test_a_package_named_build_is_code(tmp_path: Path) -> None:
    write(tmp_path, "lab/build/__init__.py", "lab/build/a.py")
    assert discover_files(tmp_path, Settings()).files == ("lab/build/__init__.py", "lab/build/a.py")


def test_the_store_is_not_entered(tmp_path: Path) -> None:
    write(tmp_path, "out/runs/a.py", "out/b.py")
    assert discover_files(tmp_path, Settings(), (tmp_path / "out" / "runs",)).files == ("out/b.py",)


def test_a_symlinked_store_is_not_worth_a_note(tmp_path: Path) -> None:
    store = tmp_path / "disk"
    root = tmp_path / "project"
    write(store, "a.py")
    write(root, "a.py")
    (root / "runs").symlink_to(store)
    assert discover_files(root, Settings(), (root / "runs",)) == Discovery(("a.py",), ())


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        (["old"], ("a.py", "lab/old.py", "lab/x_test.py", "old.py")),
        (["old/"], ("a.py", "lab/old.py", "lab/x_test.py", "old.py")),
        (["/old"], ("a.py", "lab/old.py", "lab/old/b.py", "lab/x_test.py", "old.py")),
        (["lab/old"], ("a.py", "lab/old.py", "lab/x_test.py", "old.py", "old/b.py")),
        (["*_test.py"], ("a.py", "lab/old.py", "lab/old/b.py", "old.py", "old/b.py")),
        (["lab/**"], ("a.py", "old.py", "old/b.py")),
        (["**/b.py"], ("a.py", "lab/old.py", "lab/x_test.py", "old.py")),
        (["*.py", "!a.py"], ("a.py",)),
        (["lab/*.py"], ("a.py", "lab/old/b.py", "old.py", "old/b.py")),
        (["[a-l]*.py"], ("lab/old.py", "lab/x_test.py", "old.py")),
        (["[z-a].py", "[", ""], ("a.py", "lab/old.py", "lab/old/b.py", "lab/x_test.py", "old.py", "old/b.py")),
        (["[!a].py"], ("a.py", "lab/old.py", "lab/x_test.py", "old.py")),
        (["?.py"], ("lab/old.py", "lab/x_test.py", "old.py")),
        (["./old"], ("a.py", "lab/old.py", "lab/old/b.py", "lab/x_test.py", "old.py")),
    ],
)
def test_exclude_reads_as_gitignore(tmp_path: Path, exclude: list[str], left: tuple[str, ...]) -> None:
    write(tmp_path, "a.py", "old.py", "old/b.py", "lab/old.py", "lab/old/b.py", "lab/x_test.py")
    assert discover_files(tmp_path, Settings(exclude=tuple(exclude))).files == left


def test_a_directory_named_as_a_file_is_not_a_file(tmp_path: Path) -> None:
    write(tmp_path, "x.py/inner.py")
    assert discover_files(tmp_path, Settings()) == Discovery(("x.py/inner.py",), ())


def test_a_pipe_is_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert kinds(discover_files(tmp_path, Settings())) == {"pipe.py": "not-a-file"}


def test_a_broken_symlink_is_said(tmp_path: Path) -> None:
    (tmp_path / "gone.py").symlink_to("nowhere.py")
    (tmp_path / "results").symlink_to("unmounted")
    discovery = discover_files(tmp_path, Settings())
    assert discovery.files == ()
    assert kinds(discovery) == {"gone.py": "broken-symlink"}


def test_an_editors_lock_is_no_broken_symlink(tmp_path: Path) -> None:
    (tmp_path / ".#train.py").symlink_to("user@host.123")
    assert discover_files(tmp_path, Settings()) == Discovery((), ())


def test_symlink_loops_are_said(tmp_path: Path) -> None:
    write(tmp_path, "lab/a.py")
    (tmp_path / "self.py").symlink_to("self.py")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    (tmp_path / "lab" / "up").symlink_to("..")
    discovery = discover_files(tmp_path, Settings())
    assert discovery.files == ("lab/a.py",)
    assert kinds(discovery) == {
        "lab/up": "linked-directory",
        "one": "symlink-loop",
        "self.py": "symlink-loop",
        "two": "symlink-loop",
    }


def test_a_symlinked_file_counts_if_it_stays_inside(tmp_path: Path) -> None:
    root = tmp_path / "project"
    write(root, "lab/a.py")
    write(tmp_path, "outside.py")
    (root / "inside.py").symlink_to("lab/a.py")
    (root / "out.py").symlink_to(tmp_path / "outside.py")
    discovery = discover_files(root, Settings())
    assert discovery.files == ("inside.py", "lab/a.py")
    assert kinds(discovery) == {"out.py": "outside-root"}
    assert not discovery.problems[0].is_note


def test_a_root_that_is_reached_by_a_symlink_has_its_symlinked_files(tmp_path: Path) -> None:
    write(tmp_path / "real", "a.py")
    (tmp_path / "real" / "b.py").symlink_to("a.py")
    (tmp_path / "root").symlink_to("real")
    assert discover_files(tmp_path / "root", Settings()) == Discovery(("a.py", "b.py"), ())


def test_a_symlinked_directory_is_not_followed_and_said(tmp_path: Path) -> None:
    write(tmp_path, "lab/a.py")
    (tmp_path / "alias").symlink_to("lab")
    discovery = discover_files(tmp_path, Settings())
    assert discovery.files == ("lab/a.py",)
    assert kinds(discovery) == {"alias": "linked-directory"}
    assert discovery.problems[0].is_note


@pytest.mark.parametrize("marker", [".git/HEAD", ".git"])
def test_a_repository_inside_the_project_is_not_entered_and_said(tmp_path: Path, marker: str) -> None:
    write(tmp_path, "a.py", "vendor/other/b.py", "vendor/other/pyproject.toml", f"vendor/other/{marker}", ".git/HEAD")
    discovery = discover_files(tmp_path, Settings())
    assert discovery.files == ("a.py",)
    assert kinds(discovery) == {"vendor/other": "nested-project"}
    assert discovery.problems[0].is_note


def test_a_member_of_the_same_repository_is_entered(tmp_path: Path) -> None:
    write(tmp_path, "packages/one/a.py")
    (tmp_path / "packages/one/pyproject.toml").write_text('[project]\nname = "one"\n')
    assert discover_files(tmp_path, Settings()) == Discovery(("packages/one/a.py",), (), ("packages/one",))


@pytest.mark.parametrize("file", ["pyproject.toml", "setup.py", "setup.cfg"])
def test_directories_with_build_settings_are_projects_inside_the_project(tmp_path: Path, file: str) -> None:
    write(tmp_path, "a.py", file, f"libs/one/{file}", f"libs/two/{file}", "libs/three/x.py", f"node_modules/one/{file}")
    assert discover_files(tmp_path, Settings()).projects == ("libs/one", "libs/two")


def test_settings_further_in_do_not_count_and_are_said(tmp_path: Path) -> None:
    write(tmp_path, "one/a.py", "two/a.py", "two/huldra.toml")
    (tmp_path / "one/pyproject.toml").write_text('[tool.huldra]\nstore = "x"\n')
    discovery = discover_files(tmp_path, Settings())
    assert discovery.files == ("one/a.py", "two/a.py")
    assert kinds(discovery) == {"one": "nested-settings", "two": "nested-settings"}


def test_an_unreadable_directory_is_a_problem_and_the_rest_lives_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "locked/a.py", "open/b.py")
    scandir = os.scandir

    def deny(path: Path) -> Iterator[os.DirEntry[str]]:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", deny)
    discovery = discover_files(tmp_path, Settings())
    assert discovery.files == ("open/b.py",)
    (problem,) = discovery.problems
    assert (problem.name, problem.kind, problem.is_note) == ("locked", "unreadable", False)
    assert problem.message == "directory cannot be read: Permission denied"


def test_a_root_that_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    assert kinds(discover_files(tmp_path / "nothing", Settings())) == {".": "unreadable"}


def test_a_name_that_is_not_utf8_is_a_problem_that_can_be_printed(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.py")).touch()
    discovery = discover_files(tmp_path, Settings())
    assert discovery.files == ()
    assert kinds(discovery) == {"caf�.py": "not-utf8-name"}


def test_a_store_below_is_not_entered_and_said(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "lab/data-huldra/data/lab/Train/0f/made.py", "data-gren/notes.py")
    discovery = discover_files(tmp_path, Settings())
    assert discovery.files == ("a.py",)
    assert kinds(discovery) == {"lab/data-huldra": "another-store"}  # the other has no folder that runs lie in
    assert discovery.problems[0].is_note
