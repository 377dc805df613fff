# FIXME: what a script changes before it builds an experiment is not seen by _create: it builds with 0.5, not 0.1.
#: file lib.py
import huldra

SETTINGS = {"lr": 0.1}


class Step(huldra.Huldra[int]):  # class: lib.Step
    lr: float

    def _create(self): return 1
    def _load(self): return 1


class Train(huldra.Huldra[int]):  # class: lib.Train
    seed: int = 0

    def _create(self):
        Step(lr=SETTINGS["lr"]).load_or_create()  # config(Step): {lr: 0.1}
        return 1

    def _load(self): return 1
#: file case.py
from lib import SETTINGS, Train

if __name__ == "__main__":
    SETTINGS["lr"] = 0.5
    Train()  # config(Train): {seed: 0}
