"""What the configuration files say, and what is said about what they get wrong."""

from pathlib import Path

import pytest

from huldra.sources.settings import Limits, Settings, load_settings
from huldra.sources.toml_files import SettingsError


def fault_of(root: Path, text: str, file: str = "pyproject.toml") -> SettingsError:
    (root / file).write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings(root)
    return caught.value


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings == Settings()
    assert settings.src is None
    assert settings.store is None
    assert settings.limits.configs_per_site == 10_000
    assert settings.limits.call_depth == 50
    assert settings.limits.file_size == 2_000_000


def test_a_pyproject_without_a_table_gives_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.ruff]\nline-length = 3\n')
    assert load_settings(tmp_path) == Settings()


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        """
[tool.huldra]
store = "results"
src = ["lib", "."]
exclude = ["old/", "*_scratch.py"]
bases = ["lab.base.Experiment"]
select = ["HUL2"]
ignore = ["HUL203"]
baseline = "baseline.json"
manifests = ["experiments.json"]
per-file-ignores = { "scripts/*" = ["HUL1", "HUL4"] }
limits = { configs-per-site = 5, call-depth = 6, steps = 7, file-size = 8 }
[tool.huldra.fingerprint]
packages = ["torch"]
ignore-calls = ["logging.info"]
[tool.huldra.run]
backend = "slurm"
jobs = 4
confirm-over-hours = 2
slurm = { partition = "gpu", gpus = 1 }
"""
    )
    settings = load_settings(tmp_path)
    assert settings.store == "results"
    assert settings.src == ("lib", ".")
    assert settings.exclude == ("old/", "*_scratch.py")
    assert settings.bases == ("lab.base.Experiment",)
    assert settings.select == ("HUL2",)
    assert settings.ignore == ("HUL203",)
    assert settings.baseline == "baseline.json"
    assert settings.manifests == ("experiments.json",)
    assert dict(settings.per_file_ignores) == {"scripts/*": ("HUL1", "HUL4")}
    assert settings.limits == Limits(configs_per_site=5, call_depth=6, steps=7, file_size=8)
    assert settings.fingerprint.packages == ("torch",)
    assert settings.fingerprint.ignore_calls == ("logging.info",)
    assert settings.run.backend == "slurm"
    assert settings.run.jobs == 4
    assert settings.run.confirm_over_hours == 2
    assert dict(settings.run.slurm) == {"partition": "gpu", "gpus": 1}


@pytest.mark.parametrize(("text", "packages"), [("true", True), ("false", False), ('["numpy"]', ("numpy",))])
def test_packages_are_all_none_or_named(tmp_path: Path, text: str, packages: bool | tuple[str, ...]) -> None:
    (tmp_path / "huldra.toml").write_text(f"fingerprint.packages = {text}\n")
    assert load_settings(tmp_path).fingerprint.packages == packages


def test_huldra_toml_has_its_keys_at_the_top(tmp_path: Path) -> None:
    (tmp_path / "huldra.toml").write_text('store = "results"\n')
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert load_settings(tmp_path).store == "results"


def test_an_empty_huldra_toml_leaves_pyproject_alone(tmp_path: Path) -> None:
    (tmp_path / "huldra.toml").write_text("# a marker\n")
    (tmp_path / "pyproject.toml").write_text('[tool.huldra]\nstore = "results"\n')
    assert load_settings(tmp_path).store == "results"


def test_settings_in_both_files_are_an_error_that_names_both(tmp_path: Path) -> None:
    (tmp_path / "huldra.toml").write_text('store = "a"\n')
    error = fault_of(tmp_path, '[project]\nname = "x"\n\n[tool.huldra]\nstore = "a"\n')
    assert error.file == tmp_path / "pyproject.toml"
    assert error.line == 4
    assert str(tmp_path / "huldra.toml") in error.message


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        Settings().store = "elsewhere"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('[tool.huldra]\nstore = "x"\nexlude = ["a"]\n', ("exlude", "[tool.huldra]", "exclude"), 3),
        ("[tool.huldra]\nper_file_ignores = {}\n", ("per_file_ignores", "[tool.huldra]", "per-file-ignores"), 2),
        ("[tool.huldra.limits]\n\ncall-deth = 3\n", ("call-deth", "[tool.huldra.limits]", "call-depth"), 3),
        ("[tool.huldra]\nlimits.steps = 1\nlimits.stepz = 1\n", ("stepz", "[tool.huldra.limits]", "steps"), 3),
        ("[tool.huldra.sorces]\na = 1\n", ("sorces", "[tool.huldra]", "store"), 1),
        ("[tool.huldra]\nSelect = []\n", ("Select", "[tool.huldra]", "select"), 2),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_nearest(
    tmp_path: Path, text: str, words: tuple[str, str, str], line: int
) -> None:
    key, title, nearest = words
    error = fault_of(tmp_path, text)
    assert error.message == f"unknown key {key!r} in {title}; the nearest known key is {nearest!r}"
    assert (error.file, error.line) == (tmp_path / "pyproject.toml", line)
    assert str(error) == f"{tmp_path / 'pyproject.toml'}:{line}: {error.message}"


def test_a_key_like_nothing_known_still_names_a_known_one(tmp_path: Path) -> None:
    assert "the nearest known key is" in fault_of(tmp_path, "[tool.huldra]\nqqqq = 1\n").message


def test_an_unknown_key_in_huldra_toml_names_that_file(tmp_path: Path) -> None:
    error = fault_of(tmp_path, "\nstor = 'x'\n[run]\njob = 3\n", "huldra.toml")
    assert error.message == "unknown key 'stor' in huldra.toml; the nearest known key is 'store'"
    assert (error.file, error.line) == (tmp_path / "huldra.toml", 2)


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("store = 3", "'store' in [tool.huldra]: expected a string, found the number 3", 2),
        ('src = "lib"', "'src' in [tool.huldra]: expected a list, found the string 'lib'", 2),
        ('\nexclude = [\n  "a",\n  4,\n]', "'exclude[1]' in [tool.huldra]: expected a string, found the number 4", 3),
        ("limits = 3", "'limits' in [tool.huldra]: expected a table, found the number 3", 2),
        ("limits.steps = true", "'limits.steps' in [tool.huldra]: expected a whole number, found true", 2),
        ('limits.steps = "9"', "'limits.steps' in [tool.huldra]: expected a whole number, found the string '9'", 2),
        ("run.jobs = 0.5", "'run.jobs' in [tool.huldra]: expected a whole number, found the number 0.5", 2),
        (
            "limits.steps = 0",
            "'limits.steps' in [tool.huldra]: expected a number that is at least 1, found the number 0",
            2,
        ),
        (
            "fingerprint.packages = 1",
            "'fingerprint.packages' in [tool.huldra]: expected true or false or a list, found the number 1",
            2,
        ),
        (
            "fingerprint.packages = [1]",
            "'fingerprint.packages[0]' in [tool.huldra]: expected a string, found the number 1",
            2,
        ),
        (
            'run.backend = "pbs"',
            "'run.backend' in [tool.huldra]: expected 'local', 'slurm' or 'print', found the string 'pbs'",
            2,
        ),
        (
            "run.confirm-over-hours = []",
            "'run.confirm-over-hours' in [tool.huldra]: expected a number, found a list",
            2,
        ),
        ("baseline = 2024-01-01", "'baseline' in [tool.huldra]: expected a string, found a date or time", 2),
        (
            '[tool.huldra.per-file-ignores]\n"a.py" = "HUL1"',
            "'per-file-ignores.a.py' in [tool.huldra]: expected a list, found the string 'HUL1'",
            3,
        ),
        ('src = ["../lib"]', "'src' in [tool.huldra]: expected directories below the root, found '../lib'", 2),
        ('src = ["/lib"]', "'src' in [tool.huldra]: expected directories below the root, found '/lib'", 2),
        ('bases = ["a b"]', "'bases' in [tool.huldra]: expected dotted names of classes, found 'a b'", 2),
        ("store = 3\nbaseline = 4", "'store' in [tool.huldra]: expected a string, found the number 3 (and 1 more)", 2),
    ],
)
def test_a_wrong_value_says_key_expected_and_found(tmp_path: Path, text: str, message: str, line: int) -> None:
    error = fault_of(tmp_path, f"[tool.huldra]\n{text}\n")
    assert error.message == message
    assert error.line == line


def test_tool_huldra_that_is_no_table(tmp_path: Path) -> None:
    error = fault_of(tmp_path, "[tool]\nhuldra = 3\n")
    assert error.message == "[tool.huldra]: expected a table, found the number 3"
    assert error.line == 2


def test_a_key_that_also_stands_elsewhere_is_found_in_its_own_table(tmp_path: Path) -> None:
    text = '[tool.other]\nexlude = 1\nnote = """\n[tool.huldra]\nexlude = 2\n"""\n[tool.huldra]\n# exlude\nexlude = 3\n'
    assert fault_of(tmp_path, text).line == 9


def test_a_key_in_another_spelling_has_its_line_too(tmp_path: Path) -> None:
    assert fault_of(tmp_path, '[tool.huldra]\nstore = "x"\n"\\u0065xlude" = 3\nbaseline = "y"\n').line == 3


def test_text_that_is_not_toml_names_the_line(tmp_path: Path) -> None:
    error = fault_of(tmp_path, "[project]\nname = \n")
    assert error.message == "is not valid TOML: Invalid value"
    assert error.line == 2


def test_toml_that_ends_too_early(tmp_path: Path) -> None:
    error = fault_of(tmp_path, '[project]\nname = """x')
    assert error.message.startswith("is not valid TOML: ")
    assert error.line == 2


def test_toml_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b'[project]\nname = "caf\xe9"\n')
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert caught.value.message == "is not valid TOML: not UTF-8"
    assert caught.value.line == 2


@pytest.mark.parametrize("text", ["x = " + "[" * 20_000, "x = " + "9" * 10_000])
def test_toml_that_no_parser_takes(tmp_path: Path, text: str) -> None:
    assert "TOML" in fault_of(tmp_path, text).message


def test_a_directory_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)


def test_an_error_without_a_file_is_its_message() -> None:
    assert str(SettingsError("no such directory")) == "no such directory"
