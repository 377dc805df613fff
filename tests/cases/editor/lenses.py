# Above classes and sites stand verdicts and what can be done; inner sites of a line leave it to the outer one.

import os

import huldra


# lens: abstract · 1 subclass
# action: Show Base | Show what Base depends on
class Base(huldra.Huldra[int]):  # class: case.Base
    seed: int = 0


# lens: 0 runs · 3 missing
class Train(Base):  # class: case.Train
    lr: float = 0.1

    def _create(self) -> int:
        return 1

    def _load(self) -> int:
        return 1


one = Train(lr=0.5)  # lens: ○ missing | Run
# lens: 0/2 done · 2 missing | Run 2 missing
# symbol: 2 x Train
several = [Train(seed=seed) for seed in (1, 2)]
nothing = 7  # lens: nothing
