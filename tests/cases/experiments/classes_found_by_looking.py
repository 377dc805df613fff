# Classes that code finds by looking: a name of a module that is known is that class, any other may be one of those there.
#: not run: asks for an argument of the command line
#: file case.py
import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    v: object = 0

    def _create(self): return 1
    def _load(self): return 1


class One(Base):  # class: case.One
    pass
#: file more.py
import inspect
import sys

import case
from case import Base

vars(case)["One"](v=1)  # config(vars): {v: 1}
case.__dict__["One"](v=2)  # config(case): {v: 2}
globals()["Base"](v=3)  # config(globals): {v: 3}
getattr(case, sys.argv[1])(v=4)  # config(getattr): {v: 4}
for cls in Base.__subclasses__():
    cls(v=5)  # config(cls): {v: 5}
for name, cls in inspect.getmembers(case, inspect.isclass):
    cls(v=6)  # config(cls): {v: 6}
eval("Base")(v=6)  # config(Base): {v: 6}
eval("Base(v=7)")  # unknown: v: whether it is given is not known: code in a text
