"""The process that runs generated programs: modules come from memory, and every experiment that is built is noted."""

import gc
import importlib.abc
import importlib.machinery
import io
import json
import os
import random
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress

import huldra.runtime.experiment as runtime
from huldra.formats.identity import IdentityTypeError, IdentityValueError, canonical_json, identity_hash
from huldra.runtime.values import class_path_of, to_value

BUILT: dict[str, str] = {}
MAKERS: dict[str, list[str]] = {}
"""Who built a config in its `_create`, by the key of the config; "" is the program itself."""
INSTANCES: dict[str, object] = {}
AT_WORK = [""]
OUTCOME_BITS = 4
SECONDS_PER_RUN = 3.0
MOST_BYTES = 1 << 31


def record_builds(cls):
    """Note each config of a class when it is built. Effect: wraps the constructor."""
    build = cls.__init__

    def build_and_record(self, *args, **fields):
        build(self, *args, **fields)
        try:
            value = to_value(self)
            key = f"{class_path_of(self)}/{identity_hash(value)}"
            BUILT[key] = canonical_json(value)
            INSTANCES.setdefault(key, self)
            MAKERS.setdefault(key, []).append(AT_WORK[0])
        except (IdentityTypeError, IdentityValueError, ValueError):
            return  # it has no identity, so it is no experiment

    cls.__init__ = build_and_record


class TooLong(BaseException):
    """A program that does not end, such as one that appends to the list that it loops over."""


def _stop(_number, _frame) -> None:
    raise TooLong


class _Memory(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and loads the modules of one program."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files

    def find_spec(self, name, _path=None, _target=None):
        stem = name.replace(".", "/")
        for file in (f"{stem}/__init__.py", f"{stem}.py"):
            if file in self.files:
                is_package = file.endswith("/__init__.py")
                return importlib.machinery.ModuleSpec(name, self, origin=file, is_package=is_package)
        return None

    def exec_module(self, module):
        origin = module.__spec__.origin
        exec(compile(self.files[origin], origin, "exec"), module.__dict__)  # noqa: S102  the point of this process


@contextmanager
def _importable(files: Mapping[str, str]) -> Iterator[None]:
    finder = _Memory(files)
    before = set(sys.modules)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in set(sys.modules) - before:
            if getattr(sys.modules[name].__spec__, "loader", None) is finder:
                del sys.modules[name]


def _set_outcome(outcome: int) -> None:
    bits = [outcome >> i & 1 for i in range(OUTCOME_BITS)]
    for number, bit in enumerate(bits):
        os.environ[f"U{number}"] = str(bit)
    sys.argv = ["program", *(["more"] if bits[0] else [])]
    random.random = lambda: 0.75 if bits[1] else 0.25


def _module_name(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _package(file: str) -> str:
    """Return what `python -m` puts into `__package__`."""
    return _module_name(file) if file.endswith("/__init__.py") else _module_name(file).rpartition(".")[0]


def _import_all(files: Mapping[str, str]) -> None:
    """Import every module in order of name, as the engine does; raise the first exception, having tried the others."""
    first = None
    for file in sorted(files):
        try:
            __import__(_module_name(file))
        except Exception as raised:  # noqa: BLE001  what a program raises is its own business
            first = first or raised
    if first is not None:
        raise first


def _create_all() -> None:
    """Effect: run `_create` of everything that has been built, and of what that builds."""
    done: set[str] = set()
    while waiting := [key for key in INSTANCES if key not in done]:
        for key in waiting:
            done.add(key)
            AT_WORK[0] = key
            with suppress(Exception):
                INSTANCES[key]._create()
    AT_WORK[0] = ""


def _run_script(files: Mapping[str, str], file: str) -> None:
    namespace = {"__name__": "__main__", "__package__": _package(file)}
    exec(compile(files[file], file, "exec"), namespace)  # noqa: S102  the point of this process


def _attempt(files: Mapping[str, str], action: Callable[[], None]) -> str | None:
    """Do something where a program can be imported; return what it raises."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_RUN)
    signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS_PER_RUN)  # ends the process: a loop inside C hears of no signal
    try:
        with _importable(files), redirect_stdout(io.StringIO()):
            try:
                action()
            except Exception:
                _create_all()
                raise
            _create_all()
        gc.collect()  # the end of a process closes the generators that it leaves, which may build something
    except TooLong:
        return TooLong.__name__
    except Exception as raised:  # noqa: BLE001
        return f"{type(raised).__name__}: {raised}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def run_outcomes(files: Mapping[str, str], main: str | None, outcomes: Sequence[int]) -> list[dict[str, object]]:
    """Return what each outcome builds."""
    answers: list[dict[str, object]] = []
    for outcome in outcomes:
        gc.collect()
        for kept in (BUILT, MAKERS, INSTANCES):
            kept.clear()
        _set_outcome(outcome)
        error = _attempt(files, lambda: _import_all(files))
        if main is not None and error is None:
            # A script is a process of its own: nothing has been imported yet.
            error = _attempt(files, lambda: _run_script(files, main))
        answers.append({"built": dict(BUILT), "makers": dict(MAKERS), "error": error})
    return answers


def main() -> None:
    """Answer a line of JSON for each line of JSON."""
    signal.signal(signal.SIGALRM, _stop)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    runtime.record_builds = record_builds
    runtime.Huldra.load_or_create = lambda _self, *_given, **_named: 1  # nothing is stored
    for line in sys.stdin:
        request = json.loads(line)
        answer = run_outcomes(request["files"], request["main"], request["outcomes"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        if any(str(outcome["error"]).startswith("MemoryError") for outcome in answer):
            os._exit(0)  # what is left of the memory is not enough for the next program


if __name__ == "__main__":
    main()
