# A list that holds an experiment twice is a problem; the same experiment in two places is none.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Train(Base):  # class: case.Train
    lr: float = 0.1
    parts: list = chz.field(default_factory=list)


first = Train(lr=0.2)
again = Train(lr=0.2)
pair = [first, Train(lr=0.3)]
both = [
    first,
    Train(lr=0.3),
    Train(lr=0.2),  # problem: HUL501 stands at line 19
]
seeds = [Train(lr=0.4) for seed in range(3)]  # problem: HUL501 2 of the 3 experiments of this list
rates = [Train(lr=rate) for rate in (1.0, 2.0)]
doubled = Train(parts=[first, first])
alone = [Train(lr=0.5) for _ in range(1)]
