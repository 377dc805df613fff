# Generators are run when they are called, and consumed once.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def sweep():
    for i in range(2):
        yield T(v=i)  # configs(T): {v: 0}; {v: 1}


g = sweep()
first = list(g)
again = T(v=len(list(g)))  # config(T): {v: 0}
