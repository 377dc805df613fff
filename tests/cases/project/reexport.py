# A re-export under another name leads to the class where it is defined.
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
from lib import T
a = T(lr=1)  # config(T): {lr: 1}
