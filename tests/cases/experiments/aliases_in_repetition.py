# A repeated list holds the same list several times.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


grid = [[0]] * 2
grid[0].append(1)
a = T(v=grid)  # config(T): {v: [[0, 1], [0, 1]]}
