"""`huldra rerun`, end to end: real processes with our runtime, over copies of the sample project and small ones."""

import json
import os
import pty
import shlex
import shutil
import signal
import subprocess
import sys
import time

import jsonschema
import pytest

from huldra.exports.schemas import schema_text
from huldra.launch.session import read_session
from tests.cli.steps import STEPS, at

PYTHON = ("--python", sys.executable)


def git(root, *words):
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *author, *words], cwd=root, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def steps(tmp_path):
    """A small project in a repository of its own, never run."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text("")
    (root / "steps.py").write_text(STEPS)
    (root / ".gitignore").write_text("data-huldra/\n*.waits\n*.fails\n__pycache__/\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    git(root, "remote", "add", "origin", "https://example.org/steps.git")
    return root


@pytest.fixture
def sample(toytext, tmp_path):
    """A copy of the sample project that may be changed."""
    return shutil.copytree(toytext, tmp_path / "toytext", symlinks=True)


def run_of(root, name, class_name="Base"):
    """Return the directory of the run whose value is of that name."""
    found = [
        path.parent.parent
        for path in (root / "data-huldra").glob(f"data/steps/{class_name}/*/.huldra/metadata.json")
        if f"name='{name}'" in json.loads(path.read_text())["huldra_python_def"]
    ]
    return found[0]


def outcomes(answer):
    return {f"{row['class']}/{row['hash'][:4]}": row["result"] for row in json.loads(answer.out)["outcomes"]}


def keep_waiting(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def start(root, *words):
    command = [sys.executable, "-c", "from huldra.cli.main import run; run()", "rerun", *words, *PYTHON, "--yes"]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_a_plan_makes_upstream_first_and_says_why(huldra, sample):
    answer = huldra("rerun", "Report/25af5b", "--dry-run", *PYTHON, at=sample)
    assert answer.code == 0
    order = [line.split()[0] for line in answer.out.splitlines()[1:5]]
    assert sorted(order[:3]) == ["Evaluate/2397c823", "Evaluate/33b45696", "Evaluate/bafedd22"]
    assert order[3] == "Report/25af5bed"
    assert "upstream: toytext.scoring.accuracy changed" in answer.out
    assert sys.executable in answer.out


def test_upstream_can_be_left_as_it_is(huldra, sample):
    answer = huldra("rerun", "25af5b", "--no-upstream", "--dry-run", "--format", "json", *PYTHON, at=sample)
    assert [step["hash"][:6] for step in json.loads(answer.out)["steps"]] == ["25af5b"]


def test_a_query_says_what_to_make(huldra, sample):
    answer = huldra("rerun", "class ~ ModelCard and is stale", "--dry-run", "--format", "json", *PYTHON, at=sample)
    runs = json.loads(huldra("analyze", "--format", "json", at=sample).out)["runs"]
    stale = {run["hash"] for run in runs if run["class"].endswith("ModelCard") and run["verdict"] == "stale"}
    document = json.loads(answer.out)
    asked = {step["hash"] for step in document["steps"] if step["purpose"] == "asked"}
    assert asked | {row["hash"] for row in document["left_out"]} == stale
    assert len(stale) == 3


def test_nothing_starts_without_a_yes(huldra, sample):
    before = sorted(sample.rglob("*"))
    answer = huldra("rerun", "25af5b", *PYTHON, at=sample)
    assert answer.code == 2
    assert "1 experiment" not in answer.err
    assert "--yes" in answer.err
    assert "Report/25af5bed" in answer.out
    assert [path for path in sorted(sample.rglob("*")) if ".huldra_cache" not in path.parts] == [
        path for path in before if ".huldra_cache" not in path.parts
    ]


def test_the_stale_are_current_afterwards(huldra, sample):
    answer = huldra("rerun", "25af5b", "--yes", "--jobs", "2", "--format", "json", *PYTHON, at=sample)
    assert answer.code == 0
    document = json.loads(answer.out)
    jsonschema.validate(document, json.loads(schema_text("rerun")))
    assert {row["result"] for row in document["outcomes"]} == {"success"}
    runs = json.loads(huldra("analyze", "--format", "json", at=sample).out)["runs"]
    made = {row["hash"] for row in document["outcomes"]}
    assert {run["verdict"] for run in runs if run["hash"] in made} <= {"current", "orphan"}
    assert read_session(sample) is None


def planned(huldra, sample, *words):
    answer = huldra("rerun", *words, "--dry-run", "--format", "json", *PYTHON, at=sample)
    assert answer.code == 0, answer
    return [step["hash"] for step in json.loads(answer.out)["steps"] if step["purpose"] == "asked"]


def test_of_a_sweep_only_the_stale(huldra, sample):
    place = "toytext/experiments.py:26"
    runs = json.loads(huldra("analyze", "--format", "json", at=sample).out)["runs"]
    verdicts = {run["hash"]: run["verdict"] for run in runs}
    everything = planned(huldra, sample, place)
    assert sorted(verdicts[key] for key in everything) == ["current", "stale", "stale"]
    stale = [key for key in everything if verdicts[key] == "stale"]
    assert planned(huldra, sample, place, "--stale") == stale
    assert planned(huldra, sample, place, "--stale", "--missing") == stale
    assert planned(huldra, sample, place, "--missing") == []


def test_what_no_longer_fits_is_left_out_with_its_reason(huldra, sample):
    answer = huldra("rerun", "Evaluate/db9d80", "--yes", *PYTHON, at=sample)
    assert answer.code == 1
    assert "nothing to make" in answer.out
    assert "field 'threshold' was added" in answer.out


def test_a_line_of_code_never_run(huldra, steps):
    answer = huldra("rerun", at("first = "), "--yes", *PYTHON, at=steps)
    assert answer.code == 0, answer
    assert (run_of(steps, "top", "Top") / "value.txt").read_text() == "first of top"
    assert "Base" in answer.out
    assert huldra("rerun", at("first = "), "--missing", "--yes", *PYTHON, at=steps).out == "nothing to make\n"


def test_what_is_written_inside_the_experiment_of_a_line_is_made_again_only_if_it_must(huldra, steps):
    assert "2 experiments" in huldra("rerun", at("first = "), "--yes", *PYTHON, at=steps).out
    again = huldra("rerun", at("first = "), "--dry-run", "--format", "json", *PYTHON, at=steps)
    assert [step["class"] for step in json.loads(again.out)["steps"]] == ["steps.Top"]
    inside = f"{at('first = ')}:{STEPS.splitlines()[int(at('first = ').partition(':')[2]) - 1].index('Base(') + 1}"
    one = huldra("rerun", inside, "--dry-run", "--format", "json", *PYTHON, at=steps)
    assert [step["class"] for step in json.loads(one.out)["steps"]] == ["steps.Base"]
    assert "steps.Top" in huldra("show", at("first = "), at=steps).out


def test_a_failure_stops_what_depends_on_it_and_nothing_more_if_told_so(huldra, steps):
    (steps / "a.fails").touch()
    (steps / "c.fails").touch()
    answer = huldra("rerun", "Top", "Base", "--yes", "-k", "--format", "json", *PYTHON, at=steps)
    assert answer.code == 1
    rows = json.loads(answer.out)
    by_name = {step["hash"]: step["config"]["name"] for step in rows["steps"]}
    ended = {by_name[row["hash"]]: (row["result"], row["message"]) for row in rows["outcomes"]}
    assert ended["a"] == ("failed", "ArithmeticError: told to fail")
    assert ended["c"][0] == "failed"
    assert ended["b"] == ("success", "")
    assert ended["top"][0] == "not-started"
    assert "which it depends on" in ended["top"][1]


def test_a_failure_stops_everything_by_default_and_the_rest_can_be_resumed(huldra, steps):
    (steps / "a.fails").touch()
    answer = huldra("rerun", "Base", "Top", "--yes", "--format", "json", *PYTHON, at=steps)
    assert answer.code == 1
    assert sorted(row["result"] for row in json.loads(answer.out)["outcomes"])[:1] == ["failed"]
    (steps / "a.fails").unlink()
    resumed = huldra("rerun", "--resume", "--yes", "--format", "json", *PYTHON, at=steps)
    assert resumed.code == 0
    done = {row["hash"] for row in json.loads(answer.out)["outcomes"] if row["result"] == "success"}
    again = {row["hash"] for row in json.loads(resumed.out)["outcomes"]}
    assert not done & again
    assert len(done | again) == 4
    assert huldra("rerun", "--resume", "--yes", *PYTHON, at=steps).code == 2


def test_a_failed_rerun_loses_nothing(huldra, steps):
    assert huldra("rerun", at("other = "), "--yes", *PYTHON, at=steps).code == 0
    run = run_of(steps, "b")
    before = (run / ".huldra" / "SUCCESS.json").read_bytes()
    (steps / "b.fails").touch()
    answer = huldra("rerun", at("other = "), "--yes", *PYTHON, at=steps)
    assert answer.code == 1
    assert "told to fail" in answer.err
    assert (run / "value.txt").read_text() == "first of b"
    assert (run / ".huldra" / "SUCCESS.json").read_bytes() == before
    assert "ArithmeticError: told to fail" in (run / ".huldra" / "launch" / "output.log").read_text()


def made_again(huldra, steps):
    """Make an experiment, and begin to make it again. Return its directory, the process, and what was written of it."""
    assert huldra("rerun", at("other = "), "--yes", *PYTHON, at=steps).code == 0
    run = run_of(steps, "b")
    (steps / "b.waits").touch()
    launched = start(steps, at("other = "))
    record = run / ".huldra" / "launch" / "job.json"
    before = record.read_text()
    keep_waiting(lambda: record.read_text() not in {before, ""})
    return run, launched, record


@pytest.mark.parametrize("delay", [0.0, 0.15, 0.3, 0.45])
def test_a_process_that_is_killed_at_any_moment_loses_nothing(huldra, steps, delay):
    run, launched, record = made_again(huldra, steps)
    time.sleep(delay)
    os.killpg(json.loads(record.read_text())["pid"], signal.SIGKILL)
    said, _ = launched.communicate(timeout=60)
    assert launched.returncode == 1, said
    assert "killed by SIGKILL" in said
    assert (run / "value.txt").read_text() == "first of b"
    assert (run / ".huldra" / "SUCCESS.json").exists()
    assert not (run / ".huldra" / "previous").exists()
    verdicts = {row["hash"]: row["verdict"] for row in json.loads(huldra("analyze", "--format", "json").out)["runs"]}
    assert verdicts[run.name] == "current"


def test_an_earlier_result_that_cannot_be_brought_back_is_said_to_wait(huldra, steps):
    run, launched, record = made_again(huldra, steps)
    keep_waiting((run / ".huldra" / "previous").is_dir)
    (steps / "steps.py").write_text("raise SystemExit(3)\n")  # nothing can be imported any more
    os.killpg(json.loads(record.read_text())["pid"], signal.SIGKILL)
    said, _ = launched.communicate(timeout=60)
    assert f"the earlier result waits in {run / '.huldra' / 'previous'}" in said
    (steps / "steps.py").write_text(STEPS)
    (steps / "b.waits").unlink()
    assert huldra("rerun", at("other = "), "--yes", *PYTHON, at=steps).code == 0
    assert (run / "value.txt").read_text() == "first of b"
    assert not (run / ".huldra" / "previous").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_what_runs_and_leaves_nothing_half_done(huldra, steps, number):
    assert huldra("rerun", at("other = "), "--yes", *PYTHON, at=steps).code == 0
    run = run_of(steps, "b")
    (run / "begun.txt").unlink()
    (steps / "b.waits").touch()
    launched = start(steps, at("other = "), at("third = "))
    begun = run / "begun.txt"
    keep_waiting(lambda: begun.exists() and begun.read_text())  # it is there for a moment before anything is in it
    pid = int(begun.read_text())
    launched.send_signal(number)
    said, _ = launched.communicate(timeout=60)
    assert launched.returncode == 130, said
    assert "1 interrupted · 1 not-started" in said
    assert (run / "value.txt").read_text() == "first of b"
    assert (run / ".huldra" / "SUCCESS.json").exists()
    assert not (run / ".huldra" / ".compute.lock").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    (steps / "b.waits").unlink()
    assert huldra("rerun", "--resume", "--yes", *PYTHON, at=steps).code == 0
    assert (run_of(steps, "c") / "value.txt").exists()


def test_a_module_that_cannot_be_imported_leaves_no_run_behind(huldra, steps):
    (steps / "steps.py").write_text(STEPS.replace("import os\n", "import os\nimport not_installed_anywhere\n"))
    answer = huldra("rerun", at("other = ", 1), "--yes", *PYTHON, at=steps)
    assert answer.code == 1
    assert "No module named 'not_installed_anywhere'" in answer.err
    assert not list((steps / "data-huldra").rglob("launch"))
    assert list((steps / ".huldra_cache" / "launch" / "logs").rglob("output.log"))


def test_the_code_as_it_was(huldra, steps):
    """The commit and the uncommitted edit on top of it; the user's tree is as it was, and no worktree is left."""
    (steps / "steps.py").write_text(STEPS.replace('"first"', '"edited"'))
    assert huldra("rerun", at("other = "), "--yes", *PYTHON, at=steps).code == 0
    run = run_of(steps, "b")
    assert (run / "value.txt").read_text() == "edited of b"
    (steps / "steps.py").write_text(STEPS.replace('"first"', '"newest"').replace("class Base", "class Renamed"))
    before = git(steps, "status", "--porcelain")
    answer = huldra("rerun", f"steps.Base/{run.name}", "--code", "then", "--yes", *PYTHON, at=steps)
    assert answer.code == 0, answer
    assert "in a worktree of its own" in answer.out
    assert (run / "value.txt").read_text() == "edited of b"
    started = [line for line in (run / ".huldra" / "events.jsonl").read_text().splitlines() if "_started" in line]
    assert len(started) == 2
    assert '"edited"' in json.loads((run / ".huldra" / "metadata.json").read_text())["git_patch"]
    assert git(steps, "status", "--porcelain") == before
    assert git(steps, "worktree", "list").count("\n") == 1


def test_a_run_without_a_commit_here_cannot_go_back(huldra, steps):
    assert huldra("rerun", at("other = "), "--yes", *PYTHON, at=steps).code == 0
    metadata = run_of(steps, "b") / ".huldra" / "metadata.json"
    known = git(steps, "rev-parse", "HEAD").strip()
    metadata.write_text(metadata.read_text().replace(known, "0" * 40))
    (metadata.parent / "sources.json").unlink(missing_ok=True)
    answer = huldra("rerun", at("other = "), "--code", "then", "--dry-run", *PYTHON, at=steps)
    assert "is not in this clone" in answer.out


def test_a_python_without_the_library_is_named(steps, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; from huldra.cli.main import run; run()"]
    done = subprocess.run(
        [*command, "rerun", at("other = "), "--yes", "--python", str(tmp_path / "bare")],
        cwd=steps,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "huldra cannot be imported by" in done.stderr
    assert str(tmp_path / "bare" / "bin" / "python") in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rerun",), "either what to make, or --resume"),
        (("rerun", "steps.py:1"), "no experiment is built at steps.py:1"),
        (("rerun", "abcdef"), "no stored run"),
        (("rerun", "--resume"), "nothing to resume"),
        (("rerun", "verdict ="), "^"),
        (("rerun", "Base", "--jobs", "0"), "at least 1"),
        (("rerun", "Base", "--python", "nowhere/python"), "is no Python that can be run"),
        (("rerun", "Base", "--missing", "--code", "then"), "never run"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(huldra, steps, words, said):
    answer = huldra(*words, at=steps)
    assert answer.code == 2
    assert said in answer.err


def test_the_backend_print_writes_commands_and_starts_nothing(huldra, steps):
    (steps / "huldra.toml").write_text('run.backend = "print"\n')
    answer = huldra("rerun", at("first"), *PYTHON, at=steps)
    assert answer.code == 0
    assert "2 experiments to make" in answer.err
    lines = answer.out.splitlines()
    assert [line.split()[:3] for line in lines] == [["huldra", "rerun", line.split()[2]] for line in lines]
    assert [line.split()[2].partition("/")[0] for line in lines] == ["steps.Base", "steps.Top"]
    assert not (steps / "data-huldra").exists()
    for line in lines:
        words = shlex.split(line)[1:]
        assert huldra(*words, at=steps).code == 0
    assert (run_of(steps, "top", "Top") / "value.txt").read_text() == "first of top"
    assert huldra("rerun", at("other"), *PYTHON, "--backend", "local", "--yes", at=steps).code == 0
    document = json.loads(huldra("rerun", at("third"), *PYTHON, "--format", "json", "--yes", at=steps).out)
    assert document["outcomes"] is None


def test_the_backend_slurm_is_an_error_as_yet(huldra, steps):
    answer = huldra("rerun", at("first"), *PYTHON, "--backend", "slurm", "--yes", at=steps)
    assert (answer.code, answer.out) == (2, "")
    assert "slurm cannot start anything yet" in answer.err


def at_terminal(root, *words):
    """Start a rerun at a terminal, and say no. Return the exit code and what it said on stderr."""
    terminal, end = pty.openpty()
    command = [sys.executable, "-c", "from huldra.cli.main import run; run()", "rerun", *words, *PYTHON]
    process = subprocess.Popen(command, cwd=root, stdin=end, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.write(terminal, b"n\n")
    said = process.communicate(timeout=60)[1].decode()
    os.close(terminal)
    os.close(end)
    return process.returncode, said


@pytest.mark.parametrize(("hours", "is_asked"), [("1", False), ("0", True)])
def test_a_short_rerun_is_not_asked_about_at_a_terminal(huldra, steps, hours, is_asked):
    assert huldra("rerun", at("other"), *PYTHON, "--yes", at=steps).code == 0
    (steps / "huldra.toml").write_text(f"run.confirm-over-hours = {hours}\n")
    code, said = at_terminal(steps, at("other"))
    assert ("[y/N]" in said) is is_asked
    assert code == (2 if is_asked else 0)
    assert huldra("rerun", at("other"), *PYTHON, at=steps).code == 2  # nobody can be asked, so --yes is needed


def test_what_was_never_run_is_asked_about_since_nobody_knows_how_long_it_takes(steps):
    (steps / "huldra.toml").write_text("run.confirm-over-hours = 100\n")
    assert "[y/N]" in at_terminal(steps, at("other"))[1]
    assert not (steps / "data-huldra").exists()
