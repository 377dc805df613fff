"""Small experiments that count what is done to them. Files under `trace` survive the process that wrote them."""

import os
import time
from pathlib import Path

import huldra

CALLS: list[str] = []


class Number(huldra.Huldra[int]):
    """Stores a number."""

    n: int = 1

    def _create(self) -> int:
        CALLS.append(f"create {self.n}")
        (self.huldra_dir / "number.txt").write_text(str(self.n))
        return self.n

    def _load(self) -> int:
        CALLS.append(f"load {self.n}")
        return int((self.huldra_dir / "number.txt").read_text())


class Double(huldra.Huldra[int]):
    """Depends on a number."""

    number: Number = huldra.chz.field(default_factory=Number)

    def _create(self) -> int:
        value = 2 * self.number.load_or_create()
        (self.huldra_dir / "double.txt").write_text(str(value))
        return value

    def _load(self) -> int:
        return int((self.huldra_dir / "double.txt").read_text())


class Picky(Number):
    """Its `_validate` does what the test says."""

    verdict = True

    def _validate(self) -> bool:
        verdict = type(self).verdict
        if isinstance(verdict, Exception):
            raise verdict
        return verdict


class Moody(Number):
    """Its `_create` raises what the test says."""

    error = None

    def _create(self) -> int:
        (self.huldra_dir / "half.txt").write_text("half")
        error = type(self).error
        if error is not None:
            raise error
        return super()._create()


class Slow(Number):
    """Takes a while."""

    seconds: float = 0.2
    _fails: bool = False

    def _create(self) -> int:
        CALLS.append("begin")
        time.sleep(self.seconds)
        if self._fails:
            raise ArithmeticError("weights exploded")
        return super()._create()


class Recursive(Number):
    """Asks for itself."""

    def _create(self) -> int:
        return Recursive(n=self.n).load_or_create()


class Stuck(Number):
    """Waits to be killed, after having said that it is there."""

    seconds: float = 30.0

    def _create(self) -> int:
        (self.huldra_dir / "partial.txt").write_text("partial")
        Path(os.environ["TRACE"]).write_text(str(os.getpid()))
        time.sleep(self.seconds)
        return super()._create()


class StuckParent(huldra.Huldra[int]):
    """Computes a dependency, and then waits to be killed."""

    stuck: Stuck = huldra.chz.field(default_factory=Stuck)
    number: Number = huldra.chz.field(default_factory=Number)

    def _create(self) -> int:
        self.number.load_or_create()
        return self.stuck.load_or_create()

    def _load(self) -> int:
        return 0


class Controlled(Number, version_controlled=True):
    """Lies under `git/`."""
