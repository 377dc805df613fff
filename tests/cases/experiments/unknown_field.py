# A keyword that the class does not have is a problem.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


try:
    a = T(w=1)  # problem: HUL103 no field 'w'
except TypeError:
    pass
try:
    b = T(1)  # problem: HUL103 keyword arguments only
except TypeError:
    pass
