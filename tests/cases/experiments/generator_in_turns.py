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
    T(v=(1, list(LOG)))  # configs(T): {v: (1, [0, 1, 2])}; {v: (1, [0, 1])}; {v: (1, [0])}
T(v=(2, [x for x in range(2)]))  # config(T): {v: (2, [0, 1])}


def same_dict():
    d = {}
    for i in range(2):
        d["i"] = i
        yield d


for d in same_dict():
    T(v=(3, dict(d)))  # configs(T): {v: (3, {'i': 0})}; {v: (3, {'i': 1})}
T(v=(4, [dict(d) for d in same_dict()]))  # configs(T): {v: (4, [{'i': 0}, {'i': 1}])}
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


# What a generator changes is seen by its consumer as it is at that moment; where the consumer changes it too, it is not known.
SEEN = []
NUMBERS = iter([1, 2, 3, 4])


def counting():
    global TOTAL
    TOTAL = 0
    for number in NUMBERS:
        TOTAL += number
        SEEN.append(number)
        yield number
    SEEN.append("end")


for number in counting():
    T(v=(10, number, TOTAL, list(SEEN)))  # configs(T): {v: (10, 1, 1, [1])}; {v: (10, 2, 3, [1, 2])}
    if number == 2:
        break
T(v=(11, next(NUMBERS), list(SEEN)))  # config(T): {v: (11, 3, [1, 2])}

BOTH = []


def adding():
    for i in range(3):
        BOTH.append(i)
        yield i


for i in adding():
    T(v=(12, i, list(BOTH)))  # unknown(v): an element of an unknown iterable: what a generator reads is changed while it is read; a generator changes it while it is read
    BOTH.append("mine")
T(v=(13, list(BOTH)))  # unknown(v): depends on the loop: what a generator reads is changed while it is read

AFTER = []


def ending():
    yield 1
    AFTER.append("end")


for i in ending():
    AFTER.append(i)
T(v=(14, list(AFTER)))  # unknown(v): a generator changes it while it is read


def rows():
    row = []
    for i in range(2):
        row.append(i)
        yield row


made = rows()
first = next(made)
T(v=(15, list(first)))  # config(T): {v: (15, [0])}
second = next(made)
T(v=(16, list(first), first is second))  # config(T): {v: (16, [0, 1], True)}


def remembering():
    for i in range(2):
        yield lambda: i  # it sees the name, not the value


for read in remembering():
    T(v=(17, read()))  # unknown(v): a generator changes it while it is read


def delegating():
    yield from [1, 2]
    SEEN.append("more")
    yield 3


SEEN.clear()
for number in delegating():
    T(v=(18, number, list(SEEN)))  # configs(T): {v: (18, 1, [])}; {v: (18, 2, [])}; {v: (18, 3, ['more'])}

TRIED = []


def trying(numbers):
    for number in numbers:
        try:
            TRIED.append(number)
            yield 6 // number
            TRIED.append("more")
        except ZeroDivisionError:
            TRIED.append("none")
            yield 0


for number in trying([3, 0, 2]):
    T(v=(19, number, list(TRIED)))  # configs(T): {v: (19, 0, [3, 'more', 0, 'none'])}; {v: (19, 2, [3])}; {v: (19, 3, [3, 'more', 0, 'none', 2])}
    if number == 3:
        break
T(v=(20, list(TRIED)))  # config(T): {v: (20, [3, 'more', 0, 'none', 2])}


def finishing():
    try:
        TRIED.append("begun")
        yield 1
        yield 2
    finally:
        TRIED.append("left")


for number in finishing():
    T(v=(21, number, list(TRIED)))  # unknown(v): a generator changes it when it is left
    break
