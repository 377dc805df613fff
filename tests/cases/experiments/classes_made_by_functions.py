# A class that a function makes is another one at each call: its members, its ancestors, and what it is an instance of.
from dataclasses import dataclass, field

import huldra
from huldra import chz


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def plain(n):
    class A:
        x = n

        def get(self):
            return n

    class B(A):
        y = 0

    return A, B


A1, B1 = plain(1)
A2, B2 = plain(2)
T(v=[A1.x, A1().x, A2().x, A1().get(), A2().get()])  # config(T): {v: [1, 1, 2, 1, 2]}
T(v=[B1.x, B1().x, B2().x, B1().get()])  # config(T): {v: [1, 1, 2, 1]}
T(v=[isinstance(B1(), A1), isinstance(B1(), A2), issubclass(B2, A1), issubclass(B2, A2)])  # config(T): {v: [True, False, False, True]}


def records(n):
    @chz.chz
    class C:
        x: int = n
        y: int = chz.field(default_factory=lambda: n * 10)

    @dataclass
    class D:
        a: int = n
        b: list = field(default_factory=lambda: [n])

        def total(self):
            return self.a + n

    class E(D):
        c: int = 7

        def total(self):
            return super().total() * 100

    return C, D, E


C1, D1, E1 = records(1)
C2, D2, E2 = records(2)
T(v=[C1().x, C1().y, C2().x, C2().y])  # config(T): {v: [1, 10, 2, 20]}
T(v=[D1().a, D1().b, D1().total(), D2().total()])  # config(T): {v: [1, [1], 2, 4]}
T(v=[E1().a, E1().total(), E2().total(), isinstance(E1(), D1), isinstance(E1(), D2), E1().c])  # config(T): {v: [1, 200, 400, True, False, 7]}


def outer(n):
    class Base:
        def __init__(self, k=0):
            self.k = k + n

        def __eq__(self, other):
            return n == 1

        @property
        def p(self):
            return n

    def inner(m):
        class Sub(Base):
            z = m

            def __init__(self):
                super().__init__(m)

        return Sub

    return inner


S1 = outer(1)(10)
S2 = outer(2)(20)
T(v=[S1().k, S1().p, S1.z, S1().z, S2().k, S1() == 3, S2() == 3])  # config(T): {v: [11, 1, 10, 10, 22, True, False]}
T(v=[cls().p for cls in (S1, S2)])  # config(T): {v: [1, 2]}
