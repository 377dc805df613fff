# What NumPy gives that hangs on the processor, what may have been changed, and what no config can hold.
import numpy as np

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


for rate in np.logspace(-3, -1, 3):
    T(v=rate)  # unknown(v): an element of an unknown iterable: a call of numpy.logspace, whose last digits the processor has a part in
T(v=np.geomspace(1, 8, 4).tolist())  # unknown(v): a call of a call of numpy.geomspace, whose last digits the processor has a part in
T(v=np.linspace(0, 1, 3, dtype=np.float32).tolist())  # unknown(v): a call of a call of numpy.linspace that is not followed
T(v=np.linspace(0, 1, 3)[1] ** 2)  # unknown(v): `**` of what NumPy gave, which is not followed
T(v=float(np.linspace(0, 1, 3).sum()))  # unknown(v): float(…) of the method sum of an array
T(v=type(np.float64(0.5)).__name__)  # unknown(v): the attribute '__class__' of a float64
T(v=repr(np.float64(0.5)))  # unknown(v): repr(…) of a number of NumPy's
T(v=np.arange(0.1, 1.0, 0.1).tolist())  # unknown(v): an element of numpy.arange, whose last digits the processor has a part in
T(v=np.random.default_rng(0).integers(3))  # unknown(v): a call of a call of numpy.random.default_rng, which is outside the project

changed = np.linspace(0, 1, 3)
changed[0] = 5
T(v=changed.tolist())  # unknown(v): a call of an element was set in a way that is not followed
base = np.linspace(0, 1, 3)
view = base[1:]
view[0] = 9
T(v=base.tolist())  # unknown(v): a call of an element was set in a way that is not followed
base = np.linspace(0, 1, 3)
view = base[1:]
base[1] = 9
T(v=view.tolist())  # unknown(v): the method tolist of an array
added = other = np.linspace(0, 1, 3)
added += 1
T(v=other.tolist())  # unknown(v): a call of `+=` on a ndarray
mixed = np.linspace(0, 1, 3)
np.random.default_rng(0).shuffle(mixed)
T(v=mixed.tolist())  # unknown(v): a call of it was given to a call that cannot be followed
ordered = np.array([3.0, 1.0])
ordered.sort()
T(v=ordered.tolist())  # unknown(v): a call of the method sort of an array
