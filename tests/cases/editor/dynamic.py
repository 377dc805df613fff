# A dynamic site says which field is known only when it runs, and where that comes from.
#: not run: needs an environment variable

import os

import huldra


class Train(huldra.Huldra[int]):  # class: case.Train
    lr: float = 0.1

    def _create(self) -> int:
        return 1

    def _load(self) -> int:
        return 1


late = Train(lr=float(os.environ["LR"]))  # lens: ? known only when it runs: lr
# symbol: Train(?)
# hover(Train): **Train** · known only when the code runs
# hover(lr): **Train.lr** · default `0.1`
other = Train(lr=float(os.environ["LR2"]))
