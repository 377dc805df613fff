"""The process that runs generated programs: modules come from memory, and every experiment that is built is noted."""

import gc
import importlib
import importlib.abc
import importlib.machinery
import io
import json
import os
import random
import resource
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from types import GeneratorType
from typing import TypedDict

import huldra.runtime.experiment as runtime
from huldra.formats.identity import IdentityTypeError, IdentityValueError, canonical_json, identity_hash
from huldra.runtime.values import class_path_of, to_value
from tests.agreement.programs import MODULES

BUILT: dict[str, str] = {}
MAKERS: dict[str, list[str]] = {}
"""Who built a config in its `_create`, by the key of the config; "" is the program itself."""
INSTANCES: dict[str, object] = {}
DEFAULTED: set[str] = set()
"""The fields that were left to their defaults when a config was built, as `Class.field`."""
BUILT_AT_EXIT: list[str] = []
AT_WORK = [""]
RAISED_IN_METHODS = [False]
OUTCOME_BITS = 4
SECONDS_PER_RUN = 0.7
"""Processor time; most programs need a thirtieth."""
MOST_ENDLESS = 2
MOST_BYTES = 1 << 31
ENDED = "the process has ended"


class Answer(TypedDict):
    """What one run gives, as `running.Run` has it."""

    built: dict[str, str]
    makers: dict[str, list[str]]
    error: str | None
    raised_in_methods: bool
    defaulted: list[str]
    built_at_exit: list[str]


def record_builds(cls):
    """Note each config of a class when it is built. Effect: wraps the constructor."""
    build = cls.__init__

    def build_and_record(self, *args, **fields):
        try:
            build(self, *args, **fields)
        except Exception:
            RAISED_IN_METHODS[0] = True  # an executor may keep it, or a manager: the program goes on
            raise
        DEFAULTED.update(f"{type(self).__name__}.{name}" for name in self.__chz_fields__ if name not in fields)
        try:
            value = to_value(self)
            key = f"{class_path_of(self)}/{identity_hash(value)}"
            # In this order, for what takes too long may be stopped between any two of these.
            MAKERS.setdefault(key, []).append(AT_WORK[0])
            INSTANCES.setdefault(key, self)
            BUILT[key] = canonical_json(value)
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
        self.failed: dict[str, Exception] = {}
        """What modules have raised. Importing one again would run it a second time, which no program here is about."""

    def find_spec(self, name, _path=None, _target=None):
        stem = name.replace(".", "/")
        for file in (f"{stem}/__init__.py", f"{stem}.py"):
            if file in self.files:
                is_package = file.endswith("/__init__.py")
                return importlib.machinery.ModuleSpec(name, self, origin=file, is_package=is_package)
        return None

    def exec_module(self, module):
        origin = module.__spec__.origin
        if origin in self.failed:
            raise self.failed[origin]
        try:
            exec(compile(self.files[origin], origin, "exec"), module.__dict__)  # noqa: S102  the point of this process
        except Exception as raised:
            self.failed[origin] = raised
            raise


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
            try:
                INSTANCES[key]._create()
            except Exception:  # noqa: BLE001
                RAISED_IN_METHODS[0] = True
    AT_WORK[0] = ""


def _run_script(files: Mapping[str, str], file: str) -> None:
    namespace = {"__name__": "__main__", "__package__": _package(file)}
    exec(compile(files[file], file, "exec"), namespace)  # noqa: S102  the point of this process


def _note_raised_in_thread(*_raised: object) -> None:
    RAISED_IN_METHODS[0] = True  # nor does that end the program


def _attempt(files: Mapping[str, str], action: Callable[[], None]) -> str | None:
    """Do something where a program can be imported; return what it raises."""
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_PER_RUN)
    signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS_PER_RUN)  # ends the process: a loop inside C hears of no signal
    sys.meta_path.insert(0, _Memory(files))
    threading.excepthook = _note_raised_in_thread
    try:
        with redirect_stdout(io.StringIO()):
            try:
                action()
            except Exception:
                _create_all()
                raise
            _create_all()
        gc.collect()  # what nobody holds any more closes its generators, which may build something
        _close_generators(files)
    except TooLong:
        return TooLong.__name__
    except Exception as raised:  # noqa: BLE001
        return f"{type(raised).__name__}: {raised}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def _close_generators(files: Mapping[str, str]) -> None:
    """Effect: close the generators that modules still hold, as the end of a process may, or may not."""
    before = set(BUILT)
    for left in gc.get_objects():
        if isinstance(left, GeneratorType) and left.gi_code.co_filename in files:
            with suppress(Exception):
                left.close()
    BUILT_AT_EXIT.extend(BUILT.keys() - before)
    for key in BUILT_AT_EXIT:
        del BUILT[key], MAKERS[key]


def _answer(files: Mapping[str, str], action: Callable[[], None], outcome: int) -> Answer:
    _set_outcome(outcome)
    error = _attempt(files, action)
    return {
        "built": BUILT,
        "makers": MAKERS,
        "error": error,
        "raised_in_methods": RAISED_IN_METHODS[0],
        "defaulted": sorted(DEFAULTED),
        "built_at_exit": sorted(BUILT_AT_EXIT),
    }


def _apart(answer: Callable[[], Answer]) -> Answer:
    """Return what a process of its own answers, so that nothing that one run leaves behind reaches the next.

    Effect: forks this process, which has imported all that programs import, and waits for the end of the other.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            with os.fdopen(writing, "w") as pipe:
                json.dump(answer(), pipe)
        finally:
            os._exit(0)  # whatever happened: only the first process goes on to the next program
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    try:
        return json.loads(text)
    except ValueError:
        return {
            "built": {},
            "makers": {},
            "error": ENDED,
            "raised_in_methods": False,
            "defaulted": [],
            "built_at_exit": [],
        }  # by nesting too deep for it, or by not ending inside C


def _one_outcome(files: Mapping[str, str], main: str | None, outcome: int) -> Answer:
    found = [_apart(lambda: _answer(files, lambda: _import_all(files), outcome))]
    if found[0]["error"] is None and main is not None:
        # A script is a process of its own: nothing has been imported yet.
        found.append(_apart(lambda: _answer(files, lambda: _run_script(files, main), outcome)))
    if found[0]["error"] is None:
        # So is whatever imports one module alone.
        found += [_apart(lambda: _answer(files, lambda: _import_one(file), outcome)) for file in files]  # noqa: B023
    makers: dict[str, list[str]] = {}
    for one in found:
        for key, by in one["makers"].items():
            makers.setdefault(key, []).extend(by)
    return {
        "built": {key: text for one in found for key, text in one["built"].items()},
        "makers": makers,
        "error": next((one["error"] for one in found if one["error"] is not None), None),
        "raised_in_methods": any(one["raised_in_methods"] for one in found),
        "defaulted": sorted({name for one in found for name in one["defaulted"]}),
        "built_at_exit": sorted({key for one in found for key in one["built_at_exit"]}),
    }


def _import_one(file: str) -> None:
    __import__(_module_name(file))


def run_outcomes(files: Mapping[str, str], main: str | None, outcomes: Sequence[int]) -> list[Answer]:
    """Return what each outcome builds; of a program that does not end, what the first few do."""
    answers: list[Answer] = []
    for outcome in outcomes:
        answers.append(_one_outcome(files, main, outcome))
        if sum(one["error"] in {TooLong.__name__, ENDED} for one in answers) >= MOST_ENDLESS:
            break
    return answers


def main() -> None:
    """Answer a line of JSON for each line of JSON."""
    signal.signal(signal.SIGVTALRM, _stop)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    runtime.record_builds = record_builds
    runtime.Huldra.load_or_create = lambda _self, *_given, **_named: 1  # nothing is stored
    for name in MODULES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is there before any program is not looked through again after each
    for line in sys.stdin:
        request = json.loads(line)
        answer = run_outcomes(request["files"], request["main"], request["outcomes"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
