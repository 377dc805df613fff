# Whole numbers, bools and arrays of NumPy's are none of Python's: no config can hold them.
import numpy as np

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


for seed in np.arange(2):
    T(v=seed)  # problem: HUL105
T(v=np.linspace(0, 1, 2))  # problem: HUL105
T(v=np.float64(0.5) > 0.1)  # problem: HUL105
T(v=np.float64(0.5) == 0.1)  # problem: HUL105
T(v=np.int64(3) + 1)  # problem: HUL105
