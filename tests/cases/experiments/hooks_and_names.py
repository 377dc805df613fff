# Attributes that `__getattr__` gives, modules imported by name, and typed dicts are followed.
#: file plugin.py
SIZES = [1, 2]


def __getattr__(name):
    if name == "lazy":
        return "made late"
    raise AttributeError(name)
#: file plain.py
WIDTH = 8
#: file case.py
import importlib
import sys
from typing import TypedDict

import huldra
import plugin
from plugin import lazy


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Lazy:
    def __init__(self):
        self.known = 1

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return f"made {name}"


class Options(TypedDict, total=False):
    lr: float


a = T(v=(Lazy().known, Lazy().size))  # config(T): {v: (1, 'made size')}
b = T(v=(lazy, plugin.lazy))  # config(T): {v: ('made late', 'made late')}
c = T(v=importlib.import_module("plugin").SIZES)  # config(T): {v: [1, 2]}
d = T(v=importlib.import_module(sys.argv[1]).SIZES)  # unknown(v): sys.argv, which is outside the project
e = T(v=Options(lr=1))  # config(T): {v: {'lr': 1}}
for name in ("plain", "plugin"):
    module = importlib.import_module(name)
    if name == "plain" and hasattr(module, "WIDTH") and not hasattr(module, "HEIGHT"):
        f = T(v=("has", module.WIDTH))  # config(T): {v: ('has', 8)}
try:
    T(w=1)  # problem(w): HUL103 no field 'w'
except TypeError:
    g = T(v="caught")  # config(T): {v: 'caught'}
h = T(w=2)  # problem(w): HUL103 no field 'w'
