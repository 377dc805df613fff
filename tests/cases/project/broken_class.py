# A class that cannot be defined is a problem at its cause.
#: not run: importing it raises
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class K(Base):  # class: case.K
    xs: list = []  # problem: HUL405 mutable default
