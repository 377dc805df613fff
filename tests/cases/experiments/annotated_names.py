# An annotation alone makes a name of a function a local one, which has no value; in a module it changes nothing.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


x = 3


def never_bound():
    x: int
    try:
        return x
    except UnboundLocalError:
        return 5


def bound_later():
    x: int
    x = 4
    return x


def caught():
    return T(v=never_bound())  # unknown(v): the local name 'x', which is read before it is bound


a = caught()
b = T(v=bound_later())  # config(T): {v: 4}
for turn in range(2):
    x: int
c = T(v=x)  # config(T): {v: 3}
