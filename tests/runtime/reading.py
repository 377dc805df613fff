"""What lies in a run, for the tests to look at."""

import json


def state_of(experiment):
    return json.loads((experiment.huldra_dir / ".huldra" / "state.json").read_text())


def result_of(experiment):
    return state_of(experiment)["result"]["status"]


def attempt_of(experiment):
    return state_of(experiment)["attempt"]


def events_of(experiment):
    lines = (experiment.huldra_dir / ".huldra" / "events.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def log_of(experiment):
    return (experiment.huldra_dir / ".huldra" / "huldra.log").read_text()


def record_of(experiment, name):
    return json.loads((experiment.huldra_dir / ".huldra" / name).read_text())


def picture(folder):
    """Everything below a folder: path to content and time of change."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
