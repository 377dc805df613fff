# Where a use of a field cannot be told nothing is renamed, and the uses in doubt are named.

from typing import Protocol

import huldra


class HasWidth(Protocol):
    width: int


class Train(huldra.Huldra[int]):  # class: case.Train
    untold: float = 0.1  # rename(untold): nothing was renamed, since some uses of untold cannot be told: case.py:32 (whose untold this is cannot be told)
    unpacked: float = 0.1  # rename(unpacked): nothing was renamed, since some uses of unpacked cannot be told: case.py:59 (what is unpacked here may name the field)
    by_text: float = 0.1  # rename(by_text): nothing was renamed, since some uses of by_text cannot be told: case.py:36 (the field is named by a text here)
    matched: float = 0.1  # rename(matched): nothing was renamed, since some uses of matched cannot be told: case.py:41 (a pattern names the field here)
    width: int = 1  # rename(width): nothing was renamed, since some uses of width cannot be told: case.py:47 (whose width this is cannot be told)
    passed_on: int = 1  # rename(passed_on): nothing was renamed, since some uses of passed_on cannot be told: case.py:55 (whose passed_on this is cannot be told)
    fine: int = 2  # rename(fine): case.py:18 case.py:22 case.py:51
    method_like: str = ""  # rename(method_like): case.py:19

    def _create(self) -> int:
        return self.fine

    def _load(self) -> int:
        return 1

    def renamed_soon(self) -> int:
        return 1


def untold(run):
    return run.untold + len(run.method_like())


def read_by_text(run: Train) -> object:
    return getattr(run, "by_text")


def matched(run: object) -> float:
    match run:
        case Train(matched=rate):
            return rate
    return 0.0


def wide(thing: HasWidth) -> int:
    return thing.width


def make(**options) -> Train:
    return Train(fine=1)


def plain(**options) -> None:
    make(passed_on=1, **options)


VALUES = {"unpacked": 0.5}
train = Train(**{"unpacked": 0.5})
