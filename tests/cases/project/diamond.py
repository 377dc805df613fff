# In a diamond the first base wins, even for fields that it merely inherited.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class A(Base):  # class: case.A
    y: int = 1


class R(A):  # class: case.R
    y: int = 2


class L(A):  # class: case.L
    pass


# class: case.K
# mro(K): case.K, case.L, case.R, case.A, case.Base, huldra.Huldra
class K(L, R):
    pass


a = K()  # config(K): {y: 1}
