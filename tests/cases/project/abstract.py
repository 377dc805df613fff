# An abstract class is no experiment.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class A(huldra.Huldra[int]):  # class: case.A
    def _load(self): return 1


try:
    a = A()  # problem: HUL106 lacks _create
except TypeError:
    pass
