# Helpers are followed with every kind of argument.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def make(a, b=2, *rest, key, **more):
    return T(v=(a, b, rest, key, more))  # config(T): {v: (1, 2, (), 'k', {})}


make(1, key="k")
