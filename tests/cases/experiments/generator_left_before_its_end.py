# What a generator builds is built once it is read that far; what is left of it is never built.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


OFFSETS = [0]


def made():
    yield T(v=1)  # config(T): {v: 1}
    T(v=2)  # config(T): nothing


next(made(), None)


def numbers():
    T(v="before")  # config(T): {v: 'before'}
    yield 1
    T(v="between")  # config(T): {v: 'between'}
    yield 2
    T(v="after")  # config(T): nothing


for number in numbers():
    if number == 2:
        break


def until_it_fails():
    yield 1
    T(v="last")  # config(T): {v: 'last'}
    raise ValueError


failing = until_it_fails()
T(v=next(failing))  # config(T): {v: 1}
try:
    next(failing)
except ValueError:
    T(v="failed")  # config(T): {v: 'failed'}


def in_step():
    for i in range(2):
        T(v=("offset", i + OFFSETS[0]))  # unknown: *: a generator that may be read at another time
        yield i


# What the body reads is changed before the rest of it is run.
rest = in_step()
next(rest)
OFFSETS[0] = 10
T(v=("rest", list(rest)))  # unknown(v): what a generator reads is changed while it is read


def closes():
    try:
        yield 1
        T(v="not read")  # config(T): {v: 'not read'}
    finally:
        T(v="closed")  # config(T): {v: 'closed'}


# It is closed when it is left, and what stands under `finally` is run.
for _ in closes():
    break
