# An argument that is written out and equals the default is a hint; one that is computed is none.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Train(Base):  # class: case.Train
    lr: float = 0.1
    steps: int = -1
    name: str = chz.field(default="a")
    model: object = None
    layers: list = chz.field(default_factory=list)


RATE = 0.1
Train(lr=0.1)  # problem: HUL502 lr is 0.1 by default
Train(lr=2.0, steps=-1)  # problem: HUL502 steps is -1 by default
Train(name="a")  # problem: HUL502 name is 'a'
Train(model=None)  # problem: HUL502 model is None

Train(lr=RATE, layers=[], steps=1, name="b")
Train(lr=1)
rates = [Train(lr=rate) for rate in (0.1, 0.2)]
