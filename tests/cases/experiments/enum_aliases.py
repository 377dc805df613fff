# A name for a member that is there already is an alias: it has the hash of that member.
import enum

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Mode(enum.Enum):
    FAST = enum.auto()
    SLOW = enum.auto()
    QUICK = FAST
    OTHER = 2


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2
    TOP = HIGH


a = T(v=Mode.QUICK)  # config(T): {v: Mode.FAST}
b = T(v=Mode.OTHER)  # config(T): {v: Mode.SLOW}
c = T(v=[m.name for m in Mode])  # config(T): {v: ['FAST', 'SLOW']}
d = T(v=Mode.QUICK is Mode.FAST)  # config(T): {v: True}
e = T(v=Level.TOP)  # config(T): {v: Level.HIGH}
