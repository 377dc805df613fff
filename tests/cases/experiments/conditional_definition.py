# Of two definitions the one that ran counts.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


FAST = True
if FAST:

    def rate():
        return 1
else:

    def rate():
        return 2


a = T(v=rate())  # config(T): {v: 1}
