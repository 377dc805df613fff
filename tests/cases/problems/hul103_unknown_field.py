# A field that a class does not have is reported at the argument; one that a star argument may hold is not.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Train(Base):  # class: case.Train
    lr: float = 0.1


def wrong():
    return Train(
        lrr=0.2,  # problem: HUL103 did you mean 'lr'
    )


OPTIONS = {"lr": 0.3}
right = Train(**OPTIONS)  # config(Train): {lr: 0.3}
