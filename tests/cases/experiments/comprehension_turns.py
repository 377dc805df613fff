# A turn of a comprehension whose length is not known may read what an earlier turn has changed.
import os

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


rest = iter([1, 2])
names = os.environ["NAMES"].split(",")
made = [T(v=tuple(rest)) for name in names]  # unknown(v): depends on the loop: a call of os.environ
seen = []
more = [T(v=len(seen)) for name in names if seen.append(name) is None]  # unknown(v): depends on the loop: a call of os.environ
# What a function gives for elements that nobody knows is what those of `map` may be.
for one in list(map(lambda name: T(v=0), names)):  # config(T): {v: 0}
    huldra.chz.replace(one, v=7)  # config(replace): {v: 7}
