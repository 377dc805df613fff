# An attribute of a function that is in doubt is not that function; one of a class that is one of some is theirs.
import functools
import os

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1

    @classmethod
    def small(cls, v): return cls(v=v)


class U(T):  # class: case.U
    pass


@functools.singledispatch
def make(value): return T(v=("made", value))  # unknown(v): argument of make()


@make.register(str)
def make_text(value): return T(v="text")  # config(T): {v: 'text'}


chosen = T if os.environ["KIND"] else U
chosen.small("s")
