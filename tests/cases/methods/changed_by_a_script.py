# What a script changes before it builds an experiment is not known in _create, which another process may run as it was.
#: file lib.py
import huldra

SETTINGS = {"lr": 0.1, "epochs": 3}
QUIET = {"lr": 0.3}


class Step(huldra.Huldra[int]):  # class: lib.Step
    lr: float

    def _create(self): return 1
    def _load(self): return 1


class Train(huldra.Huldra[int]):  # class: lib.Train
    seed: int = 0

    def _create(self):
        Step(lr=SETTINGS["lr"]).load_or_create()  # unknown(lr): the script case changes it
        Step(lr=QUIET["lr"]).load_or_create()  # config(Step): {lr: 0.3}
        return 1

    def _load(self): return 1
#: file case.py
from lib import SETTINGS, Train

if __name__ == "__main__":
    SETTINGS["lr"] = 0.5
    Train()  # config(Train): {seed: 0}
