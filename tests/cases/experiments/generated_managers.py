# The body of a `with` statement runs where a generator of the project yields; one that yields under a condition is not followed.
import contextlib
import sys

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


defaults = {"lr": 1}
log = []


@contextlib.contextmanager
def changed(**more):
    global defaults
    before = defaults
    defaults = {**defaults, **more}
    try:
        yield defaults
    finally:
        defaults = before
        log.append("left")


with changed(wd=2) as inside:
    T(v=(inside, defaults))  # config(T): {v: ({'lr': 1, 'wd': 2}, {'lr': 1, 'wd': 2})}
T(v=(defaults, list(log)))  # config(T): {v: ({'lr': 1}, ['left'])}


@contextlib.contextmanager
def swallowing(*kinds):
    try:
        yield
    except kinds:
        log.append("swallowed")


@contextlib.contextmanager
def careful(value):
    try:
        yield value
    except KeyError:
        log.append("key")
    else:
        log.append("fine")


with changed(a=1) as first, careful("c") as second, contextlib.suppress(ValueError):
    T(v=(first["a"], second))  # config(T): {v: (1, 'c')}
    raise ValueError
T(v=("log", list(log)))  # config(T): {v: ('log', ['left', 'fine', 'left'])}
with careful("d"):
    {}["a"]
    T(v="not reached")  # config(T): nothing
T(v=("last", log[-1]))  # config(T): {v: ('last', 'key')}


def returns_inside():
    for turn in range(3):
        with changed(turn=turn):
            if turn == 0:
                continue
            return T(v=("turn", defaults))  # config(T): {v: ('turn', {'lr': 1, 'turn': 1})}


returns_inside()
T(v=("after", defaults))  # config(T): {v: ('after', {'lr': 1})}


def may_be_swallowed():
    with careful(1):
        int(sys.argv[5])
        return "inside"
    return "behind"


a = T(v=may_be_swallowed())  # unknown(v): the returned value depends on a condition


@contextlib.contextmanager
def maybe(value):
    if value:
        yield 1
    else:
        yield 2


with maybe(0) as given:
    T(v=given)  # unknown(v): a call of what the decorator contextlib.contextmanager makes
