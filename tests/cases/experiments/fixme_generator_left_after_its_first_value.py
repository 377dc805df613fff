# FIXME: what a generator builds after the value at which it is left is never built; it is predicted as conditional.
#: not run: FIXME, what it builds is not what is predicted
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def made():
    yield T(v=1)  # config(T): {v: 1}
    T(v=2)  # config(T): {v: 2}


next(made(), None)
