# A class that is given to code outside the project may be built there; one that is only kept or shown is not.
#: not run: asks for a package that is not there
import functools
import pickle

import third

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = 0

    def _create(self): return 1
    def _load(self): return 1


class Abstract(huldra.Huldra[int]):  # class: case.Abstract
    pass


third.sweep(T, trials=3)  # unknown: v: whether it is given is not known: third.sweep, which is outside the project, may build it
third.sweep(callback=functools.partial(T, v=2))  # config(third): {v: 2}
third.sweep(Abstract)
third.registry.register(T)
pickle.dumps(T)


def objective(rate):
    T(v=rate)  # unknown(v): argument of objective()
    if rate > 0:
        T(v=(rate,))  # configs(T): {v: (0.5,)}


objective(0.5)
third.optimise(objective, trials=3)
