# What certainly raises builds nothing.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


try:
    a = T(v=1 / 0)
except ZeroDivisionError:
    a = T(v="caught")  # config(T): {v: 'caught'}
