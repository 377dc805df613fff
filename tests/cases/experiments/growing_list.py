# A loop over a list that it lets grow comes to an end at the limit, whatever it does with all of the list in each turn.
#: not run: it never ends
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object

    def _create(self): return 1
    def _load(self): return 1


def grow():
    largest = [1]
    for value in largest:
        largest.append(max(largest) + sum(largest[:2]) % 2)  # problem: HUL003 evaluation stopped
    return 1


grow()
T(v=2)  # config(T): {v: 2}
