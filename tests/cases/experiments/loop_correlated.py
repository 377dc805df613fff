# A loop keeps values together that belong together.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


for lr in (0.1, 0.2):
    wd = lr * 10
    T(v=(lr, wd))  # configs(T): {v: (0.1, 1.0)}; {v: (0.2, 2.0)}
