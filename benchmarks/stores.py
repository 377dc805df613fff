"""Stores of any size, with records as large as real ones. Run as a script: `stores.py DIRECTORY COUNT`."""

import json
import random
import sys
from collections.abc import Mapping
from pathlib import Path

from huldra.formats.config_values import ConfigValue
from huldra.formats.identity import identity_hash

RUNS_OF_A_CLASS = 333
_CLEAN = "# === unstaged ===\n# === staged ===\n# === untracked ==="
_DIRTY = _CLEAN.replace("\n", "\n" + "+ a line that was changed\n" * 40, 1)


def make_store(directory: Path, count: int) -> Path:
    """Effect: write a project of one file and, in its store, `count` runs of a class for every 333. Return the store.

    One run in fifty has failed, one in a thousand was left running, one in ten was made from a changed tree.
    """
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "pyproject.toml").write_text("")
    (directory / "lib").mkdir(exist_ok=True)
    classes = max(1, count // RUNS_OF_A_CLASS)
    (directory / "lib" / "__init__.py").write_text("")
    for number in range(classes):
        (directory / "lib" / f"m{number}.py").write_text(_module(number))
    store = directory / "data-huldra"
    generator = random.Random(count)  # noqa: S311  nothing secret
    for number in range(count):
        _make_run(store, number % classes, number // classes, generator)
    return store


def _module(number: int) -> str:
    return (
        f"import huldra\n\n\nclass C{number}(huldra.Huldra[int]):\n    seed: int\n    lr: float = 1e-3\n"
        '    name: str = "base"\n\n    def _create(self) -> int:\n        return self.seed\n\n'
        "    def _load(self) -> int:\n        return 0\n\n\n"
        f"sweep = [C{number}(seed=i) for i in range(16)]\n"
    )


def _make_run(store: Path, of_class: int, seed: int, generator: random.Random) -> None:
    name = f"lib.m{of_class}.C{of_class}"
    fields = {"seed": seed, "lr": 1e-3, "name": "base"}
    digest = identity_hash(ConfigValue(name, tuple(fields.items())))
    internal = store / "data" / name.replace(".", "/") / digest / ".huldra"
    internal.mkdir(parents=True)
    minute = generator.randrange(500_000)
    times = [
        f"2026-0{1 + minute // 100_000}-{1 + minute % 28:02}T{minute % 24:02}:00:{i:02}+00:00" for i in (0, 40, 55)
    ]
    attempt: dict[str, object] = {
        "id": f"{generator.getrandbits(128):032x}",
        "number": 1,
        "backend": "local",
        "status": "success",
        "started_at": times[0],
        "heartbeat_at": times[1],
        "lease_duration_sec": 120.0,
        "lease_expires_at": times[2],
        "owner": {"pid": 1, "host": "node01", "hostname": "node01", "user": "user", "command": "train.py --all"},
        "scheduler": {},
    }
    result: dict[str, object] = {"status": "success", "created_at": times[2]}
    if seed % 50 == 49:
        attempt |= {"status": "failed", "error": {"type": "ValueError", "message": "no", "traceback": "Trace\n" * 100}}
        result = {"status": "failed"}
    elif of_class == 0 and seed % 3 == 2:
        attempt["status"], result = "running", {"status": "incomplete"}
    if attempt["status"] != "running":
        attempt |= {"ended_at": times[2], "reason": None}
    state = {"schema_version": 1, "result": result, "attempt": attempt, "updated_at": times[2]}
    (internal / "state.json").write_text(json.dumps(state, indent=2))
    if result["status"] == "success":
        (internal / "SUCCESS.json").write_text(json.dumps({"attempt_id": attempt["id"], "created_at": times[2]}))
    (internal / "metadata.json").write_text(
        json.dumps(_metadata(name, fields, digest, times[0], _DIRTY if seed % 10 == 9 else _CLEAN), indent=2)
    )
    event = {"ts": times[0], "pid": 1, "host": "node01", "type": "attempt_started"}
    (internal / "events.jsonl").write_text(json.dumps(event) + "\n")


def _metadata(name: str, fields: Mapping[str, object], digest: str, time: str, patch: str) -> dict[str, object]:
    return {
        "huldra_python_def": f"{name}(seed={fields['seed']}, name='base')" + " " * 1200,
        "huldra_obj": {"__class__": name, **fields},
        "huldra_hash": digest,
        "huldra_path": f"/home/user/project/data-huldra/data/{digest}",
        "git_commit": "bb7f33ea94df13032e42ba5d85cf0fb748c7ca59",
        "git_branch": "main",
        "git_remote": "https://example.org/project.git",
        "git_patch": patch,
        "git_submodules": {},
        "timestamp": time,
        "command": "train.py --all",
        "python_version": "3.12.1",
        "executable": "/home/user/project/.venv/bin/python",
        "platform": "Linux-6.1.0-x86_64-with-glibc2.36",
        "hostname": "node01",
        "user": "user",
        "pid": 1,
    }


if __name__ == "__main__":
    make_store(Path(sys.argv[1]), int(sys.argv[2]))
