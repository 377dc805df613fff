# A decorator of the project is applied; one from outside leaves its function unknown.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: the library is not there

import functools

import click


def twice(f):
    @functools.wraps(f)
    def wrapper(*args):
        return f(*args) * 2

    return wrapper


@twice
def size(n):
    return n + 1


@functools.cache
def cached(n):
    return n


@click.command()
def main():
    T(v="main")  # config(T): {v: 'main'}


a = T(v=(size(2), cached(3)))  # config(T): {v: (6, 3)}
b = T(v=main())  # unknown(v): a call of what the decorator
