"""Makes small stored runs by hand, after the runtime contract's section 8. Holds no tests."""

import json

from huldra.stored_runs.model import StoredRun
from huldra.stored_runs.read import read_store

DIGEST = "05c93b71b7b8b2ea1781"
CLEAN_PATCH = "# === unstaged ===\n# === staged ===\n# === untracked ==="
OWNER = {"pid": 6898, "host": "node01", "hostname": "node01", "user": "user", "command": "run.py"}


def attempt(status="success", **changes):
    record = {
        "id": "a" * 32,
        "number": 1,
        "backend": "local",
        "status": status,
        "started_at": "2026-01-02T03:04:05+00:00",
        "heartbeat_at": "2026-01-02T03:04:45+00:00",
        "lease_duration_sec": 120.0,
        "lease_expires_at": "2026-01-02T03:06:45+00:00",
        "owner": OWNER,
        "scheduler": {},
    }
    if status not in ("queued", "running"):
        record |= {"ended_at": "2026-01-02T03:05:16+00:00", "reason": None}
    if status == "failed":
        record["error"] = {"type": "ValueError", "message": "no", "traceback": "Traceback …"}
    record |= changes
    return {key: value for key, value in record.items() if value != "(absent)"}


def state(result="success", attempt=None):
    results = {"success": {"status": "success", "created_at": "2026-01-02T03:05:16+00:00"}}
    return {
        "schema_version": 1,
        "result": results.get(result, {"status": result}),
        "attempt": attempt,
        "updated_at": "2026-01-02T03:05:16+00:00",
    }


def metadata(prefix="huldra", **changes):
    record = {
        f"{prefix}_python_def": "my_project.train.Train(lr=0.1)",
        f"{prefix}_obj": {"__class__": "my_project.train.Train", "lr": 0.1},
        f"{prefix}_hash": DIGEST,
        f"{prefix}_path": "/home/user/proj/store",
        "git_commit": "bb7f33ea94df13032e42ba5d85cf0fb748c7ca59",
        "git_branch": "main",
        "git_remote": "https://example.org/project.git",
        "git_patch": CLEAN_PATCH,
        "git_submodules": {"vendor/b": "2", "vendor/a": "1"},
        "timestamp": "2026-01-02T03:04:05.340355+00:00",
        "command": "run.py",
        "python_version": "3.12.1",
        "executable": "python",
        "platform": "Linux",
        "hostname": "node01",
        "user": "user",
        "pid": 6898,
    }
    return record | changes


MARKER = {"attempt_id": "a" * 32, "created_at": "2026-01-02T03:05:15+00:00"}


def event(kind, **more):
    return json.dumps({"ts": "2026-01-02T03:04:05+00:00", "pid": 1, "host": "node01", "type": kind, **more}) + "\n"


def make_run(store, name="huldra", *, root="data", digest=DIGEST, **files):
    """Write a run; each keyword is a file (`state_json={...}`), as JSON data or as text or bytes."""
    internal = store / root / "my_project" / "train" / "Train" / digest / f".{name}"
    internal.mkdir(parents=True)
    for key, content in files.items():
        stem, _, ending = key.rpartition("_")
        path = internal / f"{stem}.{ending}"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2))
    return internal


def make_good_run(store, name="huldra", **changes):
    files = {
        "state_json": state("success", attempt()),
        "SUCCESS_json": MARKER,
        "metadata_json": metadata(name),
        "events_jsonl": event("attempt_started") + event("attempt_finished", status="success"),
    }
    return make_run(store, name, **(files | changes))


def only_run(store) -> StoredRun:
    stored = read_store(store)
    assert stored.unreadable == ()
    (run,) = stored.runs
    return run


def only_reason(store) -> str:
    stored = read_store(store)
    assert stored.runs == ()
    (run,) = stored.unreadable
    assert (run.path, run.class_name, run.hash) == (
        f"data/my_project/train/Train/{DIGEST}",
        "my_project.train.Train",
        DIGEST,
    )
    return run.reason


def note_codes(run):
    return [note.code for note in run.notes]
