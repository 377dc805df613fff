"""What real Python builds when it runs a case: the runtime's own configs, each with the line that built it."""

import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class RealRun:
    """What happened.

    `built` holds (`class/hash`, file, line) of every config; `entered` the functions that ran, as (file, first line);
    `error` what ended it, if something did.
    """

    built: tuple[tuple[str, str, int], ...]
    entered: frozenset[tuple[str, int]]
    error: str | None


def run_case(files: Mapping[str, str], seed: int = 0) -> RealRun:
    """Return what importing every module of a case builds, in a process of its own."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONHASHSEED": str(seed),
        "PYTHONPATH": str(REPOSITORY),
        "TZ": "UTC",
        "HULDRA_IGNORE_DIFF": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.harness.real_python"],
        input=json.dumps(dict(files)),
        capture_output=True,
        text=True,
        env=environment,
        cwd=REPOSITORY,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    return RealRun(
        tuple((key, file, line) for key, file, line in answer["built"]),
        frozenset((file, line) for file, line in answer["entered"]),
        answer["error"],
    )


class _Memory(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and loads the modules of a case."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = {file.removeprefix("src/"): (file, text) for file, text in files.items()}

    def find_spec(self, name, _path=None, _target=None):
        stem = name.replace(".", "/")
        for file in (f"{stem}/__init__.py", f"{stem}.py"):
            if file in self.files:
                is_package = file.endswith("/__init__.py")
                return importlib.machinery.ModuleSpec(name, self, origin=file, is_package=is_package)
        if any(file.startswith(f"{stem}/") for file in self.files):
            return importlib.machinery.ModuleSpec(name, None, is_package=True)
        return None

    def exec_module(self, module):
        file, text = self.files[module.__spec__.origin]
        exec(compile(text, file, "exec"), module.__dict__)  # noqa: S102  the point of this process


@contextmanager
def _profiled(files: Mapping[str, str], entered: set[tuple[str, int]]) -> Iterator[None]:
    def note(frame, event, _argument):
        if event == "call" and frame.f_code.co_filename in files:
            entered.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


def _record(files: Mapping[str, str], built: list[tuple[str, str, int]]) -> None:
    """Effect: make every experiment class note what it builds, and where."""
    import huldra.runtime.experiment as runtime  # noqa: PLC0415  only the child process pays for it
    from huldra.formats.identity import identity_hash  # noqa: PLC0415
    from huldra.runtime.values import class_path_of, to_value  # noqa: PLC0415

    def record_builds(cls):
        build = cls.__init__

        def build_and_record(self, *args, **fields):
            build(self, *args, **fields)
            if type(self).__init__ is not build_and_record:
                return
            frame = sys._getframe(1)
            while frame is not None and frame.f_code.co_filename not in files:
                frame = frame.f_back
            try:
                key = f"{class_path_of(self)}/{identity_hash(to_value(self))}"
            except (TypeError, ValueError):
                return  # it has no identity, so it is no experiment
            built.append((key, "" if frame is None else frame.f_code.co_filename, frame.f_lineno if frame else 0))

        cls.__init__ = build_and_record

    runtime.record_builds = record_builds


def _main() -> None:
    files = json.loads(sys.stdin.read())
    warnings.simplefilter("ignore")
    built: list[tuple[str, str, int]] = []
    entered: set[tuple[str, int]] = set()
    _record(files, built)
    error = None
    sys.meta_path.insert(0, _Memory(files))
    with redirect_stdout(io.StringIO()), _profiled(files, entered):
        for file in sorted(files):
            try:
                name = file.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                importlib.import_module(name)
            except BaseException as raised:  # noqa: BLE001  what a case raises is its own business
                error = error or f"{file}: {type(raised).__name__}: {raised}"
    sys.stdout.write(json.dumps({"built": built, "entered": sorted(entered), "error": error}))


if __name__ == "__main__":
    _main()
