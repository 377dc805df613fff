# The best of some experiments by what only a run knows is one of them: what replaces something of it is a site.
import random
import sys

import huldra
from huldra import chz


class T(huldra.Huldra[int]):  # class: case.T
    n: int
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


runs = [T(n=n) for n in range(2)]  # configs(T): 2
best = max(runs, key=lambda run: random.random())
chz.replace(best, v="best")  # configs(replace): {n: 0, v: 'best'}; {n: 1, v: 'best'}
worst, *rest = sorted(runs, key=lambda run: random.random())
chz.replace(worst, v="worst")  # configs(replace): {n: 0, v: 'worst'}; {n: 1, v: 'worst'}
table = {"one": T(n=5)}  # config(T): {n: 5, v: None}
if len(sys.argv) > 1:
    table["two"] = T(n=6)  # config(T): {n: 6, v: None}
name, last = table.popitem()
chz.replace(last, v="last")  # configs(replace): {n: 5, v: 'last'}; {n: 6, v: 'last'}
