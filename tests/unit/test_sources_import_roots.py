"""From which directories imports begin."""

from pathlib import Path

import pytest

from huldra.sources.import_roots import find_import_roots, script_root
from huldra.sources.settings import Settings
from huldra.sources.toml_files import SettingsError


def test_a_flat_project_has_only_its_root(tmp_path: Path) -> None:
    assert find_import_roots(tmp_path, Settings(), ["lab/a.py", "train.py"]) == ("",)


def test_src_is_a_root_when_it_holds_files(tmp_path: Path) -> None:
    assert find_import_roots(tmp_path, Settings(), ["src/lab/a.py", "train.py"]) == ("src", "")


def test_src_that_is_a_package_is_no_root(tmp_path: Path) -> None:
    assert find_import_roots(tmp_path, Settings(), ["src/__init__.py", "src/model.py"]) == ("",)


def test_settings_decide_alone_and_the_longest_comes_first(tmp_path: Path) -> None:
    settings = Settings(src=("lib", "./lib/inner/", "."))
    assert find_import_roots(tmp_path, settings, ["src/lab/a.py"]) == ("lib/inner", "lib", "")


@pytest.mark.parametrize(
    "told",
    [
        '[tool.setuptools]\npackage-dir = {"" = "lib"}',
        '[tool.setuptools]\npackage-dir = {"lab" = "lib/lab"}',
        '[tool.setuptools]\npackage-dir = {"lab.deep" = "lib/lab/deep"}',
        '[tool.setuptools.packages.find]\nwhere = ["lib"]',
        '[tool.hatch.build.targets.wheel]\npackages = ["lib/lab"]',
        '[tool.hatch.build.targets.wheel]\nsources = ["lib"]',
        '[tool.hatch.build.targets.wheel.sources]\n"lib/lab" = "lab"',
        '[tool.hatch.build]\ndev-mode-dirs = ["lib"]',
        '[[tool.poetry.packages]]\ninclude = "lab"\nfrom = "lib"',
        '[tool.pdm.build]\npackage-dir = "lib"',
        '[tool.uv.build-backend]\nmodule-root = "lib"',
        '[tool.maturin]\npython-source = "lib"',
    ],
)
def test_the_build_backend_is_believed(tmp_path: Path, told: str) -> None:
    (tmp_path / "pyproject.toml").write_text(told)
    assert find_import_roots(tmp_path, Settings(), ["lib/lab/deep/a.py", "train.py"]) == ("lib", "")


@pytest.mark.parametrize(
    "told",
    [
        '[tool.setuptools]\npackage-dir = {"lab" = "lib/other"}',
        '[tool.setuptools]\npackage-dir = "lib"',
        "[tool.setuptools.packages.find]\nwhere = 3",
        '[tool.pdm.build]\npackage-dir = "../lib"',
        '[tool.pdm.build]\npackage-dir = "/lib"',
        '[tool.pdm.build]\npackage-dir = "empty"',
        '[tool.poetry]\npackages = ["lab"]',
        '[tool.hatch.build.targets.wheel]\npackages = ["lib"]',
    ],
)
def test_what_names_no_root_inside_is_passed_over(tmp_path: Path, told: str) -> None:
    (tmp_path / "pyproject.toml").write_text(told)
    assert find_import_roots(tmp_path, Settings(), ["lib/lab/a.py"]) == ("",)


def test_a_pyproject_that_is_not_toml_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("=")
    with pytest.raises(SettingsError):
        find_import_roots(tmp_path, Settings(), [])


@pytest.mark.parametrize(
    ("told", "files", "roots"),
    [
        ("", ["src/lab/a.py"], ("libs/my-lab/src",)),
        ('[project]\nname = "lab"', ["lab/a.py"], ("libs/my-lab",)),
        ('[project]\nname = "My.Lab-Tools"', ["my_lab_tools/a.py"], ("libs/my-lab",)),
        ('[tool.poetry]\nname = "lab"', ["lab.py"], ("libs/my-lab",)),
        ("", ["my_lab/a.py"], ("libs/my-lab",)),
        ('[tool.hatch.build.targets.wheel]\npackages = ["code/lab"]', ["code/lab/a.py"], ("libs/my-lab/code",)),
        ('[tool.hatch.build.targets.wheel]\npackages = ["other"]', ["other/a.py"], ("libs/my-lab",)),
        # Code in a directory with the settings of a tool, or of a project by another name, may be imported from above.
        ("[tool.ruff]", ["steps/a.py"], ()),
        ('[project]\nname = "lab"', ["__init__.py", "steps.py"], ()),
        ('[project]\nname = "lab"', ["src/__init__.py", "src/a.py"], ()),
        ("this is no TOML", ["src/lab/a.py"], ("libs/my-lab/src",)),
        ('[tool.pdm.build]\npackage-dir = "../../elsewhere"', ["steps/a.py"], ()),
    ],
)
def test_a_project_inside_has_roots_of_its_own(
    tmp_path: Path, told: str, files: list[str], roots: tuple[str, ...]
) -> None:
    (tmp_path / "libs/my-lab").mkdir(parents=True)
    (tmp_path / "libs/my-lab/pyproject.toml").write_text(told)
    names = ["train.py", "elsewhere/b.py", *(f"libs/my-lab/{name}" for name in files)]
    assert find_import_roots(tmp_path, Settings(), names, ["libs/my-lab"]) == ("", *roots)


def test_those_of_the_project_itself_come_first(tmp_path: Path) -> None:
    names = ["src/lab/a.py", "libs/one/src/one/b.py", "libs/one/inner/src/inner/c.py"]
    found = find_import_roots(tmp_path, Settings(), names, ["libs/one", "libs/one/inner"])
    assert found == ("src", "", "libs/one/inner/src", "libs/one/src")


def test_settings_stand_alone_for_projects_inside_too(tmp_path: Path) -> None:
    assert find_import_roots(tmp_path, Settings(src=("lib",)), ["one/src/lab/a.py"], ["one"]) == ("lib", "")


def test_a_script_has_its_own_directory() -> None:
    assert script_root("scripts/deep/run.py") == "scripts/deep"
    assert script_root("run.py") == ""
