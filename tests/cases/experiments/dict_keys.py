# Keys that are equal are one key: 1, True and 1.0.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


d = {1: "a", True: "b", 1.0: "c"}
a = T(v=d)  # config(T): {v: {1: 'c'}}
