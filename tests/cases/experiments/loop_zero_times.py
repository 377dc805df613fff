# A loop over nothing leaves names as they were.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


x = "before"
for x in []:
    pass
a = T(v=x)  # config(T): {v: 'before'}
