# A function that wraps another one has its names, as `functools.wraps` says; what is set on a function is read again.
import functools
import sys

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def logged(function):
    @functools.wraps(function)
    def wrapper(*given, **named):
        return function(*given, **named)
    return wrapper


def unnamed(function):
    def wrapper(*given):
        return function(*given)
    return wrapper


def renamed(function):
    def wrapper(*given):
        return function(*given)
    wrapper.__name__ = f"{function.__name__}_again"
    return functools.update_wrapper(wrapper, function, assigned=()) if len(sys.argv) > 1 else wrapper


@logged
def make(): return 1


@logged
@logged
def twice(): return 2


@unnamed
def plain(): return 3


@renamed
def perhaps(): return 4


class Kind:
    @logged
    def method(self): return 5


T(v=make.__name__)  # config(T): {v: 'make'}
T(v=[twice.__name__, twice.__wrapped__.__name__, twice()])  # config(T): {v: ['twice', 'twice', 2]}
T(v=plain.__name__)  # config(T): {v: 'wrapper'}
T(v=plain.__qualname__)  # unknown(v): the attribute '__qualname__' of a function
T(v=perhaps.__name__)  # unknown(v): an attribute of what a function wraps, which is not known
T(v=[Kind.method.__qualname__, Kind().method.__name__])  # config(T): {v: ['Kind.method', 'method']}
KINDS = {f.__name__: f for f in (make, twice)}
for name, function in KINDS.items():
    T(v=(name, function()))  # configs(T): 2
make.tag = "first"
T(v=getattr(make, "tag", None))  # config(T): {v: 'first'}


def bare(): return 6


T(v=[getattr(bare, "tag", "none"), hasattr(bare, "tag")])  # config(T): {v: ['none', False]}
setattr(bare, sys.argv[0], 1)
T(v=bare.__name__)  # unknown(v): its attributes were set by name
half = functools.partial(make.__wrapped__, 1, n=2)
T(v=[half.func.__name__, half.args, half.keywords])  # config(T): {v: ['make', (1,), {'n': 2}]}
