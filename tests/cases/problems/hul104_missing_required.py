# A required field that is not given is a problem at the call; a star argument may give it.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Train(Base):  # class: case.Train
    lr: float
    seed: int = 0


def wrong():
    return Train(seed=1)  # problem: HUL104 needs lr


def perhaps(**options):
    return Train(seed=1, **options)  # unknown: lr: whether it is given is not known
