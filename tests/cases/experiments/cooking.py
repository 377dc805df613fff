# Mungers, computed fields, factories and chz.replace work on what was passed.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import random


class Base(T):  # class: case.Base
    a: int = huldra.chz.field(default=1, munger=lambda self, value: value * 10)
    b: list = huldra.chz.field(default_factory=lambda: [1, 2])

    @huldra.chz.init_property
    def c(self):
        return self.a + 1


made = Base(a=2)  # config(Base): {a: 20, b: [1, 2], v: None}
again = huldra.chz.replace(made, a=3)  # config: {a: 30, b: [1, 2], v: None}
T(v=(made.a, made.X_a, made.c))  # config(T): {v: (20, 2, 21)}
T(v=[huldra.chz.replace(made, a=n).a for n in range(2)])  # config(T): {v: [0, 10]}


class Drawn(T):  # class: case.Drawn
    a: float = huldra.chz.field(default_factory=random.random)


Drawn()  # unknown: a: a call of random.random
