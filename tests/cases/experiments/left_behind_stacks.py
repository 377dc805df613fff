# What an `ExitStack` and `closing` leave is left as Python does; where a stack holds what is not known, that is in doubt.
import contextlib
import os
from contextlib import ExitStack, closing

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


STATE = {"n": 0}


class Scope:
    def __init__(self, size=1):
        self.size = size

    def __enter__(self):
        STATE["n"] += self.size
        return ("entered", self.size)

    def __exit__(self, *error):
        STATE["n"] += 10 * self.size

    def close(self):
        STATE["n"] = 0


with ExitStack() as stack:
    T(v=stack.enter_context(Scope()))  # config(T): {v: ('entered', 1)}
    T(v=STATE["n"])  # config(T): {v: 1}
    stack.callback(STATE.update, n=70)
    stack.enter_context(Scope(2))
    T(v=STATE["n"])  # config(T): {v: 3}
T(v=STATE["n"])  # config(T): {v: 80}
with closing(Scope(5)) as scope:
    T(v=scope.size)  # config(T): {v: 5}
T(v=STATE["n"])  # config(T): {v: 0}
held = ExitStack()
held.push(Scope(3))
T(v=STATE["n"])  # config(T): {v: 0}
held.close()
T(v=STATE["n"])  # config(T): {v: 30}
with ExitStack() as stack:
    stack.enter_context(contextlib.suppress(KeyError))
    stack.enter_context(Scope(4))
    {}["a"]
T(v=STATE["n"])  # config(T): {v: 74}


class Plain(contextlib.AbstractContextManager):
    def __exit__(self, *error):
        STATE["n"] = 5


with Plain() as plain:
    T(v=isinstance(plain, Plain))  # config(T): {v: True}
T(v=STATE["n"])  # config(T): {v: 5}


class Switch:
    @contextlib.contextmanager
    def turned(self, by):
        STATE["n"] += by
        yield by
        STATE["n"] -= 1

    @staticmethod
    @contextlib.contextmanager
    def off():
        STATE["n"] = 0
        yield


with Switch().turned(3) as by:
    T(v=STATE["n"] + by)  # config(T): {v: 11}
with Switch.off():
    T(v=STATE["n"])  # config(T): {v: 0}


@contextlib.contextmanager
def raised():
    HELD["n"] += 1
    yield
    HELD["n"] += 1


HELD = {"n": 1}
with ExitStack() as stack:
    stack.enter_context(raised())
    T(v=HELD["n"])  # unknown(v): it may be changed while a generator waits


class Quiet(contextlib.suppress):
    def __exit__(self, *error):
        STATE["n"] = -1
        return super().__exit__(*error)


with Quiet(KeyError):
    pass
T(v=STATE["n"])  # unknown(v): __exit__ of a Quiet may have changed it
STATE["n"] = 1


class Around(contextlib.ContextDecorator):
    def __enter__(self):
        STATE["n"] += 1

    def __exit__(self, *error):
        STATE["n"] += 1


@Around()
def launch():
    T(v=STATE["n"])  # unknown(v): a function that a context manager decorates


launch()
STATE["n"] = 1
with ExitStack() as stack:
    if os.environ.get("DEEPER"):
        stack.enter_context(Scope(100))
T(v=STATE["n"])  # unknown(v): depends on whether an exception is raised
