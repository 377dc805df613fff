# Methods of classes whose base is outside the project may be called by it: what they change is in doubt, nothing else.
import json
import logging
import threading
from collections.abc import Mapping

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


SEEN = {"n": 0}
KEPT = {"n": 7}


class Worker(threading.Thread):
    def run(self):
        SEEN["n"] += KEPT["n"]


worker = Worker()
T(v=SEEN["n"])  # config(T): {v: 0}
worker.start()
worker.join()
T(v=SEEN["n"])  # unknown(v): a method of a Worker, whose base is outside, may change it
SEEN["n"] = 0


class Handler(logging.Handler):
    def emit(self, record):
        SEEN["n"] += 1


logging.getLogger().addHandler(Handler())
logging.warning("seen")
T(v=SEEN["n"])  # unknown(v): logging.getLogger, which is outside the project, may change it
SEEN["n"] = 0


class Encoder(json.JSONEncoder):
    def default(self, value):
        SEEN["n"] += 1
        return str(value)


json.dumps({"a": {1}}, cls=Encoder)
T(v=SEEN["n"])  # unknown(v): json.dumps, which is not followed, may change it
SEEN["n"] = 0


class Rates(Mapping):
    def __init__(self):
        SEEN["n"] += 1

    def __getitem__(self, key):
        SEEN["n"] += 1
        return 0.1

    def __iter__(self):
        return iter(["a"])

    def __len__(self):
        return 1


rates = Rates()
T(v=SEEN["n"])  # unknown(v): an instance of case.Rates, whose base collections.abc.Mapping is outside the project
SEEN["n"] = 0
rates.get("a")
T(v=SEEN["n"])  # unknown(v): a method of a Rates, whose base is outside, may change it
T(v=KEPT["n"])  # config(T): {v: 7}
