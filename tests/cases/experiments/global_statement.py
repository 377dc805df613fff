# A function that reassigns a global changes what later code reads.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


SEED = 1


def reseed():
    global SEED
    SEED = 7


reseed()
a = T(v=SEED)  # config(T): {v: 7}
