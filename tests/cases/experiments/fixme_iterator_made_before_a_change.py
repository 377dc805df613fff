# FIXME: zip takes its elements when it is made; Python does when it is read, and builds {v: [(1, 3), (2, 4)]}.
#: not run: FIXME, what it builds is not what is predicted
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


numbers = [1]
pairs = zip(numbers, [3, 4])
numbers.append(2)
T(v=list(pairs))  # config(T): {v: [(1, 3)]}
