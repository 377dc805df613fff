# A name of the module hides a builtin.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def len(x):
    return 42


a = T(v=len([]))  # config(T): {v: 42}
