"""Code beside a project that is installed in its environment from where it lies, though no setting says so."""

import json

import pytest

from huldra.analysis.live import LiveProject
from huldra.sources.editable import editable_installs
from tests.unit import test_data_files
from tests.unit.git_builder import commit, git, new_repository, write
from tests.unit.test_neighbours import CURRENT, TRAIN, UNKNOWN, ask, look, make_runs, told, verdicts

TOOLS = "FACTOR = 2\n\n\ndef scale(x):\n    return x * FACTOR\n"
FILES = {
    ".gitignore": "data-huldra/\n.huldra_cache/\n__pycache__/\n.venv/\n",
    "app/pyproject.toml": '[project]\nname = "app"\n',
    "app/app/train.py": TRAIN,
    "lib/pyproject.toml": '[project]\nname = "lib"\n',
    "lib/src/lib/__init__.py": "",
    "lib/src/lib/tools.py": TOOLS,
    "other/other/__init__.py": "",
}
PACKAGES = ".venv/lib/python3.12/site-packages"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def app(tmp_path):
    """A project with runs that use a library beside it."""
    root = new_repository(tmp_path / "all")
    commit(root, FILES)
    make_runs(root / "app", root / "lib/src", root / "app")
    return root / "app"


def told_by_metadata(app, place, *, is_editable=True):
    document = {"url": place.as_uri(), "dir_info": {"editable": True} if is_editable else {}}
    write(app, {f"{PACKAGES}/{place.name}-1.0.dist-info/direct_url.json": json.dumps(document)})


def told_by_path(app, place):
    write(app, {f"{PACKAGES}/easy-install.pth": f"# ours\nimport sys\n{place / 'src'}\n"})


def told_by_link(app, place):
    write(app, {f"{PACKAGES}/lib.egg-link": f"{place}\n."})


INSTALLS = [told_by_metadata, told_by_path, told_by_link]


@pytest.mark.parametrize("install", INSTALLS)
def test_what_is_installed_to_be_edited_counts(app, install):
    write(app.parent, {"lib/src/lib/tools.py": "scale = abs\n"})
    assert verdicts(look(app)) == CURRENT  # which is wrong, and can be told by nothing
    install(app, app.parent / "lib")
    assert verdicts(look(app)) == UNKNOWN
    (reason,) = told(look(app))["Train"].reasons
    assert reason.message.startswith("src/lib/tools.py of lib (../lib) changed, which is not of this project: ")
    write(app.parent, {"lib/src/lib/tools.py": TOOLS})
    assert verdicts(look(app)) == CURRENT
    assert {run.certainty for run in told(look(app)).values()} == {"certain"}


def test_in_another_repository_it_is_a_doubt(app, tmp_path):
    lib = new_repository(tmp_path / "lib")
    commit(lib, {"lib/__init__.py": "", "lib/tools.py": TOOLS})
    told_by_metadata(app, lib)
    found = told(look(app))
    assert {name: (run.verdict, run.certainty) for name, run in found.items()} == {
        "Train": ("current", "likely"),
        "Plain": ("current", "certain"),
    }


@pytest.mark.parametrize("environment", ["VIRTUAL_ENV", "setting"])
def test_the_environment_is_the_one_that_experiments_run_in(app, tmp_path, monkeypatch, environment):
    told_by_metadata(tmp_path / "elsewhere", app.parent / "lib")
    place = tmp_path / "elsewhere/.venv"
    if environment == "setting":
        write(app, {"huldra.toml": f'[run]\npython = "{place}/bin/python"\n'})
    else:
        monkeypatch.setenv("VIRTUAL_ENV", str(place))
    write(app.parent, {"lib/src/lib/tools.py": "scale = abs\n"})
    assert verdicts(look(app)) == UNKNOWN


def test_what_is_none(app, tmp_path):
    library = new_repository(tmp_path / "huldra")
    write(library, {"src/huldra/__init__.py": ""})
    for place in (app, app / "app", library, tmp_path / "gone"):
        told_by_metadata(app, place)
    told_by_metadata(app, app.parent / "lib", is_editable=False)
    broken = {"a": "no JSON, though editable", "b": '{"url": 3, "dir_info": {"editable": true}}', "c": '["editable"]'}
    write(app, {f"{PACKAGES}/{name}-1.dist-info/direct_url.json": text for name, text in broken.items()})
    write(app, {f"{PACKAGES}/system.pth": f"/usr/lib/python3/dist-packages\n../lib\n{app}\n"})
    assert editable_installs(app, None).installed == ()


def test_only_the_top_of_what_nobody_imports_is_looked_at(app, monkeypatch):
    told_by_metadata(app, app.parent / "other")
    monkeypatch.setattr("huldra.analysis.neighbours.discover_files", None)
    assert verdicts(look(app)) == CURRENT


def test_a_server_sees_a_change_and_an_installation(app):
    live = LiveProject(app)

    def state():
        taken = live.take_state({})
        live.finish(taken)
        return verdicts(taken.snapshot)

    write(app, {f"{PACKAGES}/some.txt": ""})
    assert state() == CURRENT
    write(app.parent, {"lib/src/lib/tools.py": "scale = abs\n"})
    assert not live.has_other_data()
    told_by_metadata(app, app.parent / "lib")
    assert live.has_other_data()
    assert state() == UNKNOWN
    assert not live.has_other_data()
    write(app.parent, {"lib/src/lib/tools.py": TOOLS})
    assert live.has_other_data()
    assert state() == CURRENT


def test_no_answer_is_kept_that_it_may_change(app):
    told_by_metadata(app, app.parent / "other")
    assert ask(app) == CURRENT
    assert ask(app) == CURRENT
    told_by_metadata(app, app.parent / "lib")
    assert ask(app) == CURRENT
    write(app.parent, {"lib/src/lib/tools.py": "scale = abs\n"})
    assert ask(app) == UNKNOWN
    git(app.parent, "checkout", "lib")
    assert ask(app) == CURRENT


@pytest.mark.parametrize("words", [("analyze", "--format", "json"), ("check", "--format", "json")])
def test_nor_is_any_other_answer(app, words):
    told_by_metadata(app, app.parent / "other")
    first = test_data_files.ask(app, *words)
    assert (app / ".huldra_cache/answers").exists()  # of what is installed there nothing is imported
    assert test_data_files.ask(app, *words) == first
    write(app.parent, {"lib/src/lib/tools.py": "scale = abs\n"})
    assert "unverifiable" not in test_data_files.ask(app, *words)
    told_by_metadata(app, app.parent / "lib")
    changed = test_data_files.ask(app, *words)
    assert "unverifiable" in changed
    git(app.parent, "checkout", "lib")
    assert "unverifiable" not in test_data_files.ask(app, *words)
