# A function that nobody calls builds what it builds, also where a decorator has put another one in its place.
import functools

import huldra


class Job(huldra.Huldra[int]):  # class: case.Job
    v: object = None

    def _create(self): return 1
    def _load(self): return 1

    @classmethod
    def plain(cls, v="class"): return cls(v=v)  # config(cls): {v: 'class'}


def timed(function):
    @functools.wraps(function)
    def inner(*given, **named): return function(*given, **named)

    return inner


TABLE = {}


def kept(function):
    TABLE[function.__name__] = function


@timed
def main(v="main"): return Job(v=v)  # config(Job): {v: 'main'}


@timed
def wants(v): return Job(v=v)  # unknown(v): argument of wants()


@kept
def registered(v="kept"): return Job(v=v)  # config(Job): {v: 'kept'}


@timed
def called(v="not this"): return Job(v=v)  # config(Job): {v: 'called'}


called("called")


class Tool:
    @timed
    def make(self, v="method"): return Job(v=v)  # config(Job): {v: 'method'}


class Made(Job):  # class: case.Made
    @classmethod
    @timed
    def make(cls, v=1): return cls(v=v)  # config(cls): {v: 1}
