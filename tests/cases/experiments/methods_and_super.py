# Methods, class methods and super() are looked up as Python does.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class A:
    scale = 2

    def size(self):
        return 1 * self.scale

    @classmethod
    def make(cls, n):
        made = cls()
        made.n = n
        return made

    @staticmethod
    def twice(x):
        return x * 2


class B(A):
    scale = 5

    def size(self):
        return super().size() + 1


b = B.make(4)
x = T(v=(b.size(), b.n, B.twice(3)))  # config(T): {v: (6, 4, 6)}
