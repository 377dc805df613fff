# A comprehension over a product is a list of pairs that belong together.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


LRS, WDS = (1, 2), (3, 4)
runs = [T(v=(lr, wd)) for lr in LRS for wd in WDS if lr + wd != 5]  # configs(T): {v: (1, 3)}; {v: (2, 4)}
