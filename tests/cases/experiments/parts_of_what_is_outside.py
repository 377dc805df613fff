# Two parts of something outside the project are two values, and any of them may not be there.
import os
import string
import sys

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


a, b = sys.argv[0], os.environ.get("PATH", "x")
T(v=sys.argv[0] == sys.argv[-1])  # unknown(v): sys.argv, which is outside the project
T(v=len({sys.argv[0]: 1, sys.argv[-1]: 2}))  # unknown(v): sys.argv, which is outside the project
T(v={"abc": 1}.get(string.whitespace, 0))  # unknown(v): an entry under an unknown key
T(v={int: 1, str: 2}[int])  # config(T): {v: 1}
try:
    chosen = os.environ["HULDRA_NEVER_SET"]
except KeyError:
    T(v="without")  # config(T): {v: 'without'}
try:
    one, two, three, four = sys.argv
except ValueError:
    T(v="other arguments")  # config(T): {v: 'other arguments'}
