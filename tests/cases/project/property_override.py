# A property over an inherited field decides what is hashed.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class A(Base):  # class: case.A
    x: int = 1


class K(A):  # class: case.K
    @property
    def x(self):
        return self.X_x + 100


a = K(x=5)  # config(K): {x: 105}
