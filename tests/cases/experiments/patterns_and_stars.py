# Patterns that come to an end soon are applied; star imports of the standard library are looked into.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import re
from math import *

T(v=(sqrt(4), re.sub(r"\W+", "_", "a b"), re.findall(r"\d+", "1 22"), list(map(str.upper, "ab"))))  # config(T): {v: (2.0, 'a_b', ['1', '22'], ['A', 'B'])}
T(v=re.sub(r"(a+)+b", "", "aaaa"))  # unknown(v): re.sub with a pattern or a text that may take long
T(v=re.match("a", "abc").group())  # unknown(v): a call of a call of re.match
