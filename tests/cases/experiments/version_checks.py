# A check for a Python that the library needs anyway is decided; one for a later Python is a condition.
import sys
from sys import version_info

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


if sys.version_info >= (3, 11):
    a = T(v="new")  # config(T): {v: 'new'}
else:
    a = T(v="old")  # config(T): nothing

if sys.version_info < (3, 9):
    b = T(v="older")  # config(T): nothing

if (3, 8) <= version_info:
    c = T(v="from the other side")  # config(T): {v: 'from the other side'}

if sys.version_info.major == 3:
    d = T(v="three")  # config(T): {v: 'three'}

if sys.version_info >= (3, 99):
    e = T(v="later")  # conditional(T): yes
