# A module under an alias leads to its class.
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
import lib.models as m
import lib
a = m.Train(lr=1)  # config(m): {lr: 1}
b = lib.models.Train(lr=2)  # config(lib): {lr: 2}
