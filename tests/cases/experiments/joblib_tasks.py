# Each task is called once, in order, when `Parallel` is given it; what it changes is in doubt.
import joblib
from joblib import Parallel, delayed

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None
    w: object = None

    def _create(self): return 1
    def _load(self): return 1


SEEN = []


def build(v, *, w=0):
    SEEN.append(v)
    return T(v=v, w=w)  # config(T): {v: 1, w: 0}; {v: 2, w: 0}; {v: 3, w: 'a'}


Parallel()(delayed(build)(v) for v in (1, 2))
with Parallel(n_jobs=1, backend="threading") as parallel:
    made = parallel([joblib.delayed(build)(3, w="a"), delayed(T)(v=4)])  # config(T): {v: 4, w: None}
T(v=[one.v for one in made])  # config(T): {v: [3, 4], w: None}
never_given = delayed(build)(9)
function, positional, keywords = never_given
T(v=positional, w=keywords)  # config(T): {v: (9,), w: {}}
T(v=len(SEEN))  # unknown(v): a thread changes it
