# What is hashed is what the field reads as.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class K(Base):  # class: case.K
    n: int = chz.field(default=1, munger=lambda self, value: value * 10)
    X_w: int = 3
    m: int | None = chz.field(default=None, munger=chz.mungers.if_none(lambda s: s.n + 1))

    @chz.init_property
    def w(self):
        return self.X_w * 2


a = K()  # config(K): {m: 11, n: 10, w: 6}
b = K(n=2, w=5, m=0)  # config(K): {m: 0, n: 20, w: 10}
c = chz.replace(b, n=3)  # config: {m: 0, n: 30, w: 10}
