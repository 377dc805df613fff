# Only the classes that are asked for are built.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


TABLE = {"t": T}
a = TABLE["t"](v=1)  # config: {v: 1}
b = (T if a else None)(v=2)  # config: {v: 2}
