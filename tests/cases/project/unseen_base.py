# What a base outside the project adds cannot be seen, so its configs are not known.
#: not run: the library is not there
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


from somewhere import Mixin


class K(Mixin, Base):  # class: case.K
    n: int = 1


a = K(n=2)  # unknown: *: the base class somewhere.Mixin is outside
