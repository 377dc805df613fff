"""What really happens: programs run by the runtime, many in one worker process, everything they build recorded."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.agreement.programs import Program

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a program, for one outcome of what it cannot know.

    `built` holds `class/hash` with the canonical text of the config; `error` is the exception that ended it; `makers`
    by whose `_create` each was built, "" being the program itself; `defaulted` the fields that some config has by
    default, as `Class.field`; `built_at_exit` what generators build that are left when the process ends.
    """

    built: Mapping[str, str]
    error: str | None
    makers: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    raised_in_methods: bool = False
    defaulted: Sequence[str] = ()
    built_at_exit: Sequence[str] = ()


class Worker:
    """A process that runs programs, one after the other; `with` ends it."""

    def __init__(self) -> None:
        self._process = _start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._process.kill()
        self._process.communicate()

    def run(self, program: Program, outcomes: Sequence[int]) -> list[Run]:
        """Return one run for each outcome: a number whose bits decide the program's unknown conditions.

        A program that ends the process, by nesting too deep for it, has no runs but that; another process goes on.
        """
        if self._process.poll() is not None:
            self._process = _start()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"files": dict(program.files), "main": program.main, "outcomes": list(outcomes)}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            self._process.communicate()
            self._process = _start()
            return [Run({}, "the process has ended")]
        return [Run(**run) for run in json.loads(answer)]


def _start() -> subprocess.Popen[str]:
    environment = {
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "PYTHONPATH": os.pathsep.join((str(REPOSITORY / "src"), str(REPOSITORY))),
        "HULDRA_IGNORE_DIFF": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.agreement.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=REPOSITORY,
    )
