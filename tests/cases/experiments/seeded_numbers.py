# Random numbers of a seed that is known are those that Python draws; what is drawn from elsewhere is not known.
import random
import sys

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None
    w: object = None

    def _create(self): return 1
    def _load(self): return 1


rng = random.Random(42)
T(v=rng.random())  # config(T): {v: 0.6394267984578837, w: None}
for _ in range(2):
    T(v=rng.uniform(-4, -2), w=rng.choice(["a", "b", "c"]))  # configs(T): 2
T(v=rng.randint(0, 10**9))  # unknown(v): nothing
T(v=rng.sample(range(100), k=3), w=rng.randrange(0, 100, 5))  # unknown(v): nothing
names = [T(v=name) for name in "abcd"]  # configs(T): 4
rng.shuffle(names)
T(v="first", w=names[0].v)  # unknown(w): nothing


def seeds(count, seed):
    own = random.Random(seed)
    return [own.getrandbits(16) for _ in range(count)]


T(v=seeds(2, "text") == seeds(2, "text"), w=seeds(1, 0) == seeds(1, 1))  # config(T): {v: True, w: False}
if len(sys.argv) > 1:
    rng.random()
T(v=rng.random())  # unknown(v): the method random of a Random
T(v=random.random())  # unknown(v): a call of random.random, which is outside the project
T(v=random.Random().random())  # unknown(v): a call of an instance of random.Random
own = random.Random(int(sys.argv[0]) if sys.argv[0].isdigit() else 1)
T(v=own.choice([1, 2]))  # unknown(v): a call of an instance of random.Random
moved = random.Random(3)
T(v=moved.gauss(0, 1))  # unknown(v): the method gauss of a Random
T(v=moved.random())  # unknown(v): a call of the method gauss of a Random
