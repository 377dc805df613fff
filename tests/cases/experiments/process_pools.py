# What another process changes is not seen by this one; what cannot be sent to it is never called there.
#: not run: what a worker process builds is not recorded
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object

    def _create(self): return 1
    def _load(self): return 1


SEEN = [0]


def numbers(v):
    yield v


def build(v):
    SEEN.append(v)
    return T(v=[*SEEN])  # config(T): {v: [0, 1]}; {v: [0, 2]}; {v: [0, 3]}


with ProcessPoolExecutor() as executor:
    list(executor.map(build, [1, 2]))
    executor.submit(lambda: T(v="never sent"))  # config(T): {v: 'never sent'}
    for number in executor.submit(numbers, 1).result():
        T(v=number)  # unknown(v): an element of an unknown iterable: what cannot be sent back from another process
    T(v=SEEN)  # config(T): {v: [0]}
with Pool(2) as pool:
    T(v=[made.v for made in pool.map(build, [3])])  # config(T): {v: [[0, 3]]}
