"""A small project for tests of `huldra rerun`: two steps, one on top of the other."""

STEPS = '''"""Two steps, one on top of the other, told by files what to do."""
import os
import time
from pathlib import Path

import huldra

HERE = Path(__file__).parent


class Base(huldra.Huldra[str]):
    name: str = "a"

    def _create(self) -> str:
        if (HERE / f"{self.name}.fails").exists():
            raise ArithmeticError("told to fail")
        (self.huldra_dir / "begun.txt").write_text(str(os.getpid()))
        while (HERE / f"{self.name}.waits").exists():
            time.sleep(0.02)
        (self.huldra_dir / "value.txt").write_text(f"{VERSION} of {self.name}")
        return "made"

    def _load(self) -> str:
        return (self.huldra_dir / "value.txt").read_text()


class Top(Base):
    base: Base
    where: Path = Path("inputs/a.txt")

    def _create(self) -> str:
        self.base.load_or_create()
        return super()._create()


VERSION = "first"
first = Top(name="top", base=Base())
other = Base(name="b")
third = Base(name="c")
'''


def at(words, further=0):
    """Return the place of the line that begins so."""
    return f"steps.py:{next(i for i, line in enumerate(STEPS.splitlines(), 1) if line.startswith(words)) + further}"
