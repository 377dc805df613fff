# Namespaces of `argparse`, heaps, `re.sub` with a function and `chz.asdict` are known; what they are given may not be.
import argparse
import heapq
import os
import re

import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    first: int = 1
    halved: int = chz.field(default=8, munger=lambda self, value: value // 2)

    def _create(self): return 1
    def _load(self): return 1


class T(Base):  # class: case.T
    v: object = None
    first: int = 2


class Holder(Base):  # class: case.Holder
    inner: T = chz.field(default_factory=T)
    rates: list = chz.field(default_factory=lambda: [0.1, 0.2])


args = argparse.Namespace(lr=0.1, name="run")
T(v=args.lr)  # config(T): {first: 2, halved: 4, v: 0.1}
T(v=dict(vars(args)))  # config(T): {first: 2, halved: 4, v: {'lr': 0.1, 'name': 'run'}}
args.extra = 5
T(v=[args.extra, getattr(args, "missing", "none"), "lr" in args])  # config(T): {first: 2, halved: 4, v: [5, 'none', True]}
T(**vars(argparse.Namespace(v="spread")))  # config(T): {first: 2, halved: 4, v: 'spread'}
argparse.ArgumentParser().parse_args([], namespace=args)
T(v=args.lr)  # unknown(v): it was given to a call that cannot be followed

heap = [(3, "c"), (1, "a"), (2, "b")]
heapq.heapify(heap)
heapq.heappush(heap, (0, "z"))
T(v=heapq.heappop(heap))  # config(T): {first: 2, halved: 4, v: (0, 'z')}
T(v=heapq.heapreplace(heap, (9, "y")))  # config(T): {first: 2, halved: 4, v: (1, 'a')}
T(v=[heap[0], len(heap)])  # config(T): {first: 2, halved: 4, v: [(2, 'b'), 3]}
try:
    heapq.heappush(heap, "text")
except TypeError:
    T(v="not ordered")  # config(T): {first: 2, halved: 4, v: 'not ordered'}
best = [1, 2]
heapq.heappush(best, os.environ.get("RATE"))
T(v=best[0])  # unknown(v): a heap that is not followed, changed by heapq.heappush

T(v=re.sub(r"\d", lambda match: str(int(match.group()) + 1), "a1b2"))  # config(T): {first: 2, halved: 4, v: 'a2b3'}
T(v=re.sub(r"\d", lambda match: os.environ[match.group()], "a1"))  # unknown(v): os.environ

T(v=chz.asdict(T(v=(1, [2]))))  # config(T#1): {first: 2, halved: 4, v: {'first': 2, 'halved': 4, 'v': (1, [2])}}
T(v=chz.asdict(Holder()))  # config(T): {first: 2, halved: 4, v: {'first': 1, 'halved': 4, 'inner': {'first': 2, 'halved': 4, 'v': None}, 'rates': [0.1, 0.2]}}
