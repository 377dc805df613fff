# A generator and its consumer act in turns; what both see is not known, and what is not reached is not built.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


LOG = []


def logging():
    for i in range(3):
        LOG.append(i)
        yield i


for x in logging():
    T(v=(1, list(LOG)))  # unknown(v): a generator changes it
T(v=(2, [x for x in range(2)]))  # config(T): {v: (2, [0, 1])}


def same_dict():
    d = {}
    for i in range(2):
        d["i"] = i
        yield d


for d in same_dict():
    T(v=(3, dict(d)))  # unknown(v): a generator changes it
T(v=(4, [dict(d) for d in same_dict()]))  # unknown(v): a generator changes it
T(v=(5, [d["i"] for d in list(same_dict())]))  # config(T): {v: (5, [1, 1])}


def fresh():
    for i in range(2):
        row = []
        row.append(i)
        yield row


for row in fresh():
    T(v=(6, row))  # configs(T): {v: (6, [0])}; {v: (6, [1])}

TOTAL = 0


def reading():
    for i in range(2):
        yield i + TOTAL


for value in reading():
    TOTAL += 5
    T(v=(7, value))  # unknown(v): an element of an unknown iterable: what a generator reads is changed while it is read


def building():
    yield T(v=(8, "first"))  # config(T): {v: (8, 'first')}
    yield T(v=(8, "second"))  # config(T): nothing


for made in building():
    break

STEPS = []


def quiet():
    for i in range(2):
        STEPS.append(i)
        yield i


made = list(quiet())
T(v=(9, STEPS))  # config(T): {v: (9, [0, 1])}
