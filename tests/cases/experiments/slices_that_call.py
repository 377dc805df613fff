# The bounds of a slice are asked for their numbers, as an index is.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Counted:
    asked = 0

    def __index__(self):
        Counted.asked += 1
        return 1


at = Counted()
numbers = [1, 2, 3]
T(v=numbers[at:])  # config(T): {v: [2, 3]}
T(v=Counted.asked)  # config(T): {v: 1}
numbers[at:at] = [9]
T(v=(numbers[at], Counted.asked))  # config(T): {v: (9, 4)}
del numbers[at:]
T(v=[*numbers, Counted.asked])  # config(T): {v: [1, 5]}
