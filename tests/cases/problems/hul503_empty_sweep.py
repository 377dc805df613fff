# A loop that would build experiments and has nothing to run over is a problem.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Train(Base):  # class: case.Train
    lr: float = 0.1


RATES = ()
none = [Train(lr=rate) for rate in RATES]  # problem: HUL503 nothing to run over
filtered = [Train(lr=rate) for rate in (1.0, 2.0) if rate > 5]  # problem: HUL503 nothing to run over
for rate in []:  # problem: HUL503 nothing to run over
    Train(lr=rate)


def sweep(rates=()):
    return [Train(lr=rate) for rate in rates]


def make(rates):
    for rate in rates:
        yield Train(lr=rate)


def plan():
    return [Train(lr=rate) for rate in list(RATES)]  # problem: HUL503 nothing to run over


some = [*make([]), *make([0.5])]
names = [name.upper() for name in ()]

# A generator expression is read later.
def later():
    return (Train(lr=rate) for rate in (1.0, 2.0))


read = list(Train(lr=rate) for rate in (3.0, 4.0))
empty = list(Train(lr=rate) for rate in RATES)  # problem: HUL503 nothing to run over
