# A mutable default argument is one list for all calls.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def grow(x, seen=[]):
    seen.append(x)
    return list(seen)


grow(1)
a = T(v=grow(2))  # config(T): {v: [1, 2]}
