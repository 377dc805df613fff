# Star arguments are spread.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def pair(a, b):
    return (a, b)


args, options = [1], {"b": 2}
x = T(v=pair(*args, **options))  # config(T): {v: (1, 2)}
y = T(**{"v": 5})  # config(T): {v: 5}
