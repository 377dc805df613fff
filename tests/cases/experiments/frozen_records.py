# A frozen dataclass sets what follows from its fields past what its class says of setting attributes.
import sys
from dataclasses import asdict, dataclass, field, replace

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


@dataclass(frozen=True)
class Optim:
    lr: float = 0.1
    warmup: float | None = None

    def __post_init__(self):
        if self.warmup is None:
            object.__setattr__(self, "warmup", self.lr / 10)


T(v=Optim().warmup)  # config(T): {v: 0.01}
T(v=[Optim(lr=1).warmup, Optim(warmup=5).warmup, Optim() == Optim(warmup=0.01)])  # config(T): {v: [0.1, 5, True]}


class Kept:
    def __init__(self):
        self.size = 3


kept = Kept()
object.__setattr__(kept, sys.argv[0], 4)
T(v=kept.size)  # unknown(v): its attributes were set in a way that is not followed


@dataclass(frozen=True)
class Model:
    layers: int = 2
    heads: int = field(default=0, kw_only=True)

    def __post_init__(self):
        if not self.heads:
            object.__setattr__(self, "heads", self.layers * 2)


T(v=[Model().heads, Model(3, heads=1).heads, asdict(replace(Model(), layers=5))])  # config(T): {v: [4, 1, {'layers': 5, 'heads': 4}]}
