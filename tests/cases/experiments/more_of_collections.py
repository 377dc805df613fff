# A deque keeps its length, a ChainMap sees what its dicts hold now.
import os
from collections import ChainMap, Counter, deque

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


last = deque([1, 2, 3], maxlen=3)
last.append(4)
last.appendleft(0)
last.rotate()
T(v=(list(last), len(last), last[0], 3 in last, last == deque([3, 0, 2]), last.maxlen))  # config(T): {v: ([3, 0, 2], 3, 3, True, True, 3)}
waiting = deque([1])
while waiting:
    number = waiting.popleft()
    T(v=("waiting", number))  # configs(T): {v: ('waiting', 1)}; {v: ('waiting', 2)}; {v: ('waiting', 4)}
    if number < 4:
        waiting.extend([number * 2])
other = deque([1])
other += [2]
T(v=list(other))  # unknown(v): `+=` on a deque
T(v=list(deque([1, 2], int(os.environ.get("LENGTH", "1")))))  # unknown(v): int(…) of a call of os.environ.get
T(v=last)  # problem: HUL105 deque

mine, theirs = {"lr": 1}, {"lr": 2, "wd": 3}
both = ChainMap(mine, theirs)
T(v=(both["lr"], both.get("none", 0), dict(both), {**both}, "wd" in both, len(both)))  # config(T): {v: (1, 0, {'lr': 1, 'wd': 3}, {'lr': 1, 'wd': 3}, True, 2)}
mine["wd"] = 4
T(v=both["wd"])  # config(T): {v: 4}
both["lr"] = 5
T(v=both["lr"])  # unknown(v): an element was set in a way that is not followed

counts = Counter(a=2, b=1)
counts -= Counter(a=2)
del counts["never there"]
T(v=(counts, Counter("ab") == Counter("ba"), Counter(a=0) == Counter()))  # config(T): {v: ({'b': 1}, True, True)}
import types

plain = {"lr": 0.1}
shown = types.MappingProxyType(plain)
plain["depth"] = 3
T(v=(shown["lr"], {**shown}, "depth" in shown, len(shown), list(shown.items())))  # config(T): {v: (0.1, {'lr': 0.1, 'depth': 3}, True, 2, [('lr', 0.1), ('depth', 3)])}
T(v=[dict(shown), shown.get("seed", 0)])  # config(T): {v: [{'lr': 0.1, 'depth': 3}, 0]}
T(v=shown)  # problem: HUL105 mappingproxy
T(v=types.MappingProxyType(os.environ)["LENGTH"])  # unknown(v): a proxy of what is no dict
