# A function that nobody calls is run with its arguments unknown.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def launch(lr, seed=3):
    T(v=seed)  # config(T): {v: 3}
    T(v=lr)  # unknown(v): argument of launch()
