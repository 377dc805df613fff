# What is known of a config is kept beside what is not.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os


class K(T):  # class: case.K
    n: int = 1
    m: int = 2


a = K(n=5, m=os.cpu_count())  # unknown: m: a call of os.cpu_count
