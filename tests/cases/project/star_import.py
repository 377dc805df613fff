# A star import brings what __all__ lists, and nothing else.
#: file lib/__init__.py
from .models import Train as T, helper

#: file lib/models.py
import huldra

__all__ = ["Train", "RATE"]
RATE = 0.5


class Train(huldra.Huldra[int]):  # class: lib.models.Train
    lr: float = RATE

    def _create(self): return 1
    def _load(self): return 1


def helper(lr): return Train(lr=lr)

#: file case.py
from lib.models import *
a = Train(lr=RATE)  # config(Train): {lr: 0.5}
try:
    helper(7)
except NameError:
    pass
