# What a pool calls with elements that nobody knows builds what it builds of these.
import multiprocessing.dummy
import sys
from concurrent.futures import ThreadPoolExecutor

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None
    w: object = "w"

    def _create(self): return 1
    def _load(self): return 1


def work(v, w="default"):
    T(v=v, w=w)  # unknown(v): an element of an unknown iterable: iterating over a sys.argv


def spread(v, w):
    T(v=v, w=w)  # unknown(v): the argument 'v': an element of an unknown iterable: iterating over a sys.argv


LEFT = []


def note(v):
    LEFT.append(v)


with multiprocessing.dummy.Pool(2) as pool:
    pool.map(work, sys.argv)
    pool.starmap(spread, sys.argv)
    pool.map(note, sys.argv)
with ThreadPoolExecutor() as executor:
    results = list(executor.map(work, sys.argv, [1]))
T(v=results)  # unknown(v): what workers give: iterating over a sys.argv
T(v=LEFT)  # unknown(v): iterating over a sys.argv; an element of an unknown iterable: iterating over a sys.argv
