# What functions and methods change that are given to code outside the project is in doubt: it may call them, or not.
#: not run: asks for a package that is not there
#: file lab.py
import huldra


class T(huldra.Huldra[int]):  # class: lab.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1
#: file run.py
import json

import outside

from lab import T

COUNT = 0
RATES = []
BEST = {"rate": 0.5}
KEPT = {"rate": 0.1}


def objective(trial):
    global COUNT
    COUNT += 1
    RATES.append(trial.rate)
    print(KEPT["rate"])
    T(v=trial.rate)  # unknown(v): argument of objective()
    return 0


class Watcher:
    seen = []

    def on_step(self, rate):
        Watcher.seen.append(rate)


class Made:
    made = 0

    def __init__(self):
        Made.made += 1


T(v=COUNT)  # config(T): {v: 0}
outside.optimise(objective, trials=3)
T(v=COUNT)  # unknown(v): outside.optimise, which is outside the project, may change it
T(v=KEPT["rate"])  # config(T): {v: 0.1}
for rate in RATES:
    T(v=rate)  # unknown(v): an element of an unknown iterable
outside.fit(callbacks=[Watcher()])
T(v=Watcher.seen)  # unknown(v): outside.fit, which is outside the project, may change it
outside.build(Made)
T(v=Made.made)  # unknown(v): outside.build, which is outside the project, may change it
T(v=BEST["rate"])  # config(T): {v: 0.5}
outside.search(lambda rate: BEST.update(rate=rate))
T(v=BEST["rate"])  # unknown(v): outside.search, which is outside the project, may change it
json.dumps(KEPT)
T(v=len(KEPT))  # config(T): {v: 1}
