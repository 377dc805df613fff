# A value of another type than its field's annotation says is a warning; what can't be told is none.
import enum
from pathlib import Path
from typing import Literal, Optional, Protocol, Sequence, Union

import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Split(enum.StrEnum):
    TRAIN = "train"


class Named(Protocol):
    name: str


class Model(Base):  # class: case.Model
    depth: int = 1


class Other(Base):  # class: case.Other
    pass


class Train(Base):  # class: case.Train
    lr: float = 0.1
    steps: int | None = None
    mode: Literal["fast", "slow"] = "fast"
    split: Split = Split.TRAIN
    model: Model = Model()
    seed: Optional[int] = None
    size: Union[int, str] = 1
    layers: list[int] = chz.field(default_factory=list)
    named: Named | None = None
    names: Sequence[str] = ()
    loose: int = None
    raised: int = chz.field(default=1, munger=lambda self, value: int(value))
    path: Path = Path("x")


Train(lr="0.1")  # problem: HUL107 lr is annotated float, and this is '0.1'
Train(steps=1.5)  # problem: HUL107 steps is annotated int | None
Train(mode="quick")  # problem: HUL107 this is 'quick'
Train(split="train")  # problem: HUL107 split is annotated Split
Train(model=Other())  # problem: HUL107 this is a Other
Train(seed="1")  # problem: HUL107 seed is annotated Optional[int]
Train(size=1.0)  # problem: HUL107 size is annotated Union[int, str]
Train(layers=(1, 2))  # problem: HUL107 this is a tuple

Train(lr=1, steps=3, mode="slow", seed=2, size="a", layers=[1], named="x", names=["a"])
Train(loose="a", raised="2", path=Path("y"), steps=True, lr=2)
