# A lazy import counts as one that is done where it is written (PEP 810).
#: not run: Python reads it from 3.15 on
#: file lab/values.py
import os

RATE = 3
read = os.getcwd

#: file case.py
lazy import huldra
lazy from lab.values import RATE, read as given


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


known = T(v=RATE)  # config: {v: 3}
unknown = T(v=given())  # unknown(v): a call of os.getcwd
