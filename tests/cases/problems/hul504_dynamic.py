# What cannot be known is said at the argument that is the reason; a config that is known is none.
import os

import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Model(Base):  # class: case.Model
    depth: int = 1


class Train(Base):  # class: case.Train
    lr: float = 0.1
    model: object = None


def main(lr):
    return Train(
        model=None,  # problem: HUL502 model is None
        lr=lr,  # problem: HUL504 Train is known only when the code runs (lr: argument of main(), case.py:21)
    )


model = Model(depth=int(os.environ["DEPTH"]))  # problem: HUL504 Model is known only when the code runs (depth:
Train(model=model)  # problem: HUL504 Train is known only when the code runs (model.depth:
known = Train(lr=0.5)
