# Members go by name: aliases resolve, numbers do not matter.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import enum


class Mode(enum.Enum):
    FAST = "f"
    SLOW = "s"
    QUICK = "f"


class Level(enum.IntEnum):
    LOW = enum.auto()
    HIGH = enum.auto()


class Flags(enum.Flag):
    A = enum.auto()
    B = enum.auto()


a = T(v=Mode.QUICK)  # config(T): {v: Mode.FAST}
b = T(v=Mode("s"))  # config(T): {v: Mode.SLOW}
c = T(v=Mode["FAST"])  # config(T): {v: Mode.FAST}
d = T(v=Level.HIGH + 1)  # config(T): {v: 3}
e = T(v=Flags.A | Flags.B)  # config(T): {v: Flags.A|B}
f = [T(v=m) for m in Mode]  # configs(T): {v: Mode.FAST}; {v: Mode.SLOW}
