# Special methods that Python calls by itself change what they change; where that is not followed it is in doubt.
import copy
import heapq
import json
import logging
import os

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


CALLS = {"n": 0}


class Key:
    def __init__(self, x):
        self.x = x

    def __hash__(self):
        CALLS["n"] += 1
        return hash(self.x)

    def __eq__(self, other):
        CALLS["n"] += 1
        return self.x == other.x

    def __lt__(self, other):
        CALLS["n"] += 1
        return self.x < other.x

    def __repr__(self):
        CALLS["n"] += 1
        return "Key"


class Sized:
    def __len__(self):
        CALLS["n"] += 1
        return 3


class Plain:
    def __init__(self, x):
        self.x = x

    def __hash__(self):
        return hash(self.x)

    def __eq__(self, other):
        return isinstance(other, Plain) and self.x == other.x

    def __repr__(self):
        return f"Plain({self.x})"


one, two = Key(1), Key(2)
if Sized():
    T(v=CALLS["n"])  # config(T): {v: 1}
print(one)
T(v=("printed", CALLS["n"]))  # config(T): {v: ('printed', 2)}
f"{one}"
T(v=("written", CALLS["n"]))  # config(T): {v: ('written', 3)}
[one, two].index(two)
T(v=("compared", CALLS["n"]))  # config(T): {v: ('compared', 4)}
{Plain(1): 2}, {Plain(2)}, print([Plain(3)]), logging.info("%s", Plain(4)), copy.copy(Plain(5))
T(v=("plain", CALLS["n"]))  # config(T): {v: ('plain', 4)}
table = {one: 1}
T(v=CALLS["n"])  # unknown(v): __hash__ of a Key may have changed it
CALLS["n"] = 0
{one, two}
T(v=CALLS["n"])  # unknown(v): __hash__ of a Key may have changed it
CALLS["n"] = 0
table.get(two)
T(v=CALLS["n"])  # unknown(v): __hash__ of a Key may have changed it
CALLS["n"] = 0
{key for key in [one]}
T(v=CALLS["n"])  # unknown(v): __hash__ of a Key may have changed it
CALLS["n"] = 0
print([one])
T(v=CALLS["n"])  # unknown(v): __repr__ of a Key may have changed it
CALLS["n"] = 0
f"{(one,)}"
T(v=CALLS["n"])  # unknown(v): __repr__ of a Key may have changed it
CALLS["n"] = 0
"%s and %s" % (one, two)
T(v=CALLS["n"])  # unknown(v): __repr__ of a Key may have changed it
CALLS["n"] = 0
"{}".format(one)
T(v=CALLS["n"])  # unknown(v): __repr__ of a Key may have changed it
CALLS["n"] = 0
logging.warning("%s", one)
T(v=CALLS["n"])  # unknown(v): __repr__ of a Key may have changed it
CALLS["n"] = 0
json.dumps({"key": one}, default=repr)
T(v=CALLS["n"])  # unknown(v): json.dumps, which is not followed, may change it
CALLS["n"] = 0
heapq.nsmallest(1, [one, two])
T(v=CALLS["n"])  # unknown(v): heapq.nsmallest, which is not followed, may change it


class Sink:
    def write(self, text):
        CALLS["n"] += 1


CALLS["n"] = 0
print("to a sink", file=Sink())
T(v=CALLS["n"])  # unknown(v): write of a Sink may have changed it


class Some:
    def __init__(self, x):
        self.x = x

    def bump(self):
        CALLS["n"] += self.x

    @property
    def seen(self):
        CALLS["n"] += 1

    def __getitem__(self, key):
        CALLS["n"] += 1


some = Some(1) if os.environ.get("ONE") else Some(2)
CALLS["n"] = 0
some.bump()
T(v=CALLS["n"])  # unknown(v): depends on the condition
CALLS["n"] = 0
some.seen
T(v=CALLS["n"])  # unknown(v): the attribute of what may be another value
CALLS["n"] = 0
some["key"]
T(v=CALLS["n"])  # unknown(v): __getitem__ of a Some may have changed it
