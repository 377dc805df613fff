# Partial functions remember their arguments.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import functools

build = functools.partial(T, v=4)
x = build()  # config(build): {v: 4}
double = functools.partial(lambda a, b: a * b, 2)
y = T(v=double(8))  # config(T): {v: 16}
