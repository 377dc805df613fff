# Private fields are fields, and stay out of the identity.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class K(Base):  # class: case.K
    n: int = 1
    _p: int = 2
    __q: int = 3


a = K(_p=9)  # config(K): {n: 1}
