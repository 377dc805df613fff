# What a generator yields and never reads again is its consumer's, who may change it; what it reads again is in doubt.
import itertools
from dataclasses import asdict, dataclass, field

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None
    w: object = None

    def _create(self): return 1
    def _load(self): return 1


@dataclass
class Spec:
    name: str
    seeds: list = field(default_factory=lambda: [0, 1])

    def expand(self):
        for seed in self.seeds:
            made = asdict(self)
            made.pop("seeds")
            made["seed"] = seed
            yield made


for made in Spec("a").expand():
    T(v=made.pop("name"), w=made)  # config(T): {v: 'a', w: {'seed': 0}}; {v: 'a', w: {'seed': 1}}


class Axes:
    def __init__(self, **axes):
        self.axes = axes

    def __iter__(self):
        for one in self.axes["v"]:
            yield dict(v=one, w=[one])


for made in Axes(v=(1, 2)):
    made["w"] = 3
    T(v=made.pop("v"), **made)  # config(T): {v: 1, w: 3}; {v: 2, w: 3}
for made in Axes(v=(1, 2)):
    made["w"].append(3)  # what it holds may be read again
    T(v=made["w"], w="held")  # unknown(v): an element of an unknown iterable: what a generator reads is changed while it is read


def nested():
    for outer in range(2):
        for inner in range(2):
            row = [outer]
            row.append(inner)
            yield row


for row in nested():
    row += [9]
    T(v=row)  # config(T): {v: [0, 0, 9], w: None}; {v: [0, 1, 9], w: None}; {v: [1, 0, 9], w: None}; {v: [1, 1, 9], w: None}

SHARED = [0]


def shares():
    for one in range(2):
        made = {"x": one, "held": SHARED}
        yield made


for made in shares():
    made["held"].append(made.pop("x"))
    T(v=list(SHARED))  # config(T): {v: [0, 0], w: None}


def keeps():
    kept = []
    for one in range(2):
        made = {"x": one}
        kept.append(made)
        made["n"] = len(kept[0])
        yield made


for made in keeps():
    made["y"] = 1
    T(v=made["n"])  # unknown(v): an element of an unknown iterable: what a generator reads is changed while it is read


def reads_again():
    for one in range(2):
        made = {"x": one}
        yield made
        T(v=made["x"])  # unknown(v): a generator that may be read at another time


for made in reads_again():
    made["x"] = 7


def reads_after():
    for one in range(2):
        made = {"x": one}
        yield made
    T(w=made["x"])  # unknown(w): a generator that may be read at another time


for made in reads_after():
    made["x"] = 8


def captured():
    shown = []
    for one in range(2):
        made = {"x": one}
        shown.append(lambda: made["x"])
        T(v=shown[0](), w="captured")  # unknown(v): a generator that may be read at another time
        yield made


for made in captured():
    made["x"] = 6


def one_object():
    made = {"x": 0}
    for one in range(2):
        made["x"] += 1
        yield made


for made in one_object():
    made["x"] += 10
    T(v=made["x"], w="one")  # unknown(v): an element of an unknown iterable: what a generator reads is changed while it is read


def pairs():
    for first, second in zip(*[iter([{"n": 0}, {"n": 1}, {"n": 2}, {"n": 3}])] * 2):
        yield [first, second]


for one in pairs():
    one[0]["n"] += 5
    T(v=one[0]["n"], w="pairs")  # unknown(v): an element of an unknown iterable: what a generator reads is changed while it is read


def overlapping(held):
    for first, second in zip(held, held[1:]):
        yield [first, second, first["n"]]


for one in overlapping([{"n": 0}, {"n": 1}, {"n": 2}]):
    one[1]["n"] += 5
    T(v=one[2], w="overlapping")  # unknown(v): an element of an unknown iterable: what a generator reads is changed while it is read


def temporary():
    for first, second in itertools.pairwise([{"n": one} for one in range(3)]):
        yield [second, first["n"]]


for one in temporary():
    one[0]["n"] += 5
    T(v=one[1], w="temporary")  # unknown(v): an element of an unknown iterable: what a generator reads is changed while it is read


def twice():
    given = iter([{"n": 0}] * 2)
    for _ in range(2):
        made = next(given)
        made["n"] += 1
        yield made


for one in twice():
    one["n"] += 5
    T(v=one["n"], w="twice")  # unknown(v): an element of an unknown iterable: what a generator reads is changed while it is read


def lazily():
    numbers = [1, 2]
    for one in range(2):
        yield (number + one for number in numbers)
        numbers.append(one)


for one in lazily():
    T(v=list(one), w="lazily")  # unknown(v): a generator changes it while it is read; an element of an unknown iterable: what a generator reads is changed while it is read
