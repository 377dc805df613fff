# The last definition counts, and earlier calls keep what they got.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def f():
    return 1


x = f()


def f():
    return 2


a = T(v=(x, f()))  # config(T): {v: (1, 2)}
