# What managers of the standard library and of the project give is known, and which exceptions they end.
import contextlib
import os

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Manager:
    def __init__(self, swallows):
        self.swallows = swallows

    def __enter__(self):
        return 5

    def __exit__(self, kind, value, traceback):
        T(v=("left", self.swallows))  # configs(T): {v: ('left', False)}; {v: ('left', True)}
        return self.swallows


with contextlib.nullcontext(3) as given:
    T(v=given)  # config(T): {v: 3}
with contextlib.suppress(KeyError):
    {}["a"]
    T(v="not reached")  # config(T): nothing
with Manager(True) as five:
    T(v=five)  # config(T): {v: 5}
    1 / 0
try:
    with Manager(False):
        1 / 0
except ZeroDivisionError:
    T(v="raised")  # config(T): {v: 'raised'}


def first():
    with contextlib.suppress(KeyError):
        os.environ["HULDRA_NEVER_SET"]
        return 1
    return 2


T(v=first())  # unknown(v): the returned value depends on a condition
