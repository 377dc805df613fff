# An early return under a known condition is taken.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def pick(flag):
    if flag:
        return 1
    return 2


x = T(v=pick(True))  # config(T): {v: 1}
y = T(v=pick(False))  # config(T): {v: 2}
