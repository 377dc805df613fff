"""Which code beside a project it is installed with, by its build settings."""

from pathlib import Path

import pytest

from huldra.sources.path_dependencies import path_dependencies


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


@pytest.mark.parametrize(
    "told",
    [
        '[tool.uv.sources]\nlib = { path = "../lib" }',
        '[tool.uv.sources]\nlib = { path = "../lib", editable = true }',
        '[tool.uv.sources]\nlib = [{ path = "../lib", marker = "sys_platform == \'linux\'" }, { git = "https://x" }]',
        '[tool.poetry.dependencies]\npython = "^3.11"\nlib = { path = "../lib", develop = true }',
        '[tool.poetry.group.dev.dependencies]\nlib = { path = "../lib" }',
        '[tool.poetry.dev-dependencies]\nlib = [{ path = "../lib" }]',
        '[project]\ndependencies = ["numpy", "lib @ file:///${PROJECT_ROOT}/../lib"]',
        '[project]\ndependencies = ["lib @ {root:uri}/../lib"]',
        '[project]\ndependencies = ["lib @ {root:parent:uri}/lib"]',
        "[project.optional-dependencies]\nall = [\"lib @ file://LIB ; python_version > '3'\"]",
        '[dependency-groups]\ndev = ["pytest", "lib @ file:LIB"]',
        '[tool.pdm.dev-dependencies]\ndev = ["-e file:///${PROJECT_ROOT}/../lib#egg=lib"]',
    ],
)
def test_every_tool_is_understood(tmp_path: Path, told: str) -> None:
    (tmp_path / "lib").mkdir()
    write(tmp_path, "app/pyproject.toml", told.replace("LIB", str(tmp_path / "lib")))
    assert path_dependencies(tmp_path / "app") == (tmp_path / "lib",)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "this is no TOML",
        '[tool.uv.sources]\nlib = { path = "../gone" }\nother = { workspace = true }\nthird = { url = "https://x" }',
        '[tool.uv.sources]\nlib = { path = "inner" }',
        '[tool.uv]\nsources = "lib"',
        '[tool.poetry]\ndependencies = "lib"\ngroup = 3',
        '[project]\ndependencies = ["lib>=1", "lib @ https://example.org/../lib"]',
        '[project]\ndependencies = "lib"',
    ],
)
def test_what_names_nothing_beside_is_passed_over(tmp_path: Path, told: str) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "app/inner").mkdir(parents=True)
    write(tmp_path, "app/pyproject.toml", told)
    assert path_dependencies(tmp_path / "app") == ()


def test_members_of_a_workspace_are_found_by_their_names(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[tool.uv.workspace]\nmembers = ["packages/*", "tools"]\n')
    write(tmp_path, "packages/first/pyproject.toml", '[project]\nname = "My_Lib"\n')
    write(tmp_path, "packages/unused/pyproject.toml", '[project]\nname = "unused"\n')
    write(tmp_path, "packages/no-project/readme.md", "")
    write(tmp_path, "tools/pyproject.toml", "[tool.uv.sources]\nmy-lib = { workspace = true }\n")
    assert path_dependencies(tmp_path / "tools") == (tmp_path / "packages/first",)


def test_what_a_dependency_needs_counts_and_a_circle_ends(tmp_path: Path) -> None:
    write(tmp_path, "a/pyproject.toml", '[tool.uv.sources]\nb = { path = "../b" }\n')
    write(tmp_path, "b/pyproject.toml", '[tool.uv.sources]\nc = { path = "../c" }\n')
    write(tmp_path, "c/pyproject.toml", '[tool.uv.sources]\na = { path = "../a" }\nb = { path = "../b" }\n')
    assert path_dependencies(tmp_path / "a") == (tmp_path / "b", tmp_path / "c")


def test_a_library_may_lie_around_its_experiments(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[project]\nname = "lib"\n')
    write(tmp_path, "experiments/pyproject.toml", '[tool.uv.sources]\nlib = { path = "..", editable = true }\n')
    assert path_dependencies(tmp_path / "experiments") == (tmp_path,)
