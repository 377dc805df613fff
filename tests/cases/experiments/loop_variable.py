# The loop variable keeps its last value.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


for i in range(3):
    pass
a = T(v=i)  # config(T): {v: 2}
b = T(v=[i for i in range(2)])  # config(T): {v: [0, 1]}
c = T(v=(i,))  # config(T): {v: (2,)}
