"""Verdicts on real runs of a small project, after edits of its code: what is stale, what is not, what is likely."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.comparison.model import ComparedRun

LAB = """import huldra

import tools
from tools import scale


class Data(huldra.Huldra[int]):
    size: int = 3

    def _create(self) -> int:
        (self.huldra_dir / "rows").write_text(str(scale(self.size)))
        return scale(self.size)

    def _load(self) -> int:
        return tools.read(self.huldra_dir / "rows")


class Fit(huldra.Huldra[float]):
    data: Data
    rate: float = 0.1

    def _create(self) -> float:
        return self.data.load_or_create() * self.rate

    def _load(self) -> float:
        return 0.5


class Loose(huldra.Huldra[int]):
    way: str = "up"

    def up(self) -> int:
        return 1

    def _create(self) -> int:
        return getattr(self, self.way)()

    def _load(self) -> int:
        return 1


DATA = Data()
FIT = Fit(data=DATA)
LOOSE = Loose()
"""

TOOLS = """FACTOR = 2


def scale(x):
    \"\"\"Scales.\"\"\"
    return x * FACTOR


def read(path):
    return int(path.read_text())


def unused():
    return 1
"""

MAKE = "import lab; lab.FIT.load_or_create(); lab.LOOSE.load_or_create()"


def make_project(root: Path, files: Mapping[str, str], command: str) -> Path:
    """Return a committed project with the runs that a command makes."""
    root.mkdir()
    (root / "pyproject.toml").write_text('[tool.huldra]\nstore = "store"\n')
    (root / ".gitignore").write_text("store\n__pycache__\n")
    for name, text in files.items():
        (root / name).write_text(text)
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    environment = {**os.environ, "HULDRA_PATH": str(root / "store")}
    subprocess.run([sys.executable, "-c", command], cwd=root, check=True, env=environment)
    return root


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committed project with one run of each class."""
    return make_project(tmp_path_factory.mktemp("made") / "project", {"lab.py": LAB, "tools.py": TOOLS}, MAKE)


def verdicts(root: Path, **edited: str) -> dict[str, ComparedRun]:
    """Return the runs by class, with files of the project as an editor holds them."""
    overlays = {f"{name}.py": text for name, text in edited.items()}
    runs = take_snapshot(open_workspace(root, root=root, overlays=overlays)).comparison.runs
    return {run.run.class_name.rpartition(".")[2]: run for run in runs}


def notes(run: ComparedRun) -> list[str]:
    return [note.code for note in run.notes]


def test_unedited(made: Path) -> None:
    found = verdicts(made)
    assert {name: (run.verdict, run.certainty) for name, run in found.items()} == {
        "Data": ("current", "certain"),
        "Fit": ("current", "certain"),
        "Loose": ("current", "likely"),
    }
    assert notes(found["Loose"]) == ["code-not-followed"]
    assert "lab.py:36" in found["Loose"].notes[0].message


@pytest.mark.parametrize(
    ("lab", "tools"),
    [
        (LAB, TOOLS.replace('    """Scales."""\n', "    # scaled\n").replace("x * FACTOR", "(x * FACTOR)")),
        (LAB, TOOLS.replace("    return 1\n", "    return 2\n")),
        (LAB.replace("return self.data", "# here\n        return self.data"), TOOLS),
        (LAB.replace("from tools import scale", "from tools import scale as grow").replace(" scale(", " grow("), TOOLS),
        (LAB.replace("return 0.5", "return 0.25"), TOOLS),
    ],
    ids=["comment", "unused", "layout", "alias", "own load"],
)
def test_edits_that_change_no_result(made: Path, lab: str, tools: str) -> None:
    lab = lab.replace("str(scale", "str(grow") if "as grow" in lab else lab
    assert {name: run.verdict for name, run in verdicts(made, lab=lab, tools=tools).items()} == {
        "Data": "current",
        "Fit": "current",
        "Loose": "current",
    }


def test_a_constant_that_a_helper_reads(made: Path) -> None:
    found = verdicts(made, tools=TOOLS.replace("FACTOR = 2", "FACTOR = 3"))
    (reason,) = found["Data"].reasons
    assert (found["Data"].verdict, reason.code, reason.definition) == ("stale", "code-changed", "tools.FACTOR")
    assert (reason.certainty, reason.place and reason.place.line) == ("certain", 1)
    assert reason.change is not None
    assert reason.change.chain == ("lab.Data._create", "tools.scale", "tools.FACTOR")
    (above,) = found["Fit"].reasons
    assert (found["Fit"].verdict, above.code, above.dependency) == ("stale", "upstream-stale", found["Data"].key)
    assert found["Loose"].verdict == "current"


def test_how_a_dependency_is_loaded_belongs_to_who_loads_it(made: Path) -> None:
    found = verdicts(made, tools=TOOLS.replace("return int(path", "return 1 + int(path"))
    assert found["Data"].verdict == "current"
    assert notes(found["Data"]) == ["load-changed"]
    (reason,) = found["Fit"].reasons
    assert (reason.code, reason.definition) == ("code-changed", "tools.read")


def test_a_new_default_is_a_note(made: Path) -> None:
    found = verdicts(made, lab=LAB.replace("rate: float = 0.1", "rate: float = 0.2"))
    assert found["Fit"].verdict == "orphan"
    assert notes(found["Fit"]) == ["default-changed"]
    assert "the default of rate is 0.2 now; this run has the old one, 0.1" in found["Fit"].notes[0].message


TONES = """import enum

import huldra


class Tone(enum.Enum):
    HIGH = "high"
    LOW = "low"


class Play(huldra.Huldra[int]):
    tone: Tone = Tone.LOW

    def _create(self) -> int:
        return 1

    def _load(self) -> int:
        return 1


PLAY = Play()
"""


@pytest.mark.parametrize(
    "edited",
    [
        TONES.replace("LOW", "DEEP"),
        TONES.replace("class Tone(enum.Enum)", "class Pitch(enum.Enum)").replace("Tone", "Pitch"),
    ],
    ids=["member", "class"],
)
def test_the_same_fields_with_another_hash(tmp_path: Path, edited: str) -> None:
    """An enum member is recorded by its value, and hashed by its name and class."""
    root = make_project(tmp_path / "project", {"lab.py": TONES}, "import lab; lab.PLAY.load_or_create()")
    assert verdicts(root)["Play"].verdict == "current"
    found = verdicts(root, lab=edited)["Play"]
    reason = found.reasons[0]
    assert (found.verdict, reason.code, reason.certainty) == ("stale", "identity-changed", "likely")
    workspace = open_workspace(root, root=root, overlays={"lab.py": edited})
    (key,) = take_snapshot(workspace).experiments.by_key
    assert key != found.key
    assert reason.message == f"the same fields give the hash {key.rpartition('/')[2]} today"
    assert reason.place is not None
    assert reason.place.line == edited.splitlines().index("PLAY = Play()") + 1


def test_what_only_an_unknown_attribute_reaches_is_likely(made: Path) -> None:
    found = verdicts(
        made, lab=LAB.replace("        return 1\n\n    def _create", "        return 2\n\n    def _create")
    )
    assert (found["Loose"].verdict, found["Loose"].reasons[0].definition) == ("stale", "lab.Loose.up")


def test_a_file_that_cannot_be_parsed(made: Path) -> None:
    found = verdicts(made, tools=TOOLS.replace("def scale(x):", "def scale(x:"))
    assert {name: run.verdict for name, run in found.items()} == {
        "Data": "unverifiable",
        "Fit": "unverifiable",
        "Loose": "current",
    }
    assert found["Data"].reasons[0].message == "tools.py cannot be parsed, and the code of the run reaches into it"
    found = verdicts(made, lab=LAB.replace("class Loose(", "class Loose((("))
    assert found["Loose"].verdict == "unverifiable"
    assert found["Loose"].reasons[0].code == "cannot-be-parsed"
    found = verdicts(made, lab=LAB.replace("class Data(", "class Data((("))
    assert {name: run.verdict for name, run in found.items()} == {
        "Data": "unverifiable",
        "Fit": "unverifiable",
        "Loose": "current",
    }
    assert found["Fit"].reasons[0].message == "lab.Data may stand in lab.py, which cannot be parsed"


@pytest.fixture
def unrecorded(made: Path, tmp_path: Path) -> Path:
    """The project with the run of Data made at a commit that nobody has, and no recorded sources."""
    root = tmp_path / "project"
    shutil.copytree(made, root)
    (metadata,) = root.glob("store/data/lab/Data/*/.huldra/metadata.json")
    record = json.loads(metadata.read_text())
    record["git_commit"] = "0123456789" * 4
    metadata.write_text(json.dumps(record))
    (metadata.parent / "sources.json").unlink()
    return root


def test_a_commit_that_nobody_has(unrecorded: Path) -> None:
    found = verdicts(unrecorded)
    (reason,) = found["Data"].reasons
    assert (found["Data"].verdict, reason.code) == ("unverifiable", "code-unknown")
    assert "git fetch" in reason.message
    (reason,) = found["Fit"].reasons
    assert (found["Fit"].verdict, reason.code, reason.dependency) == (
        "unverifiable",
        "upstream-unverifiable",
        found["Data"].key,
    )
    assert found["Loose"].verdict == "current"


@pytest.mark.parametrize("name", ["Data", "Fit"])
def test_what_is_not_known_of_one_run_is_no_doubt_of_others_at_its_commit(
    made: Path, tmp_path: Path, name: str
) -> None:
    root = tmp_path / "project"
    shutil.copytree(made, root)
    for record in root.glob("store/data/lab/*/*/.huldra/sources.json"):
        record.unlink()
    (metadata,) = root.glob(f"store/data/lab/{name}/*/.huldra/metadata.json")
    metadata.write_text(json.dumps({**json.loads(metadata.read_text()), "git_patch": "<ignored-diff>"}))
    found = verdicts(root)
    assert {run.verdict for run in found.values()} == {"current"}
    doubted = {key for key, run in found.items() if "code-incomplete" in {note.code for note in run.notes}}
    assert doubted == {name}
    # What was made from the run is no surer than it; Loose never is, and not for this reason.
    likely = {key for key, run in found.items() if run.certainty == "likely"}
    assert likely == {"Loose", "Fit", name}


def test_a_run_without_a_record_of_its_config_is_what_code_builds_of_that_hash(made: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(made, root)
    (metadata,) = root.glob("store/data/lab/Fit/*/.huldra/metadata.json")
    metadata.unlink()
    found = verdicts(root)["Fit"]
    assert (found.verdict, found.certainty) == ("current", "likely")
    assert [via.name for _, via in found.dependencies] == ["field data"]
    found = verdicts(root, tools=TOOLS.replace("FACTOR = 2", "FACTOR = 3"))["Fit"]
    assert (found.verdict, [reason.code for reason in found.reasons]) == ("stale", ["upstream-stale"])


def test_a_stale_reason_weighs_more_than_a_doubt(unrecorded: Path) -> None:
    found = verdicts(unrecorded, lab=LAB.replace("* self.rate", "+ self.rate"))
    assert found["Fit"].verdict == "stale"
    assert [reason.code for reason in found["Fit"].reasons] == ["code-changed"]


@pytest.mark.parametrize(
    ("setting", "is_said"), [("false", False), ("true", True), ('["chz"]', True), ('["numpy"]', False)]
)
def test_other_versions_of_packages_are_a_note_on_request(
    made: Path, tmp_path: Path, setting: str, *, is_said: bool
) -> None:
    root = tmp_path / "project"
    shutil.copytree(made, root)
    (root / "pyproject.toml").write_text(f'[tool.huldra]\nstore = "store"\nfingerprint.packages = {setting}\n')
    assert verdicts(root)["Data"].verdict == "current"
    assert "packages-changed" not in notes(verdicts(root)["Data"]), "they are those that it was made with"
    (sources,) = root.glob("store/data/lab/Data/*/.huldra/sources.json")
    record = json.loads(sources.read_text())
    now = record["distributions"]["chz"]
    record["distributions"]["chz"] = "0.0.1"
    sources.write_text(json.dumps(record))
    found = verdicts(root)["Data"]
    messages = [note.message for note in found.notes if note.code == "packages-changed"]
    assert messages == ([f"chz 0.0.1 is {now} now"] if is_said else [])
    assert found.verdict == "current"


def test_answers_kept_on_disk_are_those_that_would_be_computed(made: Path) -> None:
    first = verdicts(made)
    assert (made / ".huldra_cache").is_dir()
    assert verdicts(made) == first
    shutil.rmtree(made / ".huldra_cache")
    assert verdicts(made) == first
    for file in (made / ".huldra_cache").glob("*.sqlite*"):
        file.write_bytes(b"not a database at all" * 100)
    assert verdicts(made) == first
    assert verdicts(made) == first
