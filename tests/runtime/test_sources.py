"""sources.json: which code made a result, content included, and nothing that is not the project's."""

import gzip
import hashlib
import json
import os
import subprocess
import sys

import pytest

from huldra.formats.layout import source_text_file
from huldra.formats.records import SourcesRecord

PACKAGE = {
    "pyproject.toml": "",
    "run.py": "from lab.train import Train\nTrain().load_or_create()\n",
    "lab/__init__.py": "",
    "lab/train.py": (
        "import huldra\nfrom lab.helpers import double\nimport neighbour\n"
        "class Train(huldra.Huldra[int]):\n"
        "    n: int = 2\n"
        "    def _create(self):\n"
        "        import lab.late\n"
        "        return double(self.n)\n"
        "    def _load(self):\n"
        "        return 4\n"
    ),
    "lab/helpers.py": "def double(n):\n    return 2 * n\n",
    "lab/late.py": "LATE = 1\n",
    "lab/unused.py": "1 / 0\n",
}


@pytest.fixture
def project(tmp_path):
    """A project of several modules, next to a module that is not its own."""
    root = tmp_path / "project ü"
    for name, text in PACKAGE.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "neighbour.py").write_text("PASSWORD = 'secret'\n")
    for path in tmp_path.rglob("*.py"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    return root


@pytest.fixture
def run(project, run_python, monkeypatch, store):
    """Run the project's script; return the record of its run."""

    def run(code=None, **environment):
        monkeypatch.chdir(project)
        path = os.pathsep.join([str(project), str(project.parent / "outside")])
        start = "import runpy, sys\nsys.argv = ['run.py']\nrunpy.run_path('run.py', run_name='__main__')\n"
        run_python(code or start, PYTHONPATH=path, **environment)
        (found,) = store.rglob("sources.json")
        return SourcesRecord.model_validate_json(found.read_bytes())

    return run


def test_the_code_that_was_loaded_is_recorded_by_content(run, project, store):
    record = run()
    assert record.root_marker == "pyproject.toml"
    assert record.python == ".".join(str(part) for part in sys.version_info[:3])
    assert {"lab/__init__.py", "lab/train.py", "lab/helpers.py", "lab/late.py"} <= set(record.files)
    assert "lab/unused.py" not in record.files
    for path, digest in record.files.items():
        content = (project / path).read_bytes()
        assert digest == hashlib.sha256(content).hexdigest()
        assert gzip.decompress(source_text_file(store, digest).read_bytes()) == content
    assert record.changed_since_start == ()
    assert record.not_copied == {}


def test_what_is_not_the_projects_is_named_and_never_copied(run, store):
    record = run()
    assert record.outside == ("neighbour",)
    assert record.distributions["chz"].startswith("0.4")
    assert "pydantic" in record.distributions
    assert "huldra-lab" in record.distributions
    texts = [gzip.decompress(path.read_bytes()) for path in (store / "sources").rglob("*.gz")]
    assert len(texts) == len(set(record.files.values()))
    assert not any(b"secret" in text for text in texts)


def test_the_entry_script_is_among_the_files(project, store, monkeypatch):
    monkeypatch.chdir(project)
    path = os.pathsep.join([str(project), str(project.parent / "outside")])
    environment = {**os.environ, "PYTHONPATH": path, "HULDRA_PATH": str(store)}
    subprocess.run([sys.executable, "run.py"], env=environment, check=True, capture_output=True)
    (found,) = store.rglob("sources.json")
    record = json.loads(found.read_text())
    assert record["entry"] == "run.py"
    assert "run.py" in record["files"]


def test_what_is_edited_while_it_runs_is_not_what_ran(run, project):
    before = hashlib.sha256((project / "lab/helpers.py").read_bytes()).hexdigest()
    code = (
        "from lab.train import Train\nimport pathlib\n"
        "create = Train._create\n"
        "def edit(self):\n"
        "    pathlib.Path('lab/helpers.py').write_text('def double(n): return 3 * n')\n"
        "    return create(self)\n"
        "Train._create = edit\n"
        "Train().load_or_create()\n"
    )
    record = run(code)
    assert record.files["lab/helpers.py"] == before
    assert record.changed_since_start == ()


def test_what_was_edited_before_it_could_be_read_is_doubtful(run):
    code = (
        "from lab.train import Train\nimport pathlib, time\n"
        "time.sleep(0.05)\n"
        "pathlib.Path('lab/helpers.py').write_text('def double(n): return 3 * n')\n"
        "Train().load_or_create()\n"
    )
    assert run(code).changed_since_start == ("lab/helpers.py",)


def test_large_files_are_hashed_and_not_copied(run, store):
    record = run(HULDRA_SOURCES_MAX_BYTES="100")
    assert set(record.not_copied) == {"lab/train.py"}
    assert record.files["lab/train.py"]
    assert not source_text_file(store, record.files["lab/train.py"]).exists()


def test_nothing_is_recorded_if_that_is_wanted(project, run_python, store, monkeypatch):
    monkeypatch.chdir(project)
    path = os.pathsep.join([str(project), str(project.parent / "outside")])
    run_python("from lab.train import Train; Train().load_or_create()", PYTHONPATH=path, HULDRA_RECORD_SOURCES="0")
    assert list(store.rglob("sources.json")) == []
    assert not (store / "sources").exists()
