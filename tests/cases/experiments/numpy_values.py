# What NumPy gives is not known.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: the library is not there

import numpy

for rate in numpy.linspace(0, 1, 3):
    T(v=rate)  # unknown(v): an element of an unknown iterable: a call of numpy.linspace, which is outside the project
T(v=numpy.arange(3).tolist())  # unknown(v): a call of a call of numpy.arange, which is outside the project
