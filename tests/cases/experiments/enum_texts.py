# What an enum member looks like is known where it is the same from Python 3.11 on, its own `__str__` included.
import enum

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Mode(str, enum.Enum):
    FAST = "fast"
    QUICK = "fast"


class Split(enum.StrEnum):
    TRAIN = enum.auto()


class Bits(enum.IntEnum):
    HALF = 16


class Schedule(enum.Enum):
    COSINE = enum.auto()
    WARM = (1, 2)

    def __str__(self):
        return self.name.lower()


class Level(enum.IntEnum):
    LOW = 1

    def __str__(self):
        return "low"


class Holding(enum.Enum):
    MODEL = lambda: 0, 1


class Perm(enum.Flag):
    READ = 1


a = T(v=f"{Mode.FAST}-{Mode.QUICK}")  # config(T): {v: 'Mode.FAST-Mode.FAST'}
b = T(v=Mode.FAST.value)  # config(T): {v: 'fast'}
c = T(v=f"{Split.TRAIN}.csv")  # config(T): {v: 'train.csv'}
d = T(v=f"{Bits.HALF:04d}{Split.TRAIN:>7}")  # config(T): {v: '0016  train'}
e = T(v=f"{Schedule.COSINE:>8}")  # config(T): {v: '  cosine'}
f = T(v=(str(Schedule.COSINE), str(Split.TRAIN), str(Bits.HALF)))  # config(T): {v: ('cosine', 'train', '16')}
g = T(v=(repr(Bits.HALF), repr(Mode.FAST)))  # config(T): {v: ('<Bits.HALF: 16>', "<Mode.FAST: 'fast'>")}
h = T(v=f"{Schedule.WARM!s} {Schedule.COSINE!r} {Mode.FAST=}")  # config(T): {v: "warm <Schedule.COSINE: 1> Mode.FAST=<Mode.FAST: 'fast'>"}
i = T(v=(str(Level.LOW), f"{Level.LOW}", f"{Level.LOW:02}"))  # config(T): {v: ('low', 'low', '01')}
j = T(v=f"{Perm.READ}")  # unknown(v): the text of an enum member
k = T(v=f"{[Mode.FAST]}")  # unknown(v): the text of a container with an enum member
l = T(v=repr(Schedule.WARM))  # config(T): {v: '<Schedule.WARM: (1, 2)>'}
m = T(v=repr(Holding.MODEL))  # unknown(v): the repr of an enum member whose value is
