# Star imports of the standard library say what a base or an annotation is, too.
#: file case.py
from dataclasses import *
from enum import *
from pathlib import *
from typing import *

import huldra

T = TypeVar("T")


class Kind(Enum):
    ONE = auto()


class Base(huldra.Huldra[T], Generic[T]):  # class: case.Base
    root: Path = Path("data")
    shared: ClassVar[int] = 3
    kind: Kind = Kind.ONE

    def _create(self): return 1
    def _load(self): return 1


class Train(Base[int]):  # class: case.Train
    seed: int = 0


@dataclass
class Grid:
    seeds: List[int] = field(default_factory=lambda: [1, 2])


for seed in Grid().seeds:
    Train(seed=seed)  # configs(Train): {kind: Kind.ONE, root: Path('data'), seed: 1}; {kind: Kind.ONE, root: Path('data'), seed: 2}
#: file more.py
from case import *

Train(root=Path("x") / "y", seed=Train.shared)  # config(Train): {kind: Kind.ONE, root: Path('x/y'), seed: 3}
