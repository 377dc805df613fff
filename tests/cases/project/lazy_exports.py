# What a package gives by `__getattr__` leads to the module, where an import or a table of names says which.
#: file first/__init__.py
def __getattr__(name):
    if name == "Train":
        from .models import Train

        return Train
    raise AttributeError(name)

#: file first/models.py
import huldra


class Train(huldra.Huldra[int]):  # class: first.models.Train
    lr: float

    def _create(self): return 1
    def _load(self): return 1

#: file second/__init__.py
import importlib

_HOMES = {"More": ".models"}


def __getattr__(name):
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name], __name__), name)
    raise AttributeError(name)

#: file second/models.py
from first import Train


class More(Train):  # class: second.models.More
    n: int = 2

#: file case.py
import second
from first import Train
from second import More


class Big(Train):  # class: case.Big
    n: int = 3


class Bigger(More):  # class: case.Bigger
    pass


a = Big(lr=1)  # config: {lr: 1, n: 3}
b = Bigger(lr=1)  # config: {lr: 1, n: 2}
c = second.More(lr=2)  # config: {lr: 2, n: 2}
