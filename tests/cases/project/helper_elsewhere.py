# A helper in another module builds where it stands.
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


def helper(lr): return Train(lr=lr)  # config(Train): {lr: 7}

#: file case.py
from lib import helper
x = helper(7)
